"""Every route with data in it, in a real browser: both languages, wide and narrow, light, dark."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page

from engine.actor import Actor
from engine.ids import PersonId
from storage import Database, releasing
from tests.pages.conftest import Seat, Visit
from tests.pages.test_attention import stand_still
from tests.pages.visitors import NOW
from tests.pages.words_shown import chinese_words, data_of
from tests.support.browser import Troubles, serious_violations, sideways
from tests.workflows.organised import files_of
from web import publishing
from web.deploying import read_files

pytestmark = pytest.mark.browser

BEGINNINGS = {
    "card.officer": ("/inbox?view=mine", "/start"),
    "gm": ("/", "/inbox", "/inbox?q=没有这样的字", "/notices"),
    "product.manager": ("/inbox", "/inbox?view=done", "/inbox?view=copied"),
    "auditor": ("/audit", "/requests?view=all", "/registers", "/processes", "/people", "/account"),
    "owner": ("/deploy", "/attention", "/statistics", "/proposals",
        "/processes/document-access/statistics/approval"),
    "admin": ("/attention", "/requests?view=all", "/account/credentials",
        "/account/away", "/handovers", "/handovers?person=gm", "/people", "/people/gm",
        "/people/gm?at=2026-06-01", "/people/product.manager/leave", "/organisation/changes",
        "/organisation/departments", "/organisation/departments/产品部", "/organisation/posts/gm",
        "/organisation/new/people", "/organisation/new/departments", "/organisation/edit/people/gm",
        "/organisation/edit/departments/产品部", "/organisation/edit/posts/gm",
        "/organisation/remove/departments/产品部", "/organisation/groups"),
}  # fmt: skip
"""Who begins where; from there they follow what the pages lead to."""

FOLLOWED = re.compile(
    r'href="(/(?:requests|tasks|registers|processes|drafts|attachments|start|attention|proposals)/[^"#?]+|/inbox\?task=[^"]+)"'
)
ID = re.compile(r"[0-9a-z]{20,}(-\d+)?")

MOST = 2
"""Pages of one kind that a person opens: more of the same tell nothing new."""

NOT_PAGES = {"static"}
"""Endpoints under which files of ours lie; each page loads some."""


def reached(app: Flask) -> set[str]:
    """Endpoints that a browser can ask for, the API's apart."""
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.rule.startswith("/api/")
    } - NOT_PAGES


@dataclass(slots=True, kw_only=True)
class Walk:
    """A way through the pages: what was seen, and what was wrong there."""

    app: Flask
    address: str
    language: str
    data: tuple[str, ...]
    endpoints: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)

    def endpoint(self, route: str) -> str:
        """The endpoint behind an address."""
        adapter = self.app.url_map.bind("", default_method="GET")
        return str(adapter.match(urlsplit(route).path)[0])

    def person(self, context: BrowserContext, beginnings: tuple[str, ...]) -> None:
        """Open the beginnings and, once each kind, what they lead to."""
        page = context.new_page()
        page.on("request", lambda request: self.note(request.url))
        opened: dict[str, int] = {}
        todo = [(route, True) for route in beginnings]
        while todo:
            route, first = todo.pop(0)
            kind = ID.sub("#", urlsplit(route).path)
            opened[kind] = opened.get(kind, 0) + (not first)
            if not first and opened[kind] > MOST:
                continue
            found = self.look(page, context, route)
            new = (each for each in found if ID.sub("#", urlsplit(each).path) not in opened)
            todo += [(each, False) for each in (found if first else new)]

    def note(self, url: str) -> None:
        """A request that the page itself made, for its style sheet say."""
        if url.startswith(self.address) and "/api/" not in url:
            self.endpoints.add(self.endpoint(url))

    def look(
        self, page: Page, context: BrowserContext, route: str, *, status: int = 200
    ) -> list[str]:
        """Open one page, look at it, and give the addresses that it leads to, one a kind."""
        if status == 200:
            self.endpoints.add(self.endpoint(route))
        if route.startswith("/attachments/"):
            assert context.request.get(urljoin(self.address, route)).ok, route
            return []
        if route.endswith((".csv", "/package")):
            return []  # a download, and not without a key: tests/packages
        response = page.goto(urljoin(self.address, route))
        assert response is not None
        assert response.status == status, route
        self.wrong += [f"{route}: {each}" for each in self.faults(page)]
        found: dict[str, str] = {}
        for href in FOLLOWED.findall(response.text()):
            found.setdefault(ID.sub("#", href), href)
        return [href.replace("&amp;", "&") for href in found.values()]

    def faults(self, page: Page) -> Iterator[str]:
        """What is wrong with the page that is open, wide in the light or narrow in the dark."""
        yield from serious_violations(page)
        width = page.viewport_size or {"width": 0, "height": 0}
        for other in (360, 1280):
            page.set_viewport_size({"width": other, "height": 800})
            if wider := sideways(page):
                yield f"scrolls sideways by {wider} at {other}"
        page.set_viewport_size(width)
        if self.language == "en":
            yield from (f"Chinese: {text}" for text in chinese_words(page, self.data))


def propose(home: Database) -> None:
    """A version that waits for a second owner."""
    owner = Actor(id=PersonId("owner"), via="page")
    files = files_of("document-access")
    name = "document-access.bpmn"
    form = b'camunda:formRef="handover"'
    files[name] = files[name].replace(form, b'camunda:priority="7" ' + form)
    with home.write() as transaction:
        releasing.set_rule(transaction, "document-access", 2, owner, NOW)
    assert publishing.publish(home, read_files(files), files, by=owner, at=NOW).proposal


@pytest.mark.parametrize(
    ("language", "width", "dark"),
    [("zh", 1280, False), ("en", 360, True)],
    ids=["zh-wide-light", "en-narrow-dark"],
)
def test_every_page_is_sound(
    seat: Seat,
    visit: Visit,
    app: Flask,
    home: Database,
    address: str,
    language: str,
    width: int,
    dark: bool,
) -> None:
    """U13, U14, U15: every route is seen; axe finds nothing serious, nothing scrolls sideways, no
    script complains, and an English page shows Chinese only in data."""
    officer, troubles = visit("card.officer"), Troubles()
    draft = {"title": "自助充值改版"}
    assert officer.press(officer.get("/start/work-order"), "draft", draft).status == 200
    stand_still(home)
    propose(home)
    walk = Walk(app=app, address=address, language=language, data=data_of(home))
    looks = {"language": language, "width": width, "dark": dark}
    for person, beginnings in BEGINNINGS.items():
        with seat(person, **looks) as context:
            context.on("page", troubles.watch)
            walk.person(context, beginnings)
    with seat("gm", **looks) as context:
        page = context.new_page()
        walk.look(page, context, "/requests/nothing", status=404)
        walk.look(page, context, "/attention", status=403)
        context.clear_cookies()
        walk.look(page, context, "/sign-in")
    assert not walk.wrong, "\n".join(walk.wrong)
    assert troubles.sentences == []
    assert reached(app) - walk.endpoints == set(), "no one has looked at these"
