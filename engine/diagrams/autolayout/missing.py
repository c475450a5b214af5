"""What a drawing leaves out, put below it."""

from collections.abc import Collection, Mapping

from engine.diagrams import source
from engine.diagrams.autolayout.contents import ASIDE, INNER, content_of, is_node
from engine.diagrams.autolayout.placing import EDGE_PITCH, placed
from engine.diagrams.autolayout.plan import Plan
from engine.diagrams.autolayout.routes import elbow, straight
from engine.diagrams.boxes import Box
from engine.diagrams.source import Element

LINES = ("sequenceFlow", "messageFlow", "association")


def missing(
    root: Element,
    boxes: Mapping[str, Box],
    lines: Collection[str],
    collapsed: Collection[str],
) -> Plan:
    """The nodes, notes and lines of which neither `boxes` nor `lines` has the id.

    What lies in a `collapsed` sub-process is not missed. Missing nodes stand below the drawing,
    events on the edge of a drawn activity on that edge.
    """
    plan = Plan()
    top = max((box.bottom for box in boxes.values()), default=0) + 40
    left = min((box.x for box in boxes.values()), default=0)
    for container in _shown(root, boxes, collapsed):
        lost = {id: each for id, each in _things(container).items() if id not in boxes}
        for id in _put_on_edges(plan, lost, boxes):
            del lost[id]
        if lost:
            part = placed(content_of(container, frozenset(lost)))
            plan.add(part, left, top)
            top += part.height + 40
    every = dict(boxes) | {source.identity(each): box for each, box in plan.boxes.items()}
    for tag in LINES:
        for line in root.iter(f"{{{source.BPMN}}}{tag}"):
            one = every.get(line.get("sourceRef", ""))
            other = every.get(line.get("targetRef", ""))
            if one and other and line not in plan.lines and source.identity(line) not in lines:
                draw = straight if tag == "association" else elbow
                plan.lines[line] = draw(one, other)
    return plan


def _shown(root: Element, boxes: Mapping[str, Box], collapsed: Collection[str]) -> list[Element]:
    """Processes, and sub-processes whose content is to be seen."""
    found: list[Element] = []
    todo = list(source.children(root, "process"))
    while todo:
        here = todo.pop(0)
        found.append(here)
        todo += [
            each
            for each in here
            if source.in_bpmn(each)
            and source.local(each) in INNER
            and source.identity(each) in boxes
            and source.identity(each) not in collapsed
        ]
    return found


def _things(container: Element) -> dict[str, Element]:
    return {
        source.identity(each): each
        for each in container
        if source.identity(each) and (is_node(each) or source.local(each) in ASIDE)
    }


def _put_on_edges(plan: Plan, lost: Mapping[str, Element], boxes: Mapping[str, Box]) -> list[str]:
    """Events whose activity is drawn, on its lower edge; their ids."""
    found = []
    counts: dict[str, int] = {}
    for id, each in lost.items():
        host = boxes.get(each.get("attachedToRef", ""))
        if source.local(each) == "boundaryEvent" and host is not None:
            number = counts.setdefault(each.get("attachedToRef", ""), 0)
            counts[each.get("attachedToRef", "")] += 1
            x = host.right - EDGE_PITCH * (number + 1)
            plan.boxes[each] = Box(x=x, y=host.bottom - 18, width=36, height=36)
            found.append(id)
    return found
