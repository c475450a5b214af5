"""JUEL's methods on dates and date-times, as diagrams write them: `now().plusDays(2)`."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from engine.expressions.errors import ExpressionError
from engine.expressions.moments import shifted
from engine.expressions.values import Months, compare, kind_of, moment_of, number_of

_LENGTHS: dict[str, Callable[[int], timedelta | Months]] = {
    "Seconds": lambda n: timedelta(seconds=n),
    "Minutes": lambda n: timedelta(minutes=n),
    "Hours": lambda n: timedelta(hours=n),
    "Days": lambda n: timedelta(days=n),
    "Weeks": lambda n: timedelta(weeks=n),
    "Months": Months,
    "Years": lambda n: Months(12 * n),
}


def _moment(value: object, method: str) -> date:
    found = moment_of(value)
    if isinstance(found, date):
        return found
    raise ExpressionError(f"“.{method}()” needs a date, but this is {kind_of(value)}")


def _moved(method: str, sign: int) -> Callable[[object, object], object]:
    length = _LENGTHS[method.removeprefix("plus").removeprefix("minus")]

    def move(value: object, count: object) -> object:
        number = number_of(count)
        if number is None or number != int(number) or isinstance(count, bool):
            raise ExpressionError(
                f"“.{method}()” needs a whole number, but this is {kind_of(count)}"
            )
        moment = _moment(value, method)
        if method.endswith(("Hours", "Minutes", "Seconds")) and not isinstance(moment, datetime):
            moment = datetime.combine(moment, time())
        try:
            return shifted(moment, length(sign * int(number)))
        except (OverflowError, ValueError):
            raise ExpressionError("The date would lie outside the years 1 to 9999") from None

    return move


def _ordered(method: str, wanted: int) -> Callable[[object, object], object]:
    def stands(value: object, other: object) -> bool:
        order = compare(_moment(value, method), other)
        if order is None:
            raise ExpressionError(f"Can't compare {kind_of(value)} with {kind_of(other)}")
        return order == wanted

    return stands


def _itself(value: object) -> object:
    return _moment(value, "toDate")


def _day(value: object) -> object:
    found = _moment(value, "toLocalDate")
    return found.date() if isinstance(found, datetime) else found


def _midnight(value: object) -> object:
    found = _moment(value, "withTimeAtStartOfDay")
    zone = found.tzinfo if isinstance(found, datetime) else None
    return datetime(found.year, found.month, found.day, tzinfo=zone)


def _milliseconds(value: object) -> object:
    """Since 1970 in UTC; a moment without an offset is taken as UTC."""
    found = _moment(value, "getTime")
    moment = found if isinstance(found, datetime) else datetime.combine(found, time())
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def _part(method: str, name: str) -> Callable[[object], object]:
    def part(value: object) -> object:
        moment = _moment(value, method)
        return getattr(moment, name, 0)  # `name` is one of the table below; a day begins at 0:00

    return part


MOMENT_METHODS: dict[str, tuple[int, Callable[..., object]]] = {
    **{f"plus{unit}": (1, _moved(f"plus{unit}", 1)) for unit in _LENGTHS},
    **{f"minus{unit}": (1, _moved(f"minus{unit}", -1)) for unit in _LENGTHS},
    **{name: (1, _ordered(name, -1)) for name in ("before", "isBefore")},
    **{name: (1, _ordered(name, 1)) for name in ("after", "isAfter")},
    "isEqual": (1, _ordered("isEqual", 0)),
    "toDate": (0, _itself),
    "toDateTime": (0, _itself),
    "toLocalDate": (0, _day),
    "withTimeAtStartOfDay": (0, _midnight),
    "getTime": (0, _milliseconds),
    "getMillis": (0, _milliseconds),
    "getYear": (0, _part("getYear", "year")),
    "getMonthValue": (0, _part("getMonthValue", "month")),
    "getMonthOfYear": (0, _part("getMonthOfYear", "month")),
    "getDayOfMonth": (0, _part("getDayOfMonth", "day")),
    "getHour": (0, _part("getHour", "hour")),
    "getHourOfDay": (0, _part("getHourOfDay", "hour")),
    "getMinute": (0, _part("getMinute", "minute")),
    "getMinuteOfHour": (0, _part("getMinuteOfHour", "minute")),
}
"""Methods by name: how many arguments, and what they do."""
