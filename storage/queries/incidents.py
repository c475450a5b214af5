"""What stands still until an administrator acts."""

from datetime import UTC, datetime

from engine.ids import RequestId, task_id
from storage.moments import micros, moment
from storage.queries.names import Names
from storage.queries.rows import IncidentRow
from storage.reader import Reader
from storage.unit_of_work.inbox import NOBODY
from storage.unit_of_work.slots import COLUMNS, slot_of
from storage.visibility import Viewer

MOST = 200
_SLOT = ", ".join(f"s.{name}" for name in COLUMNS.split(", "))
_NOBODY = (
    f"SELECT r.number, r.process, r.definition, q.opened_at, {_SLOT}"  # noqa: S608 - constants
    " FROM queue q CROSS JOIN slots s CROSS JOIN requests r WHERE q.member = ?"
    " AND s.request = q.request AND s.ordinal = q.ordinal AND r.id = q.request"
    " ORDER BY q.opened_at, q.request, q.ordinal LIMIT ?"
)
_TIMERS = (
    "SELECT t.request, t.key, t.due, r.number, r.process FROM timers t"
    " JOIN requests r ON r.id = t.request"
    " WHERE t.due <= ? AND t.not_before > 0 ORDER BY t.due, t.request LIMIT ?"
)


def incidents(
    reader: Reader, viewer: Viewer, now: datetime | None = None
) -> tuple[IncidentRow, ...]:
    """The oldest first; nothing for anybody but an administrator."""
    if viewer.role != "administrator":
        return ()
    names = Names(reader)
    found = []
    for number, process, definition, opened_at, *kept in reader.all(_NOBODY, (NOBODY, MOST)):
        slot = slot_of(tuple(kept))
        name, name_en = names.node(definition, slot.node, slot.definition)
        found.append(
            IncidentRow(
                kind="nobody",
                request_id=slot.request,
                number=number,
                process=process,
                node=slot.node,
                node_name=name,
                node_name_en=name_en,
                task_id=task_id(slot.request, slot.ordinal),
                since=moment(opened_at),
            )
        )
    at = micros(now or datetime.now(UTC))
    for request, key, due, number, process in reader.all(_TIMERS, (at, MOST)):
        found.append(
            IncidentRow(
                kind="timer",
                request_id=RequestId(request),
                number=number,
                process=process,
                node=key,
                node_name=key,
                node_name_en=key,
                task_id=None,
                since=moment(due),
            )
        )
    return tuple(sorted(found, key=lambda row: row.since))
