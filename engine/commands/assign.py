"""Assign: an administrator names who is to hold a task, with a reason (V7, K3)."""

from dataclasses import dataclass
from typing import Any, ClassVar

from engine.case import Case
from engine.commands.base import (
    TaskCommand,
    about,
    check_comment,
    check_running,
    check_unchanged,
    over,
    sees,
)
from engine.flow import incidents, opening, standing
from engine.ids import PersonId
from engine.refusals import NamesHimself, NotYours, OwnRequest, PersonUnknown, Unknown
from engine.requests import ROUNDS_NODE, is_virtual
from engine.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign(TaskCommand):
    """An administrator puts a task into somebody's hands."""

    verb: ClassVar[str] = "assign"
    to: str
    comment: str = ""

    def kept(self) -> dict[str, Any]:
        """Whom, and why."""
        return {"to": self.to, "comment": self.comment}


def act(command: Assign, case: Case) -> None:
    """The named person holds the task from now on."""
    slot = case.uow.slot(command.request, command.ordinal)
    if slot is None:
        raise Unknown()
    case.slots[slot.ordinal] = slot
    node = case.node(slot.node_key)
    about(case, slot)
    if not case.actor.override:
        raise NotYours() if sees(case, slot) else Unknown()
    if slot.status != "open":
        raise over(case, slot)
    check_running(case)
    check_unchanged(case, command, slot, node)
    check_comment(command.comment)
    world = World(case)
    person = world.person(command.to)
    if person is None or person.get("inactive"):
        from forms import Message

        zh, en = f"没有这个在职人员:{command.to}", f"There is no active person: {command.to}"
        raise PersonUnknown({"to": Message(zh, en)}, person=command.to)
    if person.get("watches"):
        raise PersonUnknown({"to": _watches(person["name"])}, person=person["name"])
    words = None if is_virtual(node) else case.words(node)
    voted = words is not None and words.approval is not None
    decides = voted or node.node == ROUNDS_NODE
    if decides and case.request.requester in (command.to, case.actor.id):
        raise OwnRequest()  # nor does anybody name who decides on his own
    if decides and command.to == case.actor.id:
        raise NamesHimself()
    taken = {
        p for s in case.slots_of(node.key) if s is not slot for p in [*s.holders, s.decided_by]
    }
    if command.to in taken:
        raise PersonUnknown({"to": _taken(person["name"])}, person=person["name"])
    case.inputs.update(command.kept())
    if opening.is_blocked(slot):
        incidents.over(case, f"people:{node.key}")
    to = PersonId(command.to)
    slot.signer = to
    slot.holders, slot.standing = [to], {}
    slot.department = person.get("department", "")
    slot.version += 1
    slot.why = {
        "zh": f"{slot.why.get('zh', '')};管理员指定:{command.comment}",
        "en": f"{slot.why.get('en', '')}; named by an administrator: {command.comment}",
    }
    case.touch(slot)
    case.involve.append(to)
    standing.refresh(case, slot, node, words)
    case.say("assigned", slot.ordinal, list(slot.holders), [])
    case.notify(
        [to],
        "held",
        f"“{case.label}”由管理员指定给您处理",
        f"An administrator has put “{case.label}” into your hands",
        slot.id,
    )


def _watches(name: str) -> Any:
    from forms import Message

    return Message(f"{name}是审计人员,不办理任务。", f"{name} is an auditor and takes no tasks.")


def _taken(name: str) -> Any:
    from forms import Message

    return Message(
        f"{name}在本环节本轮已有席位,不能重复。",
        f"{name} already has a place in this node and round.",
    )
