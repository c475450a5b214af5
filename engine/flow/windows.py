"""The window in which a recorded decision can be undone by whoever made it (U)."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from engine.case import Case
from engine.diagrams.words import NodeWords
from engine.ids import PersonId
from engine.requests import Request, Slot, Timer

if TYPE_CHECKING:
    from engine.commands.base import Decision, Held

TIMER = "undo:"
"""Key of the timer that is due when the next recorded decision of a request takes effect."""
LONGEST = 60
"""Seconds; a longer window is this long."""
VOTES = ("approve", "reject")


def allowed(words: NodeWords | None) -> bool:
    """Whether a decision at a node may be undone: not where it is protected or switched off."""
    return words is None or (words.undo and not words.protected)


def opens(
    case: Case,
    held: "Held",
    command: "Decision",
    answers: dict[str, Any] | None = None,
    to: str | None = None,
) -> bool:
    """Record a checked decision that takes effect later; False: it takes effect now.

    It does so later where its window is asked for, and where others have decided at the same node
    before it and can still undo that: votes count in the order of recording.
    """
    until = _until(case, held, command)
    if until is None:
        return False
    slot, actor = held.slot, case.actor
    if not slot.holders:
        slot.signer, slot.holders = actor.id, [actor.id]
        slot.department = case.world().department(actor.id) or ""
        case.involve.append(actor.id)
    if answers is not None:
        case.inputs["answers"] = answers
    case.inputs.update(command.kept())
    slot.status, slot.waits = "waiting", "undo"
    slot.undo = {
        "verb": command.verb,
        "by": actor.id,
        "name": actor.name,
        "at": case.now.isoformat(),
        "until": until.isoformat(),
        "shown": held.node.shown,
        "answers": answers or {},
        "comment": command.comment,
        **({"to": to} if to else {}),
    }
    slot.version += 1
    case.touch(slot, held.node)
    case.request.undoable.append([slot.ordinal, until.isoformat(), slot.node_key])
    case.body["undo_until"] = until.isoformat()
    case.say("recorded", slot.ordinal)
    _arm(case)
    return True


def _until(case: Case, held: "Held", command: "Decision") -> datetime | None:
    """When its window ends; now, where it only waits for those before it; None: no window."""
    if case.taking_effect:
        return None
    if command.window > 0 and allowed(held.words):
        return case.now + timedelta(seconds=min(command.window, LONGEST))
    key = held.node.key
    if command.verb in VOTES and any(row[2] == key for row in case.request.undoable):
        return case.now
    return None


def due(request: Request, now: datetime) -> int | None:
    """The slot whose recorded decision takes effect next, if it is time; None: none does."""
    if request.status not in ("running", "returned"):
        return None
    return next((ordinal for ordinal, at in _effects(request) if at <= now), None)


def _effects(request: Request) -> list[tuple[int, datetime]]:
    """(slot, when its decision takes effect), in the order of recording: never before those that
    were recorded before it at its node."""
    last: dict[str, datetime] = {}
    found = []
    for ordinal, until, node in request.undoable:
        at = datetime.fromisoformat(until)
        last[node] = max(at, last.get(node, at))
        found.append((ordinal, last[node]))
    return found


def effective_at(request: Request, slot: Slot) -> datetime | None:
    """When the decision recorded in a slot will take effect; None: there is none."""
    return next((at for ordinal, at in _effects(request) if ordinal == slot.ordinal), None)


def settled_by(request: Request, key: str) -> datetime | None:
    """When all that is recorded at a node will have taken effect; None: nothing is recorded."""
    ordinals = {row[0] for row in request.undoable if row[2] == key}
    return max((at for ordinal, at in _effects(request) if ordinal in ordinals), default=None)


def undoable_by(slot: Slot, person: PersonId, now: datetime) -> bool:
    """Whether this person may still undo what is recorded in the slot."""
    kept = slot.undo
    return bool(kept) and kept["by"] == person and now < datetime.fromisoformat(kept["until"])


def forget(case: Case, slot: Slot) -> None:
    """The slot's window is over: it is decided, opened again, or has ended otherwise."""
    if not slot.undo:
        return
    slot.undo = {}
    rows = case.request.undoable
    case.request.undoable = [row for row in rows if row[0] != slot.ordinal]
    _arm(case)


def waive(case: Case, slot: Slot) -> None:
    """Whoever decided gives the rest of his window up."""
    slot.undo["until"] = case.now.isoformat()
    for row in case.request.undoable:
        if row[0] == slot.ordinal:
            row[1] = slot.undo["until"]
    _arm(case)


def shift(case: Case, pause: timedelta) -> None:
    """What was held up can be undone for as long as it could when it was (X6)."""
    for row in case.request.undoable:
        row[1] = (datetime.fromisoformat(row[1]) + pause).isoformat()
        slot = case.slots.get(row[0]) or case.uow.slot(case.request.id, row[0])
        assert slot is not None
        case.slots[slot.ordinal] = slot
        slot.undo["until"] = row[1]
        case.touch(slot)


def _arm(case: Case) -> None:
    effects = _effects(case.request)
    if not effects:
        case.remove_timers([TIMER])
        return
    at = min(at for _, at in effects)
    case.put_timer(Timer(request=case.request.id, key=TIMER, due=at))
