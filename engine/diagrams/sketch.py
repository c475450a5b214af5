"""Where a diagram's nodes lie and which flows join them, before anything about them is read: what
no token can reach is decoration, and need not be anything that could run."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.diagrams import source
from engine.diagrams.findings import Findings
from engine.diagrams.source import Element

IGNORED = frozenset(
    {
        "artifact",
        "association",
        "auditing",
        "category",
        "completionCondition",
        "correlationSubscription",
        "dataInputAssociation",
        "dataObject",
        "dataObjectReference",
        "dataOutputAssociation",
        "dataStore",
        "dataStoreReference",
        "documentation",
        "extensionElements",
        "group",
        "humanPerformer",
        "incoming",
        "ioBinding",
        "ioSpecification",
        "laneSet",
        "monitoring",
        "multiInstanceLoopCharacteristics",
        "outgoing",
        "performer",
        "potentialOwner",
        "property",
        "resourceRole",
        "sequenceFlow",
        "standardLoopCharacteristics",
        "supportedInterfaceRef",
        "supports",
        "textAnnotation",
    }
)
"""Children of a process or sub-process that move no token."""

NESTS = frozenset({"subProcess", "transaction", "adHocSubProcess"})
"""What holds nodes of its own."""
PROCESS = ""
"""The place of the process itself; that of a sub-process is its id."""
NODES_MAX = 2_000
"""The most nodes of one process."""
WAYS_MAX = 500
"""The most flows out of one node."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A sequence flow, or a pair of link events; `element` is None for these."""

    id: str
    source: str
    target: str
    element: Element | None = None


@dataclass(slots=True)
class Place:
    """A process or sub-process: its nodes and flows in the order of the XML."""

    element: Element
    nodes: dict[str, Element] = field(default_factory=dict)
    ways: list[Way] = field(default_factory=list)


class Sketch:
    """Every place of a process."""

    def __init__(self, process: Element) -> None:
        self.places: dict[str, Place] = {PROCESS: Place(process)}
        self.where: dict[str, str] = {}
        """The place of each node."""
        self.torn: list[Way] = []
        """Flows whose ends are not in one place."""
        self.nameless: list[Element] = []
        """Nodes without an id, which nothing can lead to."""
        self._find_nodes()
        self._find_flows()
        self.reached = self._reached()

    def _find_nodes(self) -> None:
        todo = [PROCESS]
        while todo:
            here = todo.pop()
            place = self.places[here]
            for each in place.element:
                tag = source.local(each)
                if not source.in_bpmn(each) or tag in IGNORED:
                    continue
                node = source.identity(each)
                if not node:
                    self.nameless.append(each)
                elif node not in self.where:
                    place.nodes[node] = each
                    self.where[node] = here
                    if tag in NESTS:
                        self.places[node] = Place(each)
                        todo.append(node)

    def _find_flows(self) -> None:
        for place in list(self.places.values()):
            for number, each in enumerate(source.children(place.element, "sequenceFlow"), 1):
                way = Way(
                    id=source.identity(each) or f"flow:{number}",
                    source=each.get("sourceRef", "").strip(),
                    target=each.get("targetRef", "").strip(),
                    element=each,
                )
                here = self.where.get(way.source)
                if here is None or here != self.where.get(way.target):
                    self.torn.append(way)
                else:
                    self.places[here].ways.append(way)
        for place in self.places.values():
            place.ways.extend(_links(place))

    def _reached(self) -> frozenset[str]:
        """Every node that a token can get to."""
        follow: dict[str, list[str]] = {}
        for place in self.places.values():
            for way in place.ways:
                follow.setdefault(way.source, []).append(way.target)
            for node, each in place.nodes.items():
                if source.local(each) == "boundaryEvent":
                    follow.setdefault(each.get("attachedToRef", "").strip(), []).append(node)
        for here in self.places:
            if here != PROCESS:
                follow.setdefault(here, []).extend(self._begins(here))
        seen: set[str] = set()
        todo = list(self._begins(PROCESS))
        while todo:
            node = todo.pop()
            if node not in seen and node in self.where:
                seen.add(node)
                todo += follow.get(node, [])
        return frozenset(seen)

    def _begins(self, here: str) -> Iterator[str]:
        """Where tokens appear in a place: start events and event sub-processes."""
        for node, each in self.places[here].nodes.items():
            if source.local(each) == "startEvent" or is_handler(each):
                yield node

    @property
    def left_out(self) -> frozenset[str]:
        """The nodes and flows that no token can get to; but a link event is meant to be reached."""
        ways = [way for place in self.places.values() for way in place.ways] + self.torn
        flows = {way.id for way in ways if way.source not in self.reached}
        links = {
            node
            for place in self.places.values()
            for node, each in place.nodes.items()
            if link_name(each) is not None
        }
        return frozenset(flows.union(self.where) - self.reached - links)

    def check(self, findings: Findings) -> None:
        """Say what of the drawing cannot be, and what of it is left out."""
        if len(self.where) > NODES_MAX:
            message = f"{len(self.where)} nodes: a process has at most {NODES_MAX}"
            findings.refuse(source.identity(self.places[PROCESS].element), "size", message)
        for node in self.where:
            if node in self.reached and not _is_plain(node):
                message = "an id has no “/”, “#”, “:” and no blanks: give it another"
                findings.refuse(node, "id", message)
            elif node not in self.reached and self._is_outermost(node):
                findings.warn(
                    node, "unreachable", "left out: no flow from a start event leads here"
                )
        self._check_edges(findings)
        counts = Counter(way.source for place in self.places.values() for way in place.ways)
        for node, count in counts.items():
            if count > WAYS_MAX:
                message = f"{count} flows leave it: at most {WAYS_MAX} may"
                findings.refuse(node, "size", message)
        for each in self.nameless:
            tag = source.local(each)
            findings.warn(tag, "id", f"left out: a {tag} without an id, which no flow can lead to")
        for way in self.torn:
            self._check_torn(way, findings)

    def _check_edges(self, findings: Findings) -> None:
        """An event on the edge of what is not there would be left out though it is meant."""
        for here, place in self.places.items():
            for node, each in place.nodes.items():
                if source.local(each) != "boundaryEvent":
                    continue
                host = each.get("attachedToRef", "").strip()
                under = place.nodes.get(host)
                if under is not None and source.local(under) == "boundaryEvent":
                    message = f"stands on the event {host}: put it on a task"
                    findings.refuse(node, "boundary", message)
                elif self.where.get(host) != here:
                    message = f"stands on {host or 'nothing'}, which is not here: put it on a task"
                    findings.refuse(node, "boundary", message)

    def _is_outermost(self, node: str) -> bool:
        return self.where[node] == PROCESS or self.where[node] in self.reached

    def _check_torn(self, way: Way, findings: Findings) -> None:
        if way.source in self.where and way.target in self.where:
            if way.source in self.reached:
                findings.refuse(
                    way.id,
                    "flow",
                    f"leads from {way.source} to {way.target} across the border of a sub-process: "
                    "let it begin and end on the same side",
                )
        elif way.source in self.reached:
            message = f"leads to {way.target or 'nothing'}, which is not here: connect or delete it"
            findings.refuse(way.id, "flow", message)
        elif way.source not in self.where:
            message = f"left out: comes from {way.source or 'nothing'}, which is not here"
            findings.warn(way.id, "flow", message)


