"""FEEL's types, for `instance of`."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta

from engine.expressions.feel_rules import Interval
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


def known(kind: str) -> bool:
    """Whether `kind` is the name of a type."""
    return kind in _KINDS


def is_kind(value: object, kind: str) -> bool:
    """Whether `value` is of the type `kind` (what a list or context holds is not looked at)."""
    return _KINDS[kind](value)
