"""A timer's text that is no time, or beyond ten years, would never fire."""

from collections.abc import Callable, Iterator
from datetime import UTC

from engine.calendars import (
    CalendarError,
    is_cron,
    parse_cron,
    parse_cycle,
    parse_duration,
    parse_moment,
)
from engine.diagrams.subjects import Built, Finding, Severity
from engine.diagrams.ways import literal

NAME = "time"
SEVERITY: Severity = "refuse"

Read = Callable[[str], object]


def check(built: Built) -> Iterator[Finding]:
    """Literal times of timers and deadlines that cannot be read."""
    for element, what, text, read in _times(built):
        try:
            if literal(text):
                read(literal(text))
        except CalendarError as error:
            yield Finding(element=element, message=f"{what}: {error}")


def _times(built: Built) -> Iterator[tuple[str, str, str, Read]]:
    kinds: dict[str, Read] = {
        "duration": parse_duration,
        "cycle": lambda text: parse_cron(text) if is_cron(text) else parse_cycle(text, UTC),
        "date": lambda text: parse_moment(text, UTC),
    }
    for event in [*built.words.events.values(), *built.process.starts.values()]:
        if event.kind == "timer" and event.timer:
            yield event.id, "timer", event.expression, kinds[event.timer]
    for node in built.words.nodes.values():
        remind = node.deadline.remind
        yield node.id, "deadline.after", node.deadline.after, parse_duration
        yield node.id, "deadline.remind", remind, kinds["cycle" if "/" in remind else "duration"]
        due = node.deadline.due
        yield node.id, "dueDate", due, kinds["duration" if due.startswith("P") else "date"]
