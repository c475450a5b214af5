"""Requests: those I may see, one of them, its history, and what is said about it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import g

from engine.commands.base import Command
from engine.commands.suspend import Resume, Suspend, Terminate
from engine.commands.talk import Comment, SendCopy, Urge
from engine.commands.withdraw import Withdraw
from engine.ids import RequestId
from engine.refusals import NotNow, NotYours
from storage import queries
from storage.reader import Reader
from web.api import bodies, documents, shapes, who
from web.api.calls import call
from web.api.disclosure import disclosure, hidden_somewhere
from web.api.documents import Document
from web.api.doing import done, record
from web.api.history import told
from web.api.reasons import look_into
from web.api.schemas import CopyTo, RequestsQuery, Saying
from web.api.state import known_request, may_ask, request_document
from web.pages import here
from web.reading import read_history


@call("GET", "/requests", query=RequestsQuery, answer=shapes.Requests)
def list_requests(asked: dict[str, Any]) -> Document:
    """Requests that I made (`mine`), had to do with (`involved`), or may see (`all`)."""
    with here.reading() as reader:
        found = queries.requests(reader, who.viewer(), **asked)
        items = [_listed(reader, row) for row in found.items]
    return documents.page(found, items)


def _listed(reader: Reader, row: queries.RequestRow) -> Document:
    """A row; its summary without what is hidden from the caller."""
    definition = reader.definitions.get(reader, row.definition)
    if not hidden_somewhere(definition) & set(row.summary):
        return documents.request_row(row)
    shown = disclosure(reader, who.viewer(), row)
    return documents.request_row(row, hidden=shown.hidden)


@call("GET", "/requests/<id>", answer=shapes.Request, reason=True)
def one_request(id: str) -> Document:
    """One request, with what I may do."""
    look_into(id)
    with here.reading() as reader:
        return request_document(reader, id)


@call("GET", "/requests/<id>/history", answer=shapes.History, reason=True)
def history(id: str) -> Document:
    """Every entry of a request: one a command, its consequences inside it."""
    look_into(id)
    with here.reading() as reader:
        _, content = known_request(reader, id)
        if not content:
            raise NotYours()
    read_history(id, "history")
    with here.reading() as reader:
        row, _ = known_request(reader, id)
        return {"entries": told(reader, row, disclosure(reader, who.viewer(), row))}


_KINDS: dict[str, Callable[..., Command]] = {
    "withdraw": Withdraw,
    "urge": Urge,
    "copy": SendCopy,
    "comment": partial(Comment, comment=""),
    "suspend": Suspend,
    "resume": Resume,
    "terminate": Terminate,
}


def _asking(verb: str) -> Callable[[str], None]:
    """What raises, and records, what comes before anything that is wrong with the call."""

    def first(id: str) -> None:
        try:
            may_ask(verb, id)
        except (NotYours, NotNow) as no:
            record(_KINDS[verb](actor=who.actor(), request=RequestId(id)), no)
            raise

    return first


@call("POST", "/requests/<id>/withdraw", body=Saying, answer=shapes.Request, verb=True,
      first=_asking("withdraw"))  # fmt: skip
def withdraw(id: str, given: dict[str, Any]) -> Document:
    """Take my request back; an administrator another's, with the reason as comment (K3)."""
    return _said(id, given, lambda on: Withdraw(**on, comment=given["comment"]), override=True)


@call("POST", "/requests/<id>/urge", body=Saying, answer=shapes.Request, verb=True,
      first=_asking("urge"))  # fmt: skip
def urge(id: str, given: dict[str, Any]) -> Document:
    """Urge those who hold it, at most once in four hours (C2)."""
    return _said(id, given, lambda on: Urge(**on, comment=given["comment"]))


@call("POST", "/requests/<id>/copy", body=CopyTo, answer=shapes.Request, verb=True,
      first=_asking("copy"))  # fmt: skip
def copy(id: str, given: dict[str, Any]) -> Document:
    """Let others read it (C1)."""
    to = tuple(given["to"])
    return _said(id, given, lambda on: SendCopy(**on, to=to, comment=given["comment"]))


@call("POST", "/requests/<id>/comment", body=Saying, answer=shapes.Request, verb=True,
      first=_asking("comment"))  # fmt: skip
def comment(id: str, given: dict[str, Any]) -> Document:
    """Say something about it; `@id` tells that person, if he may see it (C3)."""
    return _said(id, given, lambda on: Comment(**on, comment=given["comment"]))


@call("POST", "/requests/<id>/suspend", body=Saying, answer=shapes.Request, verb=True,
      first=_asking("suspend"))  # fmt: skip
def suspend(id: str, given: dict[str, Any]) -> Document:
    """Hold it up: an administrator, with the reason as comment (K3); no deadline runs (X6)."""
    return _said(id, given, lambda on: Suspend(**on, comment=given["comment"]), override=True)


@call("POST", "/requests/<id>/resume", body=Saying, answer=shapes.Request, verb=True,
      first=_asking("resume"))  # fmt: skip
def resume(id: str, given: dict[str, Any]) -> Document:
    """Let it go on: an administrator, with the reason as comment; what was due is due later."""
    return _said(id, given, lambda on: Resume(**on, comment=given["comment"]), override=True)


@call("POST", "/requests/<id>/terminate", body=Saying, answer=shapes.Request, verb=True,
      first=_asking("terminate"))  # fmt: skip
def terminate(id: str, given: dict[str, Any]) -> Document:
    """End it as cancelled: an administrator, with the reason as comment (K3)."""
    return _said(id, given, lambda on: Terminate(**on, comment=given["comment"]), override=True)


def _said(
    id: str,
    given: dict[str, Any],
    command: Callable[[dict[str, Any]], Command],
    *,
    override: bool = False,
) -> Document:
    """Carry out a command on a request; how it stands then."""
    g.about = ("request", id)
    with here.reading() as reader:
        row, _ = known_request(reader, id)
    overrides = override and who.administers() and row.requester != here.me().id
    on = {"actor": who.actor(override=overrides), "request": row.id, "key": bodies.key()}
    done(command(on), given)
    with here.reading() as reader:
        return request_document(reader, id)
