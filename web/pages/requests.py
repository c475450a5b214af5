"""Requests: the list of those one may see, and one with everything about it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from flask import (
    Blueprint,
    abort,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from engine.commands.base import Command
from engine.commands.talk import Comment, SendCopy, Urge
from engine.commands.withdraw import Withdraw
from engine.desk import desk_of
from engine.diagrams.definition import Definition
from engine.diagrams.layout import drawing_of
from engine.ids import RequestId
from engine.refusals import Invalid, Refused, Unknown
from engine.requests import Slot
from engine.view import request_abilities
from storage import queries
from storage.reader import Reader
from web.drawing import svg
from web.pages import here, looking, progress, timeline, words
from web.pages.drawn import Drawer, node_name
from web.pages.failures import status_of
from web.pages.formats import listed
from web.pages.names import Names
from web.pages.values import Texts, fields_of
from web.pages.wording import gettext

blueprint = Blueprint("requests", __name__)


@blueprint.get("/requests")
def all() -> str:
    """Requests that one started, took part in, or may see."""
    view, status = request.args.get("view", "involved"), request.args.get("status", "")
    if view not in words.SCOPES or (status and status not in words.STATUS):
        abort(404)
    asked = {
        "view": view,
        "status": status,
        "process": request.args.get("process", ""),
        "q": request.args.get("q", "").strip()[:200],
    }
    with here.reading() as reader:
        rows = queries.requests(
            reader,
            g.viewer,
            cast(Any, view),  # one of words.SCOPES
            status=status or None,
            process=asked["process"] or None,
            q=asked["q"] or None,
            cursor=request.args.get("cursor") or None,
        )
        return render_template(
            "requests/all.html", asked=asked, rows=rows, processes=queries.processes(reader)
        )


@blueprint.get("/requests/<id>")
def one(id: str) -> str:
    """Everything about one request."""
    return _page(RequestId(id), {}, {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What the page of a request shows beside its row."""

    parts: tuple[Any, ...]
    events: tuple[timeline.Event, ...]
    copies: Any
    files: Any
    diagram: Any
    nodes: tuple[Any, ...]
    summary: tuple[tuple[str, str], ...]
    path: tuple[progress.Step, ...]
    open: tuple["OpenTask", ...]
    linked: tuple[tuple[str, Any], ...]
    people: tuple[tuple[str, str], ...]
    """Whom a copy can be sent to: (id, name)."""
    stamp: tuple[str, str] | None
    """What a finished request is stamped with, and the stamp's tone."""
    result: str
    can: Mapping[str, bool]
    why_not: Mapping[str, str]


