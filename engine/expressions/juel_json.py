"""JSON texts as data, for `S(x)` and `JSON(x)`."""

from json import JSONDecodeError, loads

from engine.expressions.errors import ExpressionError
from engine.expressions.limits import RESULT_TEXT
from engine.expressions.values import parse_number


def parsed(value: object) -> object:
    """`S(x)`, `JSON(x)`: the data that JSON text writes; data itself stays as it is."""
    if not isinstance(value, str) or len(value) > RESULT_TEXT:
        return value
    try:
        return loads(value, parse_float=_exact, parse_int=_exact, parse_constant=lambda _: None)
    except JSONDecodeError as error:
        raise ExpressionError(f"This text is no JSON: {error.msg}") from None
    except (RecursionError, ValueError):
        raise ExpressionError("This text is no JSON that can be read") from None


def _exact(digits: str) -> object:
    return parse_number(digits)
