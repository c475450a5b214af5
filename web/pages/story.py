"""What the page of one request tells beside its row: content, path, history, who holds it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import g

from engine.abilities import request_abilities
from engine.desk import desk_of
from engine.diagrams.definition import Definition
from engine.refusals import Refused
from engine.requests import External, Slot
from storage import queries
from storage.reader import Reader
from web.pages import diagrams, here, looking, progress, timeline, words
from web.pages.called import Places
from web.pages.drawn import Drawer, node_name
from web.pages.formats import listed
from web.pages.names import Names
from web.pages.values import Texts, fields_of
from web.pages.why import then, why
from web.pages.wording import gettext
from web.undoing import veil, veiled


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What the page of a request shows beside its row."""

    parts: tuple[Any, ...]
    events: tuple[timeline.Event, ...]
    runs: list[tuple[timeline.Event, ...]]
    """The events, long runs of idle timers together."""
    copies: Any
    files: Any
    diagrams: tuple[diagrams.Figure, ...]
    """The process as drawn, then those that it has called."""
    nodes: tuple[Any, ...]
    summary: tuple[tuple[str, str], ...]
    path: tuple[progress.Step, ...]
    open: tuple["OpenTask", ...]
    still: tuple[queries.IncidentRow, ...]
    """What stands still until an administrator acts."""
    tells: bool
    """Whether this person is told why."""
    linked: tuple[tuple[str, Any], ...]
    people: tuple[tuple[str, str], ...]
    """Whom a copy can be sent to: (id, name)."""
    stamp: tuple[str, str] | None
    """What a finished request is stamped with, and the stamp's tone."""
    result: str
    can: Mapping[str, bool]
    too_late: str
    """Why the requester can't withdraw it any more; empty: he can, or it is not his."""


def of(reader: Reader, row: Any, *, looked: bool = False) -> Story:
    """Gather what is known of a request. `looked`: an administrator may read this once."""
    versions = queries.Versions.of_request(reader, row.definition)
    definition = versions.own
    entries = queries.history(reader, row.id)
    hidden_from_me = veiled(entries, here.me())
    entries = tuple(veil(each) if each.seq in hidden_from_me else each for each in entries)
    nodes, slots = queries.nodes(reader, row.id), queries.slots(reader, row.id)
    flow, names = queries.flow(reader, row.id), Names.of_reader(reader)
    case = looking.case_of(reader, row.id)
    administers = here.me().role == "administrator"
    can, why = request_abilities(case, sees=not looked, administers=administers)
    if here.reads_only() and row.requester != here.me().id:
        held = ("suspend", "resume", "terminate")
        can = {verb: allowed and verb in held for verb, allowed in can.items()}
    drawer = Drawer(
        reader=reader,
        versions=versions,
        variables=flow.variables,
        scopes=flow.scopes,
        names=names,
        case=case,
    )
    texts = Texts(names=names, fields=fields_of(*versions.all(slots)))
    hidden = drawer.hidden(row, slots)
    places = Places(versions, nodes, flow.tokens)
    teller = timeline.Teller(
        places=places,
        slots={slot.ordinal: slot for slot in slots},
        names=names,
        changed=lambda entry: progress.changes([entry], texts, hidden=hidden),
    )
    events = teller.told(entries)
    return Story(
        parts=tuple(drawer.parts(row, slots, flow.answers)),
        events=events,
        runs=timeline.folded(events),
        copies=queries.copies(reader, row.id),
        files={file.id: file for file in queries.attachments(reader, row.id)},
        diagrams=diagrams.of(places, nodes, flow.tokens, entries),
        nodes=nodes,
        summary=progress.summary(definition, row, drawer),
        path=progress.path(versions, nodes, slots, names),
        open=(
            *(_open(s, versions, names) for s in slots if s.status == "open" or s.undo),
            *(_outside(each, versions) for each in queries.externals(reader, row.id)),
        ),
        still=queries.incidents_of(reader, g.viewer, row.id),
        tells=queries.administers(reader, g.viewer, row.process),
        linked=_linked(reader, row, definition),
        people=tuple((str(id), name) for id, name in names.organisation.listed("")),
        stamp=_stamp(row),
        result=_result(row, definition),
        can=can,
        too_late=_too_late(row, why),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTask:
    """Where a request stands: one open task, or work that another system does."""

    task: str
    node: str
    who: str
    why: str
    then: Mapping[str, str]
    """What addresses of the organisation carry to show it as it was when the task was opened."""
    due: datetime | None
    mine: bool


def _open(slot: Slot, versions: queries.Versions, names: Names) -> OpenTask:
    people = slot.holders or slot.candidates
    return OpenTask(
        task=slot.id,
        node=node_name(versions.of(slot), slot.node),
        who=listed(names.all(people)) or gettext("nobody yet"),
        why=why(slot, here.me().id, names.of, names.worded),
        then=then(slot),
        due=slot.due,
        mine=here.me().id in people,
    )


def _outside(waits: External, versions: queries.Versions) -> OpenTask:
    return OpenTask(
        task="",
        node=node_name(versions.of(waits), waits.node),
        who=gettext("waits for an outside system: %(topic)s", topic=waits.topic),
        why=waits.error,
        then={},
        due=None,
        mine=False,
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


def _too_late(row: queries.RequestRow, why: Mapping[str, Refused]) -> str:
    mine = row.requester == here.me().id
    going = row.status in ("running", "returned")
    return why["withdraw"].sentence(here.locale()) if mine and going and "withdraw" in why else ""


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
