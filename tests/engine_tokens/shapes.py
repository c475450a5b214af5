"""Random block-structured processes: as a tree of shapes, and as the graph that draws it."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from engine.tokens import Call, Each, Flow, Graph, Mapped, Step
from engine.tokens.graph import StepKind
from tests.engine_tokens.nets import (
    error,
    escalation,
    handler,
    message,
    signal,
    throws,
    timer,
)

EDGE, HANDLER = ("b_", "c_"), ("h_", "i_")
"""Prefixes of the first and the second event on an edge, and of their handlers."""
SCOPES = ("sub", "call", "each", "in-turn", "calls")
"""Shapes with scopes of their own; of `call` and `calls` the variable says which part is run."""
CODES = ("A", "B")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """An event: on the edge of an activity, or of an event sub-process. `code` "" catches all."""

    kind: str
    interrupting: bool
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """An event sub-process."""

    event: Edge
    part: "Shape"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A block with one way in and one way out.

    `kind`: task, row, choice, all, some, again, race, those of `SCOPES`, and two that begin with a
    task: `esc` throws an escalation after it, `fail` an error if its variable is 1. `v_<id>` is the
    variable that its gateway reads. `watch` is an event sub-process of the scopes of this shape.
    """

    kind: str
    id: str
    parts: tuple["Shape", ...] = ()
    edges: tuple[Edge, ...] = ()
    watch: Watch | None = None
    code: str = ""