def nodes_in(place: Element) -> Iterator[Element]:
    """The nodes of a process or sub-process that have an id."""
    for each in place:
        if source.in_bpmn(each) and source.local(each) not in IGNORED and source.identity(each):
            yield each


def has_nodes(place: Element) -> bool:
    """Whether anything is in a process or sub-process."""
    return next(nodes_in(place), None) is not None


def is_handler(element: Element) -> bool:
    """Whether it is an event sub-process."""
    return source.local(element) in NESTS and element.get("triggeredByEvent") in ("true", "1")


def link_name(element: Element) -> str | None:
    """The name that joins link events; None: it is none."""
    definition = source.child(element, "linkEventDefinition")
    if definition is None:
        return None
    return source.title(definition) or source.title(element)


def _links(place: Place) -> Iterator[Way]:
    """A way from each throwing link event to the (first) catching one of its name."""
    targets: dict[str, list[str]] = {}
    for node, each in place.nodes.items():
        name = link_name(each)
        if name and source.local(each) == "intermediateCatchEvent":
            targets.setdefault(name, []).append(node)
    for node, each in place.nodes.items():
        name = link_name(each)
        if name and source.local(each) != "intermediateCatchEvent":
            for target in targets.get(name, [])[:1]:
                yield Way(id=f"{node}:link", source=node, target=target)


def _is_plain(id: str) -> bool:
    return id.isprintable() and not any(char in "/#:" or char.isspace() for char in id)


def refuse_duplicates(process: Element, findings: Findings) -> None:
    """Ids are what everything else goes by: two nodes or flows cannot share one."""
    found = [each for each in process.iter(f"{{{source.BPMN}}}*") if _is_part(each)]
    counts = Counter(each.get("id") for each in found if each.get("id"))
    for identity, count in counts.items():
        if identity is not None and count > 1:
            message = f"{count} elements have this id: give each its own"
            findings.refuse(identity, "id", message)


def _is_part(element: Element) -> bool:
    """Whether it is a node or a flow (its own child elements have ids that nobody goes by)."""
    holder = element.getparent()
    if holder is None or source.local(holder) not in NESTS | {"process"}:
        return False
    tag = source.local(element)
    return tag == "sequenceFlow" or tag not in IGNORED
