"""A graph asked where its tokens can go: flows by their ends, what waits, what is certain."""

from collections.abc import Iterator

from engine.expressions import ExpressionError, Template, compile_template
from engine.tokens import Flow, Graph, Step

WAITS = frozenset({"task", "external", "catch", "event-gateway", "call"})
"""Steps at which a token stops until something comes from outside. What a called process does is
not known, so a call counts among them."""


class Ways:
    """The flows of one graph by their ends."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.steps: dict[str, Step] = {step.id: step for step in graph.steps}
        self.out: dict[str, list[Flow]] = {step: [] for step in self.steps}
        self.into: dict[str, list[Flow]] = {step: [] for step in self.steps}
        for flow in graph.flows:
            self.out[flow.source].append(flow)
            self.into[flow.target].append(flow)
        self.edges: dict[str, list[str]] = {}
        """Events on the edge of an activity, by the activity."""
        for step in graph.steps:
            if step.event is not None and step.event.attached_to:
                self.edges.setdefault(step.event.attached_to, []).append(step.id)

    @property
    def starts(self) -> tuple[str, ...]:
        """Where tokens begin: start events, and event sub-processes, to which no flow leads."""
        handlers = (s.id for s in self.graph.steps if s.kind == "event-sub-process")
        return (*(self.graph.starts or (self.graph.start,)), *handlers)

    def reached(self, *starts: str) -> set[str]:
        """Every step that a token from there can get to, the starts included."""
        seen: set[str] = set()
        todo = list(starts)
        while todo:
            here = todo.pop()
            if here not in seen and here in self.steps:
                seen.add(here)
                todo += [flow.target for flow in self.out[here]]
                todo += self.edges.get(here, [])
        return seen

    def joins(self, step: Step) -> bool:
        """Whether a token waits here for those of other flows."""
        return step.kind == "parallel" and len(self.into[step.id]) > 1

    def is_certain(self, flow: Flow) -> bool:
        """Whether every token that leaves the flow's source goes this way (too)."""
        source = self.steps[flow.source]
        if source.kind not in ("exclusive", "inclusive"):
            return True
        out = self.out[flow.source]
        others = [each for each in out if each is not flow]
        if not others:
            return True
        if flow.id == source.default:
            return all(constant(each.condition) is False for each in others)
        if source.kind == "inclusive":
            return not flow.condition or constant(flow.condition) is True
        before = others[: out.index(flow)]
        return constant(flow.condition) is True and all(
            constant(each.condition) is False for each in before
        )


def drawn(step: str) -> str:
    """The id of the element as drawn, from which a step was made that its author did not draw."""
    return step.partition(":")[0]


def graphs(graph: Graph) -> Iterator[Graph]:
    """The graph and those of its sub-processes."""
    todo = [graph]
    while todo:
        each = todo.pop(0)
        yield each
        todo += [step.inner for step in each.steps if step.inner is not None]


def waits(step: Step) -> bool:
    """Whether a token always stops here (a sub-process: whether it cannot be run through)."""
    if step.inner is not None and step.kind == "sub-process":
        return not _passes(step.inner)
    return step.kind in WAITS


def never_waits(step: Step) -> bool:
    """Whether no token ever stops here, whatever is in it."""
    if step.inner is not None:
        return all(never_waits(each) for each in step.inner.steps)
    return step.kind not in WAITS


def _passes(graph: Graph) -> bool:
    """Whether a token may get from the start to an end without ever waiting."""
    ways = Ways(graph)
    seen: set[str] = set()
    todo = list(graph.starts or (graph.start,))
    while todo:
        here = ways.steps[todo.pop()]
        if here.id in seen:
            continue
        seen.add(here.id)
        if waits(here):
            continue
        if not ways.out[here.id]:
            return True
        todo += [flow.target for flow in ways.out[here.id]]
    return False


def template(text: str) -> Template | None:
    """The template of a text; None where it is empty or was refused where it was read."""
    try:
        return compile_template(text) if text else None
    except ExpressionError:
        return None


def constant(condition: str) -> bool | None:
    """What a condition is that reads and asks nothing; None: it may be either."""
    found = template(condition)
    if found is None or found.reads or found.calls:
        return None
    try:
        return found.holds({})
    except ExpressionError:
        return None


def literal(text: str) -> str:
    """The plain text that an expression always gives; "" where it depends on anything."""
    found = template(text)
    if found is None or found.reads or found.calls:
        return ""
    try:
        return str(found.evaluate({}))
    except ExpressionError:
        return ""
