"""Values as text and as JSON-native data."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from decimal import Decimal

from engine.expressions.errors import ExpressionError
from engine.expressions.limits import DEPTH, check_text
from engine.expressions.values import Months, Number, bounded, plain_number


def number_text(value: Number | float) -> str:
    """A number in plain digits, never with an exponent."""
    if isinstance(value, int):
        return str(bounded(value))
    number = plain_number(value)
    if number is None:
        raise ExpressionError("This is not a number")
    return check_text(format(number, "f"))


def text_of(value: object, depth: int = DEPTH) -> str:
    """How `value` reads inside a text; null is empty, lists are joined by “, ”."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, Decimal, float)):
        return number_text(value)
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return duration_text(value)
    if isinstance(value, Months):
        return value.iso()
    return _nested_text(value, depth)


def _nested_text(value: object, depth: int) -> str:
    if depth <= 0:
        raise ExpressionError(f"The data is nested more than {DEPTH} levels deep")
    if isinstance(value, (list, tuple)):
        return check_text(", ".join(text_of(item, depth - 1) for item in value))
    if isinstance(value, Mapping):
        parts = (f"{key}: {text_of(item, depth - 1)}" for key, item in value.items())
        return check_text(", ".join(parts))
    raise ExpressionError("This value can't be written as text")


def duration_text(value: timedelta) -> str:
    """A duration of days and time as ISO 8601 text, e.g. `P2DT4H`."""
    sign = "-" if value < timedelta(0) else ""
    value = abs(value)
    minutes, seconds = divmod(value.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{value.microseconds:06d}".rstrip("0") if value.microseconds else ""
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    clock += f"{seconds}{fraction}S" if seconds or fraction else ""
    days = f"{value.days}D" if value.days else ""
    return f"{sign}P{days}{'T' + clock if clock else ''}" if days or clock else "PT0S"


def json_value(value: object, depth: int = DEPTH) -> object:
    """`value` as JSON-native data: decimals and dates as text, never a float.

    A decimal without places after the point (what dividing whole numbers may give) becomes a
    whole number; `48.0` stays the text "48.0". Raises ExpressionError for what no data can hold.
    """
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, int):
        return bounded(value)
    if isinstance(value, (Decimal, float)):
        number = plain_number(value)
        whole = isinstance(number, Decimal) and number.as_tuple().exponent == 0
        return int(value) if whole else number_text(value)
    if isinstance(value, (list, tuple, Mapping)):
        if depth <= 0:
            raise ExpressionError(f"The data is nested more than {DEPTH} levels deep")
        if isinstance(value, Mapping):
            return {str(key): json_value(item, depth - 1) for key, item in value.items()}
        return [json_value(item, depth - 1) for item in value]
    return text_of(value)
