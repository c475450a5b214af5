"""Nodes drawn over one another hide each other."""

from collections.abc import Iterator

from engine.diagrams import source
from engine.diagrams.source import Element
from engine.diagrams.subjects import Drawn, Finding, Severity

NAME = "no-overlapping-elements"
SEVERITY: Severity = "warn"

DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
BESIDE_MAX = 500
"""With more shapes above one another the search ends."""

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


def check(drawn: Drawn) -> Iterator[Finding]:
    """Nodes of one process or sub-process whose shapes overlap."""
    boxes: dict[str, Box] = {}
    for shape in drawn.root.iter(f"{{{DI}}}BPMNShape"):
        bounds = next(shape.iterchildren(f"{{{DC}}}Bounds"), None)
        if bounds is not None:
            boxes[shape.get("bpmnElement", "")] = _box(bounds)
    for container in drawn.containers:
        tags = {node: source.local(each) for node, each in container.nodes.items()}
        here = sorted(
            (boxes[node], node)
            for node in container.nodes
            if node in boxes and tags[node] != "boundaryEvent"
        )
        for (_, node), (_, second) in _overlapping(here):
            yield Finding(element=second, message=f"is drawn over {node}: move one of them")


def _overlapping(boxes: list[tuple[Box, str]]) -> Iterator[tuple[tuple[Box, str], ...]]:
    """Each box with the first of those before it (by left edge) that it overlaps."""
    open_: list[tuple[Box, str]] = []
    for box, node in boxes:
        open_ = [each for each in open_ if each[0][2] > box[0]]
        over = next((each for each in open_ if each[0][1] < box[3] and box[1] < each[0][3]), None)
        if over is not None:
            yield over, (box, node)
        open_.append((box, node))
        if len(open_) > BESIDE_MAX:
            return


def _box(bounds: Element) -> Box:
    try:
        x, y, width, height = (
            float(bounds.get(name, "0")) for name in ("x", "y", "width", "height")
        )
    except ValueError:
        return (0.0, 0.0, 0.0, 0.0)
    return (x, y, x + width, y + height)
