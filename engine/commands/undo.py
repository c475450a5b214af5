"""Undo: whoever decided opens his task again before anything comes of it; else the decision takes
effect when its window ends (U)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from engine.case import Actor, Case
from engine.commands import approve, complete, reject, return_
from engine.commands.base import (
    Decision,
    TaskCommand,
    about,
    check_running,
    over,
    sees,
    task_version,
)
from engine.flow import windows
from engine.flow.failures import FAILURES
from engine.ids import PersonId
from engine.refusals import NotYours, Refused, UndoOver, Unknown
from engine.requests import Slot

WINDOW = "window"
"""How a decision that takes effect says where it comes from."""
COMMENT = "@comment"
"""Under this name a draft keeps the comment; no field is called so."""
_MAKE: dict[str, Callable[..., Decision]] = {
    "approve": approve.Approve,
    "reject": reject.Reject,
    "complete": complete.Complete,
    "return": return_.Return,
}
_ACTS: dict[str, Callable[[Any, Case], None]] = {
    "approve": approve.act,
    "reject": reject.act,
    "complete": complete.act,
    "return": return_.act,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo(TaskCommand):
    """Whoever decided a moment ago undoes it; nobody but him has seen what it was."""

    verb: ClassVar[str] = "undo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waive(TaskCommand):
    """Whoever decided does not want to undo it any more: it takes effect now."""

    verb: ClassVar[str] = "waive"


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeEffect(TaskCommand):
    """A recorded decision takes effect, its window being over; its actor is who made it."""

    verb: ClassVar[str] = "take-effect"
    refused: tuple[str, str, str] | None = None
    """In a replay: why it did not take effect (reason, Chinese, English)."""


def undo(command: Undo, case: Case) -> None:
    """The task is open again, with what he had typed."""
    slot = _recorded(command, case)
    kept = slot.undo
    windows.forget(case, slot)
    _reopen(case, slot, kept)
    case.say("undone", slot.ordinal)


def waive(command: Waive, case: Case) -> None:
    """The window is over; what was recorded takes effect in a command of its own."""
    slot = _recorded(command, case)
    windows.waive(case, slot)
    slot.version += 1
    case.touch(slot)
    case.say("waived", slot.ordinal)


def refusal(case: Case, slot: Slot) -> Refused | None:
    """Why the actor can't undo what is recorded in a slot, or give his window up; None: he can."""
    if (slot.undo.get("by") or slot.decided_by) != case.actor.id:
        return NotYours() if sees(case, slot) else Unknown()
    return None if windows.undoable_by(slot, case.actor.id, case.now) else UndoOver()


def _recorded(command: TaskCommand, case: Case) -> Slot:
    slot = case.slots.get(command.ordinal) or case.uow.slot(command.request, command.ordinal)
    if slot is None:
        raise Unknown()
    case.slots[slot.ordinal] = slot
    about(case, slot)
    refused = refusal(case, slot)
    if refused is not None:
        raise refused
    check_running(case)
    return slot


def _reopen(case: Case, slot: Slot, kept: dict[str, Any]) -> None:
    slot.status, slot.waits = "open", ""
    slot.version += 1
    case.touch(slot)
    if not case.facts.replaying:
        typed = {**kept["answers"], COMMENT: kept["comment"]}
        by = PersonId(kept["by"])
        case.uow.keep_task_draft(slot.request, slot.ordinal, by, typed, case.now)


def effect_of(slot: Slot) -> TakeEffect:
    """The command by which what is recorded in a slot takes effect."""
    by = Actor(id=PersonId(slot.undo["by"]), name=slot.undo["name"], via=WINDOW)
    return TakeEffect(actor=by, request=slot.request, ordinal=slot.ordinal)


def take_effect(command: TakeEffect, case: Case) -> None:
    """The decision is carried out with every check made anew; where one fails, the task is open
    again, and whoever made it is told."""
    slot = case.slots.get(command.ordinal) or case.uow.slot(command.request, command.ordinal)
    if slot is None:
        raise Unknown()
    case.slots[slot.ordinal] = slot
    if not slot.undo:
        raise over(case, slot)
    kept = slot.undo
    windows.forget(case, slot)
    slot.status, slot.waits = "open", ""
    refused = command.refused if case.facts.replaying else _tried(case, slot, kept)
    if case.facts.replaying and refused is None:
        _carried_out(case, slot, kept)
    case.inputs.clear()
    case.body["decision"] = kept["verb"]
    if refused is None:
        slot.decided_at = datetime.fromisoformat(kept["at"])
        slot.shown = kept["shown"]
        return
    _ = case.flow  # its digest stands in the entry, whether a check has read it or not
    about(case, slot)
    case.inputs["refused"] = list(refused)
    _reopen(case, slot, kept)
    case.say("not-effective", slot.ordinal)
    case.notify(
        [PersonId(kept["by"])],
        "held",
        f"您对“{case.label}”的决定未能生效,请重新处理:{refused[1]}",
        f"Your decision on “{case.label}” could not take effect, please look again: {refused[2]}",
        slot.id,
        himself=True,
    )


def _tried(case: Case, slot: Slot, kept: dict[str, Any]) -> tuple[str, str, str] | None:
    """Carry it out; why not, where a check says no."""
    asked = len(case.facts.asked)
    try:
        _carried_out(case, slot, kept)
    except (Refused, *FAILURES) as failure:
        if slot.status != "open":  # half-way: nothing of it may be kept
            raise
        del case.facts.asked[asked:]
        case.body.clear()
        if isinstance(failure, Refused):
            return failure.reason, failure.sentence("zh"), failure.sentence("en")
        return type(failure).__name__, str(failure), str(failure)
    return None


def _carried_out(case: Case, slot: Slot, kept: dict[str, Any]) -> None:
    to = {"to": kept["to"]} if "to" in kept else {}
    decision = _MAKE[kept["verb"]](
        actor=case.actor,
        request=slot.request,
        ordinal=slot.ordinal,
        version=task_version(slot, case.node(slot.node_key)),
        answers=kept["answers"],
        comment=kept["comment"],
        **to,
    )
    case.taking_effect = True
    _ACTS[kept["verb"]](decision, case)
