"""A node is decided or its work is done: its verdict is written down and the tokens move on."""

from typing import Any

from engine.case import Case
from engine.diagrams.words import NodeWords
from engine.flow import changing, copying, straight, timing
from engine.flow.cancelling import SETTLED, cancel_slots
from engine.requests import Node, Slot
from engine.voting import count

DECIDED = ("approved", "rejected", "completed")


def settle(case: Case, node: Node, words: NodeWords, verdict: str | None) -> None:
    """Settle an open node with its verdict (None for plain work) and move its token."""
    slots = case.slots_of(node.key)
    cancel_slots(
        case,
        node,
        [s for s in slots if s.status in ("open", "waiting")],
        SETTLED,
    )
    _count_held(case, node, slots)
    node.status = "settled"
    node.verdict = verdict
    node.settled_at = case.now
    case.touch(node)
    case.remove_timers([key for key in case.open_timers() if timing.node_of(key) == node.key])
    case.say("settled", node.key, verdict, node.approved, node.rejected, node.total)
    writes, local = _results(slots, words, verdict)
    seen, before = case.run.variables(node.scope), changing.held_variables(case)
    if verdict == "rejected" and words.on_rejected:
        _leave_rejected(case, node, words, local)
    else:
        if not straight.settled(case, node, verdict, writes, local):
            case.run.complete(node.key, writes, local)
        changing.changed_variables(case, before)
    if verdict is not None:
        _tell(case, words, verdict)
    copying.send(case, words.copies, "settled", {**seen, **writes, **local}, node)


def _count_held(case: Case, node: Node, slots: list[Slot]) -> None:
    """A decision that waited for others to be heard after it is a vote given all the same (R1)."""
    for slot in slots:
        if slot.held:
            slot.held = False
            count(node, slot.status, slot.weight)
            case.touch(slot)


def _results(
    slots: list[Slot], words: NodeWords, verdict: str | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """(writes to where variables live, values for the scope that holds the token)."""
    decided = [slot for slot in slots if slot.status in DECIDED]
    writes: dict[str, Any] = {}
    local: dict[str, Any] = {}
    several = bool(words.collection or words.cardinality)
    if words.approval is None and not several:
        for slot in decided:
            writes.update(slot.answers)
            if slot.number:
                writes[f"{words.id}_number"] = slot.number
        return writes, local
    local[f"{words.id}_answers"] = [
        {
            "signer": slot.decided_by,
            "department": slot.department,
            "verdict": slot.status,
            "comment": slot.comment,
            "answers": slot.answers,
        }
        for slot in decided
    ]
    if words.approval is not None:
        local[words.verdict or f"{words.id}_verdict"] = verdict
    for slot in decided:
        for name in words.field_variables:
            if slot.answers.get(name) is not None:
                writes[name] = slot.answers[name]
    return writes, local


def _leave_rejected(case: Case, node: Node, words: NodeWords, local: dict[str, Any]) -> None:
    """The node says where a rejection leads: end, back to the requester, or a named node (R3)."""
    from engine.flow import ending, returning

    if words.on_rejected == "end":
        case.run.write_local(local, node.scope)
        ending.end_rejected(case)
    else:
        returning.go_back(case, node, words.on_rejected)


def _tell(case: Case, words: NodeWords, verdict: str) -> None:
    """The requester hears of each decision about his request."""
    said = {
        "approved": ("同意", "approved"),
        "rejected": ("不同意", "rejected"),
        "skipped": ("跳过", "skipped"),
    }
    zh, en = said[verdict]
    case.notify(
        [case.request.requester],
        "decided",
        f"“{case.label}”在“{words.name}”的结论:{zh}",
        f"“{case.label}” was {en} at “{words.name_en or words.name}”",
    )
