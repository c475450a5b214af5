"""Which variables the conditions behind a desk need, and of what kind they must be: what a
generated form asks for."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.diagrams.definition import Definition
from engine.diagrams.reads import ENGINE
from engine.diagrams.ways import Ways, graphs, template
from engine.expressions import ExpressionError
from engine.expressions.juel import parse_juel
from engine.expressions.tree import (
    Arguments,
    Chain,
    Choice,
    Group,
    Literal,
    Logic,
    Member,
    Name,
    Node,
    Path,
    Unary,
)
from engine.tokens import Graph, Step
from forms import Wanted

PASSED = frozenset({"exclusive", "inclusive", "parallel", "pass", "throw", "action", "start"})
"""What lies on the way on and stops nobody."""
COMPARING = frozenset({"==", "!=", "eq", "ne", "<", ">", "<=", ">=", "lt", "gt", "le", "ge"})
EQUAL = frozenset({"==", "!=", "eq", "ne"})
CHOICES_MAX = 50


def needed(definition: Definition, node: str) -> tuple[Wanted, ...]:
    """What the conditions between a node (or start event) and the next that waits read, and
    nothing in the diagram sets by itself; in the order in which they stand."""
    found: dict[str, _Uses] = {}
    for condition in _conditions(definition.net.graph, node):
        for name, use in _uses(condition):
            found.setdefault(name, _Uses()).add(use)
    own = _set_elsewhere(definition)
    return tuple(use.wanted(name) for name, use in found.items() if name not in own)


def _set_elsewhere(definition: Definition) -> frozenset[str]:
    """Names that the engine, a task's verdict, an action or an event sets."""
    own = {*ENGINE, definition.process.initiator_variable}
    for node in definition.nodes.values():
        own |= {node.verdict, f"{node.id}_answers", f"{node.id}_number", node.element_variable}
    for action in definition.actions.values():
        own |= {*action.outputs, action.result}
    for event in definition.events.values():
        own |= {*event.outputs, event.code_variable, event.message_variable}
    return frozenset(own)


def _conditions(graph: Graph, node: str) -> Iterator[str]:
    """Those on every way from a node to the next that waits, into sub-processes and out of them."""
    ways = {each.id: Ways(each) for each in graphs(graph)}
    around: dict[str, tuple[str, str]] = {}
    for each in ways.values():
        for step in each.graph.steps:
            if step.inner is not None:
                around[step.inner.id] = each.graph.id, step.id
    todo = [(each.graph.id, node) for each in ways.values() if node in each.steps]
    seen: set[tuple[str, str]] = set()
    while todo:
        place = todo.pop()
        if place in seen:
            continue
        seen.add(place)
        here = ways[place[0]]
        for flow in here.out[place[1]]:
            yield flow.condition
            todo += _further(here.steps[flow.target], place[0], ways)
        step = here.steps[place[1]]
        if step.ends and step.kind == "end" and place[0] in around:
            todo.append(around[place[0]])


def _further(step: Step, graph: str, ways: dict[str, Ways]) -> list[tuple[str, str]]:
    if step.inner is not None and step.kind == "sub-process":
        return [(step.inner.id, start) for start in ways[step.inner.id].starts[:1]]
    return [(graph, step.id)] if step.kind in PASSED or step.ends else []


@dataclass(slots=True)
class _Uses:
    """What one variable is compared with."""

    kinds: set[str] = field(default_factory=set)
    choices: dict[str, None] = field(default_factory=dict)

    def add(self, use: object) -> None:
        """`use` is a value that it is compared with, or the name of a kind in a tuple."""
        if isinstance(use, tuple):
            self.kinds.add(str(use[0]))
        elif isinstance(use, bool) or use in ("true", "false"):
            self.kinds.add("boolean")
        elif isinstance(use, str):
            self.kinds.add("choice")
            self.choices[use] = None
        elif use is not None:
            self.kinds.add("number")

    def wanted(self, name: str) -> Wanted:
        """What is to be asked for; a text where it is compared with different things."""
        kinds = self.kinds - {"text"}
        if kinds == {"boolean"}:
            return Wanted(name, "boolean")
        if kinds == {"number"}:
            return Wanted(name, "number")
        if kinds == {"choice"} and len(self.choices) <= CHOICES_MAX and "text" not in self.kinds:
            return Wanted(name, "choice", tuple(self.choices))
        return Wanted(name, "text")


