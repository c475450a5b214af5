"""Nodes in layers and lanes as boxes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from engine.diagrams import source
from engine.diagrams.autolayout.contents import INNER, Content, content_of, in_order
from engine.diagrams.autolayout.layers import layers_of
from engine.diagrams.autolayout.plan import Plan, by_id
from engine.diagrams.autolayout.routes import Streets, route, straight
from engine.diagrams.boxes import Box
from engine.diagrams.source import Element

EVENT, GATEWAY = (36, 36), (50, 50)
TASK, NOTE, DATA = (100, 80), (140, 60), (40, 50)
ACROSS, DOWN = 50, 40
"""Least units between layers, and between nodes of one."""
PADDING = 30
"""Units between a sub-process's edge and its content."""
EDGE_PITCH = 46
"""Units from one event on an edge to the next."""
LANE_LEAST = 120


@dataclass(slots=True)
class Bands:
    """Lanes: which nodes stand in which, by number, and where each begins and ends."""

    of: Mapping[str, int] = field(default_factory=dict)
    count: int = 1
    tops: list[int] = field(default_factory=list)
    heights: list[int] = field(default_factory=list)


def placed(content: Content, bands: Bands | None = None) -> Plan:
    """The plan of one process or sub-process; `bands` learn where they lie."""
    bands = bands or Bands()
    inner = {node: _inside(each) for node, each in content.nodes.items()}
    sizes = {
        node: _size(each, inner[node], len(content.edged.get(node, ())))
        for node, each in content.nodes.items()
    }
    after = in_order(content)
    layers = layers_of(after)
    tops = _stacked(layers, after, sizes, content, bands)
    streets = Streets(content, layers, ACROSS)
    plan = Plan()
    x = 0
    for number, layer in enumerate(layers):
        x += streets.widths[number]
        wide = max(sizes[node][0] for node in layer)
        for node in layer:
            width, height = sizes[node]
            left = x + (wide - width) // 2
            box = Box(x=left, y=tops[node] + streets.above, width=width, height=height)
            _put(plan, content, node, box, inner[node])
        streets.place(number, x, x + wide)
        x += wide
    low = max((box.bottom for box in plan.boxes.values()), default=0)
    low = max(low, streets.above + sum(bands.heights))
    plan.width = x + streets.widths[-1]
    plan.height = route(plan, content, streets, low)
    bands.tops = [top + streets.above for top in bands.tops]
    _put_aside(plan, content)
    return plan


def _inside(element: Element) -> Plan | None:
    """The plan of what is in a sub-process; None: nothing."""
    if source.local(element) not in INNER:
        return None
    content = content_of(element)
    return placed(content) if content.nodes or content.aside else None


def _size(element: Element, inner: Plan | None, edged: int) -> tuple[int, int]:
    tag = source.local(element)
    if tag.endswith("Event"):
        return EVENT
    if tag.endswith("Gateway"):
        return GATEWAY
    width, height = TASK
    if inner is not None:
        width = max(width, inner.width + 2 * PADDING)
        height = max(height, inner.height + 2 * PADDING)
    return max(width, edged * EDGE_PITCH + 20), height


def _stacked(
    layers: Sequence[Sequence[str]],
    after: Mapping[str, Sequence[str]],
    sizes: Mapping[str, tuple[int, int]],
    content: Content,
    bands: Bands,
) -> dict[str, int]:
    """The upper edge of each node: level with those before it where that is free, lower where it
    is not; each in its band."""
    wish: dict[str, list[int]] = {}
    within: dict[str, int] = {}
    deep = [0] * bands.count
    for layer in layers:
        free = [0] * bands.count
        for node in layer:
            band = bands.of.get(node, bands.count - 1)
            height = sizes[node][1]
            wishes = wish.get(node)
            middle = sum(wishes) // len(wishes) if wishes else TASK[1] // 2
            top = max(free[band], middle - height // 2)
            within[node] = top
            # Below a node lie its edge's events and the lines that leave them.
            edged = len(content.edged.get(node, ()))
            free[band] = top + height + DOWN + (18 + 8 * edged if edged else 0)
            deep[band] = max(deep[band], free[band])
            for other in after[node]:
                if bands.of.get(other, bands.count - 1) == band:
                    wish.setdefault(other, []).append(top + height // 2)
    least = LANE_LEAST if bands.count > 1 or bands.of else 0
    bands.heights = [max(least, height) for height in deep]
    bands.tops = [sum(bands.heights[:number]) for number in range(bands.count)]
    indent = DOWN // 2 if least else 0
    return {
        node: top + bands.tops[bands.of.get(node, bands.count - 1)] + indent
        for node, top in within.items()
    }


def _put(plan: Plan, content: Content, node: str, box: Box, inner: Plan | None) -> None:
    """A node, what is in it, and the events on its edge."""
    plan.boxes[content.nodes[node]] = box
    if inner is not None:
        size = plan.width, plan.height
        plan.add(inner, box.x + PADDING, box.y + PADDING)
        plan.width, plan.height = size
    for number, event in enumerate(content.edged.get(node, ())):
        plan.boxes[event] = Box(
            x=box.right - 10 - EDGE_PITCH * (number + 1) + 5, y=box.bottom - 18, width=36, height=36
        )


def _put_aside(plan: Plan, content: Content) -> None:
    """Notes and data in a row below everything."""
    x, y = 0, plan.height + DOWN
    for each in content.aside:
        width, height = NOTE if source.local(each) == "textAnnotation" else DATA
        plan.boxes[each] = Box(x=x, y=y, width=width, height=height)
        x += width + ACROSS
        plan.width, plan.height = max(plan.width, x), y + height
    boxes = by_id(plan.boxes) if content.links else {}
    for line, one, other in content.links:
        plan.lines[line] = straight(boxes[one][1], boxes[other][1])
