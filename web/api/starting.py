"""What I may start, its form, and requests on their way out: drafts and submissions."""

from typing import Any

from flask import g

from engine.commands.base import Command
from engine.commands.submit import SaveDraft, Submit
from engine.desk import context_of, desk_of, evaluator, lookup
from engine.ids import RequestId
from engine.refusals import MayNotStart, Unknown
from engine.requests import Request
from storage import queries
from storage.reader import Reader
from web.api import bodies, shapes, who
from web.api.calls import call
from web.api.documents import Document, moment, people
from web.api.doing import done
from web.api.schemas import Asked, Draft, NewRequest, Submission
from web.api.state import drawing_of, known_request, may_ask, request_document
from web.naming import new_request_id
from web.pages import foreseen, here


@call("GET", "/processes", answer=shapes.Processes)
def processes() -> Document:
    """The processes that I may start."""
    with here.reading() as reader:
        items = [_process(reader, row) for row in queries.startable(reader, who.viewer())]
    return {"items": items, "next": None}


@call("GET", "/processes/<key>/form", answer=shapes.StartForm)
def start_form(key: str) -> Document:
    """A process's start form, as I get it."""
    with here.reading() as reader:
        row = next((row for row in queries.processes(reader) if row.key == key), None)
        if row is None:
            raise Unknown()
        if all(each.key != key for each in queries.startable(reader, who.viewer())):
            raise MayNotStart()
        form, values = _blank(reader, row.digest)
        return {"process": _process(reader, row), "form": form, "values": values}


@call("POST", "/requests", body=NewRequest, answer=shapes.Request, status=201, verb=True)
def new_request(given: dict[str, Any]) -> Document:
    """Make a request: submitted at once, or kept as a draft, which has no number."""
    if who.administers():
        raise MayNotStart()  # as on the pages: who watches asks for nothing himself
    kind = SaveDraft if given["draft"] else Submit
    command = kind(
        actor=who.actor(),
        request=new_request_id(),
        process=given["process"],
        answers=given["answers"],
        key=bodies.key(),
    )
    return _now(command, given)


@call("POST", "/requests/preview", body=Asked, answer=shapes.Preview)
def preview(given: dict[str, Any]) -> Document:
    """The path that these answers would take: who, by when, on what it depends; makes nothing."""
    command = Submit(
        actor=who.actor(),
        request=new_request_id(),
        process=given["process"],
        answers=given["answers"],
    )
    with here.reading() as reader:
        found = foreseen.way(reader, command)
        names = queries.Names(reader)
        return {"path": [_desk(each, names) for each in found.path], "notes": list(found.notes)}


def _desk(each: foreseen.Foreseen, names: queries.Names) -> Document:
    return {
        "node": {"id": each.id, "name": each.name},
        "holders": people(names.person(id) for id in each.holders),
        "candidates": people(names.person(id) for id in each.candidates),
        "groups": list(each.groups),
        "due": moment(each.due),
        "due_after": each.after or None,
        "why": each.why,
        "sure": each.sure,
        "depends_on": [
            {
                "kind": on.kind,
                "at": _ref(on.at),
                "condition": on.condition or None,
                "reads": [_ref(ref) for ref in on.reads],
                "given_by": [_ref(ref) for ref in on.givers],
                "text": on.text,
            }
            for on in each.depends
        ],
    }


def _ref(pair: tuple[str, str]) -> Document:
    return {"id": pair[0], "name": pair[1]}


@call(
    "PUT",
    "/requests/<id>/draft",
    body=Draft,
    answer=shapes.Request,
    verb=True,
    first=lambda id: may_ask("submit", id),
)
def save_draft(id: str, given: dict[str, Any]) -> Document:
    """Change a draft, or a withdrawn request; nothing is required yet."""
    return _now(_on_own(SaveDraft, id, given["answers"]), given)


@call(
    "POST",
    "/requests/<id>/submit",
    body=Submission,
    answer=shapes.Request,
    verb=True,
    first=lambda id: may_ask("submit", id),
)
def submit(id: str, given: dict[str, Any]) -> Document:
    """Submit a draft or a withdrawn request: with these answers, or as it stands."""
    return _now(_on_own(Submit, id, given["answers"]), given)


def _on_own(kind: type[SaveDraft] | type[Submit], id: str, answers: Any) -> Command:
    """A command on a request that is there: an unknown id must never make one."""
    g.about = ("request", id)
    with here.reading() as reader:
        row, _ = known_request(reader, id)
    return kind(
        actor=who.actor(), request=row.id, process=row.process, answers=answers, key=bodies.key()
    )


def _now(command: Command, given: dict[str, Any]) -> Document:
    outcome = done(command, given)
    with here.reading() as reader:
        return request_document(reader, outcome.request)


def _process(reader: Reader, row: queries.ProcessRow) -> Document:
    words = reader.definitions.process(reader, row.digest)
    about = here.said(words.documentation, words.properties.get("documentation.en"))
    return {
        "key": row.key,
        "name": here.said(row.name, row.name_en),
        "version": row.version,
        "description": about,
    }


def _blank(reader: Reader, digest: str) -> tuple[Document, Document]:
    """The start form before anything is filled in."""
    from engine.case import Case
    from engine.facts import Facts

    person, definition = here.me(), reader.definitions.get(reader, digest)
    request = Request(
        id=RequestId("new"),
        process=definition.key,
        definition=digest,
        requester=person.id,
        department=person.department,
        created_at=here.now(),
    )
    case = Case(
        uow=who.looking(reader),
        facts=Facts(),
        now=here.now(),
        actor=who.actor(),
        request=request,
        definition=definition,
        verb="look",
    )
    desk, today = desk_of(definition, None), here.now().astimezone(here.zone()).date()
    return drawing_of(
        desk.form,
        desk.rights,
        {},
        context_of({}, None, person.id, person.department),
        evaluator(here.system().database.calendar, today),
        lookup(case),
    )
