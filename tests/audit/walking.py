"""Every call and page that changes something, tried by somebody; and what the database then says.

Calls are found in the application's own map, so that one made tomorrow is walked as well.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from flask import Flask
from werkzeug.routing import Rule

from storage import Database
from storage.tables import METADATA
from tests.api.callers import Caller
from tests.api.examples import ACCESS
from tests.pages.visitors import session_of
from web.security.identity import cookie_name

OWN = frozenset(
    {
        "account.looks", "credentials.password", "credentials.add_token", "credentials.revoke",
        "session.signed_in", "session.sign_out", "notices.read", "api.read_notices",
        "api.make_note", "api.withdraw_note", "audit.add_note", "audit.withdraw_note",
        "api.preview",
    }
)  # fmt: skip
"""What an auditor sends: of his own account and notices, notes, and a preview, which makes
nothing."""
UNCOMPARED = frozenset(
    {
        "journal", "idempotency", "sessions", "tokens", "readings", "leaves", "tree", "heads",
        "log", "stamps", "followers", "found",
    }
)  # fmt: skip
"""Tables that grow when somebody looks on, or is refused, or that follow the journal."""
_TOUCHED = {"requests": ("seq", "head", "last_at")}
"""Columns that the entry of a refused attempt moves."""

BODIES: dict[str, Any] = {
    "api.new_request": {"process": "document-access", "answers": ACCESS},
    "api.submit": {"answers": ACCESS},
    "api.save_draft": {"answers": ACCESS},
    "api.make_substitution": {"substitute": "gm", "until": "2026-12-01"},
    "api.make_handover": {"person": "gm", "to": "deputy.gm", "comment": "离任"},
    "api.publish_message": {"name": "hello"},
    "api.broadcast_signal": {"name": "hello"},
    "api.fetch_external_tasks": {"worker": "w", "topics": ["t"]},
    "api.copy": {"to": ["gm"], "comment": "请看"},
    "api.batch": {"verb": "approve", "tasks": ["{task}"]},
    "api.snooze_task": {"until": "2026-11-03T09:00:00+08:00"},
    "api.error_task": {"code": "x"},
    "api.escalate_task": {"code": "x"},
    "api.transfer_task": {"to": ["gm"], "comment": "请办"},
    "api.delegate_task": {"to": ["gm"], "comment": "请办"},
    "api.add_signer_task": {"to": ["gm"], "comment": "请办"},
    "api.remove_signer_task": {"to": ["gm"], "comment": "请办"},
    "api.assign_task": {"to": ["gm"], "comment": "请办"},
    "api.add_department": {"name": "新部门", "short": "新"},
    "api.change_department": {"short": "变"},
    "api.add_group": {"name": "新组"},
    "api.change_group": {"name": "新组"},
    "api.add_person": {"id": "new.person", "name": "新人", "department": "产品部"},
    "api.change_person": {"name": "新名"},
    "api.add_post": {"id": "new-post", "name": "新岗位"},
    "api.change_post": {"name": "新岗位"},
    "api.leave": {"to": "deputy.gm", "comment": "离任"},
    "api.change_owners": {"owners": ["gm"]},
    "api.change_release": {"two": True},
}
"""Bodies that would be right from whoever may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class There:
    """Ids of what is there to be changed."""

    request: str
    task: str
    draft: str
    note: str
    file: str

    def parts(self, rule: Rule) -> dict[str, Any]:
        """The parts of an address of this rule."""
        return {name: self._part(rule, name) for name in rule.arguments}

    def _part(self, rule: Rule, name: str) -> str:
        if name in ("verb", "table"):
            return str(next(iter(cast(Any, rule._converters[name]).items)))
        first = rule.rule.removeprefix("/api/v1").split("/")[1]
        named = {
            "requests": self.request, "tasks": self.task, "drafts": self.draft, "notes": self.note,
            "attachments": self.file, "people": "gm", "start": "document-access",
            "processes": "document-access",
        }  # fmt: skip
        if rule.rule.startswith("/attention/assign/"):
            return self.task
        if "departments" in rule.rule:
            return "产品部"
        return named.get(first, "gm" if "people" in rule.rule else "nothing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One call, and what came of it."""

    endpoint: str
    method: str
    address: str
    status: int
    said: str


def rules(app: Flask) -> list[Rule]:
    """Every route but that of static files."""
    found = [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]
    return sorted(found, key=lambda rule: (rule.endpoint, rule.rule))


def sent(app: Flask, home: Database, person: str, there: There) -> Iterator[Tried]:
    """Everything that can be sent, but signing in and out, once each."""
    browser = app.test_client()
    with app.app_context():
        browser.set_cookie(cookie_name(), session_of(home, person))
    token = _csrf(browser.get("/account").get_data(as_text=True))
    caller = Caller(app, home, person)
    for rule in rules(app):
        for method in sorted((rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}):
            if rule.endpoint in ("session.signed_in", "session.sign_out"):
                continue
            with app.test_request_context():
                address = app.url_map.bind("localhost").build(
                    rule.endpoint, there.parts(rule), method=method
                )
            if rule.endpoint.startswith("api."):
                yield _call(caller, rule.endpoint, method, address, there)
            else:
                form = {"csrf_token": token, "comment": "试试", "to": "gm", "text": "试试"}
                response = browser.open(address, method=method, data=form)
                said = response.get_data(as_text=True)
                yield Tried(endpoint=rule.endpoint, method=method, address=address,
                            status=response.status_code, said=said)  # fmt: skip


def opened(app: Flask, home: Database, person: str, there: There) -> Iterator[Tried]:
    """Everything that can be opened, once each."""
    browser = app.test_client()
    with app.app_context():
        browser.set_cookie(cookie_name(), session_of(home, person))
    for rule in rules(app):
        if "GET" not in (rule.methods or ()):
            continue
        with app.test_request_context():
            address = app.url_map.bind("localhost").build(rule.endpoint, there.parts(rule))
        response = browser.get(address)
        said = response.get_data()
        response.close()
        yield Tried(endpoint=rule.endpoint, method="GET", address=address,
                    status=response.status_code, said=said.decode(errors="replace"))  # fmt: skip


def _call(caller: Caller, endpoint: str, method: str, address: str, there: There) -> Tried:
    body = BODIES.get(endpoint, {"comment": "试试"} if "requests" in address else {})
    if endpoint == "api.make_note":
        body = {"text": "试试"}
    if endpoint == "api.batch":
        body = {"verb": "approve", "tasks": [there.task]}
    if endpoint in ("api.upload", "api.deploy"):
        name = "file" if endpoint == "api.upload" else "files"
        from tests.api.callers import file

        answer = caller.send(address.removeprefix("/api/v1"), {name: file(b"x", "x.bpmn")})
    else:
        sent_body = None if method == "DELETE" else body
        answer = caller.call(method, address.removeprefix("/api/v1"), sent_body)
    return Tried(endpoint=endpoint, method=method, address=address, status=answer.status,
                 said=answer.data.decode(errors="replace"))  # fmt: skip


def _csrf(page: str) -> str:
    _, _, rest = page.partition('name="csrf_token" value="')
    return rest.partition('"')[0]


def state(home: Database) -> Mapping[str, list[Any]]:
    """What every table says, apart from what looking on and being refused leaves behind."""
    found = {}
    with home.read() as reader:
        for name, table in METADATA.tables.items():
            if name in UNCOMPARED:
                continue
            columns = [c.name for c in table.columns if c.name not in _TOUCHED.get(name, ())]
            listed = ", ".join(f'"{column}"' for column in columns)
            found[name] = sorted(map(repr, reader.all(f'SELECT {listed} FROM "{name}"')))
    return found


def journalled(home: Database) -> list[tuple[Any, ...]]:
    """The journal as it lies there."""
    with home.read() as reader:
        rows = reader.all("SELECT chain, seq, at, body, particulars, digest FROM journal")
    return sorted((row[0], row[1], row[2], *(bytes(each) for each in row[3:])) for row in rows)
