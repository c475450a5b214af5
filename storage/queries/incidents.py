"""What stands still until an administrator acts."""

from dataclasses import replace
from datetime import datetime

from engine.ids import RequestId, incident_id, split_incident_id, task_id
from storage.moments import micros, moment
from storage.packing import digest_of, keep_digest
from storage.queries.cursors import bounded
from storage.queries.cursors import cursor as cursor_of
from storage.queries.cursors import key as key_of
from storage.queries.names import Names
from storage.queries.rows import IncidentRow, LateTimer, Page
from storage.reader import Reader
from storage.transaction import Row
from storage.unit_of_work.inbox import NOBODY
from storage.unit_of_work.slots import COLUMNS, slot_of
from storage.visibility import Viewer

MOST = 200
_COLUMNS = (
    "i.at, i.request, i.ordinal, i.key, i.node, i.kind, i.message, i.tries, i.definition,"
    " r.number, r.title, r.process, r.definition"
)
_FROM = f"SELECT {_COLUMNS} FROM incidents i JOIN requests r ON r.id = i.request WHERE "  # noqa: S608
_OWNED = "r.process IN (SELECT process FROM owners WHERE person = ?)"
_UNHELD = (
    "SELECT s.ordinal FROM queue q JOIN slots s ON s.request = q.request AND s.ordinal = q.ordinal"
    " WHERE q.member = ? AND q.request = ? AND s.node_key = ? ORDER BY s.ordinal LIMIT 1"
)
_SLOT = ", ".join(f"s.{name}" for name in COLUMNS.split(", "))
_WITHOUT = (
    "SELECT q.opened_at, r.number, r.title, r.process, r.definition,"  # noqa: S608 - constants
    f" {_SLOT} FROM queue q"
    " JOIN slots s ON s.request = q.request AND s.ordinal = q.ordinal"
    " JOIN requests r ON r.id = q.request WHERE q.member = ? AND NOT EXISTS (SELECT 1"
    " FROM incidents i WHERE i.request = q.request AND i.key = 'people:' || s.node_key)"
    " ORDER BY q.opened_at DESC, q.request, q.ordinal LIMIT ?"
)
"""Tasks that nobody holds of requests that are older than incidents are."""
_TIMERS = (
    "SELECT t.request, t.due, r.number, r.process FROM timers t"
    " JOIN requests r ON r.id = t.request"
    " WHERE t.due <= ? AND t.not_before > 0 ORDER BY t.due, t.request LIMIT ?"
)


def incidents(
    reader: Reader, viewer: Viewer, *, cursor: str | None = None, limit: int = 50
) -> Page[IncidentRow]:
    """The newest first: every one to an administrator, to others those of processes they own.

    Raises:
        BadCursor: the cursor is none of this list.
    """
    limit = bounded(limit)
    where, arguments = _seen(viewer)
    if cursor is not None:
        where += " AND (i.at, i.request, i.ordinal) < (?, ?, ?)"
        arguments += key_of(cursor, (int, str, int))
    rows = reader.all(
        f"{_FROM}{where} ORDER BY i.at DESC, i.request DESC, i.ordinal DESC LIMIT ?",
        (*arguments, limit + 1),
    )
    names = Names(reader)
    return Page(
        items=tuple(_incident(reader, names, viewer, row) for row in rows[:limit]),
        next=cursor_of(rows[limit - 1][:3]) if len(rows) > limit else None,
    )


def incident(reader: Reader, viewer: Viewer, id: str) -> IncidentRow | None:
    """One that the viewer may know of, by its id."""
    place = split_incident_id(id)
    if place is None:
        return None
    where, arguments = _seen(viewer)
    row = reader.one(
        f"{_FROM}{where} AND i.request = ? AND i.ordinal = ?", (*arguments, place[0], place[1])
    )
    return None if row is None else _incident(reader, Names(reader), viewer, row)


def incidents_of(reader: Reader, viewer: Viewer, request: str) -> tuple[IncidentRow, ...]:
    """Those of one request, the oldest first; that the viewer may see it is asked before."""
    rows = reader.all(f"{_FROM}i.request = ? ORDER BY i.ordinal LIMIT ?", (request, MOST))
    names = Names(reader)
    return tuple(_incident(reader, names, viewer, row) for row in rows)


def unheld(reader: Reader, viewer: Viewer) -> tuple[IncidentRow, ...]:
    """Tasks that nobody holds without an incident that says so, the newest first: they have no id
    and are over when somebody holds them. Nothing for anybody but an administrator."""
    if viewer.role != "administrator":
        return ()
    names = Names(reader)
    found = []
    for at, number, title, process, definition, *kept in reader.all(_WITHOUT, (NOBODY, MOST)):
        slot = slot_of(tuple(kept))
        called = keep_digest(slot.definition)
        row = (at, slot.request, 0, f"people:{slot.node_key}", slot.node, "people", "", 0, called)
        about = (number, title, process, definition)
        bare = _incident(reader, names, viewer, (*row, *about))
        found.append(replace(bare, id="", task_id=slot.id))
    return tuple(found)


def administers(reader: Reader, viewer: Viewer, process: str) -> bool:
    """Whether he is told why requests of this process stand still."""
    if viewer.role == "administrator":
        return True
    found = reader.one(
        "SELECT 1 FROM owners WHERE process = ? AND person = ?", (process, viewer.person)
    )
    return found is not None


def owns_any(reader: Reader, viewer: Viewer) -> bool:
    """Whether any process is his."""
    return reader.one("SELECT 1 FROM owners WHERE person = ? LIMIT 1", (viewer.person,)) is not None


def late_timers(reader: Reader, viewer: Viewer, now: datetime) -> tuple[LateTimer, ...]:
    """Timers that are due and could not be fired: they are tried again by themselves. Nothing for
    anybody but an administrator."""
    if viewer.role != "administrator":
        return ()
    return tuple(
        LateTimer(request_id=RequestId(request), number=number, process=process, due=moment(due))
        for request, due, number, process in reader.all(_TIMERS, (micros(now), MOST))
    )


def _seen(viewer: Viewer) -> tuple[str, list[object]]:
    return ("1 = 1", []) if viewer.role == "administrator" else (_OWNED, [viewer.person])


def _incident(reader: Reader, names: Names, viewer: Viewer, row: Row) -> IncidentRow:
    at, request, ordinal, key, node, kind, message, tries, called, *about = row
    number, title, process, definition = about
    digest = digest_of(called)
    name, name_en = names.node(definition, node, digest)
    return IncidentRow(
        id=incident_id(RequestId(request), ordinal),
        ordinal=ordinal,
        kind=kind,
        request_id=RequestId(request),
        number=number,
        title="" if viewer.role == "administrator" else title,
        process=process,
        key=key,
        node=node,
        node_name=name,
        node_name_en=name_en,
        definition=digest,
        message=message,
        since=moment(at),
        attempts=tries,
        task_id=_task(reader, request, key) if kind == "people" else None,
    )


def _task(reader: Reader, request: str, key: str) -> str | None:
    """The task that nobody holds, of an incident about it."""
    ordinal = reader.value(_UNHELD, (NOBODY, request, key.partition(":")[2]))
    return None if ordinal is None else task_id(RequestId(request), ordinal)