class Maker:
    """Makes shapes at random."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.count = 0

    def name(self, kind: str) -> str:
        """An id that is not yet used."""
        self.count += 1
        return f"{kind.replace('-', '')}{self.count}"

    def edge(self) -> Edge:
        """An event that can be waited for beside something."""
        kinds = ["timer", "timer", "message", "signal", "error", "error", "escalation"]
        kind = self.random.choice(kinds)
        return Edge(
            kind=kind,
            interrupting=kind == "error" or self.random.random() < 0.5,
            code=self.random.choice(("", *CODES)) if kind in ("error", "escalation") else "",
        )

    def edges(self) -> tuple[Edge, ...]:
        """None, one, two, or two that catch the same sort, of which one is for a certain code."""
        many = self.random.choice((0, 0, 0, 1, 1, 2, "same"))
        if many == "same":
            kind = self.random.choice(("error", "escalation"))
            codes = "", self.random.choice(CODES)
            return tuple(Edge(kind=kind, interrupting=True, code=code) for code in codes)
        return tuple(self.edge() for _ in range(int(many)))

    def watch(self, depth: int) -> Watch | None:
        """Often none."""
        if self.random.random() < 0.6:
            return None
        return Watch(event=self.edge(), part=self.shape(max(0, depth - 1)))

    def shape(self, depth: int) -> Shape:
        """A shape nested at most `depth` deep."""
        kinds = ["task"] * 3 + ["esc", "fail"]
        if depth:
            kinds += [
                "row",
                "row",
                "choice",
                "all",
                "all",
                "some",
                "some",
                "again",
                "sub",
                "sub",
                "call",
            ]
            kinds += ["each", "in-turn", "calls", "race"]
        kind = self.random.choice(kinds)
        id = self.name(kind)
        parts = {"task": 0, "esc": 0, "fail": 0, "again": 1, "sub": 1, "each": 1, "in-turn": 1}
        parts |= {"call": 2, "calls": 2, "race": 2}
        many = parts.get(kind, self.random.randint(2, 3))
        return Shape(
            kind=kind,
            id=id,
            parts=tuple(self.shape(depth - 1) for _ in range(many)),
            edges=self.edges() if kind in ("task", *SCOPES) else (),
            watch=self.watch(depth) if kind in SCOPES else None,
            code=self.random.choice(CODES),
        )

    def process(self, depth: int) -> Shape:
        """A whole process: it begins and ends with a task."""
        first, last = (Shape(kind="task", id=id) for id in ("first", "last"))
        return Shape(
            kind="row",
            id="row0",
            parts=(first, self.shape(depth), last),
            watch=self.watch(depth),
        )


def inside(shape: Shape) -> list[Shape]:
    """The shape and everything in it."""
    return [shape, *(each for part in _parts(shape) for each in inside(part))]


def _parts(shape: Shape) -> Iterator[Shape]:
    yield from shape.parts
    if shape.watch is not None:
        yield shape.watch.part


def event(edge: Edge, id: str, on: str = "") -> Step:
    """The step of an event."""
    match edge.kind:
        case "error":
            return error(id, on, edge.code, code_variable="caught")
        case "escalation":
            return escalation(
                id, on, edge.code, interrupting=edge.interrupting, code_variable="caught"
            )
        case "signal":
            return signal(id, on, interrupting=edge.interrupting)
        case "message":
            return message(id, on, interrupting=edge.interrupting)
        case _:
            return timer(id, on, interrupting=edge.interrupting)


class Drawing:
    """The steps and flows of one scope."""

    def __init__(self, called: dict[str, Graph]) -> None:
        self.steps: list[Step] = []
        self.flows: list[Flow] = []
        self.called = called

    def step(self, id: str, kind: StepKind) -> str:
        """A step."""
        self.steps.append(Step(id=id, kind=kind, ends=kind == "end"))
        return id

    def flow(self, source: str, target: str, condition: str = "") -> str:
        """A flow, from anywhere to anywhere."""
        id = f"{source}>{target}.{len(self.flows)}"
        self.flows.append(Flow(id=id, source=source, target=target, condition=condition))
        return id

    def default(self, node: str, flow: str) -> None:
        """Make a flow the default of a gateway."""
        place = next(i for i, step in enumerate(self.steps) if step.id == node)
        self.steps[place] = replace(self.steps[place], default=flow)

    def block(self, shape: Shape) -> tuple[str, str]:
        """Draw a shape; the nodes by which it is entered and left."""
        match shape.kind:
            case "task":
                return self.watched(shape, self.step(shape.id, "task"))
            case "row":
                ends = [self.block(part) for part in shape.parts]
                for (_, left), (entered, _) in itertools.pairwise(ends):
                    self.flow(left, entered)
                return ends[0][0], ends[-1][1]
            case "choice" | "all" | "some":
                return self.fork(shape)
            case "again":
                return self.loop(shape)
            case "race":
                return self.race(shape)
            case "esc" | "fail":
                return self.thrower(shape)
            case _:
                return self.watched(shape, self.nested(shape))

    def watched(self, shape: Shape, node: str) -> tuple[str, str]:
        """An activity with its edge events: an interrupting one's handler joins the way on."""
        merge = ""
        for prefix, handler_prefix, edge in zip(EDGE, HANDLER, shape.edges, strict=False):
            on, then = prefix + node, handler_prefix + node
            self.steps.append(event(edge, on, node))
            self.flow(on, self.step(then, "task"))
            if not edge.interrupting:
                self.flow(then, self.step("end_" + then, "end"))
                continue
            if not merge:
                merge = self.step("m_" + node, "exclusive")
                self.flow(node, merge)
            self.flow(then, merge)
        return node, merge or node

    def thrower(self, shape: Shape) -> tuple[str, str]:
        """A task, after which something is thrown: always, or if its variable is 1."""
        task = self.step("p_" + shape.id, "task")
        if shape.kind == "esc":
            self.steps.append(throws(shape.id, "escalation", shape.code))
            self.flow(task, shape.id)
            return task, shape.id
        test = self.step("g_" + shape.id, "exclusive")
        out = self.step("o_" + shape.id, "pass")
        self.steps.append(throws(shape.id, "error", shape.code, ends=True))
        self.flow(task, test)
        self.flow(test, shape.id, f"${{v_{shape.id} == 1}}")
        self.default(test, self.flow(test, out))
        return task, out

    def fork(self, shape: Shape) -> tuple[str, str]:
        """Ways side by side."""
        kind: StepKind = {"choice": "exclusive", "all": "parallel", "some": "inclusive"}[shape.kind]  # type: ignore[assignment]
        split, join = self.step(shape.id, kind), self.step("j_" + shape.id, kind)
        for number, part in enumerate(shape.parts):
            entered, left = self.block(part)
            condition = ""
            if shape.kind == "choice" and number:
                condition = f"${{v_{shape.id} == {number}}}"
            if shape.kind == "some" and number:
                condition = f"${{v_{shape.id} == {number} || v_{shape.id} >= 5}}"
            flow = self.flow(split, entered, condition)
            if shape.kind != "all" and not number:
                self.default(split, flow)
            self.flow(left, join)
        return split, join

    def loop(self, shape: Shape) -> tuple[str, str]:
        """A way back, taken while its variable is 1."""
        into = self.step("i_" + shape.id, "exclusive")
        entered, left = self.block(shape.parts[0])
        test = self.step(shape.id, "exclusive")
        out = self.step("o_" + shape.id, "pass")
        self.flow(into, entered)
        self.flow(left, test)
        self.flow(test, into, f"${{v_{shape.id} == 1}}")
        self.default(test, self.flow(test, out))
        return into, out

    def race(self, shape: Shape) -> tuple[str, str]:
        """A timer and a message; what comes first decides the way."""
        gate, merge = self.step(shape.id, "event-gateway"), self.step("m_" + shape.id, "exclusive")
        for step, part in zip(
            (timer("t_" + shape.id), message("g_" + shape.id)), shape.parts, strict=True
        ):
            self.steps.append(step)
            entered, left = self.block(part)
            self.flow(gate, step.id)
            self.flow(step.id, entered)
            self.flow(left, merge)
        return gate, merge

    def nested(self, shape: Shape) -> str:
        """A sub-process, a called process, or a multi-instance of either."""
        each = None
        if shape.kind in ("each", "in-turn", "calls"):
            each = Each(
                cardinality="${2}" if shape.kind == "in-turn" else "${3}",
                variable="item",
                sequential=shape.kind == "in-turn",
                done_when="${nrOfCompletedInstances >= 2}" if shape.kind == "each" else "",
            )
        graphs = [
            draw(part, f"in_{shape.id}_{number}", self.called, shape.watch)
            for number, part in enumerate(shape.parts)
        ]
        if shape.kind not in ("call", "calls"):
            self.steps.append(Step(id=shape.id, kind="sub-process", inner=graphs[0], each=each))
            return shape.id
        self.called.update({graph.id: graph for graph in graphs})
        # One that is not there: the token that calls it is halted.
        first, second = (graph.id for graph in graphs)
        value = f"v_{shape.id}"
        name = f"${{{value} == 2 ? 'gone' : {value} == 1 ? '{second}' : '{first}'}}"
        call = Call(process=name, ins=(Mapped(everything=True),))
        self.steps.append(Step(id=shape.id, kind="call", call=call, each=each))
        return shape.id


def draw(shape: Shape, id: str, called: dict[str, Graph], watch: Watch | None = None) -> Graph:
    """The graph of a scope."""
    drawing = Drawing(called)
    start = drawing.step("start_" + id, "start")
    entered, left = drawing.block(shape)
    drawing.flow(start, entered)
    drawing.flow(left, drawing.step("end_" + id, "end"))
    if watch is not None:
        begins = event(watch.event, "w_" + id)
        drawing.steps.append(handler("esp_" + id, begins, draw(watch.part, "esp_in_" + id, called)))
    return Graph(id=id, start=start, steps=tuple(drawing.steps), flows=tuple(drawing.flows))


def drawn(shape: Shape) -> tuple[Graph, dict[str, Graph]]:
    """The graph of a whole process, and those that it calls."""
    called: dict[str, Graph] = {}
    return draw(shape, "p", called, shape.watch), called
