"""Signers added, taken out or put in another's place while a node is open (A1-A6, T1-T3)."""

from engine.case import Case
from engine.diagrams.words import NodeWords
from engine.flow import opening, settling, windows
from engine.ids import PersonId
from engine.requests import Node, Slot
from engine.voting import count, uncount, verdict
from engine.voting.groups import asked_by, follows, in_line
from engine.voting.undoing import GROUP_DONE


def placed(case: Case, node: Node, parent: Slot, person: PersonId, why: tuple[str, str]) -> Slot:
    """A new place made from another one for a person; not yet open, not yet counted."""
    case.request.slots += 1
    department = case.world().department(person)
    return Slot(
        request=case.request.id,
        ordinal=case.request.slots,
        node_key=node.key,
        node=node.node,
        definition=node.definition,
        round=node.round,
        pass_=node.pass_,
        signer=person,
        holders=[person],
        department=department or "",
        position=parent.position,
        element=parent.element,
        weight=parent.weight,
        why={"zh": why[0], "en": why[1], "rule": ""},
        opened_at=case.now,
        due=parent.due,
        optional=parent.optional,
        priority=parent.priority,
        parent=parent.ordinal,
        made_by=case.actor.id,
    )


def enter(case: Case, slot: Slot, words: NodeWords | None, *, now: bool) -> None:
    """Keep a new place: open at once, or waiting for its turn."""
    case.add_slot(slot)
    if now:
        announce(case, slot, words)
    else:
        slot.status = "waiting"
        case.say("assigned", slot.ordinal, list(slot.holders), [])
    case.involve.extend(slot.holders)


def announce(case: Case, slot: Slot, words: NodeWords | None) -> None:
    """A place is open, for the first time or again; its holder is told."""
    slot.waits = ""
    if words is not None:
        opening.announce(case, slot, words)
    else:
        slot.status = "open"
        case.say("assigned", slot.ordinal, list(slot.holders), [])


def resolve(case: Case, node: Node, words: NodeWords, slot: Slot) -> None:
    """A place in a group has been decided or taken out: whose turn it is now, who need not decide
    any more, and whose recorded decision takes effect; and what follows from that (A1)."""
    todo = [slot.group] if slot.group is not None else []
    while todo:
        found = follows(case.slots_of(node.key), todo.pop())
        for other in found.ends:
            drop(case, node, other, "cancelled", GROUP_DONE)
        for other in found.opens:
            announce(case, other, words)
            other.version += 1
            case.touch(other)
        for owner in found.counts:
            owner.held = False
            count(node, owner.status, owner.weight)
            case.say("effective", owner.ordinal, owner.status)
            case.touch(owner)
            if owner.group is not None and owner.group not in todo:
                todo.append(owner.group)


def drop(case: Case, node: Node, slot: Slot, status: str, cause: str) -> None:
    """Take a pending place out of the node: N falls by it (V4). Those whom its holder asked to be
    heard before or after him, and his delegate, go with it: nobody waits for them any more."""
    for other in asked_by(case.slots_of(node.key), slot):
        drop(case, node, other, status, cause)
    if slot.counted:
        uncount(node, slot.weight)
        node.total -= 1
    slot.status = status  # type: ignore[assignment]
    slot.waits = ""
    windows.forget(case, slot)
    slot.decided_at = case.now
    slot.comment = cause
    slot.version += 1
    case.touch(slot, node)
    case.say(status, slot.ordinal, cause)
    case.notify(
        slot.holders,
        "cancelled",
        f"“{case.label}”不再需要您处理",
        f"“{case.label}” no longer needs you: {cause}",
    )


def settle_if_decided(case: Case, node: Node, words: NodeWords) -> bool:
    """Settle the node where its tally gives a verdict now."""
    beside = _beside(case, node) if words.approval == "any" else 0
    outcome = verdict(words, node, beside=beside)
    if outcome is None:
        return False
    settling.settle(case, node, words, outcome)
    return True


def went_on(case: Case, node: Node, words: NodeWords, slot: Slot) -> bool:
    """What follows from a vote that was counted: the node settles, then or once a group has ended
    by it, or the next one's turn comes. True if it settled."""
    if settle_if_decided(case, node, words):
        return True
    if slot.group is not None:
        resolve(case, node, words, slot)
        if settle_if_decided(case, node, words):
            return True
    if words.approval == "sequential":
        next_in_sequence(case, node, words)
    return False


def _beside(case: Case, node: Node) -> int:
    """Approvals of signers who were added before or after another."""
    added = [s for s in case.slots_of(node.key) if s.mode in ("before", "after")]
    return sum(1 for slot in added if slot.status == "approved" and not slot.held)


def next_in_sequence(case: Case, node: Node, words: NodeWords) -> None:
    """Sequential: the next signer's turn comes when everyone before him has decided; those who
    were added beside the line do not hold it up (V1)."""
    slots = case.slots_of(node.key)
    line = in_line(slots, [s for s in slots if s.group is None and s.counted])
    if any(s.status == "open" or s.held or s.waits for s in line):
        return
    following = next((s for s in line if s.status == "waiting"), None)
    if following is not None:
        opening.announce(case, following, words)
        case.touch(following)
