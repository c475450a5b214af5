"""Lines between boxes: right-angled, in the streets between layers, above and below them."""

from bisect import bisect_left
from collections.abc import Sequence
from heapq import heappop, heappush

from engine.diagrams.autolayout.contents import Content
from engine.diagrams.autolayout.plan import Line, Plan
from engine.diagrams.boxes import Box, Point
from engine.diagrams.source import Element

PITCH = 8
"""Units from one line in a street to the next."""
TRACKS_MAX = 40
"""So many lines lie beside one another in a street; more share places."""
LOOK_MAX = 12
"""So many layers a straight line may cross; it is looked whether they are free."""


class Streets:
    """The room left and right of each layer, and above and below them all.

    `widths` are those of the streets before each layer, and behind the last.
    """

    def __init__(self, content: Content, layers: Sequence[Sequence[str]], across: int) -> None:
        self.layer = {node: number for number, layer in enumerate(layers) for node in layer}
        self.edges: list[tuple[int, int]] = []
        self.used = [0] * (len(layers) + 1)
        for _, one, other in content.flows:
            self.used[self.layer[content.host[one]] + 1] += 1
            self.used[self.layer[content.host[other]]] += 1
        self.widths = [across + PITCH * min(each, TRACKS_MAX) for each in self.used]
        for outer in (0, -1):
            self.widths[outer] -= across if not self.used[outer] else across // 2
        if not layers:
            self.widths = [0]
        self.turn = [0] * len(self.used)
        self.above = 0

    def place(self, number: int, left: int, right: int) -> None:
        """Where a layer came to lie."""
        self.edges.append((left, right))

    def x(self, street: int) -> int:
        """The next free line in a street, from its left (the first: from its right) on."""
        step = self.turn[street] % TRACKS_MAX
        self.turn[street] += 1
        width = self.widths[street]
        start = self.edges[street][0] - width if street < len(self.edges) else self.edges[-1][1]
        return start + min(12 + PITCH * step, max(width - 12, 1))


def route(plan: Plan, content: Content, streets: Streets, low: int) -> int:
    """Draw the sequence flows; the lower edge of all there is is given."""
    columns = _columns(plan, content, streets)
    below: list[tuple[Element, list[Point], int, int, Point]] = []
    for flow, one, other in content.flows:
        start, target = _box(plan, content, one), _box(plan, content, other)
        first, last = streets.layer[content.host[one]], streets.layer[content.host[other]]
        begin, there = _leaving(start, one, content), (target.x, target.centre[1])
        if first < last and _is_free(columns, first, last, begin[-1][1]):
            x = streets.x(last)
            plan.lines[flow] = _tidy([*begin, (x, begin[-1][1]), (x, there[1]), there])
        else:
            x = streets.x(first + 1)
            below.append((flow, [*begin, (x, begin[-1][1])], x, streets.x(last), there))
    return _below(plan, below, low)


def _below(plan: Plan, lines: list[tuple[Element, list[Point], int, int, Point]], low: int) -> int:
    """Lines that run back, or over what is in their way: below everything, each in its own track
    where another lies beside it."""
    busy: list[tuple[int, int]] = []
    free: list[int] = []
    tracks = 0
    for flow, begin, x1, x2, there in sorted(lines, key=lambda each: min(each[2], each[3])):
        left, right = min(x1, x2), max(x1, x2)
        while busy and busy[0][0] < left:
            heappush(free, heappop(busy)[1])
        track = heappop(free) if free else tracks
        tracks = max(tracks, track + 1)
        heappush(busy, (right, track))
        y = low + 12 + PITCH * track
        plan.lines[flow] = _tidy([*begin, (x1, y), (x2, y), (x2, there[1]), there])
    return low + 12 + PITCH * tracks if tracks else low


def _columns(plan: Plan, content: Content, streets: Streets) -> list[tuple[list[int], list[int]]]:
    """The upper and lower edges of each layer's nodes, from the top down."""
    found: list[list[tuple[int, int]]] = [[] for _ in streets.edges]
    for node, element in content.nodes.items():
        box = plan.boxes[element]
        lower = box.bottom + (18 + 8 * len(content.edged.get(node, ())))
        found[streets.layer[node]].append((box.y - 4, lower))
    return [([a for a, _ in sorted(c)], [b for _, b in sorted(c)]) for c in found]


def _is_free(columns: list[tuple[list[int], list[int]]], first: int, last: int, y: int) -> bool:
    """Whether a line at this height passes all layers between these two."""
    if last - first > LOOK_MAX:
        return False
    for tops, bottoms in columns[first + 1 : last]:
        place = bisect_left(tops, y)
        if place and bottoms[place - 1] >= y:
            return False
    return True


def _box(plan: Plan, content: Content, node: str) -> Box:
    event = content.events.get(node)
    return plan.boxes[content.nodes[node] if event is None else event[0]]


def _leaving(box: Box, node: str, content: Content) -> list[Point]:
    """The first points of a line: to the right, or down from an event on an edge."""
    event = content.events.get(node)
    if event is None:
        return [(box.right, box.centre[1])]
    x = box.centre[0]
    return [(x, box.bottom), (x, box.bottom + 6 + PITCH * event[1])]


def _tidy(points: list[Point]) -> Line:
    """Without points that change nothing; at least two."""
    kept = [points[0]]
    for point in points[1:]:
        if point == kept[-1]:
            continue
        if len(kept) > 1 and any(
            kept[-2][axis] == kept[-1][axis] == point[axis] for axis in (0, 1)
        ):
            kept.pop()
        kept.append(point)
    return tuple(kept) if len(kept) > 1 else (points[0], points[-1])


def border(box: Box, towards: Point) -> Point:
    """Where a straight line from the box's middle to a point leaves it."""
    (x, y), (tx, ty) = box.centre, towards
    if (x, y) == (tx, ty):
        return x, y
    reach = max(abs(tx - x) * 2 / box.width, abs(ty - y) * 2 / box.height)
    return round(x + (tx - x) / max(reach, 1)), round(y + (ty - y) / max(reach, 1))


def straight(start: Box, target: Box) -> Line:
    """A straight line between two boxes."""
    return (border(start, target.centre), border(target, start.centre))


def elbow(start: Box, target: Box) -> Line:
    """A right-angled line between two boxes that stand anywhere."""
    (x1, y1), (x2, y2) = start.centre, target.centre
    if start.right <= target.x:
        x = (start.right + target.x) // 2
        return _tidy([(start.right, y1), (x, y1), (x, y2), (target.x, y2)])
    if start.bottom <= target.y or target.bottom <= start.y:
        down = start.bottom <= target.y
        begin, end = (start.bottom, target.y) if down else (start.y, target.bottom)
        y = (begin + end) // 2
        return _tidy([(x1, begin), (x1, y), (x2, y), (x2, end)])
    y = max(start.bottom, target.bottom) + 20
    return _tidy([(x1, start.bottom), (x1, y), (x2, y), (x2, target.bottom)])
