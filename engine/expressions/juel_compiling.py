"""From a JUEL tree to closures."""

from collections.abc import Callable, Mapping

from engine.expressions.compiling import Compiler, Frame, Run, Step, called, guarded, path
from engine.expressions.errors import ExpressionError
from engine.expressions.functions import STANDARD
from engine.expressions.juel_asking import ASKED, EVERYTHING, OWNERS, PREFIXED, Question
from engine.expressions.juel_java import as_data
from engine.expressions.juel_methods import METHODS
from engine.expressions.juel_rules import BINARY, is_empty, item, member, negate, truth
from engine.expressions.juel_running import (
    binary,
    choice,
    condition,
    every,
    everything,
    sequence,
    some,
    unary,
)
from engine.expressions.printing import text_of
from engine.expressions.tree import (
    Arguments,
    Chain,
    Choice,
    Group,
    Index,
    Literal,
    Logic,
    Member,
    Name,
    Node,
    Path,
    Unary,
)

_UNARY: dict[str, Callable[[object], object]] = {
    "-": negate,
    "!": lambda value: not truth(value),
    "empty": is_empty,
}


class JuelCompiler(Compiler):
    """Names are the variables; one that does not exist is an error.

    `beans` maps methods of beans (`mail.send`) to the provided functions that stand for them.
    """

    def __init__(self, beans: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self._beans = beans or {}

    def build(self, node: Node) -> Run:
        """The closure of `node`."""
        match node:
            case Literal(value=value):
                return lambda _: value
            case Name(name=name):
                return self._name(name, self.place(node))
            case Group(inner=inner):
                return self.compile(inner)
            case Unary(op=op, operand=operand):
                return unary(_UNARY[op], self.compile(operand), self.place(node))
            case Chain():
                return self._chain(node)
            case Logic(op=op, operands=operands):
                return self._logic(op, operands)
            case Choice(condition=asked, yes=yes, no=no):
                holds = condition(self.compile(asked), self.place(asked))
                return choice(holds, self.compile(yes), self.compile(no))
            case Path():
                return self._path(node)
            case _:
                raise ExpressionError("This can't stand in a JUEL expression", self.place(node))

    def _name(self, name: str, place: int) -> Run:
        if name == EVERYTHING:
            return everything
        self.reads.add(name)

        def run(frame: Frame) -> object:
            try:
                return frame.names[name]
            except KeyError:
                raise ExpressionError(f"There is no variable “{name}”", place) from None

        return run

    def _chain(self, node: Chain) -> Run:
        run = self.compile(node.first)
        if len(node.rest) == 1:
            op, at, right = node.rest[0]
            return binary(BINARY[op], run, self.compile(right), at + self.offset)
        steps = [(BINARY[op], self.compile(right), at + self.offset) for op, at, right in node.rest]
        return sequence(run, steps)

    def _logic(self, op: str, operands: tuple[Node, ...]) -> Run:
        runs = [condition(self.compile(node), self.place(node)) for node in operands]
        return some(runs) if op == "or" else every(runs)

    def _path(self, node: Path) -> Run:
        """Members, indexes and calls; `bean.method(x)` is a call of the function of that name."""
        written = as_data(node, self._beans)
        if isinstance(written, Name):
            return self.compile(written)
        base, trailers = written.base, list(written.trailers)
        dotted = _dotted(base, trailers, self._beans)
        if dotted is not None:
            name, count = dotted
            arguments = trailers[count]
            assert isinstance(arguments, Arguments)
            run = self._call(name, base.at, arguments)
            del trailers[: count + 1]
        else:
            run = self.compile(base)
        steps: list[tuple[Step, int]] = []
        while trailers:
            self.size += 1
            place = self.place(trailers[0])
            steps.append((self._trailer(trailers, place), place))
        return path(run, steps)

    def _call(self, name: str, at: int, arguments: Arguments) -> Run:
        """A call of a function; what diagrams ask the engine's own objects is looked up here."""
        owner, _, method = name.partition(".")
        question = ASKED.get(method) if owner in OWNERS else None
        if question is None:
            question = PREFIXED.get(name)
        if question is not None:
            return self._asked(question, at, arguments, name)
        if name.startswith("fn:"):
            return self._method_of_first(name.removeprefix("fn:"), at, arguments)
        if name == "dateTime" and not arguments.values:
            name = "now"
        known = tuple(_EXECUTION if _is_execution(each) else each for each in arguments.values)
        return self.call(self._beans.get(name, name), at, Arguments(arguments.at, known), STANDARD)

    def _asked(self, question: Question, at: int, arguments: Arguments, name: str) -> Run:
        """`execution.getVariable('x')`, `variables:get(x)`: never an error that there is none."""
        place = at + self.offset
        values = list(arguments.values)
        if len(values) != question.arguments:
            raise ExpressionError(f"“{name}” can't take {len(values)} values", place)
        if not values:
            return everything
        first = values.pop(0)
        if isinstance(first, Name) and question.bare:
            first = Literal(first.at, first.name)
        if isinstance(first, Literal) and isinstance(first.value, str):
            self.reads.add(first.value)
        variable, runs = self.compile(first), self.many(tuple(values))

        def run(frame: Frame) -> object:
            asked = text_of(variable(frame))
            return question.answer(frame.names, asked, *(each(frame) for each in runs))

        return guarded(run, place)

    def _method_of_first(self, name: str, at: int, arguments: Arguments) -> Run:
        """`fn:contains(a, b)` is `a.contains(b)`."""
        place = at + self.offset
        if not arguments.values:
            raise ExpressionError(f"“fn:{name}” takes a value", place)
        first, *rest = self.many(arguments.values)
        method = _method("size" if name == "length" else name, tuple(rest), place)
        return lambda frame: method(frame, first(frame))

    def _trailer(self, trailers: list[Member | Index | Arguments], place: int) -> Step:
        trailer = trailers.pop(0)
        match trailer:
            case Member(name=name) if trailers and isinstance(trailers[0], Arguments):
                arguments = trailers.pop(0)
                assert isinstance(arguments, Arguments)
                return _method(name, self.many(arguments.values), place)
            case Member(name=name):
                return lambda _, value: member(value, name)
            case Index(index=index):
                at = self.compile(index)
                return lambda frame, value: item(value, at(frame))
            case _:
                raise ExpressionError("Only a function's name can stand before “(”", place)


_EXECUTION = Name(0, EVERYTHING)


def _is_execution(node: Node) -> bool:
    """`bean.method(execution)`: what a method is handed of it is the variables."""
    return isinstance(node, Name) and node.name in OWNERS


def _dotted(
    base: Node, trailers: list[Member | Index | Arguments], beans: Mapping[str, str]
) -> tuple[str, int] | None:
    """The function that a path begins with, `f(…)` or `a.b.f(…)`, and how many members it has.

    A path that ends in one of the known methods of data is not one (`list.size()`), unless it is
    one of the `beans`.
    """
    if not isinstance(base, Name):
        return None
    names = [base.name]
    for count, trailer in enumerate(trailers):
        if isinstance(trailer, Member):
            names.append(trailer.name)
        elif isinstance(trailer, Arguments):
            name = ".".join(names)
            method = len(names) > 1 and names[-1] in METHODS and name not in beans
            return None if method else (name, count)
        else:
            return None
    return None


def _method(name: str, arguments: tuple[Run, ...], place: int) -> Step:
    if name not in METHODS:
        raise ExpressionError(f"There is no method “{name}” on data", place)
    least, most, function = METHODS[name]
    if not least <= len(arguments) <= most:
        wanted = ("no value", "one value", "two values")[least]
        raise ExpressionError(f"“.{name}()” takes {wanted}", place)

    def call(frame: Frame, value: object) -> object:
        values = [each(frame) for each in arguments]
        if value is None:
            return None
        return called(function, name, [value, *values], frame.budget, place)

    return call
