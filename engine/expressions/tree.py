"""The syntax tree that both grammars (JUEL and FEEL) build and one compiler reads.

`at` is the offset in the expression's text. Chains (sums, conjunctions, member paths) are kept
flat, so that a long one is not a deep one.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Node:
    """Any part of an expression."""

    at: int


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A value written out."""

    value: object


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable, or a name bound by a surrounding loop."""

    name: str


@dataclass(frozen=True, slots=True)
class Group(Node):
    """Parentheses: no meaning of their own, but a level of nesting."""

    inner: Node


@dataclass(frozen=True, slots=True)
class Unary(Node):
    """`op` is `-`, `!` or `empty`."""

    op: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Chain(Node):
    """`first op next op next …`, from left to right."""

    first: Node
    rest: tuple[tuple[str, int, Node], ...]


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """`and` or `or` over two or more operands."""

    op: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice(Node):
    """`condition ? yes : no`, or `if … then … else …`."""

    condition: Node
    yes: Node
    no: Node


@dataclass(frozen=True, slots=True)
class Member(Node):
    """Trailer `.name`."""

    name: str


@dataclass(frozen=True, slots=True)
class Index(Node):
    """Trailer `[expression]`; in FEEL a filter where the expression is not a number."""

    index: Node


@dataclass(frozen=True, slots=True)
class Arguments(Node):
    """Trailer `(a, b)`; `names` are those of named arguments, or empty."""

    values: tuple[Node, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Path(Node):
    """A value followed by members, indexes and calls."""

    base: Node
    trailers: tuple[Member | Index | Arguments, ...]


@dataclass(frozen=True, slots=True)
class Items(Node):
    """A list written out."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Entries(Node):
    """A context (map) written out; an entry sees those before it."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Range(Node):
    """`[start..end]`, each side open or closed."""

    start: Node
    end: Node
    start_open: bool
    end_open: bool
    half: bool = False
    """Without one of its ends: `(< 5)`."""


@dataclass(frozen=True, slots=True)
class Test(Node):
    """A unary test without its left side: `< 5`."""

    op: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Among(Node):
    """`value in (tests)`; also the whole of a decision table's cell, negated by `not(…)`."""

    value: Node
    tests: tuple[Node, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Between(Node):
    """`value between low and high`, both included."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class Binding(Node):
    """`name in source`, or `name in source..end`."""

    name: str
    source: Node
    end: Node | None = None


@dataclass(frozen=True, slots=True)
class Loop(Node):
    """`kind` is `for`, `some` or `every`."""

    kind: str
    bindings: tuple[Binding, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """`value instance of type`."""

    value: Node
    type: "Kind"


@dataclass(frozen=True, slots=True)
class Kind:
    """A type: its name, and those of what it holds (with the key, in a context)."""

    name: str
    parts: tuple[tuple[str, "Kind"], ...] = ()


@dataclass(frozen=True, slots=True)
class Definition(Node):
    """`function(a, b: number) body`; `kinds` are the parameters' types, None where not named."""

    parameters: tuple[str, ...]
    body: Node
    kinds: tuple["Kind | None", ...] = ()
