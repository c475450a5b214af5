"""The drawing of a diagram: where its author put each shape and line, for a page to draw."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from engine.diagrams import source
from engine.diagrams.compiler import DIAGRAMS
from engine.diagrams.definition import Definition
from engine.diagrams.events import definitions
from engine.diagrams.source import Element
from engine.diagrams.words import NodeId

DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DD = "http://www.omg.org/spec/DD/20100524/DI"

MARGIN = 12
"""Units left free around everything."""
FAR = 1_000_000
"""Coordinates beyond this are taken for a slip of the pen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle, in the drawing's units; (x, y) is its upper left corner."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A node, lane, pool, data object or note.

    `kind` is the element's tag (`userTask`, `lane`, `participant`, `textAnnotation`, …). `marker`
    is the event's kind (`timer`, `message`, `terminate`, …; "" for none). `label` is where the
    name stands when that is not inside the shape. `many` says multi-instance: `parallel` or
    `sequential`. `throwing`: an event that throws. `horizontal`: how a lane or pool lies.
    """

    id: NodeId
    kind: str
    name: str
    name_en: str = ""
    box: Box
    label: Box | None = None
    marker: str = ""
    interrupting: bool = True
    throwing: bool = False
    expanded: bool = True
    horizontal: bool = True
    many: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A line: `sequenceFlow`, `messageFlow`, `association`. `points` are at least two (x, y).

    `default` and `conditional` say how a sequence flow begins: with a stroke, or with a diamond
    (only where it leaves an activity).
    """

    id: NodeId
    kind: str
    name: str
    name_en: str = ""
    points: tuple[tuple[int, int], ...]
    label: Box | None = None
    default: bool = False
    conditional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Everything of one diagram, moved so that it begins at (0, 0).

    `shapes` are in the order in which they are to be painted: pools and lanes first, then
    sub-processes, then what lies in them, events on edges last.
    """

    width: int
    height: int
    shapes: tuple[Shape, ...]
    edges: tuple[Edge, ...]


def drawing_of(definition: Definition) -> Drawing | None:
    """The drawing of a deployed definition; None: its diagram carries none."""
    for name in sorted(definition.files):
        if name.lower().endswith(DIAGRAMS):
            root = source.parse(name, definition.files[name])
            if any(source.identity(p) == definition.key for p in source.children(root, "process")):
                return read_drawing(root)
    return None


def read_drawing(root: Element) -> Drawing | None:
    """The drawing in a diagram's root element; None where no shape is drawn."""
    elements = {source.identity(each): each for each in root.iter() if each.get("id")}
    plane = next(root.iter(f"{{{DI}}}BPMNPlane"), None)
    if plane is None:
        return None
    shapes = [
        shape
        for each in plane.iterchildren(f"{{{DI}}}BPMNShape")
        if (shape := _shape(each, elements)) is not None
    ]
    defaults = {each.get("default") for each in elements.values() if each.get("default")}
    edges = [
        edge
        for each in plane.iterchildren(f"{{{DI}}}BPMNEdge")
        if (edge := _edge(each, elements, defaults)) is not None
    ]
    if not shapes:
        return None
    return _placed(shapes, edges)


def _shape(drawn: Element, elements: dict[str, Element]) -> Shape | None:
    element = elements.get(drawn.get("bpmnElement", ""))
    box = _box(drawn)
    if element is None or box is None:
        return None
    kind = source.local(element)
    found = definitions(element)
    loop = source.child(element, "multiInstanceLoopCharacteristics")
    many = ""
    if loop is not None:
        many = "sequential" if loop.get("isSequential") == "true" else "parallel"
    return Shape(
        id=NodeId(source.identity(element)),
        kind=kind,
        name=_name(element),
        name_en=source.properties(element).get("name.en", ""),
        box=box,
        label=_label(drawn),
        marker=source.local(found[0]).removesuffix("EventDefinition") if found else "",
        interrupting=element.get("cancelActivity", element.get("isInterrupting", "true"))
        != "false",
        throwing=kind in ("intermediateThrowEvent", "endEvent"),
        expanded=kind != "subProcess" or drawn.get("isExpanded") == "true",
        horizontal=drawn.get("isHorizontal", "true") != "false",
        many=many,
    )


