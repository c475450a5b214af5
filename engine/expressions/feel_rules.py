"""What operators and members do in FEEL, where what can't be computed is null."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, DecimalException

from engine.expressions.errors import ExpressionError
from engine.expressions.limits import check_text
from engine.expressions.moments import shifted
from engine.expressions.values import (
    ARITHMETIC,
    Months,
    Number,
    bounded,
    decimal,
    equal,
    moment_of,
    number_of,
    order_of,
    plain_number,
)

Binary = Callable[[object, object], object]


@dataclass(frozen=True, slots=True)
class Interval:
    """A FEEL range; a missing end (None) is infinite."""

    start: object
    end: object
    start_open: bool
    end_open: bool

    def holds(self, value: object) -> bool | None:
        """Whether `value` lies in it; None where it can't be compared."""
        answers = [
            self._after_start(value) if self.start is not None else True,
            self._before_end(value) if self.end is not None else True,
        ]
        return False if False in answers else None if None in answers else True

    def _after_start(self, value: object) -> bool | None:
        order = ordered(value, self.start)
        return None if order is None else order > 0 or (order == 0 and not self.start_open)

    def _before_end(self, value: object) -> bool | None:
        order = ordered(value, self.end)
        return None if order is None else order < 0 or (order == 0 and not self.end_open)


def ordered(left: object, right: object) -> int | None:
    """As `compare`, but a text written in the expression never stands for a number."""
    if left is None or right is None or isinstance(left, bool) or isinstance(right, bool):
        return None
    return order_of(left, right)


def same(left: object, right: object) -> bool | None:
    """`=`: null equals null only; null (None) where the kinds can't be the same."""
    if left is not None and right is not None:
        if isinstance(left, bool) is not isinstance(right, bool):
            return None
        if isinstance(left, Interval) or isinstance(right, Interval):
            return left == right if isinstance(left, type(right)) else None
    return equal(left, right)


def differs(left: object, right: object) -> bool | None:
    """`!=`."""
    answer = same(left, right)
    return None if answer is None else not answer


def _ordering(test: Callable[[int], bool]) -> Binary:
    def apply(left: object, right: object) -> bool | None:
        order = ordered(left, right)
        return None if order is None else test(order)

    return apply


def add(left: object, right: object) -> object:
    """Numbers, texts (two that both write numbers are added: decimals travel as text), durations,
    a date and a duration."""
    if isinstance(left, str) and isinstance(right, str):
        a, b = number_of(left), number_of(right)
        if a is None or b is None:
            return check_text(left + right)
        return _calculate("+", a, b)
    if isinstance(left, (timedelta, Months)) or isinstance(right, (timedelta, Months)):
        return _shift(left, right)
    return _numbers("+", left, right)


def _shift(left: object, right: object) -> object:
    """A sum with a duration in it."""
    try:
        if isinstance(left, timedelta) and isinstance(right, timedelta):
            return left + right
        if isinstance(left, Months) and isinstance(right, Months):
            return Months(bounded(left.count + right.count))
        if isinstance(left, (timedelta, Months)):
            left, right = right, left
        return shifted(moment_of(left), right)
    except (OverflowError, ValueError):
        return None


def subtract(left: object, right: object) -> object:
    """Numbers, durations, a duration from a date, a date from a date."""
    if isinstance(right, timedelta):
        return _shift(left, -right)
    if isinstance(right, Months):
        return _shift(left, Months(-right.count))
    if isinstance(left, (date, time)) or isinstance(right, (date, time)):
        return _apart(moment_of(left), moment_of(right))
    return _numbers("-", left, right)


def _apart(left: object, right: object) -> timedelta | None:
    if isinstance(left, time) and isinstance(right, time):
        day = date(2000, 1, 1)
        left, right = datetime.combine(day, left), datetime.combine(day, right)
    if not isinstance(left, date) or not isinstance(right, date):
        return None
    if isinstance(left, datetime) != isinstance(right, datetime):
        left, right = _midnight(left, right), _midnight(right, left)
    try:
        return left - right
    except TypeError:  # only one of them has an offset
        return None


