"""Pools and lanes: processes under one another, with what runs between them."""

from engine.diagrams import source
from engine.diagrams.autolayout.contents import content_of
from engine.diagrams.autolayout.placing import Bands, placed
from engine.diagrams.autolayout.plan import Plan, by_id
from engine.diagrams.autolayout.routes import elbow
from engine.diagrams.boxes import Box
from engine.diagrams.source import Element

HEAD = 30
"""Width of the strip in which a pool's or lane's name stands."""
ROOM = 20
"""Units around the content of a pool or lane."""
APART = 40
CLOSED = (400, 60)
"""Size of a pool of which nothing is shown."""


def pools(root: Element) -> Plan:
    """The plan of a whole diagram."""
    whole = Plan()
    processes = {source.identity(each): each for each in source.children(root, "process")}
    for collaboration in source.children(root, "collaboration"):
        for participant in source.children(collaboration, "participant"):
            process = processes.pop(participant.get("processRef", ""), None)
            _below(whole, _pool(participant, process))
    for process in processes.values():
        _below(whole, _process(process))
    boxes = by_id(whole.boxes)
    for collaboration in source.children(root, "collaboration"):
        for flow in source.children(collaboration, "messageFlow"):
            one, other = boxes.get(flow.get("sourceRef", "")), boxes.get(flow.get("targetRef", ""))
            if one is not None and other is not None:
                whole.lines[flow] = elbow(one[1], other[1])
    return whole


def _below(whole: Plan, part: Plan) -> None:
    if part.boxes:
        whole.add(part, 0, whole.height + APART if whole.boxes else 0)


def _pool(participant: Element, process: Element | None) -> Plan:
    plan = Plan(width=CLOSED[0], height=CLOSED[1])
    if process is not None:
        inner = _process(process)
        if inner.boxes:
            plan = Plan()
            plan.add(inner, HEAD, 0)
    plan.boxes[participant] = Box(x=0, y=0, width=plan.width, height=plan.height)
    return plan


def _process(process: Element) -> Plan:
    lanes = [each for lane_set in source.children(process, "laneSet") for each in _lanes(lane_set)]
    leaves = [lane for lane, inner in lanes if not inner]
    numbers = {id(lane): number for number, lane in enumerate(leaves)}
    of: dict[str, int] = {}
    for lane in leaves:
        for reference in source.children(lane, "flowNodeRef"):
            of.setdefault(source.text(reference), numbers[id(lane)])
    content = content_of(process)
    rest = any(node not in of for node in content.nodes)
    bands = Bands(of=of, count=max(1, len(leaves) + (1 if leaves and rest else 0)))
    inner = placed(content, bands)
    if not leaves:
        if not inner.boxes:
            return inner
        plan = Plan()
        plan.add(inner, ROOM, ROOM)
        plan.width, plan.height = plan.width + ROOM, plan.height + ROOM
        return plan
    deep = _depth(process)
    plan = Plan()
    plan.add(inner, HEAD * deep + ROOM, 0)
    plan.width += ROOM
    spans = {
        id(lane): (bands.tops[number], bands.tops[number] + bands.heights[number])
        for number, lane in enumerate(leaves)
    }
    last = leaves[-1]
    if not rest:
        spans[id(last)] = (spans[id(last)][0], max(spans[id(last)][1], plan.height))
    plan.height = max(plan.height, max(bottom for _, bottom in spans.values()))
    for lane_set in source.children(process, "laneSet"):
        _draw(lane_set, 0, plan, spans)
    return plan


def _lanes(lane_set: Element) -> list[tuple[Element, bool]]:
    """Every lane in a set, from the outside in, and whether lanes are in it."""
    found: list[tuple[Element, bool]] = []
    for lane in source.children(lane_set, "lane"):
        inner = [each for child in source.children(lane, "childLaneSet") for each in _lanes(child)]
        found += [(lane, bool(inner)), *inner]
    return found


def _depth(element: Element) -> int:
    inner = [*source.children(element, "laneSet"), *source.children(element, "childLaneSet")]
    return max(
        (1 + _depth(lane) for each in inner for lane in source.children(each, "lane")), default=0
    )


def _draw(
    lane_set: Element, level: int, plan: Plan, spans: dict[int, tuple[int, int]]
) -> tuple[int, int]:
    """The boxes of the lanes of a set; from where to where they reach."""
    reach: list[tuple[int, int]] = []
    for lane in source.children(lane_set, "lane"):
        inner = [
            _draw(each, level + 1, plan, spans) for each in source.children(lane, "childLaneSet")
        ]
        inner = [each for each in inner if each[1] > each[0]]
        top, bottom = (
            (min(a for a, _ in inner), max(b for _, b in inner)) if inner else spans[id(lane)]
        )
        x = HEAD * level
        plan.boxes[lane] = Box(x=x, y=top, width=plan.width - x, height=bottom - top)
        reach.append((top, bottom))
    if not reach:
        return 0, 0
    return min(a for a, _ in reach), max(b for _, b in reach)
