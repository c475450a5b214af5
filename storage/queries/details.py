"""What the page of one request shows. Who may see the request is asked before (`may_see`)."""

from collections.abc import Mapping
from typing import Any

from engine.ids import PersonId
from engine.journal import Entry
from engine.requests import Flow, Node, Slot
from storage import journal
from storage.queries.names import Names
from storage.queries.requests import COLUMNS as REQUEST_COLUMNS
from storage.queries.requests import request_row, state_only, with_open
from storage.queries.rows import FlowRow, LinkRow, TokenAt
from storage.reader import Reader
from storage.unit_of_work import nodes as node_rows
from storage.unit_of_work import slots as slot_rows
from storage.unit_of_work.requests import flow_of
from storage.visibility import Viewer, sight


def nodes(reader: Reader, request: str) -> tuple[Node, ...]:
    """Every entry of every node, in the order of opening."""
    rows = reader.all(
        f"SELECT {node_rows.COLUMNS} FROM nodes WHERE request = ? ORDER BY ordinal",  # noqa: S608
        (request,),
    )
    return tuple(node_rows.node_of(row) for row in rows)


def slots(reader: Reader, request: str) -> tuple[Slot, ...]:
    """Every slot of every round, in the order of opening."""
    rows = reader.all(
        f"SELECT {slot_rows.COLUMNS} FROM slots WHERE request = ? ORDER BY ordinal",  # noqa: S608
        (request,),
    )
    return tuple(slot_rows.slot_of(row) for row in rows)


def flow(reader: Reader, request: str) -> FlowRow:
    """Variables, the start form's answers, and the elements where tokens stand."""
    kept = reader.value("SELECT flow FROM flows WHERE request = ?", (request,))
    if kept is None:
        return FlowRow(variables={}, scopes={}, answers={}, tokens=())
    found = flow_of(kept)
    tokens = found.marking["tokens"] if found.marking else []
    return FlowRow(
        variables=found.scopes.get("", {}).get("values", {}),
        scopes={path: scope.get("values", {}) for path, scope in found.scopes.items()},
        answers=found.answers,
        tokens=tuple(_token(token) for token in tokens),
    )


def whole_flow(reader: Reader, request: str) -> Flow:
    """All that is kept of where the tokens stand and stood; an empty one for a new request."""
    kept = reader.value("SELECT flow FROM flows WHERE request = ?", (request,))
    return Flow() if kept is None else flow_of(kept)


def _token(kept: Mapping[str, Any]) -> TokenAt:
    return TokenAt(
        element=str(kept["at"]).partition(":")[0],
        scope=str(kept.get("in", "")),
        runs=str(kept.get("runs", "")),
        halted=bool(kept.get("halt")),
    )


def history(reader: Reader, request: str) -> tuple[Entry, ...]:
    """The request's chain, opened. Which fields a viewer may see is drawn elsewhere."""
    return tuple(journal.entries(reader, request))


def kept_history(reader: Reader, request: str) -> tuple[journal.Kept, ...]:
    """The same as it lies in the journal, with digests, for the API and for packages."""
    return tuple(journal.kept_entries(reader, request))


def links(
    reader: Reader, viewer: Viewer, request: str
) -> tuple[tuple[LinkRow, ...], tuple[LinkRow, ...]]:
    """The requests that this one refers to, and those that refer to it, by field; only what the
    viewer may see, drafts of others left out."""
    out = reader.all(
        f"SELECT l.field, {REQUEST_COLUMNS} FROM links l JOIN requests r ON r.id = l.target"  # noqa: S608
        " WHERE l.source = ? ORDER BY l.field, r.place",
        (request,),
    )
    into = reader.all(
        f"SELECT l.field, {REQUEST_COLUMNS} FROM links l JOIN requests r ON r.id = l.source"  # noqa: S608
        " WHERE l.target = ? AND r.status <> 'draft' ORDER BY r.submitted_at, r.place",
        (request,),
    )
    return _linked(reader, viewer, out), _linked(reader, viewer, into)


def _linked(reader: Reader, viewer: Viewer, rows: list[tuple[object, ...]]) -> tuple[LinkRow, ...]:
    names = Names(reader)
    found = []
    for row in rows:
        request = request_row(names, row[1:])
        seen = sight(reader, viewer, request.id)
        if seen != "no":
            with_tasks = with_open(reader, names, [request])[0]
            shown = with_tasks if seen == "all" else state_only(with_tasks)
            found.append(LinkRow(field=str(row[0]), request=shown))
    return tuple(found)


def involved(reader: Reader, request: str) -> tuple[PersonId, ...]:
    """Everyone who holds, held or was copied, sorted."""
    rows = reader.all("SELECT person FROM involved WHERE request = ?", (request,))
    return tuple(sorted(PersonId(row[0]) for row in rows))
