"""What values an expression knows, and how they are read, compared and printed.

Values are text, true/false, whole and decimal numbers, dates, times, durations, lists, maps with
text keys, and null. Data is JSON-native: a decimal number travels as text ("48.5"), a date as ISO
text; both meet numbers and dates here as what they mean.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)

from engine.expressions.errors import ExpressionError
from engine.expressions.limits import DEPTH

DIGITS = 34
"""Significant digits of a number (IEEE decimal128, as DMN asks for)."""
ARITHMETIC = Context(
    prec=DIGITS,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[DivisionByZero, InvalidOperation, Overflow],
)
_LARGEST = 10**DIGITS
_NUMERIC = re.compile(r"[+-]?[0-9]{1,40}(?:\.[0-9]{1,40})?(?:[eE][+-]?[0-9]{1,4})?\Z")
_WHOLE = re.compile(r"[+-]?[0-9]{1,34}\Z")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_DATE_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?"
    r"(?:Z|[+-][0-9]{2}:[0-9]{2}(?::[0-9]{2})?)?\Z"
)
_TIME = re.compile(
    r"[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?\Z"
)

Number = int | Decimal
Moment = date | datetime | time


@dataclass(frozen=True, slots=True, order=True)
class Months:
    """A duration of years and months (FEEL `duration("P1Y2M")`), which no timedelta can hold."""

    count: int

    def iso(self) -> str:
        """As ISO 8601 text."""
        years, months = divmod(abs(self.count), 12)
        body = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
        return ("-" if self.count < 0 else "") + "P" + (body or "0M")


def bounded(value: int) -> int:
    """`value` itself, unless it has more digits than a number may have."""
    if -_LARGEST < value < _LARGEST:
        return value
    raise ExpressionError(f"The number has more than {DIGITS} digits")


def decimal(value: Number) -> Decimal:
    """`value` as a Decimal."""
    return value if isinstance(value, Decimal) else Decimal(bounded(value))


def parse_number(text: str) -> Number | None:
    """The number that `text` writes, or None. Without a point or exponent it is a whole one."""
    if not _NUMERIC.match(text):
        return None
    if _WHOLE.match(text):
        return int(text)
    try:
        return ARITHMETIC.create_decimal(text)
    except (Overflow, InvalidOperation):
        return None


def plain_number(value: object) -> Number | None:
    """`value` where it is a number itself (true and false are none), else None."""
    kind = value.__class__
    if kind is int:
        return value  # type: ignore[return-value]
    if kind is Decimal:
        return value if value.is_finite() else None  # type: ignore[attr-defined,return-value]
    if kind is float:
        return parse_number(repr(value))
    return None


def number_of(value: object) -> Number | None:
    """The number that `value` is, or writes as text; None where it is neither."""
    if value.__class__ is str:
        return parse_number(value)
    return plain_number(value)


def parse_moment(text: str) -> Moment | None:
    """The date, date-time or time of day that ISO `text` writes, or None."""
    try:
        if _DATE.match(text):
            return date.fromisoformat(text)
        if _DATE_TIME.match(text):
            return datetime.fromisoformat(_microseconds(text))
        if _TIME.match(text):
            return time.fromisoformat(_microseconds(text))
    except ValueError:
        return None
    return None


def _microseconds(text: str) -> str:
    """ISO text with at most six digits after the second, which is what Python can read."""
    return re.sub(r"(\.[0-9]{6})[0-9]+", r"\1", text)


def moment_of(value: object) -> Moment | None:
    """The date, date-time or time that `value` is, or writes as ISO text."""
    if isinstance(value, (date, time)):
        return value
    return parse_moment(value) if isinstance(value, str) else None


def kind_of(value: object) -> str:
    """What `value` is, in words for a message: “the text 'abc'”, “a list”."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        shown = value if len(value) <= 30 else value[:29] + "…"
        return f"the text '{shown}'"
    for kinds, words in _KINDS:
        if isinstance(value, kinds):
            return words
    return "a value of another kind"


_KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    ((int, Decimal, float), "a number"),
    (datetime, "a date-time"),
    (date, "a date"),
    (time, "a time"),
    ((timedelta, Months), "a duration"),
    ((list, tuple), "a list"),
    (Mapping, "a map"),
)


