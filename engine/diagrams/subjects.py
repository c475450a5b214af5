"""What lint rules look at: a diagram as drawn (XML), and as built (graph, words, forms)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from engine.diagrams import source
from engine.diagrams.events import definitions
from engine.diagrams.nodes import IGNORED, Collected
from engine.diagrams.source import Element
from engine.diagrams.ways import Ways, graphs
from engine.diagrams.words import ProcessWords
from engine.tokens import Graph, Step
from forms import Form

Severity = Literal["refuse", "warn"]
"""`refuse`: such a diagram is not deployed. `warn`: whoever deploys it is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a rule says about one element, and what to do about it."""

    element: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the check may count on; None: that is not checked.

    `functions` are those that expressions may call; `lists` the names of deployed lists (without
    their ending), `decisions` the ids of decisions, `processes` the keys of processes among the
    files.
    """

    functions: frozenset[str] | None = None
    lists: frozenset[str] | None = None
    decisions: frozenset[str] | None = None
    processes: frozenset[str] | None = None
    asked: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The functions that each decision calls, by its id."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Built:
    """A diagram all of whose elements could be read."""

    graph: Graph
    process: ProcessWords
    words: Collected
    forms: Mapping[str, Form]
    known: Known

    @cached_property
    def ways(self) -> tuple[Ways, ...]:
        """Those of the process and of every sub-process, the outermost first."""
        return tuple(Ways(each) for each in graphs(self.graph))

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Every step, those in sub-processes included."""
        return tuple(step for each in self.ways for step in each.graph.steps)


class Container:
    """A process or sub-process as drawn: its nodes, and its flows by their ends."""

    def __init__(self, element: Element) -> None:
        self.element = element
        self.id = source.identity(element)
        self.nodes: dict[str, Element] = {}
        self.flows: list[tuple[str, Element]] = []
        """Each with its id, or the one that it is given (as in the graph)."""
        for each in element:
            if source.in_bpmn(each) and source.local(each) not in IGNORED:
                self.nodes[source.identity(each)] = each
        for number, each in enumerate(source.children(element, "sequenceFlow"), 1):
            self.flows.append((source.identity(each) or f"flow:{number}", each))
        self.into: dict[str, list[str]] = {node: [] for node in self.nodes}
        self.out: dict[str, list[str]] = {node: [] for node in self.nodes}
        self.flow: dict[str, Element] = dict(self.flows)
        for flow, each in self.flows:
            self.out.setdefault(each.get("sourceRef", ""), []).append(flow)
            self.into.setdefault(each.get("targetRef", ""), []).append(flow)

    def of(self, *tags: str) -> Iterator[tuple[str, Element]]:
        """Its nodes with one of these tags."""
        for node, each in self.nodes.items():
            if source.local(each) in tags:
                yield node, each

    def triggered(self, kind: str) -> Iterator[tuple[str, Element, Element]]:
        """Its events of a kind (`link`, `error`, …), each with that event definition."""
        for node, each in self.nodes.items():
            for definition in definitions(each):
                if source.local(definition) == f"{kind}EventDefinition":
                    yield node, each, definition

    def is_conditional(self, flow: str) -> bool:
        """Whether the flow has a condition."""
        return source.child(self.flow[flow], "conditionExpression") is not None


@dataclass(frozen=True, kw_only=True, eq=False)
class Drawn:
    """A diagram as its author drew it: all of the file, and the process that is to run."""

    root: Element
    process: Element

    @cached_property
    def containers(self) -> tuple[Container, ...]:
        """The process and its sub-processes, from the outside in."""
        found = [self.process]
        tags = [f"{{{source.BPMN}}}{tag}" for tag in ("subProcess", "transaction")]
        found += self.process.iter(*tags)
        return tuple(Container(each) for each in found)
