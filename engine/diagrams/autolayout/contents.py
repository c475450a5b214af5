"""What is to be laid out in one process or sub-process, without regard to where."""

from dataclasses import dataclass, field

from engine.diagrams import source
from engine.diagrams.source import Element

ASIDE = frozenset({"dataObjectReference", "dataStoreReference", "textAnnotation"})
"""What stands beside the flow."""
NODES = ("Event", "Task", "task", "Gateway", "subProcess", "adHocSubProcess", "transaction")
INNER = frozenset({"subProcess", "adHocSubProcess", "transaction"})
"""Nodes with nodes in them."""


@dataclass(slots=True, eq=False)
class Content:
    """The nodes of a process or sub-process and how they hang together."""

    nodes: dict[str, Element] = field(default_factory=dict)
    """Those that stand in the flow, in the order of the XML."""
    edged: dict[str, list[Element]] = field(default_factory=dict)
    """Events on the edge of a node."""
    host: dict[str, str] = field(default_factory=dict)
    """The node that an event stands on, by the event's id; a node stands on itself."""
    events: dict[str, tuple[Element, int]] = field(default_factory=dict)
    """Events on an edge by their ids, each with its number on that edge."""
    aside: list[Element] = field(default_factory=list)
    flows: list[tuple[Element, str, str]] = field(default_factory=list)
    """Sequence flows with the ids of their ends, both of which are here."""
    links: list[tuple[Element, str, str]] = field(default_factory=list)
    """Associations."""


def is_node(element: Element) -> bool:
    """Whether it is a flow node."""
    return source.in_bpmn(element) and (
        source.local(element).endswith(NODES) or source.local(element) == "callActivity"
    )


def content_of(container: Element, only: frozenset[str] | None = None) -> Content:
    """The content of a process or sub-process; `only` these ids, where given."""
    found = Content()
    edges: list[Element] = []
    for each in container:
        here = source.identity(each)
        if not here or (only is not None and here not in only):
            continue
        if source.local(each) == "boundaryEvent":
            edges.append(each)
        elif is_node(each) and here not in found.nodes:
            found.nodes[here] = each
            found.host[here] = here
        elif source.in_bpmn(each) and source.local(each) in ASIDE:
            found.aside.append(each)
    for each in edges:
        here, host = source.identity(each), each.get("attachedToRef", "")
        if host in found.nodes and here not in found.host:
            found.host[here] = host
            on_edge = found.edged.setdefault(host, [])
            found.events[here] = each, len(on_edge)
            on_edge.append(each)
        elif here not in found.host:
            found.nodes[here] = each
            found.host[here] = here
    ends = {*found.host, *(source.identity(each) for each in found.aside)}
    for tag, kept in (("sequenceFlow", found.flows), ("association", found.links)):
        for each in source.children(container, tag):
            one, other = each.get("sourceRef", ""), each.get("targetRef", "")
            here_too = found.host if tag == "sequenceFlow" else ends
            if one in here_too and other in here_too:
                kept.append((each, one, other))
    return found


def in_order(content: Content) -> dict[str, list[str]]:
    """Which nodes follow which, events on an edge counted to their hosts; each once."""
    after: dict[str, dict[str, None]] = {node: {} for node in content.nodes}
    for _, one, other in content.flows:
        if content.host[one] != content.host[other]:
            after[content.host[one]][content.host[other]] = None
    return {node: list(others) for node, others in after.items()}