def compare(left: object, right: object) -> int | None:
    """-1, 0 or 1 as `left` stands before, with or after `right`; None where they have no order.

    A number and a text that writes one compare as numbers, and so do two texts that both write
    one (decimals travel as text). A date and an ISO text compare as dates, likewise two ISO texts.
    """
    a, b = plain_number(left), plain_number(right)
    if a is not None or b is not None:
        a = number_of(left) if a is None else a
        b = number_of(right) if b is None else b
        return None if a is None or b is None else (a > b) - (a < b)
    if isinstance(left, str) and isinstance(right, str):
        return _compare_texts(left, right)
    if isinstance(left, (date, time)) or isinstance(right, (date, time)):
        return _compare_moments(moment_of(left), moment_of(right))
    if isinstance(left, timedelta) and isinstance(right, timedelta):
        return (left > right) - (left < right)
    if isinstance(left, Months) and isinstance(right, Months):
        return (left > right) - (left < right)
    return None


def _compare_texts(left: str, right: str) -> int:
    a, b = parse_number(left), parse_number(right)
    if a is not None and b is not None:
        return (a > b) - (a < b)
    moments = _compare_moments(parse_moment(left), parse_moment(right))
    return (left > right) - (left < right) if moments is None else moments


def _compare_moments(left: Moment | None, right: Moment | None) -> int | None:
    """A date and a date-time compare by the day, in the date-time's own offset."""
    if left is None or right is None:
        return None
    if isinstance(left, datetime) != isinstance(right, datetime):
        left = left.date() if isinstance(left, datetime) else left
        right = right.date() if isinstance(right, datetime) else right
    try:
        return (left > right) - (left < right)  # type: ignore[operator]
    except TypeError:  # a time with a date, or only one of them with an offset
        return None


def order_of(left: object, right: object) -> int | None:
    """As `compare`; and where only one of two moments has an offset, by what the clock shows."""
    order = compare(left, right)
    if order is None:
        a, b = moment_of(left), moment_of(right)
        if isinstance(a, (datetime, time)) and a.__class__ is b.__class__:
            assert isinstance(b, (datetime, time))
            return compare(a.replace(tzinfo=None), b.replace(tzinfo=None))
    return order


def equal(left: object, right: object, depth: int = DEPTH) -> bool | None:
    """Whether two values are the same; None where their kinds can't be (neither being null).

    Two texts are the same only letter by letter ("7" is not "007"). Otherwise as `compare`; true
    and false equal the texts 'true' and 'false' in any case; lists and maps item by item.
    """
    if left is None or right is None:
        return left is right
    if left.__class__ is str and right.__class__ is str:
        return left == right
    if isinstance(left, bool) or isinstance(right, bool):
        a, b = truth_of(left), truth_of(right)
        return None if a is None or b is None else a is b
    if isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)):
        return _equal_lists(left, right, depth)
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        if left.keys() != right.keys():
            return False
        keys = list(left)
        return _equal_lists([left[k] for k in keys], [right[k] for k in keys], depth)
    order = compare(left, right)
    if order is not None:
        return order == 0
    return left == right if _same_rare_kind(left, right) else None


def _same_rare_kind(left: object, right: object) -> bool:
    """Whether both are moments of one kind (an offset on one side only), or of an unknown one."""
    return left.__class__ is right.__class__ and not isinstance(left, (int, Decimal, float))


def _equal_lists(
    left: list[object] | tuple[object, ...], right: list[object] | tuple[object, ...], depth: int
) -> bool:
    if depth <= 0:
        raise ExpressionError(f"The data is nested more than {DEPTH} levels deep")
    if len(left) != len(right):
        return False
    return all(equal(a, b, depth - 1) is True for a, b in zip(left, right, strict=True))


def truth_of(value: object) -> bool | None:
    """True or false as `value` is or writes it ('TRUE' counts); None for anything else."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _TRUTH.get(value.lower()) if len(value) <= 5 else None
    return None


_TRUTH = {"true": True, "false": False}


def key_of(value: object, depth: int = DEPTH) -> object:
    """A hashable key that is the same for values that a list must not hold twice."""
    if depth <= 0:
        raise ExpressionError(f"The data is nested more than {DEPTH} levels deep")
    if isinstance(value, (list, tuple)):
        return ("list", tuple(key_of(item, depth - 1) for item in value))
    if isinstance(value, Mapping):
        return ("map", frozenset((k, key_of(v, depth - 1)) for k, v in value.items()))
    return (isinstance(value, bool), value)
