"""What is the same for every node of a diagram, and where its words are collected."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.diagrams import source
from engine.diagrams.findings import Findings
from engine.diagrams.source import Element
from engine.diagrams.vendors import takes_first_way
from engine.diagrams.words import ActionWords, EndWords, EventWords, NodeId, NodeWords
from forms import Form


@dataclass(slots=True)
class Collected:
    """The words found so far."""

    nodes: dict[NodeId, NodeWords] = field(default_factory=dict)
    actions: dict[NodeId, ActionWords] = field(default_factory=dict)
    events: dict[NodeId, EventWords] = field(default_factory=dict)
    ends: dict[NodeId, EndWords] = field(default_factory=dict)
    starts: dict[NodeId, EventWords] = field(default_factory=dict)
    """What the process's other start events wait for."""
    names: dict[NodeId, str] = field(default_factory=dict)
    names_en: dict[NodeId, str] = field(default_factory=dict)
    forms: dict[str, Form] = field(default_factory=dict)
    """Forms that stand in the diagram itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A message, signal, error or escalation of the diagram."""

    id: str
    name: str
    code: str
    """Of an error or escalation."""
    element: Element


KINDS = ("message", "signal", "error", "escalation")


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagram:
    """What is the same for every node of a diagram."""

    root: Element
    process: Element
    named: dict[str, tuple[Named, ...]]
    """Messages, signals, errors and escalations, by kind."""
    lanes: dict[str, str]
    """Name of the innermost lane, by node."""
    first_way: bool
    """Out of an exclusive gateway, a flow without a condition is one that may be taken."""
    words: Collected
    findings: Findings

    def find(self, kind: str, reference: str) -> Named | None:
        """The message (signal, error, escalation) that an element refers to: by its id, with or
        without a prefix, or by its name."""
        reference = reference.strip()
        bare = reference.rpartition(":")[2]
        for matches in (
            lambda each: each.id == reference,
            lambda each: each.id == bare,
            lambda each: reference in (each.name, each.code),
        ):
            found = next((each for each in self.named[kind] if reference and matches(each)), None)
            if found is not None:
                return found
        return None


def read_diagram(root: Element, process: Element, findings: Findings) -> Diagram:
    """The diagram around a process, before any of its nodes is read."""
    return Diagram(
        root=root,
        process=process,
        named={kind: tuple(_named(root, kind)) for kind in KINDS},
        lanes=read_lanes(process),
        first_way=takes_first_way(root),
        words=Collected(),
        findings=findings,
    )


def _named(root: Element, kind: str) -> Iterator[Named]:
    for each in source.children(root, kind):
        yield Named(
            id=source.identity(each),
            name=source.title(each),
            code=each.get(f"{kind}Code", "").strip(),
            element=each,
        )


def read_lanes(process: Element) -> dict[str, str]:
    """The name of the innermost lane of each node; what lies in a sub-process is in its lane."""
    found: dict[str, str] = {}
    todo = list(source.children(process, "laneSet"))
    while todo:
        for lane in source.children(todo.pop(0), "lane"):
            for reference in source.children(lane, "flowNodeRef"):
                # Sets are read from the outside in: what is read later lies deeper.
                found[source.text(reference)] = source.title(lane)
            todo.extend(source.children(lane, "childLaneSet"))
    for outer in process.iter(f"{{{source.BPMN}}}subProcess"):
        name = found.get(source.identity(outer), "")
        for inner in outer.iterdescendants():
            if name and inner.get("id"):
                found.setdefault(source.identity(inner), name)
    return found
