"""How FEEL's built-in functions are written down, and how they ask for arguments of a kind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from engine.expressions.values import Number, moment_of, number_of


class Unfit(Exception):
    """An argument is not of the kind that the function wants: its answer is null."""


@dataclass(frozen=True, slots=True)
class Builtin:
    """A function, its parameters' names for calls that name them, and how many must be given."""

    call: Callable[..., object]
    parameters: tuple[str, ...]
    required: int
    variadic: bool = False

    def __call__(self, *values: object) -> object:
        """The function's answer; null where an argument is of the wrong kind."""
        try:
            return self.call(*values)
        except Unfit:
            return None


def table(entries: Mapping[str, Callable[..., object]]) -> dict[str, Builtin]:
    """Built-ins from `"name(parameter, [optional], …)"` and what they do."""
    return {head.partition("(")[0]: _builtin(head, call) for head, call in entries.items()}


def _builtin(head: str, call: Callable[..., object]) -> Builtin:
    inner = head.partition("(")[2].rstrip(")")
    names = [name.strip() for name in inner.split(",") if name.strip()]
    variadic = "…" in names
    names = [name for name in names if name != "…"]
    required = sum(1 for name in names if not name.startswith("["))
    return Builtin(call, tuple(name.strip("[]") for name in names), required, variadic)


def text(value: object) -> str:
    """`value`, a text."""
    if isinstance(value, str):
        return value
    raise Unfit


def number(value: object) -> Number:
    """`value`, a number or a text that writes one."""
    found = number_of(value)
    if found is None:
        raise Unfit
    return found


def whole(value: object) -> int:
    """`value`, a number without its places after the point."""
    return int(number(value))


def listed(value: object) -> list[object]:
    """`value`, a list; a single value is a list of one; null is none."""
    if value is None:
        raise Unfit
    return list(value) if isinstance(value, (list, tuple)) else [value]


def spread(values: tuple[object, ...]) -> list[object]:
    """The arguments of a function that takes a list or its items one by one."""
    if len(values) == 1:
        return listed(values[0])
    return list(values)


def day(value: object) -> date:
    """`value`, a date or the day of a date-time."""
    moment = moment_of(value)
    if isinstance(moment, datetime):
        return moment.date()
    if isinstance(moment, date):
        return moment
    raise Unfit


def clock(value: object) -> time:
    """`value`, a time of day or that of a date-time."""
    moment = moment_of(value)
    if isinstance(moment, datetime):
        return moment.timetz()
    if isinstance(moment, time):
        return moment
    raise Unfit


def context(value: object) -> Mapping[str, object]:
    """`value`, a context."""
    if isinstance(value, Mapping):
        return value
    raise Unfit
