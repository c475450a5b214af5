"""From a FEEL tree to closures."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from engine.expressions.compiling import (
    SCALARS,
    Compiler,
    Frame,
    Run,
    Step,
    called,
    charge,
    guarded,
    path,
)
from engine.expressions.errors import ExpressionError
from engine.expressions.feel_calling import applied, arranged
from engine.expressions.feel_functions import FUNCTIONS
from engine.expressions.feel_kinds import is_kind, unknown
from engine.expressions.feel_members import member
from engine.expressions.feel_rules import BINARY, Interval, negate
from engine.expressions.feel_running import (
    INPUT,
    MISSING,
    Function,
    Matcher,
    Source,
    among,
    between,
    expression_test,
    filtered,
    logic,
    looked_up,
    loop,
    operator_test,
    plainly,
)
from engine.expressions.limits import charge_text
from engine.expressions.tree import (
    Among,
    Arguments,
    Between,
    Chain,
    Choice,
    Definition,
    Entries,
    Group,
    Index,
    InstanceOf,
    Items,
    Literal,
    Logic,
    Loop,
    Member,
    Name,
    Node,
    Path,
    Range,
    Test,
    Unary,
)


class FeelCompiler(Compiler):
    """Names are looked up in loops, filters and contexts first, then among the variables.

    `missing_is_null` decides what an unknown variable is: null, or an error. `inputs` are other
    names of what a unary test tests (`?`).
    """

    def __init__(self, *, missing_is_null: bool, inputs: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._missing_is_null = missing_is_null
        self._inputs = (INPUT, *inputs)
        self._bound: list[str] = list(self._inputs)
        self._filters = 0
        self._asks = 0

    def build(self, node: Node) -> Run:  # noqa: C901 - one case for each kind of node
        """The closure of `node`."""
        match node:
            case Literal(value=value):
                return lambda _: value
            case Name():
                return self._name(node)
            case Group(inner=inner):
                return self.compile(inner)
            case Unary(operand=operand):
                run = self.compile(operand)
                return guarded(lambda frame: negate(run(frame)), self.place(node))
            case Chain():
                return self._chain(node)
            case Logic(op=op, operands=operands):
                return logic(op == "or", self.many(operands))
            case Choice(condition=condition, yes=yes, no=no):
                return _choice(*self.many((condition, yes, no)))
            case Path():
                return self._path(node)
            case Items(items=items):
                runs = self.many(items)
                return lambda frame: [each(frame) for each in runs]
            case Entries(entries=entries):
                return self._entries(entries)
            case Range():
                return self._range(node)
            case Among(value=value, tests=tests, negated=negated):
                matchers = tuple(self._matcher(test) for test in tests)
                return guarded(among(self.compile(value), matchers, negated), self.place(node))
            case Between(value=value, low=low, high=high):
                runs = self.many((value, low, high))
                return guarded(between(*runs), self.place(node))
            case Loop():
                return self._loop(node)
            case InstanceOf():
                return self._instance_of(node)
            case Definition():
                return self._definition(node)
            case _:
                raise ExpressionError("This can't stand in FEEL", self.place(node))

    @contextmanager
    def _binding(self, *names: str) -> Iterator[None]:
        self._bound.extend(names)
        yield
        del self._bound[len(self._bound) - len(names) :]

    def _name(self, node: Name) -> Run:
        name, place = node.name, self.place(node)
        if name in self._inputs:
            self._asks += 1
        if name not in self._bound:
            self.reads.add(name)
        lenient = self._missing_is_null or self._filters > 0

        def run(frame: Frame) -> object:
            value = looked_up(frame, name)
            if value is not MISSING:
                return value
            if lenient:
                return None
            raise ExpressionError(f"There is no variable “{name}”", place)

        return run

    def _chain(self, node: Chain) -> Run:
        first, left = self.compile(node.first), node.first
        steps: list[tuple[Callable[[object, object], object], Run, int]] = []
        for op, at, right in node.rest:
            apply = BINARY[op]
            if _is_text(left) or _is_text(right):
                apply = plainly(op, apply)
            steps.append((apply, self.compile(right), at + self.offset))
            left = right

        def run(frame: Frame) -> object:
            value = first(frame)
            for apply, right, place in steps:
                try:
                    other = right(frame)
                    if value.__class__ not in SCALARS:
                        charge(value, frame.budget)
                    value = charge_text(apply(value, other), frame.budget)
                except ExpressionError as error:
                    raise error.located(place) from error.__cause__
            return value

        return run

    def _path(self, node: Path) -> Run:
        trailers = list(node.trailers)
        if isinstance(node.base, Name) and isinstance(trailers[0], Arguments):
            run = self._call_by_name(node.base, trailers.pop(0))
        else:
            run = self.compile(node.base)
        return path(run, [(self._trailer(each), self.place(each)) for each in trailers])

    def _trailer(self, trailer: Member | Index | Arguments) -> Step:
        self.size += 1
        match trailer:
            case Member(name=name):
                return _member(name)
            case Index(index=index):
                before = self.size
                self._filters += 1
                with self._binding("item"):
                    condition = self.compile(index)
                self._filters -= 1
                return filtered(condition, self.size - before)
            case Arguments(values=values):
                runs = self.many(values)
                return lambda frame, value: applied(value, runs, frame)

    def _call_by_name(self, base: Name, arguments: Member | Index | Arguments) -> Run:
        assert isinstance(arguments, Arguments)
        name, place, names = base.name, self.place(base), arguments.names
        if name == "is defined":
            return self._is_defined(arguments, place)
        bound = name in self._bound
        if not bound:
            self.calls.add(name)
        runs = self.many(arguments.values)

        def run(frame: Frame) -> object:
            function = looked_up(frame, name) if bound else None
            if not isinstance(function, Function):
                function = FUNCTIONS.get(name) or frame.functions.get(name)
            if function is None:  # a decision table's knowledge is a variable that can be called
                held = looked_up(frame, name)
                function = held if isinstance(held, Function) else None
            if function is None:
                raise ExpressionError(f"There is no function “{name}”", place)
            values = arranged(function, name, [each(frame) for each in runs], names, place)
            return called(function, name, values, frame.budget, place)

        return run

    def _is_defined(self, arguments: Arguments, place: int) -> Run:
        """Whether the name is known and its value not null."""
        if len(arguments.values) != 1:
            raise ExpressionError("“is defined” takes one value", place)
        before, self._missing_is_null = self._missing_is_null, True
        run = self.compile(arguments.values[0])
        self._missing_is_null = before
        return lambda frame: run(frame) is not None

    def _entries(self, entries: tuple[tuple[str, Node], ...]) -> Run:
        runs: list[tuple[str, Run]] = []
        for key, node in entries:
            if any(key == name for name, _ in runs):
                raise ExpressionError(f"The key “{key}” stands twice", self.place(node))
            with self._binding(*(name for name, _ in runs)):
                runs.append((key, self.compile(node)))

        def run(frame: Frame) -> object:
            made: dict[str, object] = {}
            inner = frame.inner(made)
            for key, each in runs:
                made[key] = each(inner)
            return made

        return run

    def _range(self, node: Range) -> Run:
        start, end = self.many((node.start, node.end))

        def run(frame: Frame) -> object:
            low, high = start(frame), end(frame)
            if (low is None or high is None) and (not node.half or low is high):
                return None
            return Interval(low, high, node.start_open, node.end_open)

        return run

    def _matcher(self, test: Node) -> Matcher:
        if isinstance(test, Test):
            return operator_test(BINARY[test.op], self.compile(test.operand))
        if isinstance(test, Literal):
            same = plainly("=", BINARY["="]) if _is_text(test) else BINARY["="]
            return operator_test(same, self.compile(test))
        before = self._asks
        run = self.compile(test)
        return expression_test(run, self._asks > before)

    def _loop(self, node: Loop) -> Run:
        before = self.size
        sources: list[Source] = []
        names: list[str] = []
        for each in node.bindings:
            with self._binding(*names):
                end = None if each.end is None else self.compile(each.end)
                sources.append((each.name, self.compile(each.source), end))
            names.append(each.name)
        partial = ["partial"] if node.kind == "for" else []
        with self._binding(*names, *partial):
            body = self.compile(node.body)
        run = loop(node.kind, tuple(sources), body, self.size - before)
        return guarded(run, self.place(node))

    def _instance_of(self, node: InstanceOf) -> Run:
        kind = node.type
        if name := unknown(kind):
            raise ExpressionError(f"There is no type “{name}”", self.place(node))
        run = self.compile(node.value)
        return lambda frame: is_kind(run(frame), kind)

    def _definition(self, node: Definition) -> Run:
        before = self.size
        with self._binding(*node.parameters):
            run = self.compile(node.body)
        size = self.size - before
        # a type of the file's own is not known here: any value is taken
        kinds = tuple(kind if kind and not unknown(kind) else None for kind in node.kinds)
        return lambda frame: Function(node.parameters, run, frame, size, kinds)


def _member(name: str) -> Step:
    def run(frame: Frame, value: object) -> object:
        if value.__class__ is list:  # of each of its items
            charge(value, frame.budget)
        return member(value, name)

    return run


def _is_text(node: Node) -> bool:
    return isinstance(node, Literal) and isinstance(node.value, str)


def _choice(condition: Run, yes: Run, no: Run) -> Run:
    return lambda frame: yes(frame) if condition(frame) is True else no(frame)
