"""The drawing of a diagram: where its author put each shape and line, for a page to draw."""

from dataclasses import replace

from engine.diagrams import source
from engine.diagrams.autolayout import Plan, lay_out, missing
from engine.diagrams.boxes import Box, Point
from engine.diagrams.definition import Definition
from engine.diagrams.drawing import Drawing, Edge, Shape, arranged, middle
from engine.diagrams.events import definitions
from engine.diagrams.files import is_diagram
from engine.diagrams.source import Element
from engine.diagrams.words import NodeId

__all__ = ["Box", "Drawing", "Edge", "Shape", "drawing_of", "middle", "read_drawing"]

DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DD = "http://www.omg.org/spec/DD/20100524/DI"

FAR = 1_000_000
"""Coordinates beyond this are taken for a slip of the pen."""


def drawing_of(definition: Definition) -> Drawing | None:
    """The drawing of a deployed definition; None: there is nothing in it to draw."""
    for name in sorted(definition.files):
        if is_diagram(name):
            root = source.parse(name, definition.files[name])
            if any(source.identity(p) == definition.key for p in source.children(root, "process")):
                return read_drawing(root)
    return None


def read_drawing(root: Element) -> Drawing | None:
    """The drawing in a diagram's root element, what it leaves out laid out below it; where it draws
    nothing, a drawing of ours. None: there is nothing to draw."""
    elements = {source.identity(each): each for each in root.iter() if each.get("id")}
    plane = next(root.iter(f"{{{DI}}}BPMNPlane"), None)
    drawn = [] if plane is None else list(plane.iterchildren(f"{{{DI}}}BPMNShape"))
    shapes = [shape for each in drawn if (shape := _drawn_shape(each, elements)) is not None]
    defaults = {each.get("default") for each in elements.values() if each.get("default")}
    if plane is None or not shapes:
        return _of(lay_out(root), [], [], elements, defaults)
    edges = [
        edge
        for each in plane.iterchildren(f"{{{DI}}}BPMNEdge")
        if (edge := _drawn_edge(each, elements, defaults)) is not None
    ]
    rest = missing(
        root,
        {str(shape.id): shape.box for shape in shapes},
        {str(edge.id) for edge in edges},
        {str(shape.id) for shape in shapes if not shape.expanded},
    )
    return _of(rest, shapes, edges, elements, defaults)


def _of(
    plan: Plan,
    shapes: list[Shape],
    edges: list[Edge],
    elements: dict[str, Element],
    defaults: set[str | None],
) -> Drawing | None:
    """The drawing of these shapes and lines and of those in a plan."""
    shapes = shapes + [_shape(element, box) for element, box in plan.boxes.items()]
    for element, points in plan.lines.items():
        leaves = elements.get(element.get("sourceRef", ""))
        edges.append(_edge(element, points, leaves, defaults))
    return arranged(shapes, edges) if shapes else None


def _drawn_shape(drawn: Element, elements: dict[str, Element]) -> Shape | None:
    element = elements.get(drawn.get("bpmnElement", ""))
    box = _box(drawn)
    if element is None or box is None:
        return None
    shape = _shape(element, box)
    return replace(
        shape,
        label=_label(drawn),
        expanded=shape.kind != "subProcess" or drawn.get("isExpanded") == "true",
        horizontal=drawn.get("isHorizontal", "true") != "false",
    )


def _shape(element: Element, box: Box) -> Shape:
    kind = source.local(element)
    found = definitions(element)
    loop = source.child(element, "multiInstanceLoopCharacteristics")
    many = ""
    if loop is not None:
        many = "sequential" if loop.get("isSequential") == "true" else "parallel"
    elif source.child(element, "standardLoopCharacteristics") is not None:
        many = "loop"
    return Shape(
        id=NodeId(source.identity(element)),
        kind=kind,
        name=_name(element),
        name_en=source.properties(element).get("name.en", ""),
        box=box,
        marker=source.local(found[0]).removesuffix("EventDefinition") if found else "",
        interrupting=element.get("cancelActivity", element.get("isInterrupting", "true"))
        != "false",
        throwing=kind in ("intermediateThrowEvent", "endEvent"),
        many=many,
        triggered=element.get("triggeredByEvent") == "true",
    )


def _drawn_edge(
    drawn: Element, elements: dict[str, Element], defaults: set[str | None]
) -> Edge | None:
    element = elements.get(drawn.get("bpmnElement", ""))
    points = tuple(
        (_number(each.get("x")), _number(each.get("y")))
        for each in drawn.iterchildren(f"{{{DD}}}waypoint")
    )
    if element is None or len(points) < 2:
        return None
    leaves = elements.get(element.get("sourceRef", ""))
    return replace(_edge(element, points, leaves, defaults), label=_label(drawn))


def _edge(
    element: Element,
    points: tuple[Point, ...],
    leaves: Element | None,
    defaults: set[str | None],
) -> Edge:
    leaves_gateway = leaves is not None and source.local(leaves).endswith("Gateway")
    return Edge(
        id=NodeId(source.identity(element)),
        kind=source.local(element),
        name=_name(element),
        name_en=source.properties(element).get("name.en", ""),
        points=points,
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
