"""The closures of FEEL's own constructs: logic, ranges, tests, filters, loops and functions."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from engine.expressions.compiling import Frame, Run, Step, charge
from engine.expressions.errors import ExpressionError
from engine.expressions.feel_kinds import is_kind
from engine.expressions.feel_rules import Binary, Interval, same
from engine.expressions.limits import RESULT_ITEMS
from engine.expressions.tree import Kind
from engine.expressions.values import plain_number

INPUT = "?"
"""The name of what a unary test tests."""
MISSING = object()
"""What looking up a name gives that nothing has."""


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function that the expression itself defines, with the names that it sees."""

    parameters: tuple[str, ...]
    body: Run
    frame: Frame
    size: int
    kinds: tuple[Kind | None, ...] = ()
    """What the parameters take; a value of another type is null to the body."""

    def __call__(self, *values: object) -> object:
        """The body's value; null where the number of arguments is another."""
        if len(values) != len(self.parameters):
            return None
        self.frame.budget.spend(self.size)
        names = dict(zip(self.parameters, values, strict=True))
        for name, kind in zip(self.parameters, self.kinds, strict=False):
            if kind is not None and not is_kind(names[name], kind):
                names[name] = None
        return self.body(self.frame.inner(names))


def looked_up(frame: Frame, name: str) -> object:
    """The value of `name` in the innermost frame that has it, or MISSING."""
    at: Frame | None = frame
    while at is not None:
        if name in at.names:
            return at.names[name]
        at = at.outer
    return MISSING


def plainly(op: str, apply: Binary) -> Binary:
    """`apply` where one side is a text written in the expression: it never means a number."""

    def strict(left: object, right: object) -> object:
        if isinstance(left, str) and isinstance(right, str):
            return _TEXTS[op](left, right) if op in _TEXTS else None
        if plain_number(left) is not None or plain_number(right) is not None:
            return None
        return apply(left, right)

    return strict


_TEXTS: dict[str, Callable[[str, str], object]] = {
    "+": str.__add__,
    "=": str.__eq__,
    "!=": str.__ne__,
    "<": str.__lt__,
    ">": str.__gt__,
    "<=": str.__le__,
    ">=": str.__ge__,
}


def logic(decisive: bool, runs: tuple[Run, ...]) -> Run:
    """`or` (true decides) and `and` (false decides); null where it stays open."""

    def run(frame: Frame) -> object:
        open_ = False
        for each in runs:
            value = each(frame)
            if value is decisive:
                return decisive
            open_ = open_ or not isinstance(value, bool)
        return None if open_ else not decisive

    return run


def between(value: Run, low: Run, high: Run) -> Run:
    """`value between low and high`."""

    def run(frame: Frame) -> object:
        found = value(frame)
        start, end = low(frame), high(frame)
        if start is None or end is None:
            return None
        return Interval(start, end, False, False).holds(found)

    return run


Matcher = Callable[[Frame, object], bool | None]


def operator_test(apply: Binary, operand: Run) -> Matcher:
    """A unary test such as `< 5`."""

    def matches(frame: Frame, value: object) -> bool | None:
        wanted = operand(frame)
        charge(wanted, frame.budget)
        answer = apply(value, wanted)
        return answer if isinstance(answer, bool) else None

    return matches


def expression_test(run: Run, asks: bool) -> Matcher:
    """A test that is an expression: equal to it, in its range, among its items; where it speaks
    of `?` (`asks`), its own answer."""

    def matches(frame: Frame, value: object) -> bool | None:
        result = run(frame)
        charge(result, frame.budget)
        if asks:
            return result if isinstance(result, bool) else fits(value, result)
        if result is True and not isinstance(value, bool):
            return True
        return fits(value, result)

    return matches


