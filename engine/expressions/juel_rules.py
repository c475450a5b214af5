"""What operators, members and methods do in JUEL (`${…}`), as the table in docs/expressions.md."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, DecimalException

from engine.expressions.errors import ExpressionError
from engine.expressions.limits import check_text
from engine.expressions.moments import shifted
from engine.expressions.printing import text_of
from engine.expressions.values import (
    ARITHMETIC,
    Months,
    Number,
    bounded,
    decimal,
    equal,
    kind_of,
    moment_of,
    number_of,
    order_of,
    truth_of,
)

Binary = Callable[[object, object], object]


def truth(value: object) -> bool:
    """A condition's answer: null and empty text are false; other than true or false is an error."""
    if value is True or value is False:
        return value
    if value is None or value == "":
        return False
    answer = truth_of(value)
    if answer is None:
        raise ExpressionError(f"A condition must be true or false, but this is {kind_of(value)}")
    return answer


def add(left: object, right: object) -> object:
    """Numbers (texts that write numbers, and null as 0, included) are added; a text that is no
    number makes it a concatenation; a duration moves a date."""
    if left.__class__ is int and right.__class__ is int:
        return bounded(left + right)
    if isinstance(left, (timedelta, Months)) or isinstance(right, (timedelta, Months)):
        return _shift(left, right)
    a, b = _operand(left), _operand(right)
    if a is None or b is None:
        if isinstance(left, (list, tuple, Mapping)) or isinstance(right, (list, tuple, Mapping)):
            raise ExpressionError(f"Can't add {kind_of(left)} and {kind_of(right)}")
        return check_text(text_of(left) + text_of(right))
    return _calculate("+", a, b)


def _shift(left: object, right: object) -> object:
    """A sum with a duration in it."""
    try:
        if isinstance(left, timedelta) and isinstance(right, timedelta):
            return left + right
        if isinstance(left, (timedelta, Months)):
            left, right = right, left
        moved = shifted(moment_of(left), right)
    except (OverflowError, ValueError):
        raise ExpressionError("The date would lie outside the years 1 to 9999") from None
    if moved is None:
        raise ExpressionError(f"Can't add {kind_of(left)} and {kind_of(right)}")
    return moved


def subtract(left: object, right: object) -> object:
    """Numbers; a duration from a date; a date from a date gives a duration."""
    if left.__class__ is int and right.__class__ is int:
        return bounded(left - right)
    if isinstance(right, timedelta):
        return _shift(left, -right)
    if isinstance(right, Months):
        return _shift(left, Months(-right.count))
    if isinstance(left, date) or isinstance(right, date):
        return _apart(moment_of(left), moment_of(right))
    return _calculate("-", _number(left), _number(right))


def _apart(left: object, right: object) -> timedelta:
    if isinstance(left, datetime) and isinstance(right, datetime):
        if (left.tzinfo is None) == (right.tzinfo is None):
            return left - right
    elif isinstance(left, date) and isinstance(right, date):
        a = left.date() if isinstance(left, datetime) else left
        b = right.date() if isinstance(right, datetime) else right
        return a - b
    raise ExpressionError("Only two dates, or two date-times, can be subtracted")


def multiply(left: object, right: object) -> object:
    """Numbers only."""
    if left.__class__ is int and right.__class__ is int:
        return bounded(left * right)
    return _calculate("*", _number(left), _number(right))


def divide(left: object, right: object) -> object:
    """Always a Decimal (34 digits); by zero is an error."""
    return _calculate("/", _number(left), _number(right))


def modulo(left: object, right: object) -> object:
    """The remainder with the sign of `left`, as in Java; by zero is an error."""
    return _calculate("%", _number(left), _number(right))


def negate(value: object) -> object:
    """The number with the other sign."""
    number = _number(value)
    return -number if isinstance(number, int) else ARITHMETIC.minus(number)


def _operand(value: object) -> Number | None:
    return 0 if value is None else number_of(value)


def _number(value: object) -> Number:
    number = _operand(value)
    if number is None:
        raise ExpressionError(f"A number is needed here, but this is {kind_of(value)}")
    return number


def _calculate(op: str, left: Number, right: Number) -> Number:
    whole = isinstance(left, int) and isinstance(right, int)
    if whole and op in "+-*":
        return bounded(_WHOLE[op](int(left), int(right)))
    if op in "/%" and right == 0:
        raise ExpressionError("Division by zero")
    try:
        if op == "%":
            return _remainder(decimal(left), decimal(right), whole)
        return _DECIMAL[op](decimal(left), decimal(right))
    except DecimalException:
        raise ExpressionError("The result is too large a number") from None


def _remainder(left: Decimal, right: Decimal, whole: bool) -> Number:
    rest = ARITHMETIC.remainder(left, right)
    return int(rest) if whole else rest


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
}


def same(left: object, right: object) -> bool:
    """`==`: values of kinds that can't be the same are not (no error)."""
    if left.__class__ is str and right.__class__ is str:
        return left == right
    return equal(left, right) is True


def differs(left: object, right: object) -> bool:
    """`!=`."""
    return not same(left, right)


def _order(left: object, right: object) -> int:
    order = order_of(left, right)
    if order is None:
        raise ExpressionError(f"Can't compare {kind_of(left)} with {kind_of(right)}")
    return order


def less(left: object, right: object) -> bool:
    """`<`; with null on either side false."""
    if left.__class__ is int and right.__class__ is int:
        return left < right
    return left is not None and right is not None and _order(left, right) < 0


def greater(left: object, right: object) -> bool:
    """`>`; with null on either side false."""
    if left.__class__ is int and right.__class__ is int:
        return left > right
    return left is not None and right is not None and _order(left, right) > 0


def at_most(left: object, right: object) -> bool:
    """`<=`; with null on either side false."""
    return left is not None and right is not None and _order(left, right) <= 0


def at_least(left: object, right: object) -> bool:
    """`>=`; with null on either side false."""
    return left is not None and right is not None and _order(left, right) >= 0


BINARY: dict[str, Binary] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "%": modulo,
    "==": same,
    "!=": differs,
    "<": less,
    ">": greater,
    "<=": at_most,
    ">=": at_least,
}
"""Binary operators by their symbol (words are spelled as symbols by the grammar)."""


def is_empty(value: object) -> bool:
    """`empty x`: null, or a text, list or map without content."""
    return value is None or (isinstance(value, (str, list, tuple, Mapping)) and not value)


def member(value: object, name: str) -> object:
    """`value.name`: a map's entry (null where absent); null of null; an error on anything else."""
    if isinstance(value, Mapping):
        return value.get(name)
    if value is None:
        return None
    raise ExpressionError(f"“.{name}” needs a map, but this is {kind_of(value)}")


def item(value: object, index: object) -> object:
    """`value[index]`: a map's entry or a list's item from 0; null where there is none."""
    if value is None or index is None:
        return None
    if isinstance(value, Mapping):
        return value.get(index if isinstance(index, str) else text_of(index))
    if isinstance(value, (list, tuple)):
        place = number_of(index)
        if not isinstance(place, int) or isinstance(index, bool):
            raise ExpressionError(f"A list's index is a whole number, but this is {kind_of(index)}")
        return value[place] if 0 <= place < len(value) else None
    raise ExpressionError(f"“[…]” needs a list or a map, but this is {kind_of(value)}")
