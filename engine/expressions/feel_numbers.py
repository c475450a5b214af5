"""FEEL's functions on numbers, and `not`."""

from collections.abc import Callable
from datetime import timedelta
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
    DecimalException,
)

from engine.expressions.feel_asking import Builtin, Unfit, number, table, whole
from engine.expressions.feel_rules import negation
from engine.expressions.values import ARITHMETIC, Months, Number, decimal


def _rounding(mode: str) -> Callable[..., object]:
    def rounded(value: object, scale: object = 0) -> Number:
        places = whole(scale)
        if not -6111 <= places <= 6176:
            raise Unfit
        found = number(value)
        if isinstance(found, int) and places >= 0:
            return found
        try:
            context = ARITHMETIC.copy()
            context.rounding = mode
            result = decimal(found).quantize(Decimal(1).scaleb(-places), context=context)
        except DecimalException:
            raise Unfit from None
        return int(result) if places <= 0 else result

    return rounded


def absolute(value: object) -> object:
    """`abs` of a number or a duration."""
    if isinstance(value, Months):
        return Months(abs(value.count))
    if isinstance(value, timedelta):
        return abs(value)
    return abs(number(value))


def modulo(dividend: object, divisor: object) -> Number:
    """The remainder with the sign of the divisor."""
    a, b = number(dividend), number(divisor)
    if b == 0:
        raise Unfit
    if isinstance(a, int) and isinstance(b, int):
        return a % b
    x, y = decimal(a), decimal(b)
    try:
        rest = ARITHMETIC.remainder(x, y)
        return ARITHMETIC.add(rest, y) if rest and (rest < 0) != (y < 0) else rest
    except DecimalException:
        raise Unfit from None


def _computed(function: Callable[[Decimal], Decimal]) -> Callable[[object], object]:
    def compute(value: object) -> Decimal:
        try:
            result = function(decimal(number(value)))
        except DecimalException:
            raise Unfit from None
        if not result.is_finite():
            raise Unfit
        return result

    return compute


def _parity(rest: int) -> Callable[[object], object]:
    def has(value: object) -> bool:
        found = modulo(value, 2)
        return found == rest

    return has


_ENTRIES: dict[str, Callable[..., object]] = {
    "not(negand)": negation,
    "decimal(n, scale)": _rounding(ROUND_HALF_EVEN),
    "floor(n, [scale])": _rounding(ROUND_FLOOR),
    "ceiling(n, [scale])": _rounding(ROUND_CEILING),
    "round up(n, scale)": _rounding(ROUND_UP),
    "round down(n, scale)": _rounding(ROUND_DOWN),
    "round half up(n, scale)": _rounding(ROUND_HALF_UP),
    "round half down(n, scale)": _rounding(ROUND_HALF_DOWN),
    "abs(n)": absolute,
    "modulo(dividend, divisor)": modulo,
    "sqrt(number)": _computed(ARITHMETIC.sqrt),
    "log(number)": _computed(ARITHMETIC.ln),
    "exp(number)": _computed(ARITHMETIC.exp),
    "odd(number)": _parity(1),
    "even(number)": _parity(0),
}
FUNCTIONS: dict[str, Builtin] = table(_ENTRIES)
"""Functions on numbers by name."""
