"""What hangs on one vote within its node: whose turn came by it, whose decision took effect by it,
who was spared by it (W2, A1). Pure, over the node's slots."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.requests.state import Slot
from engine.voting.groups import (
    PENDING,
    VOTES,
    added_by,
    adder,
    first_of,
    in_line,
    members_of,
    unfinished,
)

GROUP_DONE = "another of the added signers has decided"


@dataclass(slots=True)
class Hanging:
    """What has to be as it was before the vote."""

    waits: list[tuple[Slot, str]] = field(default_factory=list)
    """Whose turn came, and what they wait for again (`Slot.waits`)."""
    holds: list[Slot] = field(default_factory=list)
    """Whose recorded decisions took effect, and are held again."""
    revives: list[Slot] = field(default_factory=list)
    """Who need not have decided any more, and has to."""
    acted: bool = False
    """Somebody has acted on it: it can't be undone."""


def hanging_on(slots: Sequence[Slot], slot: Slot, *, sequential: bool) -> Hanging:
    """What hangs on the vote of `slot`. `sequential`: the node's own signers stand in line."""
    found = Hanging()
    found.acted = any(each.status in VOTES or each.undo for each in added_by(slots, slot, "after"))
    if not slot.held:
        _follow(slots, slot, sequential, found)
    return found


def _follow(slots: Sequence[Slot], slot: Slot, sequential: bool, found: Hanging) -> None:
    if slot.group is None:
        if sequential:
            _turns(slots, slot, [s for s in slots if s.group is None and s.counted], found)
        return
    members = members_of(slots, slot.group)
    if slot.group_mode == "sequential":
        _turns(slots, slot, members, found)
    others = [each for each in members if each is not slot]
    if slot.group_mode == "any":
        if any(each.status in VOTES and not each.held for each in others):
            return
        found.revives += [each for each in others if spared(slots, each)]
    elif any(unfinished(each) for each in others):
        return
    parent = adder(slots, slot)
    if parent is None or slot.mode == "parallel":
        return
    if slot.mode == "after":
        if parent.status in VOTES and not parent.held:
            found.holds.append(parent)
            _follow(slots, parent, sequential, found)
    elif parent.status == "open":
        found.waits.append((parent, "added"))
    elif parent.status in (*VOTES, "transferred") or parent.waits in ("delegate", "undo"):
        found.acted = True


def spared(slots: Sequence[Slot], slot: Slot) -> bool:
    """Whether it was ended because another of its group had decided, and whose it was has not got
    another place in the node since (V6)."""
    if slot.status != "cancelled" or slot.comment != GROUP_DONE:
        return False
    stand = (s for s in slots if s.status in (*PENDING, *VOTES, "advised"))
    return not any({*s.holders, s.decided_by} & {*slot.holders, slot.signer} for s in stand)


def _turns(slots: Sequence[Slot], slot: Slot, line: Sequence[Slot], found: Hanging) -> None:
    by = {each.ordinal: each for each in slots}
    mine = first_of(by, slot)
    ordered = in_line(slots, line)
    place = next(at for at, each in enumerate(ordered) if first_of(by, each) is mine)
    for other in ordered[place + 1 :]:
        if first_of(by, other) is mine:
            continue
        if other.status == "open":
            found.waits.append((other, ""))
        elif other.status in VOTES or other.waits:
            found.acted = True
