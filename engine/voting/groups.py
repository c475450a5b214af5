"""Signers added to a node in groups, and what the end of one brings about (A1)."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.requests.state import Slot

PENDING = ("open", "waiting")
LEVELS_MAX = 3
"""How many times over signers may be added (A6)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Follows:
    """What a decision or removal in a group brings about."""

    opens: tuple[Slot, ...] = ()
    """Whose turn it is now: the next of a sequential group, or the one who added them before."""
    ends: tuple[Slot, ...] = ()
    """Who need not decide any more: one of an `any` group has."""
    counts: Slot | None = None
    """Whose recorded decision takes effect now: they were added after it."""


def follows(slots: Sequence[Slot], group: int) -> Follows:
    """What follows in the node of `slots` from how the group stands now."""
    members = [slot for slot in slots if slot.group == group]
    pending = [slot for slot in members if _unfinished(slot)]
    mode = next((slot.group_mode for slot in members), "all")
    if mode == "any" and any(_decided(slot) for slot in members):
        return _finished(slots, members, tuple(pending))
    if not pending:
        return _finished(slots, members, ())
    if mode == "sequential" and not any(slot.status == "open" or slot.held for slot in pending):
        first = pending[0]
        return Follows(opens=(first,) if not first.waits else ())
    return Follows()


def _finished(slots: Sequence[Slot], members: Sequence[Slot], ends: tuple[Slot, ...]) -> Follows:
    first = members[0]
    parent = next((slot for slot in slots if slot.ordinal == first.parent), None)
    if parent is None or first.mode == "parallel":
        return Follows(ends=ends)
    if first.mode == "after":
        return Follows(ends=ends, counts=parent if parent.held else None)
    back = parent.status == "waiting" and parent.waits == "added"
    return Follows(ends=ends, opens=(parent,) if back else ())


def _unfinished(slot: Slot) -> bool:
    return slot.status in PENDING or slot.held


def _decided(slot: Slot) -> bool:
    return slot.status in ("approved", "rejected") and not slot.held
