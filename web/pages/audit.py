"""The auditor's pages: search over requests and entries, and notes."""

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, flash, g, make_response, redirect, render_template, request
from flask import url_for as address_of
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from engine.ids import RequestId
from storage import finding, notes, queries
from storage.reader import Reader
from web.finding import Told, may_ask, moment_of, told
from web.naming import new_request_id
from web.pages import audit_words, here
from web.pages.wording import gettext

blueprint = Blueprint("audit", __name__)
MOST_REQUESTS = 5
"""Requests that are shown above the entries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the address asks for."""

    q: str
    number: str
    person: str
    verb: str
    process: str
    kind: str
    since: str
    until: str
    sort: str

    @classmethod
    def of(cls, args: MultiDict[str, str]) -> "Asked":
        """From the address; a kind or order that does not exist is a page that does not."""
        given = {
            each.name: args.get(each.name, "").replace("\x00", " ").strip()[:200]
            for each in dataclasses.fields(cls)
        }
        if given["kind"] not in audit_words.TABS or given["sort"] not in ("", "newest", "oldest"):
            abort(404)
        return cls(**given)

    @property
    def fields(self) -> int:
        """How many fields beside the words narrow the question."""
        given = (self.number, self.person, self.verb, self.process, self.since, self.until)
        return sum(map(bool, given))

    @property
    def narrowed(self) -> bool:
        """Whether anything but the kind and the order is asked for."""
        return bool(self.q) or self.fields > 0

    def address(self, **changed: str | None) -> str:
        """This page with something changed; what is not asked for stays out of the address."""
        asked: dict[str, Any] = {
            each.name: getattr(self, each.name) for each in dataclasses.fields(self)
        }
        asked.update(changed)
        if asked["sort"] == "newest":
            asked["sort"] = ""
        return address_of("audit.all", **{name: each for name, each in asked.items() if each})


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """The times asked for, and what is wrong with them."""

    since: datetime | None
    until: datetime | None
    wrong: dict[str, str]


@blueprint.get("/audit")
def all() -> ResponseReturnValue:
    """Search over requests and entries: to auditors all, to owners their processes'."""
    asked = Asked.of(request.args)
    times = _times(asked)
    with here.reading() as reader:
        owned = may_ask(reader, g.viewer)
        page = render_template(
            "audit/all.html",
            asked=asked,
            wrong=times.wrong,
            far=finding.indexed(reader),
            processes=[
                each for each in queries.processes(reader) if owned is None or each.key in owned
            ],
            people=sorted(reader.organisation.current(reader).listed("")),
            kinds=audit_words.KIND,
            tabs=audit_words.TABS if owned is None else _own_tabs(),
            verbs=(audit_words.in_requests(), audit_words.SYSTEM if owned is None else {}),
            verb_sign=audit_words.verb,
            ways=audit_words.WAYS,
            **_shown(reader, asked, times, owned),
        )
    return make_response(page, 422 if times.wrong else 200)


def _shown(
    reader: Reader, asked: Asked, times: Times, owned: tuple[str, ...] | None
) -> dict[str, Any]:
    """The entries, how many there are of each kind, and the requests that the words find."""
    if times.wrong:
        nothing: queries.Page[Told] = queries.Page(items=())
        return {"rows": nothing, "tallies": dict.fromkeys(audit_words.TABS, 0), "requests": nothing}
    question = finding.Asked(
        q=asked.q,
        number=asked.number,
        person=_person(reader, asked.person),
        verb=asked.verb,
        process=asked.process,
        kinds=(asked.kind,) if asked.kind else (),
        since=times.since,
        until=times.until,
        owned=owned,
    )
    found = finding.entries(
        reader,
        question,
        sort="oldest" if asked.sort == "oldest" else "newest",
        cursor=request.args.get("cursor") or None,
    )
    return {
        "rows": queries.Page(items=tuple(told(reader, found.items)), next=found.next),
        "tallies": finding.counts(reader, question),
        "requests": _requests(reader, asked),
    }


