"""From a slot, its node and its request to the row that lists show."""

from engine.commands.base import task_version
from engine.ids import PersonId, RequestId
from engine.requests import Node, Slot
from storage.moments import EPOCH, optional_moment
from storage.packing import digest_of, unpack
from storage.queries.names import Names
from storage.queries.rows import TaskRow
from storage.transaction import Row
from storage.unit_of_work import slots

_SLOT = tuple(f"s.{name}" for name in slots.COLUMNS.split(", "))
_NODE = ("n.approved", "n.rejected", "n.total", "n.verdict", "n.shown", "n.due")
"""What its slot does not say; each column of fifty rows costs more than the seek for them."""
_REQUEST = (
    "r.number",
    "r.title",
    "r.process",
    "r.definition",
    "r.requester",
    "r.department",
    "r.status",
    "r.rest",
)
COLUMNS = ", ".join((*_SLOT, *_NODE, *_REQUEST))
PARTS = (
    "CROSS JOIN nodes n CROSS JOIN requests r"
    " WHERE n.request = s.request AND n.key = s.node_key AND r.id = s.request"
)
"""What follows `slots s` in a FROM: in this order, so that no statistics can mislead SQLite."""


def task_row(names: Names, row: Row) -> TaskRow:
    """The row of `COLUMNS`."""
    first, second = len(_SLOT), len(_SLOT) + len(_NODE)
    slot = slots.slot_of(row[:first])
    return _task_row(names, slot, _node(slot, row[first:second]), row[second:])


def _node(slot: Slot, row: Row) -> Node:
    """A slot's node as far as lists show it."""
    approved, rejected, total, verdict, shown, due = row
    return Node(
        request=slot.request,
        key=slot.node_key,
        node=slot.node,
        scope="",
        round=slot.round,
        pass_=slot.pass_,
        opened_at=slot.opened_at or EPOCH,
        approved=approved,
        rejected=rejected,
        total=total,
        verdict=verdict,
        shown=digest_of(shown),
        due=optional_moment(due),
    )


def _task_row(names: Names, slot: Slot, node: Node, request: Row) -> TaskRow:
    """The row of a slot and its node, with the request's columns."""
    number, title, process, definition, requester, department, status, rest = request
    digest, process_name, process_name_en, _ = names.version(definition)
    node_name, node_name_en = names.node(definition, slot.node, slot.definition)
    return TaskRow(
        id=slot.id,
        version=task_version(slot, node),
        request_id=RequestId(slot.request),
        number=number,
        title=title,
        process=process,
        process_name=process_name,
        process_name_en=process_name_en,
        definition=digest,
        requester=PersonId(requester),
        requester_name=names.person(requester).name,
        department=department,
        request_status=status,
        summary=unpack(rest).get("summary", {}),
        node=slot.node,
        node_key=slot.node_key,
        node_name=node_name,
        node_name_en=node_name_en,
        round=slot.round,
        pass_=slot.pass_,
        holders=names.people(slot.holders),
        candidates=names.people(slot.candidates),
        groups=tuple(slot.groups),
        claimed=bool(slot.holders),
        opened_at=slot.opened_at,
        due=slot.due or node.due,
        status=slot.status,
        decided_at=slot.decided_at,
        decided_by=names.optional(slot.decided_by),
        verdict=node.verdict,
        comment=slot.comment,
        votes_approved=node.approved,
        votes_rejected=node.rejected,
        votes_total=node.total,
        optional=slot.optional,
        priority=slot.priority,
        on_behalf_of=names.optional(slot.on_behalf_of),
        kept_from=slot.kept_from,
        why=slot.why,
    )