def story(reader: Reader, row: Any) -> Story:
    """Gather what is known of a request."""
    definition = reader.definitions.get(reader, row.definition)
    entries = queries.history(reader, row.id)
    nodes, slots = queries.nodes(reader, row.id), queries.slots(reader, row.id)
    flow, names = queries.flow(reader, row.id), Names.of_reader(reader)
    case = looking.case_of(reader, row.id)
    can, why = request_abilities(case, sees=True)
    drawer = Drawer(
        reader=reader, definition=definition, variables=flow.variables, names=names, case=case
    )
    texts = Texts(names=names, fields=fields_of(definition))
    hidden = drawer.hidden(row)
    teller = timeline.Teller(
        definition=definition,
        slots={slot.ordinal: slot for slot in slots},
        names=names,
        changed=lambda entry: progress.changes([entry], texts, hidden=hidden),
    )
    passed = [p[1] for entry in entries for p in entry.body.get("reached", ())]
    return Story(
        parts=tuple(drawer.parts(row, slots, flow.answers)),
        events=teller.told(entries),
        copies=queries.copies(reader, row.id),
        files={file.id: file for file in queries.attachments(reader, row.id)},
        diagram=svg.drawn(
            drawing_of(definition),
            svg.marks(nodes),
            english=here.locale() == "en",
            taken=passed,
        ),
        nodes=nodes,
        summary=progress.summary(definition, row, drawer),
        path=progress.path(definition, nodes, slots, names),
        open=tuple(_open(slot, definition, names) for slot in slots if slot.status == "open"),
        linked=_linked(reader, row, definition),
        people=tuple((str(id), name) for id, name in names.organisation.listed("")),
        stamp=_stamp(row),
        result=_result(row, definition),
        can=can,
        why_not={verb: refused.sentence(here.locale()) for verb, refused in why.items()},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTask:
    """Where a request stands: one open task."""

    task: str
    node: str
    who: str
    why: str
    due: datetime | None
    mine: bool


def _open(slot: Slot, definition: Definition, names: Names) -> OpenTask:
    people = slot.holders or slot.candidates
    return OpenTask(
        task=slot.id,
        node=node_name(definition, slot.node),
        who=listed(names.all(people)) or gettext("nobody yet"),
        why=here.said(slot.why.get("zh", ""), slot.why.get("en")),
        due=slot.due,
        mine=here.me().id in people,
    )


def _linked(
    reader: Reader, row: queries.RequestRow, definition: Definition
) -> tuple[tuple[str, queries.RequestRow], ...]:
    """The requests at both ends of links, with what the link means."""
    out, into = queries.links(reader, g.viewer, row.id)
    start = desk_of(definition, None).form
    found = []
    for link in out:
        field = start.by_key.get(link.field)
        found.append((field.label.said(here.locale()) if field else link.field, link.request))
    for link in into:
        named = here.said(link.request.process_name, link.request.process_name_en)
        found.append((named, link.request))
    return tuple(found)


def _stamp(row: queries.RequestRow) -> tuple[str, str] | None:
    if row.ended_at is None:
        return None
    if row.outcome in ("approved", "rejected"):
        mark = words.sign(words.OUTCOME, row.outcome)
    else:
        mark = words.sign(words.STATUS, row.status)
    return str(mark.word), mark.tone


def _result(row: queries.RequestRow, definition: Definition) -> str:
    """What became of it: the end event's name."""
    names = [node_name(definition, end) for end in row.ends[-1:]]
    return names[0] if names and row.ended_at is not None else ""


def _page(id: RequestId, typed: dict[str, str], errors: dict[str, str]) -> str:
    errors = {**dict.fromkeys((*ASKED, "copy"), ""), **errors}
    with here.reading() as reader:
        row = queries.request(reader, g.viewer, id)
        if row is None:
            abort(404)
        if queries.may_see(reader, g.viewer, id) != "all":
            return render_template("requests/state.html", row=row, errors=errors)
        if row.status == "draft":
            return render_template("requests/state.html", row=row, errors=errors)
        return render_template(
            "requests/one.html", row=row, story=story(reader, row), typed=typed, errors=errors
        )


ASKED: dict[str, Callable[[dict[str, Any]], Command]] = {
    "withdraw": lambda given: Withdraw(**given),
    "urge": lambda given: Urge(**given),
    "comment": lambda given: Comment(**given),
}


@blueprint.post("/requests/<id>/<any(withdraw, urge, comment, copy):verb>")
def ask(id: str, verb: str) -> ResponseReturnValue:
    """Say or ask something about a request."""
    comment = request.form.get("comment", "").strip()
    given: dict[str, Any] = {"actor": here.actor(), "request": RequestId(id), "comment": comment}
    try:
        if verb == "copy":
            people = tuple(p for p in request.form.getlist("to") if p)
            here.system().handle(SendCopy(**given, to=people))
        else:
            here.system().handle(ASKED[verb](given))
    except Unknown:
        raise
    except Refused as refused:
        sentence = refused.sentence(here.locale())
        if isinstance(refused, Invalid) and refused.errors:
            sentence = " ".join(m.said(here.locale()) for m in refused.errors.values())
        page = _page(RequestId(id), {verb: comment}, {verb: sentence})
        return make_response(page, status_of(refused))
    flash(_done(verb), "yes")
    return redirect(url_for("requests.one", id=id), 303)


def _done(verb: str) -> str:
    return {
        "withdraw": gettext("The request is withdrawn. You can change it and submit it again."),
        "urge": gettext("Those who hold it have been told."),
        "comment": gettext("Your comment stands in the history."),
        "copy": gettext("The copy was sent."),
    }[verb]
