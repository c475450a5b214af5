"""When a process begins by itself: a timer start event whose property `start.as` names on whose
behalf."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, cast

from engine.calendars import WorkCalendar
from engine.diagrams.definition import Definition
from engine.diagrams.words import EventWords, NodeId
from engine.expressions import compile_template, standard_functions
from engine.flow import due as times
from engine.flow.failures import FAILURES
from engine.ids import PersonId, RequestId

if TYPE_CHECKING:
    from engine.world import World

PROPERTY = "start.as"


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """The next time at which a process begins by itself."""

    process: str
    node: str
    due: datetime
    left: int = 1
    """How often still, this time included; -1: without end."""
    every: str = ""

    @property
    def request(self) -> RequestId:
        """The id of the request that begins: the same, however often it is tried."""
        text = f"{self.process}/{self.node}/{self.due.isoformat()}"
        return RequestId("t" + sha256(text.encode()).hexdigest()[:23])


class _World:
    """What the text of such a timer may ask: nothing of any request."""

    def __init__(self, calendar: WorkCalendar) -> None:
        self.calendar = calendar

    def evaluate(self, text: str, variables: dict[str, object]) -> object:
        """The value of a template."""
        return compile_template(text).evaluate(variables, standard_functions)


def requester(event: EventWords) -> PersonId | None:
    """On whose behalf a timer start begins; None: it does not begin by itself."""
    name = event.properties.get(PROPERTY, "").strip() if event.kind == "timer" else ""
    return PersonId(name) if name else None


def planned(definition: Definition, calendar: WorkCalendar, now: datetime) -> list[Beginning]:
    """The first times of a version that is the latest from now on; what can't be made out, and
    what is over already, is left out."""
    world, found = _as_world(calendar), []
    for node, event in definition.process.starts.items():
        if requester(event) is None:
            continue
        try:
            due = times.event_due(event, {}, world, now)
            left, every = times.cycle_of(event, {}, world)
        except FAILURES:
            continue
        if due is not None and (due > now or event.timer != "date"):
            process = definition.key
            found.append(Beginning(process=process, node=node, due=due, left=left, every=every))
    return found


def after(
    begun: Beginning, definition: Definition, calendar: WorkCalendar, now: datetime
) -> Beginning | None:
    """The next time after one that has come; times missed meanwhile come as this one (X3)."""
    event = definition.process.starts.get(NodeId(begun.node))
    if event is None or not begun.every or begun.left == 1:
        return None
    due = times.following(begun.due, now, begun.every, event, _as_world(calendar))
    left = begun.left - 1 if begun.left > 0 else -1
    return Beginning(process=begun.process, node=begun.node, due=due, left=left, every=begun.every)


def _as_world(calendar: WorkCalendar) -> "World":
    return cast("World", _World(calendar))
