"""A drawing: shapes and lines where they are to be painted."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from engine.diagrams.boxes import Box
from engine.diagrams.words import NodeId

MARGIN = 12
"""Units left free around everything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A node, lane, pool, data object or note.

    `kind` is the element's tag (`userTask`, `lane`, `participant`, `textAnnotation`, …). `marker`
    is the event's kind (`timer`, `message`, `terminate`, …; "" for none). `label` is where the
    name stands when that is not inside the shape. `many` says multi-instance: `parallel` or
    `sequential`; `loop`: a loop. `throwing`: an event that throws. `horizontal`: how a lane or
    pool lies. `triggered`: a sub-process that an event starts.
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
    triggered: bool = False


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


def arranged(shapes: list[Shape], edges: list[Edge]) -> Drawing:
    """The drawing of these shapes (at least one) and lines, moved to the origin."""
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
    return box.moved(dx, dy) if box is not None else None


def _moved_shape(shape: Shape, dx: int, dy: int) -> Shape:
    return replace(shape, box=shape.box.moved(dx, dy), label=_moved(shape.label, dx, dy))


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
