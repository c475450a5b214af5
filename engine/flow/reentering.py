"""A settled node is entered anew with its places as they stood before a vote that is taken back
(W2)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from engine.case import Case
from engine.diagrams.words import NodeWords
from engine.flow import opening, timing
from engine.flow.cancelling import SETTLED
from engine.requests import Node, Slot
from engine.voting import groups, verdict
from engine.voting.undoing import spared

VOTES = groups.VOTES


def asked_again(slots: Sequence[Slot], mine: Slot) -> list[Slot]:
    """Who has to act once the vote of `mine` is taken back: he, who was spared by it, and whom the
    end of the node had cancelled, but for those whom he had asked to be heard after him."""
    found = [slot for slot in slots if slot.status == "cancelled" and slot.comment == SETTLED]
    if mine.group is not None and mine.group_mode == "any":
        members = groups.members_of(slots, mine.group)
        if not any(slot.status in VOTES for slot in members if slot is not mine):
            found += [slot for slot in members if spared(slots, slot)]
    after = _after(slots, mine)
    return [mine, *(slot for slot in found if slot not in after)]


def _after(slots: Sequence[Slot], mine: Slot) -> list[Slot]:
    """Those added after him, and whom they had asked in their turn."""
    found: list[Slot] = []
    todo = groups.added_by(slots, mine, "after")
    while todo:
        slot = todo.pop()
        found.append(slot)
        todo += [s for s in slots if s.origin == "delegated" and s.parent == slot.ordinal]
        todo += groups.added_by(slots, slot, "before") + groups.added_by(slots, slot, "after")
    return found


def settles_without(words: NodeWords, old: Node, slots: Sequence[Slot], mine: Slot) -> bool:
    """Whether the other votes decide the node by themselves."""
    node = replace(
        old, total=0, pending=0, approved=0, rejected=0, weight_open=0, weight_approved=0
    )
    copies = _copies(slots, mine, node)
    beside = [s for s in copies if s.mode in ("before", "after") and s.status == "approved"]
    return verdict(words, node, beside=sum(not slot.held for slot in beside)) is not None


def enter(
    case: Case, old: Node, words: NodeWords, slots: Sequence[Slot], mine: Slot, key: str
) -> None:
    """Open the node again; who is to be heard is told."""
    passes = case.flow.passes.get(old.node, [old.round, old.pass_])
    case.flow.passes[old.node] = [old.round, passes[1] + 1]
    node = Node(
        request=old.request,
        key=key,
        node=old.node,
        scope=old.scope,
        definition=old.definition,
        round=old.round,
        pass_=passes[1] + 1,
        opened_at=case.now,
        shown=old.shown,
    )
    case.add_node(node)
    case.say("opened", node.key, node.node, node.round, node.pass_)
    timing.arm_node(case, node, words)
    last = case.request.slots
    copies = _copies(slots, mine, node, last)
    case.request.slots += len(copies)
    for slot, copy in zip(slots, copies, strict=True):
        case.add_slot(copy)
        if copy.status in VOTES:
            copy.kept_from = copy.kept_from or slot.round
            case.say("kept", copy.ordinal, slot.ordinal, slot.round)
    for copy in copies:
        if copy.status == "waiting":
            copy.due = node.due
            copy.waits = _waits(copies, copy)
            if not copy.waits and not _behind(words, copies, copy):
                opening.announce(case, copy, words)


def _copies(slots: Sequence[Slot], mine: Slot, node: Node, last: int = 0) -> list[Slot]:
    """The places in their new node, which counts them: the same links, those who are to be asked
    waiting, and those whose decisions had waited for others to be heard held again."""
    again = {slot.ordinal for slot in asked_again(slots, mine)}
    gone = {slot.ordinal for slot in _after(slots, mine)}
    ordinals = {slot.ordinal: last + at for at, slot in enumerate(slots, 1)}
    copies = [_copy(slot, node, ordinals) for slot in slots]
    for slot, copy in zip(slots, copies, strict=True):
        if slot.ordinal in again:
            _ask(copy)
        elif slot.ordinal in gone and copy.status == "cancelled":
            copy.status, copy.comment = "removed", "the decision was taken back"
    _hold(copies)
    for copy in copies:
        if copy.counted and copy.status in ("waiting", *VOTES):
            _count(node, copy)
    return copies


def _copy(slot: Slot, node: Node, ordinals: dict[int, int]) -> Slot:
    return replace(
        slot,
        ordinal=ordinals[slot.ordinal],
        node_key=node.key,
        pass_=node.pass_,
        parent=None if slot.parent is None else ordinals[slot.parent],
        group=None if slot.group is None else ordinals[slot.group],
        version=1,
        holders=list(slot.holders),
        candidates=list(slot.candidates),
        groups=list(slot.groups),
        standing=dict(slot.standing),
    )


def _ask(slot: Slot) -> None:
    slot.status, slot.waits, slot.held = "waiting", "", False
    slot.decided_at = slot.decided_by = slot.on_behalf_of = None
    slot.comment, slot.answers, slot.shown, slot.advice = "", {}, "", ""


def _hold(copies: Sequence[Slot]) -> None:
    """Of those who were added after one another, the last are looked at first."""
    for copy in sorted(copies, key=lambda slot: -slot.level):
        if copy.status in VOTES:
            after = groups.added_by(copies, copy, "after")
            copy.held = not all(groups.finished(copies, each.group) for each in after)


def _count(node: Node, slot: Slot) -> None:
    node.total += 1
    if slot.status == "waiting" or slot.held:
        node.pending += 1
        node.weight_open += slot.weight
    elif slot.status == "approved":
        node.approved += 1
        node.weight_approved += slot.weight
    else:
        node.rejected += 1


def _waits(copies: Sequence[Slot], slot: Slot) -> Literal["", "added", "delegate"]:
    """For whom it waits before its turn comes, as `Slot.waits` says it."""
    if any(s.origin == "delegated" and s.parent == slot.ordinal and s.status in groups.PENDING
           for s in copies):  # fmt: skip
        return "delegate"
    before = groups.added_by(copies, slot, "before")
    return "" if all(groups.finished(copies, each.group) for each in before) else "added"


def _behind(words: NodeWords, copies: Sequence[Slot], slot: Slot) -> bool:
    """Whether somebody stands before it in its line who is still to be heard."""
    if not slot.counted:
        return False
    if slot.group_mode == "sequential":
        line = groups.members_of(copies, slot.group)
    elif slot.group is None and words.approval == "sequential":
        line = [each for each in copies if each.group is None and each.counted]
    else:
        return False
    ordered = groups.in_line(copies, line)
    return any(groups.unfinished(each) for each in ordered[: ordered.index(slot)])
