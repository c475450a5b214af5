"""FEEL's types, for `instance of`."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta

from engine.expressions.feel_rules import Interval
from engine.expressions.limits import DEPTH
from engine.expressions.tree import Kind
from engine.expressions.values import Months, plain_number

_KINDS: dict[str, Callable[[object], bool]] = {
    "Any": lambda value: value is not None,
    "Null": lambda value: value is None,
    "number": lambda value: plain_number(value) is not None,
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "date": lambda value: isinstance(value, date) and not isinstance(value, datetime),
    "time": lambda value: isinstance(value, time),
    "date and time": lambda value: isinstance(value, datetime),
    "days and time duration": lambda value: isinstance(value, timedelta),
    "years and months duration": lambda value: isinstance(value, Months),
    "list": lambda value: isinstance(value, (list, tuple)),
    "context": lambda value: isinstance(value, Mapping),
    "range": lambda value: isinstance(value, Interval),
    "function": callable,
}


def unknown(kind: Kind) -> str:
    """The name in `kind` that is no type; "" where all are."""
    if kind.name not in _KINDS:
        return kind.name
    return next((name for _, part in kind.parts if (name := unknown(part))), "")


def is_kind(value: object, kind: Kind, depth: int = DEPTH) -> bool:
    """Whether `value` is of the type `kind`, and so what a list, context or range holds; of
    functions only that it is one."""
    if not _KINDS[kind.name](value) or depth <= 0:
        return False
    if not kind.parts or kind.name == "function":
        return True
    if isinstance(value, Mapping):
        return all(key in value and _fits(value[key], part, depth) for key, part in kind.parts)
    (_, part), *_ = kind.parts
    held = [value.start, value.end] if isinstance(value, Interval) else value
    return isinstance(held, (list, tuple)) and all(_fits(each, part, depth) for each in held)


def _fits(value: object, kind: Kind, depth: int) -> bool:
    """Null may stand wherever a value may."""
    return value is None or is_kind(value, kind, depth - 1)
