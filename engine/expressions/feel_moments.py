"""FEEL's functions on dates, times and durations."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.expressions.feel_asking import Builtin, Unfit, clock, day, number, table, text, whole
from engine.expressions.moments import parse_length
from engine.expressions.printing import text_of
from engine.expressions.values import Moment, Months, moment_of, parse_moment


def to_date(value: object, month: object = None, on: object = None) -> date:
    """From ISO text, from a date-time, or from year, month and day."""
    if month is None and on is None:
        if isinstance(value, str) and not isinstance(parse_moment(value), date):
            raise Unfit
        return day(value)
    try:
        return date(whole(value), whole(month), whole(on))
    except (ValueError, OverflowError):
        raise Unfit from None


_ZONED = re.compile(r"([0-9:.T-]+)@([A-Za-z_]+(?:/[A-Za-z0-9_+-]+)*)")


def zone(name: str) -> ZoneInfo:
    """The time zone of that name, `Asia/Shanghai`."""
    if not _ZONED.fullmatch(f"0@{name}"):
        raise Unfit
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Unfit from None


def zoned(value: object) -> Moment | None:
    """As `moment_of`, but a text may end in `@` and a zone's name. A time of day alone gets the
    zone's offset in winter."""
    found = _ZONED.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return moment_of(value)
    moment, place = parse_moment(found[1]), zone(found[2])
    if isinstance(moment, datetime):
        return moment.replace(tzinfo=place)
    if not isinstance(moment, time):
        raise Unfit
    offset = datetime(2000, 1, 1, tzinfo=place).utcoffset() or timedelta()
    return moment.replace(tzinfo=timezone(offset))


def to_time(
    value: object, minute: object = None, second: object = None, offset: object = None
) -> time:
    """From ISO text, from a date-time, or from hour, minute, second and offset."""
    if minute is None and second is None:
        found = zoned(value)
        if isinstance(found, date) and not isinstance(found, datetime):
            return time(tzinfo=UTC)
        return clock(found)
    east = timezone(offset) if isinstance(offset, timedelta) and _short(offset) else None
    try:
        seconds = number(second)
        fraction = int((Decimal(seconds) % 1) * 1_000_000)
        return time(whole(value), whole(minute), int(seconds), fraction, east)
    except (ValueError, OverflowError):
        raise Unfit from None


def _short(offset: timedelta) -> bool:
    return abs(offset) < timedelta(days=1)


_ABSENT = object()
"""Stands for an argument that is not given, where null is another thing."""


def to_date_time(  # the standard's own parameters
    value: object,
    at: object = _ABSENT,
    on: object = None,
    hour: object = None,
    minute: object = None,
    second: object = None,
    offset: object = None,
) -> datetime:
    """From ISO text (a date alone is its midnight), from a date and a time, from a date-time and
    the name of a zone, or from year, month, day, hour, minute, second and offset."""
    if on is not None:
        return datetime.combine(to_date(value, at, on), to_time(hour, minute, second, offset))
    if isinstance(at, str) and parse_moment(at) is None:
        return to_date_time(value).astimezone(zone(at))
    if at is not _ABSENT:
        return datetime.combine(day(value), clock(at))
    moment = zoned(value)
    if isinstance(moment, datetime):
        return moment
    if isinstance(moment, date):
        return datetime.combine(moment, time())
    raise Unfit


def to_duration(value: object) -> timedelta | Months:
    """From ISO text: years and months, or days and time."""
    if isinstance(value, (timedelta, Months)):
        return value
    found = parse_length(text(value))
    if found is None:
        raise Unfit
    return found


def months_between(start: object, end: object) -> Months:
    """`years and months duration`: whole months from one date to another."""
    a, b = day(start), day(end)
    months = (b.year - a.year) * 12 + b.month - a.month
    if months > 0 and b.day < a.day:
        months -= 1
    elif months < 0 and b.day > a.day:
        months += 1
    return Months(months)


def literal(value: object) -> object:
    """`@"…"`: a date, time, date-time or duration."""
    moment = zoned(text(value))
    return moment if moment is not None else to_duration(value)


def cycle(repetitions: object, interval: object = None) -> str:
    """The text of a timer's cycle, as Camunda 8 has it: `cycle(3, duration("PT1H"))`, or for ever
    `cycle(duration("PT1H"))`."""
    if interval is None:
        repetitions, interval = None, repetitions
    if not isinstance(interval, (timedelta, Months)):
        raise Unfit
    times = "" if repetitions is None else str(whole(repetitions))
    return f"R{times}/{text_of(interval)}"


_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTH_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

_ENTRIES: dict[str, Callable[..., object]] = {
    "date(from, [month], [day])": to_date,
    "time(from, [minute], [second], [offset])": to_time,
    "date and time(date, [time], [day], [hour], [minute], [second], [offset])": to_date_time,
    "duration(from)": to_duration,
    "years and months duration(from, to)": months_between,
    "day of week(date)": lambda value: _WEEKDAYS[day(value).weekday()],
    "month of year(date)": lambda value: _MONTH_NAMES[day(value).month - 1],
    "day of year(date)": lambda value: day(value).timetuple().tm_yday,
    "week of year(date)": lambda value: day(value).isocalendar().week,
    "last day of month(date)": lambda value: day(value).replace(
        day=monthrange(day(value).year, day(value).month)[1]
    ),
    "cycle(repetitions, [interval])": cycle,
    "@(literal)": literal,
}
FUNCTIONS: dict[str, Builtin] = table(_ENTRIES)
"""Functions on dates, times and durations by name."""