def fits(value: object, wanted: object) -> bool | None:
    """Whether `value` equals `wanted`, lies in it, or is among its items."""
    if isinstance(wanted, Interval):
        return wanted.holds(value)
    if isinstance(wanted, (list, tuple)) and not isinstance(value, (list, tuple)):
        return any(fits(value, each) is True for each in wanted)
    if isinstance(wanted, (list, tuple)):
        return same(value, wanted) is True or any(same(value, each) is True for each in wanted)
    return same(value, wanted)


def among(value: Run, tests: tuple[Matcher, ...], negated: bool) -> Run:
    """Whether one of the tests holds."""

    def run(frame: Frame) -> object:
        found = value(frame)
        inner = frame.inner({INPUT: found})
        answers = [test(inner, found) for test in tests]
        answer = True if True in answers else False if False in answers else None
        return answer if not negated or answer is None else not answer

    return run


def filtered(condition: Run, size: int) -> Step:
    """`list[condition]`, or `list[number]` (1 is the first, -1 the last)."""

    def run(frame: Frame, value: object) -> object:
        if value is None:
            return None
        items = list(value) if isinstance(value, (list, tuple)) else [value]
        kept: list[object] = []
        for each in items or [None]:
            frame.budget.spend(size)
            answer = condition(frame.inner(_item_names(each)))
            place = plain_number(answer)
            if place is not None:
                return _at(items, int(place))
            if answer is True:
                kept.append(each)
        return kept if items else []

    return run


def _item_names(each: object) -> Mapping[str, object]:
    return {"item": each, **each} if isinstance(each, Mapping) else {"item": each}


def _at(items: list[object], place: int) -> object:
    if place == 0 or abs(place) > len(items):
        return None
    return items[place - 1 if place > 0 else place]


Source = tuple[str, Run, Run | None]
"""A loop's name, and the list, or the start and end, that it goes through."""


def loop(kind: str, sources: tuple[Source, ...], body: Run, size: int) -> Run:
    """`for`, `some` and `every`."""

    def run(frame: Frame) -> object:
        results: list[object] = []
        open_ = False
        outer = frame.inner({"partial": results}) if kind == "for" else frame
        for inner in _turns(outer, sources, size):
            if inner is None:
                return None
            value = body(inner)
            if kind == "for":
                results.append(value)
            elif value is (kind == "some"):
                return value
            else:
                open_ = open_ or not isinstance(value, bool)
        if kind == "for":
            return results
        return None if open_ else kind == "every"

    return run


def _turns(frame: Frame, sources: tuple[Source, ...], size: int) -> Iterator[Frame | None]:
    """The frame of every turn; None where a source is null."""
    name, source, end = sources[0]
    items = _gone_through(source(frame), end(frame) if end else MISSING)
    if items is None:
        yield None
        return
    for each in items:
        frame.budget.spend(size)
        inner = frame.inner({name: each})
        if len(sources) == 1:
            yield inner
        else:
            yield from _turns(inner, sources[1:], size)


def _gone_through(start: object, end: object) -> list[object] | None:
    if isinstance(start, Interval):
        closed = not start.start_open and not start.end_open
        return _counted(start.start, start.end) if closed else None
    if end is MISSING:
        if start is None:
            return None
        return list(start) if isinstance(start, (list, tuple)) else [start]
    return _counted(start, end)


def _counted(start: object, end: object) -> list[object] | None:
    """From `start` to `end`, up or down: whole numbers or days."""
    if _is_day(start) and _is_day(end):
        assert isinstance(start, date)
        assert isinstance(end, date)
        apart = (end - start).days
        _check_turns(apart)
        step = 1 if apart >= 0 else -1
        return [start + timedelta(days=n) for n in range(0, apart + step, step)]
    a, b = plain_number(start), plain_number(end)
    if a is None or b is None or a != int(a) or b != int(b):
        return None
    first, last = int(a), int(b)
    _check_turns(last - first)
    step = 1 if first <= last else -1
    return list(range(first, last + step, step))


def _is_day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _check_turns(count: int) -> None:
    if abs(count) >= RESULT_ITEMS:
        raise ExpressionError(f"A loop takes at most {RESULT_ITEMS} turns")
