"""People at a browser without scripts: they see a page, fill in its form and press a button."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any, cast
from urllib.parse import urlsplit

import html5lib
from flask import Flask
from lxml.etree import _Element
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from engine.ids import PersonId
from storage import Database, accounts
from tests.support.pages import InspectingClient
from web.app import create_app
from web.security.identity import cookie_name
from web.settings import Settings

NOW = datetime.fromisoformat("2026-11-24T10:00:00+08:00")
"""After everything that the demo's requests tell."""


def application(database: Database) -> Flask:
    """The application over a database of a test; its clock stands."""
    settings = Settings(
        home=database.home,
        database=database.url,
        secret_key="only for tests, and long enough for them",
        demo=True,
        secure_cookies=False,
        attachment_bytes=64 * 1024,
        undo_seconds=0,
    )
    app = create_app(settings, database=database, clock=lambda: NOW)
    app.testing = True
    app.test_client_class = InspectingClient
    return app


def session_of(database: Database, person: str) -> str:
    """A session of this person, as its cookie names it."""
    secret = sha256(f"session of {person}".encode()).hexdigest()
    with database.write() as transaction:
        if accounts.session(transaction, secret, NOW) is None:
            accounts.open_session(
                transaction, secret, PersonId(person), NOW, expires_at=NOW + timedelta(days=30)
            )
    return secret


class Page:
    """What a visitor was shown."""

    def __init__(self, response: TestResponse) -> None:
        self.status = response.status_code
        self.address = response.request.full_path.rstrip("?")
        self.text = response.get_data(as_text=True)
        parser = html5lib.HTMLParser(
            tree=html5lib.getTreeBuilder("lxml"), namespaceHTMLElements=False
        )
        self.root = cast(_Element, parser.parse(self.text).getroot())

    def all(self, path: str) -> list[_Element]:
        """Elements by XPath."""
        return cast(list[_Element], self.root.xpath(path))

    def words(self, path: str = "//main") -> str:
        """What is written there, in one line."""
        return " ".join(" ".join(str(t) for t in e.itertext()) for e in self.all(path))

    def links(self, beginning: str) -> list[str]:
        """Addresses that the page leads to."""
        found = [str(e.get("href")) for e in self.all("//a[@href]")]
        return [href for href in dict.fromkeys(found) if href.startswith(beginning)]

    def filled(self, form: _Element) -> MultiDict[str, Any]:
        """The values with which a form would be sent as it stands."""
        values: MultiDict[str, Any] = MultiDict()
        for field in cast(list[_Element], form.xpath(".//input | .//textarea | .//select")):
            if cast(list[_Element], field.xpath("ancestor::template")):
                continue
            name, kind = field.get("name"), field.get("type", "text")
            if not name or kind in ("file", "submit", "button"):
                continue
            if kind in ("checkbox", "radio") and field.get("checked") is None:
                continue
            if field.tag == "select":
                for option in cast(list[_Element], field.xpath(".//option[@selected]")):
                    values.add(name, option.get("value", ""))
            elif field.tag == "textarea":
                values.add(name, (field.text or "").removeprefix("\n"))
            else:
                values.add(name, field.get("value", ""))
        return values


class Visitor:
    """One person at the pages."""

    def __init__(self, app: Flask, database: Database, person: str, language: str = "zh") -> None:
        self.person = person
        self.client = app.test_client()
        self.language = language
        if person:
            with app.app_context():
                self.client.set_cookie(cookie_name(), session_of(database, person))

    def get(self, address: str) -> Page:
        """Open a page."""
        return Page(self.client.get(address, headers={"Accept-Language": self.language}))

    def press(
        self,
        page: Page,
        button: str,
        values: Mapping[str, Any] | None = None,
        files: Mapping[str, tuple[str, bytes]] | None = None,
    ) -> Page:
        """Press the button of this `value` (or of these words), with some fields filled in."""
        buttons = page.all("//form//button")
        found = [b for b in buttons if b.get("value") == button]
        found = found or [b for b in buttons if button in "".join(str(t) for t in b.itertext())]
        assert found, f"no button {button} at {page.address}"
        form = cast(list[_Element], found[0].xpath("ancestor::form"))[0]
        sent = page.filled(form)
        if found[0].get("name"):
            sent.add(str(found[0].get("name")), found[0].get("value", ""))
        for name, value in (values or {}).items():
            sent.setlist(name, value if isinstance(value, list) else [value])
        for name, (file, content) in (files or {}).items():
            sent.add(name, (BytesIO(content), file))
        target = found[0].get("formaction") or form.get("action") or urlsplit(page.address).path
        response = self.client.post(
            target,
            data=sent,
            content_type=form.get("enctype", "application/x-www-form-urlencoded"),
            headers={"Accept-Language": self.language},
            follow_redirects=True,
        )
        return Page(response)
