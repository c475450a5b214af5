"""Nodes: each entry of a user task, with its tally."""

from typing import Any

from engine.ids import RequestId
from engine.requests import Node
from storage.moments import micros, moment, optional_micros, optional_moment
from storage.packing import digest_of, keep_digest
from storage.unit_of_work.base import Base

COLUMNS = (
    "request, key, node, scope, round, pass, opened_at, status, total, approved, rejected, pending,"
    " done, weight_approved, weight_open, verdict, shown, due, settled_at, cause, definition"
)
_ADD = (
    f"INSERT INTO nodes ({COLUMNS}, ordinal) VALUES ({'?, ' * 21}"  # noqa: S608 - constants only
    "(SELECT COALESCE(MAX(ordinal), 0) + 1 FROM nodes WHERE request = ?))"
)
_SAVE = (
    "UPDATE nodes SET opened_at = ?, status = ?, total = ?, approved = ?, rejected = ?,"
    " pending = ?, done = ?, weight_approved = ?, weight_open = ?, verdict = ?, shown = ?, due = ?,"
    " settled_at = ?, cause = ? WHERE request = ? AND key = ?"
)
_GET = f"SELECT {COLUMNS} FROM nodes WHERE request = ? AND key = ?"  # noqa: S608
_OF = f"SELECT {COLUMNS} FROM nodes WHERE request = ? ORDER BY ordinal"  # noqa: S608
_OF_STATUS = f"SELECT {COLUMNS} FROM nodes WHERE request = ? AND status = ? ORDER BY ordinal"  # noqa: S608


class Nodes(Base):
    """Loads and saves nodes."""

    def node(self, request: RequestId, key: str) -> Node | None:
        """The node of this key."""
        row = self._transaction.one(_GET, (request, key))
        return None if row is None else node_of(row)

    def nodes(self, request: RequestId, *, status: str | None = None) -> list[Node]:
        """A request's nodes in the order of opening."""
        if status is None:
            rows = self._transaction.all(_OF, (request,))
        else:
            rows = self._transaction.all(_OF_STATUS, (request, status))
        return [node_of(row) for row in rows]

    def add_node(self, node: Node) -> None:
        """A node was entered."""
        identity = (node.request, node.key, node.node, node.scope, node.round, node.pass_)
        called = keep_digest(node.definition)
        self._transaction.execute(_ADD, (*identity, *_state(node), called, node.request))

    def save_node(self, node: Node) -> None:
        """What became of it."""
        self._transaction.execute(_SAVE, (*_state(node), node.request, node.key))


def _state(node: Node) -> tuple[Any, ...]:
    return (
        micros(node.opened_at),
        node.status,
        node.total,
        node.approved,
        node.rejected,
        node.pending,
        node.done,
        node.weight_approved,
        node.weight_open,
        node.verdict,
        keep_digest(node.shown),
        optional_micros(node.due),
        optional_micros(node.settled_at),
        node.cause,
    )


def node_of(row: tuple[Any, ...]) -> Node:
    """The node of a row of `COLUMNS`."""
    return Node(
        request=RequestId(row[0]),
        key=row[1],
        node=row[2],
        scope=row[3],
        round=row[4],
        pass_=row[5],
        opened_at=moment(row[6]),
        status=row[7],
        total=row[8],
        approved=row[9],
        rejected=row[10],
        pending=row[11],
        done=row[12],
        weight_approved=row[13],
        weight_open=row[14],
        verdict=row[15],
        shown=digest_of(row[16]),
        due=optional_moment(row[17]),
        settled_at=optional_moment(row[18]),
        cause=row[19],
        definition=digest_of(row[20]),
    )
