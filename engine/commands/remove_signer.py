"""Remove signers who were added and have not decided (A5, V4)."""

from dataclasses import dataclass
from typing import Any, ClassVar

from engine.case import Case
from engine.commands.base import (
    TaskCommand,
    about,
    check_comment,
    check_running,
    check_unchanged,
    go_on,
    sees,
)
from engine.diagrams.words import NodeWords
from engine.flow import signing
from engine.refusals import Invalid, NotRemovable, NotYours, Unknown
from engine.requests import Node, Slot, is_virtual
from forms import Message

REMOVED = "taken out by whoever may"
PENDING = ("open", "waiting")


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveSigner(TaskCommand):
    """Somebody takes added signers of a node out again."""

    verb: ClassVar[str] = "remove-signer"
    to: tuple[str, ...] = ()
    comment: str = ""

    def kept(self) -> dict[str, Any]:
        """Whom, and why."""
        return {"to": list(self.to), **({"comment": self.comment} if self.comment else {})}


def act(command: RemoveSigner, case: Case) -> None:
    """The places end as removed; N and M follow, and what waited for them goes on."""
    slot = case.slots.get(command.ordinal) or case.uow.slot(command.request, command.ordinal)
    if slot is None or not (case.actor.override or sees(case, slot)):
        raise Unknown()
    node = case.node(slot.node_key)
    about(case, slot)
    slots = case.slots_of(node.key)
    chosen = _chosen(command, slots)
    if not all(may_remove(case, each) for each in chosen):
        raise NotYours()
    check_running(case)
    check_unchanged(case, command, slot, node)
    if is_virtual(node) or node.status != "open":
        raise NotRemovable()
    decided = any(each.status not in PENDING or each.undo for each in chosen)
    if decided or node.total - len(chosen) < 1:
        raise NotRemovable()
    if case.actor.override:
        check_comment(command.comment)
    words = case.words(node)
    case.inputs.update(command.kept())
    before = [node.approved, node.rejected, node.total]
    for each in chosen:
        _remove(case, node, words, each)
    case.body["tally"] = [before, [node.approved, node.rejected, node.total]]
    if signing.settle_if_decided(case, node, words):
        go_on(case)


def may_remove(case: Case, slot: Slot) -> bool:
    """Whether the actor added this signer, owns the process, or administers (A5)."""
    if slot.made_by == case.actor.id or case.actor.override:
        return True
    process, actor = case.request.process, case.actor.id
    owns: bool = case.facts.ask(["owns", process, actor], lambda: case.uow.owns(process, actor))
    return owns


def removable(node: Node, slot: Slot) -> bool:
    """Whether this signer was added and can be taken out now."""
    return slot.origin == "added" and slot.status in PENDING and not slot.undo and node.total > 1


def _chosen(command: RemoveSigner, slots: list[Slot]) -> list[Slot]:
    found: list[Slot] = []
    for person in dict.fromkeys(command.to):
        of_him = [s for s in slots if s.signer == person and s.origin == "added"]
        pending = [s for s in of_him if s.status in PENDING]
        if not of_him:
            zh, en = f"没有加签的{person[:100]}。", f"{person[:100]} was not added here."
            raise Invalid({"to": Message(zh, en)})
        found.append((pending or of_him)[-1])
    if not found:
        raise Invalid({"to": Message("请指定要减去的人。", "Please name whom to take out.")})
    return found


def _remove(case: Case, node: Node, words: NodeWords, slot: Slot) -> None:
    """With a signer go those who were added before or after him, and his delegate (W3)."""
    if slot.status not in PENDING:
        return  # with one before him
    signing.drop(case, node, slot, "removed", REMOVED)
    signing.resolve(case, node, words, slot)
    if words.approval == "sequential":
        signing.next_in_sequence(case, node, words)
