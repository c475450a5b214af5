"""What `value.name` gives in FEEL: of contexts, lists, dates, times, durations and ranges."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from engine.expressions.feel_rules import Interval
from engine.expressions.values import Months, moment_of


def member(value: object, name: str) -> object:
    """`value.name`: of a context, of each item of a list, or a part of a date or duration."""
    if isinstance(value, Mapping):
        return value.get(name)
    if isinstance(value, (list, tuple)):
        return [member(each, name) if not isinstance(each, list) else None for each in value]
    if isinstance(value, Interval):
        return _interval_part(value, name)
    if isinstance(value, Months):
        years = int(value.count / 12) if abs(value.count) < 2**50 else value.count // 12
        return {"years": years, "months": value.count - 12 * years}.get(name)
    if isinstance(value, timedelta):
        return _duration_part(value, name)
    moment = moment_of(value)
    return None if moment is None else _moment_part(moment, name)


def _interval_part(value: Interval, name: str) -> object:
    parts = {
        "start": value.start,
        "end": value.end,
        "start included": not value.start_open,
        "end included": not value.end_open,
    }
    return parts.get(name)


def _duration_part(value: timedelta, name: str) -> int | None:
    sign = -1 if value < timedelta(0) else 1
    value = abs(value)
    parts = {
        "days": value.days,
        "hours": value.seconds // 3600,
        "minutes": value.seconds // 60 % 60,
        "seconds": value.seconds % 60,
    }
    return sign * parts[name] if name in parts else None


def _moment_part(value: date | time, name: str) -> object:
    if name == "weekday":
        return value.isoweekday() if isinstance(value, date) else None
    if name in ("year", "month", "day"):
        return getattr(value, name) if isinstance(value, date) else None
    if isinstance(value, (datetime, time)):
        if name in ("hour", "minute", "second"):
            return getattr(value, name)
        if name == "time offset":
            return value.utcoffset()
        if name == "timezone":
            return getattr(value.tzinfo, "key", None)
    return None
