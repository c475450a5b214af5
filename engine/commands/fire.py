"""Fire: a timer is due; it acts as the system, never as a person, and once (X2, X3)."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar

from engine.case import Actor, Case
from engine.commands.base import Command, go_on
from engine.diagrams.words import EventWords
from engine.flow import due as times
from engine.flow import incidents, overdue, timing, windows
from engine.flow.failures import FAILURES
from engine.ids import TIMER, RequestId
from engine.refusals import TimerOver
from engine.requests import Timer
from engine.world import World

CLOCK = Actor(id=TIMER, via="scheduler")


@dataclass(frozen=True, slots=True, kw_only=True)
class FireTimer(Command):
    """What was due at `due` is carried out."""

    verb: ClassVar[str] = "timer"
    actor: Actor = CLOCK
    request: RequestId
    timer: str
    due: datetime

    def kept(self) -> dict[str, Any]:
        """Which timer, and when it was due."""
        return {"timer": self.timer, "due": self.due.isoformat()}


def act(command: FireTimer, case: Case) -> None:
    """Nothing happens to a timer that was fired, cancelled or armed anew (X3, X6)."""
    timer = case.open_timers().get(command.timer)
    if timer is None or timer.due != command.due or timer.due > case.now:
        raise TimerOver()
    if timer.key == windows.TIMER:  # what was due has taken effect already (engine.handle)
        raise TimerOver()
    if case.request.status not in ("running", "returned"):
        raise TimerOver()
    case.inputs.update(command.kept())
    case.body["timer"] = command.timer
    if timing.belongs_to_node(timer.key):
        _of_node(case, timer)
        return
    event = _event(case, timer.key)
    try:
        again = _again(case, timer)
    except FAILURES as failure:
        case.remove_timers([timer.key])
        incidents.halt(case, timer.key, "timer", str(failure))
        return
    if again is None:
        case.remove_timers([timer.key])
        case.run.fire(timer.key)
    else:
        case.put_timer(replace(timer, due=again, left=timer.left - 1 if timer.left > 0 else -1))
        case.run.fire(timer.key, again=again)
    case.say("fired", timer.key, event.id)
    go_on(case)


def _event(case: Case, key: str) -> EventWords:
    token = next(token for token in case.run.open() if token.key == key)
    return case.definition_of(token).events[token.node]


def _again(case: Case, timer: Timer) -> datetime | None:
    """The next occurrence of a cycle; occurrences missed meanwhile fire as this one (X3)."""
    if not timer.every or timer.left == 1:
        return None
    world = World(case)
    if timing.belongs_to_node(timer.key):
        node = case.node(timing.node_of(timer.key) or "")
        world, _ = timing.world_of(case, node, timing.department_of(case, node))
        calendar = case.words(node).deadline.calendar
        due = timer.due
        while due <= case.now:
            due = times.after(due, timer.every, calendar, world)
        return due
    event = _event(case, timer.key)
    return times.following(timer.due, case.now, timer.every, event, world)


def _of_node(case: Case, timer: Timer) -> None:
    """A reminder or a deadline: it acts on pending slots only (X1)."""
    node = case.node(timing.node_of(timer.key) or "")
    case.body.update(node=node.node, round=node.round, **{"pass": node.pass_})
    if node.definition:
        case.body["called"] = node.definition[:16]
    later = windows.settled_by(case.request, node.key)
    if later is not None and timer.key.startswith(timing.DUE):
        # What was decided in time counts before what the clock decides (U, X1).
        case.put_timer(replace(timer, due=later))
        case.say("postponed", timer.key)
        return
    again = _again(case, timer)
    if again is None:
        case.remove_timers([timer.key])
    else:
        case.put_timer(replace(timer, due=again, left=timer.left - 1 if timer.left > 0 else -1))
    if node.status != "open":
        raise TimerOver()
    if timer.key.startswith(timing.REMIND):
        timing.remind(case, node)
        case.say("fired", timer.key, node.node)
    else:
        case.say("fired", timer.key, node.node)
        overdue.act(case, node)
        go_on(case)
