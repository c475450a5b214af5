"""The closures of JUEL's operators, conditions and choices."""

from collections.abc import Callable

from engine.expressions.compiling import SCALARS, Frame, Run, charge, guarded
from engine.expressions.errors import ExpressionError
from engine.expressions.juel_asking import EVERYTHING
from engine.expressions.juel_rules import Binary, add, differs, same, truth
from engine.expressions.limits import charge_text


def everything(frame: Frame) -> object:
    """All variables: `variables`, `execution.getVariables()`."""
    return frame.names.get(EVERYTHING, frame.names)


def binary(apply: Binary, left: Run, right: Run, place: int) -> Run:
    """One operator; what goes wrong names its place."""
    if apply in (add, same, differs):
        return sequence(left, [(apply, right, place)])

    def run(frame: Frame) -> object:
        try:
            return apply(left(frame), right(frame))
        except ExpressionError as error:
            raise error.located(place) from error.__cause__

    return run


def sequence(first: Run, steps: list[tuple[Binary, Run, int]]) -> Run:
    """Operators one after the other, from left to right."""

    def run(frame: Frame) -> object:
        value = first(frame)
        for apply, right, place in steps:
            try:
                other = right(frame)
                if value.__class__ not in SCALARS:
                    charge(value, frame.budget)
                value = apply(value, other)
                if apply is add:
                    charge_text(value, frame.budget)
            except ExpressionError as error:
                raise error.located(place) from error.__cause__
        return value

    return run


def unary(apply: Callable[[object], object], operand: Run, place: int) -> Run:
    """An operator before its only operand."""
    return guarded(lambda frame: apply(operand(frame)), place)


def condition(run: Run, place: int) -> Run:
    """`run` as true or false."""

    def holds(frame: Frame) -> object:
        value = run(frame)
        if value is True or value is False:
            return value
        try:
            return truth(value)
        except ExpressionError as error:
            raise error.located(place) from None

    return holds


def every(runs: list[Run]) -> Run:
    """`and`, which ends at the first that does not hold."""

    def run(frame: Frame) -> object:
        for each in runs:  # noqa: SIM110 - a generator would cost more than the condition
            if not each(frame):
                return False
        return True

    return run


def some(runs: list[Run]) -> Run:
    """`or`, which ends at the first that holds."""

    def run(frame: Frame) -> object:
        for each in runs:  # noqa: SIM110 - as above
            if each(frame):
                return True
        return False

    return run


def choice(holds: Run, yes: Run, no: Run) -> Run:
    """`c ? a : b`, of which only one side is evaluated."""
    return lambda frame: yes(frame) if holds(frame) else no(frame)
