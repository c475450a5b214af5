"""Every flow node of a process: its words, and the step that the tokens will take."""

from dataclasses import dataclass, field

from engine.diagrams import source
from engine.diagrams.events import definitions, read_action, read_end, read_event
from engine.diagrams.findings import Findings
from engine.diagrams.source import Element
from engine.diagrams.tasks import read_task, signers
from engine.diagrams.words import ActionWords, EndWords, EventWords, NodeId, NodeWords
from engine.tokens import Each, Step
from engine.tokens.graph import StepKind

IGNORED = frozenset(
    {
        "association",
        "auditing",
        "category",
        "dataObject",
        "dataObjectReference",
        "dataStoreReference",
        "documentation",
        "extensionElements",
        "group",
        "incoming",
        "ioSpecification",
        "laneSet",
        "monitoring",
        "multiInstanceLoopCharacteristics",
        "outgoing",
        "property",
        "sequenceFlow",
        "standardLoopCharacteristics",
        "textAnnotation",
    }
)
"""Children of a process or sub-process that move no token."""

GATEWAYS: dict[str, StepKind] = {
    "exclusiveGateway": "exclusive",
    "inclusiveGateway": "inclusive",
    "parallelGateway": "parallel",
    "eventBasedGateway": "event-gateway",
}

HOSTS = frozenset({"userTask", "subProcess"})
"""Activities that may carry boundary events."""


@dataclass(slots=True)
class Collected:
    """The words found so far."""

    nodes: dict[NodeId, NodeWords] = field(default_factory=dict)
    actions: dict[NodeId, ActionWords] = field(default_factory=dict)
    events: dict[NodeId, EventWords] = field(default_factory=dict)
    ends: dict[NodeId, EndWords] = field(default_factory=dict)
    names: dict[NodeId, str] = field(default_factory=dict)
    names_en: dict[NodeId, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagram:
    """What is the same for every node of a diagram."""

    messages: dict[str, str]
    lanes: dict[str, str]
    """Name of the innermost lane, by node."""
    words: Collected
    findings: Findings


def read_step(element: Element, diagram: Diagram) -> Step | None:
    """The step of a flow node; its words are collected. None after saying why there is none.

    A sub-process comes without its content.
    """
    node, tag = source.identity(element), source.local(element)
    match tag:
        case "userTask":
            _refuse_loop(element, diagram)
            words = read_task(element, diagram.lanes.get(node, ""), diagram.findings)
            diagram.words.nodes[words.id] = words
            return Step(id=node, kind="task", default=element.get("default", ""))
        case "task" | "manualTask":
            return Step(id=node, kind="pass", default=element.get("default", ""))
        case "serviceTask":
            action = read_action(element, diagram.findings)
            diagram.words.actions[action.id] = action
            return Step(id=node, kind="action", default=element.get("default", ""))
        case "startEvent":
            return Step(id=node, kind="start")
        case "endEvent":
            return _end(element, diagram)
        case "intermediateThrowEvent" if not definitions(element):
            return Step(id=node, kind="pass")
        case "intermediateThrowEvent" | "sendTask":
            return _event(element, "throw", diagram)
        case "intermediateCatchEvent" | "receiveTask":
            return _event(element, "catch", diagram)
        case "boundaryEvent":
            return _event(element, "boundary", diagram)
        case "subProcess":
            return _sub_process(element, diagram)
        case _ if tag in GATEWAYS:
            return Step(id=node, kind=GATEWAYS[tag], default=element.get("default", ""))
        case _:
            pass
    diagram.findings.refuse(node or tag, "unsupported", f"{tag} is not supported")
    return None


def _event(element: Element, kind: StepKind, diagram: Diagram) -> Step | None:
    words = read_event(element, diagram.messages, diagram.findings)
    if words is None:
        return None
    if kind == "throw" and words.kind == "timer":
        diagram.findings.refuse(words.id, "event", "a timer cannot be thrown")
        return None
    diagram.words.events[words.id] = words
    return Step(id=words.id, kind=kind, event=words)


def _end(element: Element, diagram: Diagram) -> Step | None:
    end = read_end(element, diagram.findings)
    diagram.words.ends[end.id] = end
    found = [source.local(each) for each in definitions(element)]
    match found:
        case []:
            return Step(id=end.id, kind="end", ends=True)
        case ["terminateEventDefinition"]:
            return Step(id=end.id, kind="terminate", ends=True)
        case ["messageEventDefinition"]:
            words = read_event(element, diagram.messages, diagram.findings)
            if words is None:
                return None
            diagram.words.events[words.id] = words
            return Step(id=end.id, kind="throw", event=words, ends=True)
        case _:
            pass
    diagram.findings.refuse(
        end.id, "unsupported", f"an end event with {' and '.join(found)} is not supported"
    )
    return None


def _sub_process(element: Element, diagram: Diagram) -> Step | None:
    node = source.identity(element)
    if element.get("triggeredByEvent") == "true":
        diagram.findings.refuse(node, "unsupported", "event sub-processes are not supported")
        return None
    _refuse_loop(element, diagram)
    loop = signers(element)
    each = None
    if loop is not None:
        if not loop.collection and not loop.cardinality:
            diagram.findings.refuse(
                node, "multi-instance", "a multi-instance needs a collection or a cardinality"
            )
        diagram.findings.templates(node, "collection", loop.collection)
        diagram.findings.templates(node, "loopCardinality", loop.cardinality)
        diagram.findings.templates(node, "completionCondition", loop.done_when)
        each = Each(
            collection=loop.collection,
            cardinality=loop.cardinality,
            variable=loop.variable,
            sequential=loop.sequential,
            done_when=loop.done_when,
        )
    return Step(id=node, kind="sub-process", default=element.get("default", ""), each=each)


def _refuse_loop(element: Element, diagram: Diagram) -> None:
    if source.child(element, "standardLoopCharacteristics") is not None:
        diagram.findings.refuse(
            source.identity(element),
            "unsupported",
            "a standard loop is not supported: draw the way back with a gateway",
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
