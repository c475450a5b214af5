"""Random block-structured processes: as a tree of shapes, and as the graph that draws it."""

import itertools
from dataclasses import dataclass, replace
from random import Random

from engine.tokens import Call, Each, Flow, Graph, Mapped, Step
from engine.tokens.graph import StepKind
from tests.engine_tokens.nets import message, timer

HANDLER, EDGE = "h_", "b_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """An event on the edge of an activity."""

    kind: str
    interrupting: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A block with one way in and one way out.

    `kind`: task, row, choice, all, some, again, sub, call, each, in-turn, race. `v_<id>` is the
    variable that its gateway reads.
    """

    kind: str
    id: str
    parts: tuple["Shape", ...] = ()
    edge: Edge | None = None


class Maker:
    """Makes shapes at random."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.count = 0

    def name(self, kind: str) -> str:
        """An id that is not yet used."""
        self.count += 1
        return f"{kind.replace('-', '')}{self.count}"

    def edge(self) -> Edge | None:
        """Often none."""
        if self.random.random() < 0.5:
            return None
        return Edge(
            kind=self.random.choice(["timer", "timer", "message"]),
            interrupting=self.random.random() < 0.5,
        )

    def shape(self, depth: int) -> Shape:
        """A shape nested at most `depth` deep."""
        kinds = ["task"] * 3
        if depth:
            kinds += ["row", "row", "choice", "all", "all", "some", "again", "sub", "call", "each"]
            kinds += ["in-turn", "race"]
        kind = self.random.choice(kinds)
        id = self.name(kind)
        parts = {"task": 0, "again": 1, "sub": 1, "call": 1, "each": 1, "in-turn": 1, "race": 2}
        many = parts.get(kind, self.random.randint(2, 3))
        return Shape(
            kind=kind,
            id=id,
            parts=tuple(self.shape(depth - 1) for _ in range(many)),
            edge=self.edge() if kind in ("task", "sub", "call", "each") else None,
        )

    def process(self, depth: int) -> Shape:
        """A whole process: it begins and ends with a task."""
        first, last = (Shape(kind="task", id=id) for id in ("first", "last"))
        return Shape(kind="row", id="row0", parts=(first, self.shape(depth), last))


def inside(shape: Shape) -> list[Shape]:
    """The shape and everything in it."""
    return [shape, *(each for part in shape.parts for each in inside(part))]


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
            case _:
                return self.watched(shape, self.nested(shape))

    def watched(self, shape: Shape, node: str) -> tuple[str, str]:
        """An activity with its edge event: an interrupting one's handler joins the way on."""
        if shape.edge is None:
            return node, node
        event = timer if shape.edge.kind == "timer" else message
        edge, handler = EDGE + node, HANDLER + node
        self.steps.append(event(edge, node, interrupting=shape.edge.interrupting))
        self.flow(edge, self.step(handler, "task"))
        if not shape.edge.interrupting:
            self.flow(handler, self.step("end_" + node, "end"))
            return node, node
        merge = self.step("m_" + node, "exclusive")
        self.flow(node, merge)
        self.flow(handler, merge)
        return node, merge

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
        for event, part in zip(
            (timer("t_" + shape.id), message("g_" + shape.id)), shape.parts, strict=True
        ):
            self.steps.append(event)
            entered, left = self.block(part)
            self.flow(gate, event.id)
            self.flow(event.id, entered)
            self.flow(left, merge)
        return gate, merge

    def nested(self, shape: Shape) -> str:
        """A sub-process, a called process, or a multi-instance."""
        inner = draw(shape.parts[0], "in_" + shape.id, self.called)
        if shape.kind == "call":
            self.called[inner.id] = inner
            call = Call(process=inner.id, ins=(Mapped(everything=True),))
            self.steps.append(Step(id=shape.id, kind="call", call=call))
            return shape.id
        each = None
        if shape.kind in ("each", "in-turn"):
            each = Each(cardinality="${2}", variable="item", sequential=shape.kind == "in-turn")
        self.steps.append(Step(id=shape.id, kind="sub-process", inner=inner, each=each))
        return shape.id


def draw(shape: Shape, id: str, called: dict[str, Graph]) -> Graph:
    """The graph of a scope."""
    drawing = Drawing(called)
    start = drawing.step("start_" + id, "start")
    entered, left = drawing.block(shape)
    drawing.flow(start, entered)
    drawing.flow(left, drawing.step("end_" + id, "end"))
    return Graph(id=id, start=start, steps=tuple(drawing.steps), flows=tuple(drawing.flows))


def drawn(shape: Shape) -> tuple[Graph, dict[str, Graph]]:
    """The graph of a whole process, and those that it calls."""
    called: dict[str, Graph] = {}
    return draw(shape, "p", called), called