def _uses(condition: str) -> Iterator[tuple[str, object]]:
    """Each variable of a condition, with what it is compared with, or ("boolean",) and the like."""
    found = template(condition)
    if found is None:
        return
    body = condition.strip()
    try:
        tree = parse_juel(body[2:-1], 0) if body[:2] in ("${", "#{") else None
    except (ExpressionError, RecursionError):
        tree = None
    if tree is None:
        yield from ((name, ("text",)) for name in sorted(found.reads))
        return
    for name, use in _read(tree, truth=True):
        if name in found.reads:
            yield name, use


def _read(node: Node, *, truth: bool = False) -> Iterator[tuple[str, object]]:
    """`truth`: whether the node is asked for true or false."""
    match node:
        case Group(inner=inner):
            yield from _read(inner, truth=truth)
        case Name(name=name):
            yield name, ("boolean",) if truth else ("text",)
        case Logic(operands=operands):
            for each in operands:
                yield from _read(each, truth=True)
        case Unary(op=op, operand=operand):
            yield from _number(operand) if op == "-" else _read(operand, truth=op == "!")
        case Choice(condition=condition, yes=yes, no=no):
            yield from _read(condition, truth=True)
            yield from _read(yes, truth=truth)
            yield from _read(no, truth=truth)
        case Chain():
            yield from _compared(node)
        case Path(base=base, trailers=trailers):
            yield from _called(base, trailers)
        case _:
            pass


def _compared(chain: Chain) -> Iterator[tuple[str, object]]:
    left = chain.first
    for op, _, right in chain.rest:
        pair = [(left, right), (right, left)]
        for one, other in pair:
            bare = _bare(one)
            if not isinstance(bare, Name):
                if one is right or left is chain.first:
                    yield from _read(one)
            elif op not in COMPARING:
                yield bare.name, ("text",) if _is_text(other) else ("number",)
            elif isinstance(value := _bare(other), Literal):
                same = op in EQUAL or not isinstance(value.value, str)
                yield bare.name, value.value if same else ("text",)
            elif op in EQUAL:
                yield bare.name, ("text",)
            else:
                yield bare.name, ("number",)
        left = right


def _called(base: Node, trailers: tuple[Member | object, ...]) -> Iterator[tuple[str, object]]:
    """Methods of texts say that it is one; of what has parts, no field can ask."""
    arguments = [each for each in trailers if isinstance(each, Arguments)]
    first = trailers[0] if trailers else None
    if isinstance(base, Name) and isinstance(first, Member) and arguments:
        given = [_bare(value) for value in arguments[0].values]
        if first.name in ("equals", "equalsIgnoreCase") and len(given) == 1:
            value = given[0]
            yield base.name, value.value if isinstance(value, Literal) else ("text",)
        elif first.name in ("startsWith", "endsWith", "matches", "toLowerCase", "toUpperCase"):
            yield base.name, ("text",)
    elif isinstance(base, Group):
        yield from _read(base)
    for each in arguments:
        for value in each.values:
            yield from _read(value)


def _number(node: Node) -> Iterator[tuple[str, object]]:
    bare = _bare(node)
    if isinstance(bare, Name):
        yield bare.name, ("number",)
    else:
        yield from _read(node)


def _bare(node: Node) -> Node:
    while isinstance(node, Group):
        node = node.inner
    if isinstance(node, Path) and not node.trailers:
        return _bare(node.base)
    return node


def _is_text(node: Node) -> bool:
    bare = _bare(node)
    return isinstance(bare, Literal) and isinstance(bare.value, str)
