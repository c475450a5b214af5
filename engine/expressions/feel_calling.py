"""Calling a function in FEEL: which arguments it gets, and in which order."""

from collections.abc import Callable

from engine.expressions.compiling import Frame, Run, called
from engine.expressions.errors import ExpressionError
from engine.expressions.feel_asking import Builtin
from engine.expressions.feel_running import Function


def applied(function: object, runs: tuple[Run, ...], frame: Frame) -> object:
    """What a value gives that is called; raises ExpressionError unless it is a function."""
    if not isinstance(function, Function):
        raise ExpressionError("Only a function can be called")
    return called(function, "function", [each(frame) for each in runs], frame.budget)


def arranged(
    function: Callable[..., object],
    name: str,
    values: list[object],
    names: tuple[str, ...],
    place: int,
) -> list[object]:
    """The arguments in the order of the parameters; raises where their number is wrong."""
    if names:
        values = _by_name(function, name, dict(zip(names, values, strict=True)), place)
    if isinstance(function, Builtin):
        most = len(function.parameters)
        if len(values) < function.required or (len(values) > most and not function.variadic):
            raise ExpressionError(f"“{name}” can't take {len(values)} values", place)
    return values


def _by_name(
    function: Callable[..., object], name: str, given: dict[str, object], place: int
) -> list[object]:
    if not isinstance(function, (Builtin, Function)):
        raise ExpressionError(f"“{name}” takes no named values", place)
    unknown = given.keys() - set(function.parameters)
    if unknown:
        raise ExpressionError(f"“{name}” has no parameter “{min(unknown)}”", place)
    last = max(function.parameters.index(key) for key in given)
    return [given.get(key) for key in function.parameters[: last + 1]]
