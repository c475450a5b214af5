"""When timers and deadlines are due: working days, times of day, cycles (X4, X5)."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from engine.calendars import is_cron, parse_cron, parse_cycle, parse_duration
from engine.diagrams.words import EventWords
from engine.expressions import json_value

if TYPE_CHECKING:
    from engine.world import World


class NoTime(ValueError):
    """A timer's or deadline's text gives no point in time."""


def event_due(
    event: EventWords, variables: Mapping[str, object], world: "World", now: datetime
) -> datetime | None:
    """The (first) due time of a timer event; None: never."""
    value = world.evaluate(event.expression, variables)
    if value is None or value == "":
        return None
    if event.timer == "date":
        return moment(value, event.properties.get("timer.at", ""), world)
    value = json_value(value)  # FEEL gives durations as such
    if event.timer == "duration":
        return after(now, str(value), event.calendar, world)
    text, first = str(value), None
    if not is_cron(text):
        cycle = parse_cycle(text, world.calendar.zone)
        text, first = cycle.text, cycle.start
    start = event.properties.get("timer.from", "")
    said = moment(world.evaluate(start, variables), "", world) if start else None
    return occurrence(said or first, now, text, event, world)


def cycle_of(event: EventWords, variables: Mapping[str, object], world: "World") -> tuple[int, str]:
    """(how often, -1 for ever; the repeating duration, or the cron text) of a cycle; (1, "") for
    other timers."""
    if event.timer != "cycle":
        return 1, ""
    value = json_value(world.evaluate(event.expression, variables))
    if is_cron(str(value)):
        return -1, str(value)
    cycle = parse_cycle(str(value), world.calendar.zone)
    return (-1 if cycle.repeat is None else cycle.repeat), cycle.text


def occurrence(
    first: datetime | None, now: datetime, every: str, event: EventWords, world: "World"
) -> datetime:
    """The first occurrence of a cycle: at `first`, or one interval from now; at the named time of
    day on a working day where the event says so."""
    if is_cron(every):
        return _cron(max(first, now) if first is not None else now, every, event, world)
    at = event.properties.get("timer.at", "")
    if not at:
        return first if first is not None else after(now, every, event.calendar, world)
    start = max(first, now) if first is not None else now
    return _at_time(start, at, event.calendar, world)


def following(
    last: datetime, now: datetime, every: str, event: EventWords, world: "World"
) -> datetime:
    """The next occurrence after one that fired, in UTC; missed ones are fired as one (X3)."""
    return _following(last, now, every, event, world).astimezone(UTC)


def _following(
    last: datetime, now: datetime, every: str, event: EventWords, world: "World"
) -> datetime:
    if is_cron(every):
        return _cron(max(last, now), every, event, world)
    at = event.properties.get("timer.at", "")
    step = parse_duration(every)
    if at and step.days == 1:
        return _at_time(max(last, now), at, event.calendar, world)
    due = after(last, every, event.calendar, world)
    if due > now:
        return due
    if event.calendar == "elapsed":
        length = due - last
        missed = (now - last) // length if length > timedelta(0) else 0
        return last + length * (missed + 1)
    while due <= now:
        due = after(due, every, event.calendar, world)
    return due


def _cron(start: datetime, text: str, event: EventWords, world: "World") -> datetime:
    """The next time after `start` that a cron text names, on a working day where the event says
    so."""
    calendar = world.calendar
    counts = calendar.is_workday if event.calendar == "working" else None
    return parse_cron(text).after(start, calendar.zone, counts)


def _at_time(start: datetime, at: str, calendar: str, world: "World") -> datetime:
    if calendar == "working":
        return world.calendar.next_workday_at(start, at)
    local = start.astimezone(world.calendar.zone)
    due = world.calendar.at(local.date(), at)
    return due if due > start else world.calendar.at(local.date() + timedelta(days=1), at)


def after(start: datetime, text: str, calendar: str, world: "World") -> datetime:
    """`start` plus an ISO duration, in working or elapsed time; in UTC."""
    if calendar == "working":
        return world.calendar.after(start, text).astimezone(UTC)
    return parse_duration(text).add_to(start).astimezone(UTC)


def moment(value: Any, at: str, world: "World") -> datetime | None:
    """A value as a point in time: a date means its start, or its `at` o'clock. Without an offset
    it is in the organisation's zone."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        value = _parsed(value)
    if isinstance(value, datetime):
        zoned = value if value.tzinfo is not None else value.replace(tzinfo=world.calendar.zone)
        return zoned.astimezone(UTC)
    if isinstance(value, date):
        return world.calendar.at(value, at or "00:00").astimezone(UTC)
    raise NoTime(f"{value!r} is no date or time")


def _parsed(text: str) -> date | datetime:
    try:
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        raise NoTime(f"“{text}” is no date or time") from None
