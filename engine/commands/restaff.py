"""Restaff: the organisation has changed, and a request's open tasks follow: substitutes come and
go, what leavers hold moves (T4, T7, P1)."""

from dataclasses import dataclass
from typing import Any, ClassVar

from engine.case import Actor, Case
from engine.commands.base import Command
from engine.flow import moving, standing
from engine.ids import ORGANISATION, RequestId
from engine.refusals import NothingToMove
from engine.requests import ENDED, Node, Slot, is_virtual

BOARD = Actor(id=ORGANISATION, via="scheduler")
PENDING = ("open", "waiting")


@dataclass(frozen=True, slots=True, kw_only=True)
class Restaff(Command):
    """Every pending place of a request is brought to who may and should hold it now.

    The organisation acts; in a handover the administrator who makes it, with his reason.
    """

    verb: ClassVar[str] = "restaff"
    actor: Actor = BOARD
    request: RequestId
    comment: str = ""

    def kept(self) -> dict[str, Any]:
        """Why, where somebody said so."""
        return {"comment": self.comment} if self.comment else {}


def act(command: Restaff, case: Case) -> list[list[Any]]:
    """What has moved, as [ordinal, from whom, to whom]. Nothing else of the request changes.

    Raises:
        NothingToMove: everything is in the right hands.
    """
    if case.request.status in (*ENDED, "draft", "withdrawn"):
        raise NothingToMove()
    case.inputs.update(command.kept())
    changed = False
    for node in list(case.open_nodes()):
        for slot in case.slots_of(node.key):
            if slot.status in PENDING and slot.waits != "undo":  # it is decided
                changed = _one(case, node, slot) or changed
    if not changed:
        raise NothingToMove()
    return [list(fact[1:]) for fact in case.did if fact[0] == "moved"]


def _one(case: Case, node: Node, slot: Slot) -> bool:
    words = None if is_virtual(node) else case.words(node)
    if moving.leave(case, node, words, slot):
        return True
    if slot.status != "open":
        return False
    before = dict(slot.standing)
    if not standing.refresh(case, slot, node, words):
        return False
    come = [p for p in slot.standing if p not in before]
    name, name_en = (words.name, words.name_en or words.name) if words else (node.node, node.node)
    standing.tell_substitutes(case, slot, come, name, name_en)
    case.notify(
        [p for p in before if p not in slot.standing],
        "cancelled",
        f"“{case.label}”不再需要您代理处理",
        f"“{case.label}” no longer needs you to stand in",
        slot.id,
    )
    return True