def _midnight(value: date, other: date) -> datetime:
    if isinstance(value, datetime):
        return value
    zone = other.tzinfo if isinstance(other, datetime) else None
    return datetime.combine(value, time(), zone)


def multiply(left: object, right: object) -> object:
    """Numbers; a duration and a number."""
    if isinstance(right, (timedelta, Months)):
        left, right = right, left
    if isinstance(left, (timedelta, Months)):
        return _scaled(left, number_of(right))
    return _numbers("*", left, right)


def divide(left: object, right: object) -> object:
    """Numbers; a duration by a number or by a duration. By zero: null."""
    if isinstance(left, timedelta) and isinstance(right, timedelta):
        return _calculate("/", seconds(left), seconds(right))
    if isinstance(left, Months) and isinstance(right, Months):
        return _calculate("/", left.count, right.count)
    if isinstance(left, (timedelta, Months)):
        number = number_of(right)
        return _scaled(left, _calculate("/", 1, number) if number else None)
    return _numbers("/", left, right)


def _scaled(value: timedelta | Months, factor: Number | None) -> object:
    if factor is None:
        return None
    try:
        if isinstance(value, Months):
            return Months(bounded(int(decimal(bounded(value.count)) * decimal(factor))))
        product = ARITHMETIC.multiply(decimal(seconds(value)), decimal(factor))
        return timedelta(microseconds=int(product * 1_000_000))
    except (OverflowError, DecimalException, ExpressionError):
        return None


def seconds(value: timedelta) -> Number:
    """The whole duration in seconds."""
    whole = value.days * 86_400 + value.seconds
    if not value.microseconds:
        return whole
    return ARITHMETIC.add(Decimal(whole), Decimal(value.microseconds).scaleb(-6))


def power(left: object, right: object) -> object:
    """Numbers."""
    return _numbers("**", left, right)


def negate(value: object) -> object:
    """A number or a duration with the other sign."""
    if isinstance(value, timedelta):
        return -value
    if isinstance(value, Months):
        return Months(-value.count)
    return _numbers("-", 0, value)


def _numbers(op: str, left: object, right: object) -> Number | None:
    a, b = plain_number(left), plain_number(right)
    if a is None and isinstance(left, str):
        a = number_of(left)
    if b is None and isinstance(right, str):
        b = number_of(right)
    return None if a is None or b is None else _calculate(op, a, b)


def _calculate(op: str, left: Number, right: Number) -> Number | None:
    try:
        if isinstance(left, int) and isinstance(right, int) and op in _WHOLE:
            return bounded(_WHOLE[op](left, right))
        result = _DECIMAL[op](decimal(left), decimal(right))
    except (DecimalException, ExpressionError):
        return None
    if op == "**" and isinstance(left, int) and isinstance(right, int) and right >= 0:
        return int(result) if result.adjusted() < 34 else result
    return result


_WHOLE: dict[str, Callable[[int, int], int]] = {
    "+": int.__add__,
    "-": int.__sub__,
    "*": int.__mul__,
}
_DECIMAL: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": ARITHMETIC.add,
    "-": ARITHMETIC.subtract,
    "*": ARITHMETIC.multiply,
    "/": ARITHMETIC.divide,
    "**": ARITHMETIC.power,
}

BINARY: dict[str, Binary] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "**": power,
    "=": same,
    "!=": differs,
    "<": _ordering(lambda order: order < 0),
    ">": _ordering(lambda order: order > 0),
    "<=": _ordering(lambda order: order <= 0),
    ">=": _ordering(lambda order: order >= 0),
}
"""Binary operators by their symbol."""


def negation(value: object) -> bool | None:
    """`not(x)`: null of what is neither true nor false."""
    return not value if isinstance(value, bool) else None
