"""Signers added to a node in groups, and what the end of one brings about (A1)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.requests.state import Slot

PENDING = ("open", "waiting")
VOTES = ("approved", "rejected")
LEVELS_MAX = 3
"""How many times over signers may be added (A6)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Follows:
    """What a decision or removal in a group brings about."""

    opens: tuple[Slot, ...] = ()
    """Whose turn it is now: the next of a sequential group, or the one who added them before."""
    ends: tuple[Slot, ...] = ()
    """Who need not decide any more: one of an `any` group has."""
    counts: tuple[Slot, ...] = ()
    """Whose recorded decisions take effect now: nobody who was added after them is to be heard."""


def follows(slots: Sequence[Slot], group: int) -> Follows:
    """What follows in the node of `slots` from how the group stands now."""
    members = in_line(slots, members_of(slots, group))
    pending = [slot for slot in members if unfinished(slot)]
    mode = next((slot.group_mode for slot in members), "all")
    if mode == "any" and any(_decided(slot) for slot in members):
        return _spared(slots, members, pending)
    if not pending:
        return _finished(slots, members, ())
    if mode == "sequential" and not any(slot.status == "open" or slot.held for slot in pending):
        first = pending[0]
        return Follows(opens=(first,) if not first.waits else ())
    return Follows()


def _spared(slots: Sequence[Slot], members: Sequence[Slot], pending: Sequence[Slot]) -> Follows:
    """One of them has decided: who has not need not any more; a vote that waited for those added
    after it is given all the same (A2)."""
    ends = [slot for slot in pending if slot.status in PENDING]
    given = [slot for slot in pending if slot.held]
    ends += [each for slot in given for each in asked_by(slots, slot)]
    after = _finished(slots, members, tuple(ends))
    return Follows(ends=after.ends, opens=after.opens, counts=(*given, *after.counts))


def _finished(slots: Sequence[Slot], members: Sequence[Slot], ends: tuple[Slot, ...]) -> Follows:
    """Several groups added to one task have all to be finished."""
    parent, mode = adder(slots, members[0]), members[0].mode
    if parent is None or mode == "parallel":
        return Follows(ends=ends)
    others = [s for s in added_by(slots, parent, mode) if s.group != members[0].group]
    if any(not finished(others, number) for number in {s.group for s in others}):
        return Follows(ends=ends)
    if mode == "after":
        return Follows(ends=ends, counts=(parent,) if parent.held else ())
    back = parent.status == "waiting" and parent.waits == "added"
    return Follows(ends=ends, opens=(parent,) if back else ())


def finished(slots: Sequence[Slot], group: int | None) -> bool:
    """Whether those of a group need not be heard any more."""
    members = members_of(slots, group)
    if members and members[0].group_mode == "any" and any(_decided(slot) for slot in members):
        return True
    return not any(unfinished(slot) for slot in members)


def members_of(slots: Sequence[Slot], group: int | None) -> list[Slot]:
    """Those who were added together, and to whom they have transferred."""
    return [slot for slot in slots if slot.group == group and group is not None]


def adder(slots: Sequence[Slot], slot: Slot) -> Slot | None:
    """Whose holder added this signer, or the one whom he took over from."""
    by = {each.ordinal: each for each in slots}
    parent = first_of(by, slot).parent
    return by.get(parent) if parent is not None else None


def added_by(slots: Sequence[Slot], slot: Slot, mode: str) -> list[Slot]:
    """The places of those whom its holder added in this way: theirs who took over as well."""
    by = {each.ordinal: each for each in slots}
    return [
        each
        for each in slots
        if each.mode == mode and each.group and first_of(by, each).parent == slot.ordinal
    ]


def asked_by(slots: Sequence[Slot], slot: Slot) -> list[Slot]:
    """The pending places that end with a place: of those heard before or after its holder decides,
    and of his delegate. Who was added beside him is a voter of his own."""
    asked = added_by(slots, slot, "before") + added_by(slots, slot, "after")
    asked += [s for s in slots if s.origin == "delegated" and s.parent == slot.ordinal]
    return [each for each in asked if each.status in PENDING]


def first_of(by: Mapping[int, Slot], slot: Slot) -> Slot:
    """The place as it was before it was transferred. `by`: the node's slots by ordinal."""
    while slot.origin == "transferred" and slot.parent is not None and slot.parent in by:
        slot = by[slot.parent]
    return slot


def in_line(slots: Sequence[Slot], some: Iterable[Slot]) -> list[Slot]:
    """Some of the node's slots in the order in which their turns come: whoever takes over a place
    has its turn."""
    by = {each.ordinal: each for each in slots}
    return sorted(some, key=lambda slot: (first_of(by, slot).ordinal, slot.ordinal))


def unfinished(slot: Slot) -> bool:
    """Whether a place is to be heard yet: itself, or those who were added after it."""
    return slot.status in PENDING or slot.held


def _decided(slot: Slot) -> bool:
    return slot.status in VOTES and not slot.held
