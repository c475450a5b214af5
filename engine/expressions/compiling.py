"""From the syntax tree to closures: the part that both languages share."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from inspect import signature

from engine.expressions.errors import ExpressionError
from engine.expressions.limits import DEPTH, Budget, charge_text
from engine.expressions.tree import Arguments, Node

Functions = Mapping[str, Callable[..., object]]


class Frame:
    """What one evaluation sees: names, those of the surrounding loops, functions, steps left."""

    __slots__ = ("budget", "functions", "names", "outer")

    def __init__(
        self,
        names: Mapping[str, object],
        functions: Functions,
        budget: Budget,
        outer: "Frame | None" = None,
    ) -> None:
        self.names = names
        self.functions = functions
        self.budget = budget
        self.outer = outer

    def inner(self, names: Mapping[str, object]) -> "Frame":
        """A frame in which `names` hide those outside."""
        return Frame(names, self.functions, self.budget, self)


Run = Callable[[Frame], object]


class Compiler:
    """Turns one tree into one closure, and notes which names it reads and functions it calls."""

    def __init__(self, offset: int = 0) -> None:
        self.offset = offset
        self.reads: set[str] = set()
        self.calls: set[str] = set()
        self.size = 0
        self._depth = 0

    def compile(self, node: Node) -> Run:
        """The closure of `node`; raises ExpressionError where it is nested too deep."""
        self.size += 1
        self._depth += 1
        if self._depth > DEPTH:
            raise ExpressionError(
                f"The expression is nested more than {DEPTH} levels deep", self.place(node)
            )
        run = self.build(node)
        self._depth -= 1
        return run

    def build(self, node: Node) -> Run:
        """The closure of `node`, in the language of the subclass."""
        raise NotImplementedError

    def place(self, node: Node) -> int:
        """Where `node` stands in the text that the author wrote."""
        return node.at + self.offset

    def many(self, nodes: tuple[Node, ...]) -> tuple[Run, ...]:
        """The closures of several nodes."""
        return tuple(self.compile(node) for node in nodes)

    def call(self, name: str, at: int, arguments: Arguments, standard: Functions) -> Run:
        """A call of a function that the caller hands in, or else of a standard one."""
        self.calls.add(name)
        place = at + self.offset
        runs = self.many(arguments.values)

        def run(frame: Frame) -> object:
            function = frame.functions.get(name) or standard.get(name)
            if function is None:
                raise ExpressionError(f"There is no function “{name}”", place)
            values = [each(frame) for each in runs]
            return called(function, name, values, frame.budget, place)

        return run


def called(
    function: Callable[..., object],
    name: str,
    values: list[object],
    budget: Budget,
    place: int | None = None,
) -> object:
    """What `function` gives for `values`; what goes wrong in it is an ExpressionError."""
    try:
        budget.spend(1 + sum(weight(value) for value in values))
        return charge_text(normal(function(*values)), budget)
    except ExpressionError as error:
        raise (error if place is None else error.located(place)) from error.__cause__
    except (TypeError, ValueError, LookupError, ArithmeticError, RecursionError) as error:
        raise ExpressionError(_why(function, name, values, error), place) from error


def _why(function: Callable[..., object], name: str, values: list[object], error: Exception) -> str:
    if isinstance(error, RecursionError):
        return f"The function “{name}” calls itself too often"
    try:
        signature(function).bind(*values)
    except TypeError:
        return f"The function “{name}” can't take {len(values)} values"
    except ValueError:  # a built-in whose parameters are unknown
        pass
    return f"The function “{name}” failed: {error}"


Container = list[object] | tuple[object, ...] | Mapping[str, object]
SCALARS = frozenset({int, str, bool, float, Decimal, date, datetime, type(None)})
"""The kinds of most values: what is none of them may hold others."""
_MOST_WITHIN = 6_000_000
_MOST_HOLDERS = 100_000


def weight(value: object) -> int:
    """The steps that going through `value` costs: one for each item, and one for each twenty of
    what lies in the items."""
    if isinstance(value, (list, tuple, Mapping)):
        return len(value) + _within(value) // 20
    return len(value) // 1000 if isinstance(value, str) else 0


def _within(value: Container) -> int:
    """How many items the items of `value` have, and so on, as far as it matters."""
    count = holders = 0
    waiting: list[Container] = [value]
    while waiting and count < _MOST_WITHIN and holders < _MOST_HOLDERS:
        each = waiting.pop()
        holders += 1
        for item in each.values() if isinstance(each, Mapping) else each:
            if item.__class__ not in SCALARS and isinstance(item, (list, tuple, Mapping)):
                count += len(item)
                waiting.append(item)
    return count


def charge(value: object, budget: Budget) -> None:
    """Take the steps that going through `value` costs, where it holds other values."""
    if value.__class__ not in SCALARS:
        budget.spend(weight(value))


def normal(value: object) -> object:
    """A function's result as data: a tuple or set becomes a list."""
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value, key=str)
    return value


Step = Callable[[Frame, object], object]
"""What a trailer makes of the value before it."""


def path(base: Run, steps: list[tuple[Step, int]]) -> Run:
    """`base` and one trailer after the other, with the place of each; without recursion."""
    if not steps:
        return base

    def run(frame: Frame) -> object:
        value = base(frame)
        for step, place in steps:
            try:
                value = step(frame, value)
            except ExpressionError as error:
                raise error.located(place) from error.__cause__
        return value

    return run


def guarded(step: Callable[[Frame], object], place: int) -> Run:
    """`step`, whose errors name `place` unless they name another."""

    def run(frame: Frame) -> object:
        try:
            return step(frame)
        except ExpressionError as error:
            raise error.located(place) from error.__cause__

    return run