def _requests(reader: Reader, asked: Asked) -> Any:
    """The requests that the words or the number find; none where neither is asked for."""
    words = asked.number or asked.q
    if not words:
        return queries.Page(items=())
    return queries.requests(
        reader, g.viewer, "all", q=words, process=asked.process or None, limit=MOST_REQUESTS
    )


def _times(asked: Asked) -> Times:
    found: dict[str, datetime | None] = {}
    wrong = {}
    for name, text in (("since", asked.since), ("until", asked.until)):
        try:
            found[name] = moment_of(text, here.zone(), end=name == "until")
        except ValueError:
            wrong[name] = gettext("Expected a date such as 2026-11-05.")
    if not wrong and found["since"] and found["until"] and found["since"] >= found["until"]:
        wrong["until"] = gettext("It ends before it begins.")
    return Times(since=found.get("since"), until=found.get("until"), wrong=wrong)


def _person(reader: Reader, text: str) -> str:
    """A person's id from what was typed: the id itself, or a name that one person has."""
    organisation = reader.organisation.current(reader)
    if organisation.person(text) is not None:
        return text
    named = [id for id, person in organisation.people.items() if person.name == text]
    return str(named[0]) if len(named) == 1 else text


def _own_tabs() -> dict[str, Any]:
    return {name: audit_words.TABS[name] for name in audit_words.OWNERS}


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteShown:
    """A note as its readers see it."""

    note: notes.Note
    author: str
    mine: bool


def notes_of(request_id: str) -> list[NoteShown]:
    """The auditors' notes on a request and its entries; to nobody else any."""
    if here.me().role != "auditor":
        return []
    with here.reading() as reader:
        names = queries.Names(reader)
        return [
            NoteShown(
                note=each, author=names.person(each.author).name, mine=each.author == here.me().id
            )
            for each in notes.of_request(reader, request_id)
        ]


def writes_notes() -> bool:
    """Whether whoever is signed in writes notes."""
    return here.me().role == "auditor"


blueprint.add_app_template_global(notes_of)
blueprint.add_app_template_global(writes_notes)


@blueprint.post("/requests/<id>/notes")
def add_note(id: str) -> ResponseReturnValue:
    """Write a note on a request, or on one of its entries."""
    _auditor(id)
    text, step = request.form.get("text", "").strip(), request.form.get("step", "0")
    number = int(step) if step.isascii() and step.isdigit() and len(step) < 10 else -1
    with here.reading() as reader:
        if number < 0 or not notes.has_step(reader, id, number):
            abort(404)
    if not text or len(text) > notes.LONGEST:
        flash(gettext("A note needs some text, at most 4,000 characters."), "no")
        return redirect(_back(id, number), 303)
    with here.system().database.write() as transaction:
        notes.add(
            transaction,
            str(new_request_id()),
            id,
            text,
            step=number,
            by=here.actor(),
            at=here.now(),
        )
    flash(gettext("The note is kept; only auditors read it."), "yes")
    return redirect(_back(id, number), 303)


@blueprint.post("/notes/<id>/withdraw")
def withdraw_note(id: str) -> ResponseReturnValue:
    """Withdraw a note of one's own; it stays, as withdrawn."""
    with here.reading() as reader:
        note = notes.one(reader, id)
    if note is None or here.me().role != "auditor":
        abort(404)
    if note.author != here.me().id:
        abort(403)
    with here.system().database.write() as transaction:
        notes.withdraw(transaction, note, by=here.actor(), at=here.now())
    flash(gettext("The note is withdrawn."), "yes")
    return redirect(_back(note.request, note.step), 303)


def _auditor(id: str) -> None:
    """404 for a request that one may not know of, 403 for who is no auditor."""
    with here.reading() as reader:
        if queries.may_see(reader, g.viewer, RequestId(id)) == "no":
            abort(404)
    if here.me().role != "auditor":
        abort(403)


def _back(id: str, step: int) -> str:
    """Where the note was written: the request's page, or the step of its replay."""
    if request.form.get("from") == "replay":
        return step_address(id, step)
    return address_of("requests.one", id=id, _anchor="notes")


def step_address(id: str, step: int) -> str:
    """A step of a request's replay; of no step, where it begins."""
    return address_of("stepping.replay", id=id, step=step or None)


blueprint.add_app_template_global(step_address)