def _edge(drawn: Element, elements: dict[str, Element], defaults: set[str | None]) -> Edge | None:
    element = elements.get(drawn.get("bpmnElement", ""))
    points = tuple(
        (_number(each.get("x")), _number(each.get("y")))
        for each in drawn.iterchildren(f"{{{DD}}}waypoint")
    )
    if element is None or len(points) < 2:
        return None
    origin = elements.get(element.get("sourceRef", ""))
    leaves_gateway = origin is not None and source.local(origin).endswith("Gateway")
    return Edge(
        id=NodeId(source.identity(element)),
        kind=source.local(element),
        name=_name(element),
        name_en=source.properties(element).get("name.en", ""),
        points=points,
        label=_label(drawn),
        default=source.identity(element) in defaults,
        conditional=source.child(element, "conditionExpression") is not None and not leaves_gateway,
    )


def _name(element: Element) -> str:
    if source.local(element) == "textAnnotation":
        return source.text(source.child(element, "text"))
    return source.title(element)


def _box(holder: Element) -> Box | None:
    bounds = next(holder.iterchildren(f"{{{DC}}}Bounds"), None)
    if bounds is None:
        return None
    return Box(
        x=_number(bounds.get("x")),
        y=_number(bounds.get("y")),
        width=max(1, _number(bounds.get("width"))),
        height=max(1, _number(bounds.get("height"))),
    )


def _label(drawn: Element) -> Box | None:
    label = next(drawn.iterchildren(f"{{{DI}}}BPMNLabel"), None)
    return _box(label) if label is not None else None


def _number(text: str | None) -> int:
    try:
        value = float(text or "0")
    except ValueError:
        return 0
    return round(value) if abs(value) < FAR else 0


def _placed(shapes: list[Shape], edges: list[Edge]) -> Drawing:
    """The drawing, moved to the origin."""
    boxes = list(_boxes(shapes, edges))
    xs = [box.x for box in boxes] + [x for edge in edges for x, _ in edge.points]
    ys = [box.y for box in boxes] + [y for edge in edges for _, y in edge.points]
    rights = [box.x + box.width for box in boxes] + xs
    bottoms = [box.y + box.height for box in boxes] + ys
    dx, dy = MARGIN - min(xs), MARGIN - min(ys)
    ordered = sorted(shapes, key=lambda shape: (_layer(shape), -shape.box.width * shape.box.height))
    return Drawing(
        width=max(rights) + dx + MARGIN,
        height=max(bottoms) + dy + MARGIN,
        shapes=tuple(_moved_shape(shape, dx, dy) for shape in ordered),
        edges=tuple(_moved_edge(edge, dx, dy) for edge in edges),
    )


def _boxes(shapes: list[Shape], edges: list[Edge]) -> Iterator[Box]:
    for shape in shapes:
        yield shape.box
    labels = [shape.label for shape in shapes] + [edge.label for edge in edges]
    yield from (label for label in labels if label is not None)


LAYERS = {"participant": 0, "lane": 1, "group": 2, "subProcess": 3, "boundaryEvent": 5}


def _layer(shape: Shape) -> int:
    return LAYERS.get(shape.kind, 4)


def _moved(box: Box | None, dx: int, dy: int) -> Box | None:
    if box is None:
        return None
    return Box(x=box.x + dx, y=box.y + dy, width=box.width, height=box.height)


def _moved_shape(shape: Shape, dx: int, dy: int) -> Shape:
    box = _moved(shape.box, dx, dy)
    assert box is not None
    return replace(shape, box=box, label=_moved(shape.label, dx, dy))


def _moved_edge(edge: Edge, dx: int, dy: int) -> Edge:
    points = tuple((x + dx, y + dy) for x, y in edge.points)
    return replace(edge, points=points, label=_moved(edge.label, dx, dy))


def middle(edge: Edge) -> tuple[int, int]:
    """The point halfway along a line: where its name stands when the author placed it nowhere."""
    lengths = [abs(x2 - x1) + abs(y2 - y1) for (x1, y1), (x2, y2) in pairwise(edge.points)]
    left = sum(lengths) // 2
    for length, ((x1, y1), (x2, y2)) in zip(lengths, pairwise(edge.points), strict=True):
        if left <= length and length:
            return x1 + (x2 - x1) * left // length, y1 + (y2 - y1) * left // length
        left -= length
    return edge.points[0]
