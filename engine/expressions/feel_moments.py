"""FEEL's functions on dates, times and durations."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal

from engine.expressions.feel_asking import Builtin, Unfit, clock, day, number, table, text, whole
from engine.expressions.moments import parse_length
from engine.expressions.values import Months, moment_of, parse_moment


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


def to_time(
    value: object, minute: object = None, second: object = None, offset: object = None
) -> time:
    """From ISO text, from a date-time, or from hour, minute, second and offset."""
    if minute is None and second is None:
        return clock(value)
    zone = timezone(offset) if isinstance(offset, timedelta) and _short(offset) else None
    try:
        seconds = number(second)
        fraction = int((Decimal(seconds) % 1) * 1_000_000)
        return time(whole(value), whole(minute), int(seconds), fraction, zone)
    except (ValueError, OverflowError):
        raise Unfit from None


def _short(offset: timedelta) -> bool:
    return abs(offset) < timedelta(days=1)


def to_date_time(value: object, at: object = None) -> datetime:
    """From ISO text (a date alone is its midnight), or from a date and a time."""
    if at is not None:
        return datetime.combine(day(value), clock(at))
    moment = moment_of(value)
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
    moment = parse_moment(text(value))
    return moment if moment is not None else to_duration(value)


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
    "date and time(date, [time])": to_date_time,
    "duration(from)": to_duration,
    "years and months duration(from, to)": months_between,
    "day of week(date)": lambda value: _WEEKDAYS[day(value).weekday()],
    "month of year(date)": lambda value: _MONTH_NAMES[day(value).month - 1],
    "day of year(date)": lambda value: day(value).timetuple().tm_yday,
    "week of year(date)": lambda value: day(value).isocalendar().week,
    "@(literal)": literal,
}
FUNCTIONS: dict[str, Builtin] = table(_ENTRIES)
"""Functions on dates, times and durations by name."""
