"""Transfer: another person takes the responsibility for a task (T1, T2, T6)."""

from dataclasses import dataclass
from typing import Any, ClassVar

from engine.case import Case
from engine.commands.base import Decision, Held, hold
from engine.flow import signing
from engine.ids import PersonId
from engine.people import newcomers
from engine.refusals import CommentNeeded, NotPlain, TransferredBack
from engine.requests import Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer(Decision):
    """The holder of a task gives it to somebody else."""

    verb: ClassVar[str] = "transfer"
    to: str = ""

    def kept(self) -> dict[str, Any]:
        """To whom, and why."""
        return {"to": self.to, **({"comment": self.comment} if self.comment else {})}


def act(command: Transfer, case: Case) -> None:
    """The old place ends as transferred, a new one stands in its stead; N stays."""
    held = hold(case, command, deciding=True)
    if held.words is None:
        raise NotPlain(verb="转办")
    slots = case.slots_of(held.node.key)
    people = [command.to] if command.to else []
    [person] = newcomers.check(case, slots, people, votes=held.words.approval is not None)
    _check_back(command, held, slots)
    case.inputs.update(command.kept())
    successor(case, held, person, command.comment)


def successor(case: Case, held: Held, person: PersonId, comment: str) -> Slot:
    """The place that takes over from the held one."""
    old, node = held.slot, held.node
    name = newcomers.active_name(case, str(case.actor.id))
    said = f":{comment}" if comment else ""
    why = (f"{name}转办{said}", f"transferred by {name}{said}")
    slot = signing.placed(case, node, old, person, why)
    slot.origin = "delegated" if old.origin == "delegated" else "transferred"
    if old.origin == "delegated":
        slot.parent = old.parent  # delegated again, the owner stays the first one (T3)
    slot.group, slot.mode, slot.group_mode = old.group, old.mode, old.group_mode
    slot.level, slot.groups = old.level, list(old.groups)
    old.status, old.decided_at, old.comment = "transferred", case.now, comment
    old.decided_by = case.actor.id
    old.version += 1
    case.touch(old, node)
    case.uow.drop_task_draft(old.request, old.ordinal)
    case.say("transferred", old.ordinal, slot.ordinal, person)
    signing.enter(case, slot, held.words, now=True)
    return slot


def _check_back(command: Transfer, held: Held, slots: list[Slot]) -> None:
    """A to B to A once, with a reason (T2)."""
    known = {slot.ordinal: slot for slot in slots}
    line: list[Slot] = []
    at: Slot | None = held.slot
    while at is not None and at.origin == "transferred" and at.parent in known:
        at = known[at.parent]
        line.append(at)
    before = [slot.signer for slot in line]
    if command.to not in before:
        return
    if before.count(PersonId(command.to)) > 1:
        raise TransferredBack(person=command.to)
    if not command.comment.strip():
        raise CommentNeeded({"comment": newcomers.REASON})
