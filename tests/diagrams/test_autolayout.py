"""A diagram without a drawing gets one: everything is there, nothing overlaps."""

from itertools import pairwise
from random import Random
from time import process_time

import pytest

from engine.diagrams import source
from engine.diagrams.boxes import Box
from engine.diagrams.layout import Drawing, Shape, read_drawing
from tests.diagrams.bpmn import HEAD, chain, diagram, element, flow, task

KINDS = (
    *("userTask", "serviceTask", "callActivity", "exclusiveGateway", "parallelGateway"),
    *("intermediateCatchEvent", "endEvent", "subProcess", "userTask", "userTask"),
)
AREAS = {"participant", "lane", "subProcess"}


def drawing(content: bytes) -> Drawing:
    found = read_drawing(source.parse("p.bpmn", content))
    assert found is not None
    return found


def level(random: Random, name: str, depth: int) -> tuple[str, list[str]]:
    """Random nodes with random flows between them, back and to themselves too."""
    nodes = [f"{name}n{number}" for number in range(random.randint(1, 25))]
    written, every = [], list(nodes)
    for node in nodes:
        kind = random.choice(KINDS)
        inner = ""
        if kind == "subProcess" and depth:
            inner, more = level(random, node, depth - 1)
            every += more
        written.append(element(kind, node, inner, name=f"步骤 {node}"))
        for number in range(random.choice((0, 0, 0, 1, 4))):
            if kind in ("userTask", "subProcess"):
                every.append(f"{node}b{number}")
                written.append(element("boundaryEvent", every[-1], attachedToRef=node))
                written.append(flow(every[-1], random.choice(nodes)))
    for _ in range(random.randint(0, 2 * len(nodes))):
        written.append(flow(random.choice(nodes), random.choice(nodes)))
    for number in range(random.choice((0, 0, 2))):
        every.append(f"{name}t{number}")
        written.append(element("textAnnotation", every[-1], "<bpmn:text>注</bpmn:text>"))
        ends = f'sourceRef="{random.choice(nodes)}" targetRef="{every[-1]}"'
        written.append(f"<bpmn:association {ends}/>")
    return "".join(written), every


def lanes(random: Random, name: str, nodes: list[str]) -> tuple[str, list[str]]:
    """Lanes that hold most of these nodes; one holds lanes of its own."""
    names = [f"{name}l{number}" for number in range(random.randint(1, 4))]
    of = {node: random.choice([*names, ""]) for node in nodes}
    held = [
        "".join(f"<bpmn:flowNodeRef>{n}</bpmn:flowNodeRef>" for n in nodes if of[n] == lane)
        for lane in names
    ]
    written = [element("lane", lane, inner) for lane, inner in zip(names, held, strict=True)]
    if len(names) > 2:
        outer = f"<bpmn:childLaneSet>{''.join(written[1:])}</bpmn:childLaneSet>"
        written = [written[0], element("lane", f"{name}lo", outer)]
        names.append(f"{name}lo")
    return f"<bpmn:laneSet>{''.join(written)}</bpmn:laneSet>", names


def pools(random: Random) -> tuple[bytes, list[str]]:
    """Two pools with lanes, one that is closed, messages between them."""
    every, processes, participants = ["pool9"], [], [element("participant", "pool9")]
    for number in range(2):
        body, nodes = level(random, f"p{number}", 1)
        top = [
            node for node in nodes if "n" not in node[3:] and "b" not in node and "t" not in node
        ]
        held, names = lanes(random, f"p{number}", top)
        processes.append(f'<bpmn:process id="p{number}">{held}{body}</bpmn:process>')
        participants.append(element("participant", f"pool{number}", processRef=f"p{number}"))
        every += [*nodes, *names, f"pool{number}"]
    messages = '<bpmn:messageFlow id="m1" sourceRef="p0n0" targetRef="p1n0"/>'
    messages += '<bpmn:messageFlow id="m2" sourceRef="p1n0" targetRef="pool9"/>'
    held = f"<bpmn:collaboration>{''.join(participants)}{messages}</bpmn:collaboration>"
    return f"{HEAD}{held}{''.join(processes)}</bpmn:definitions>".encode(), every


def overlap(one: Box, other: Box) -> bool:
    return (
        one.x < other.right
        and other.x < one.right
        and one.y < other.bottom
        and other.y < one.bottom
    )


def within(inner: Box, outer: Box) -> bool:
    return (
        outer.x <= inner.x
        and outer.y <= inner.y
        and inner.right <= outer.right
        and inner.bottom <= outer.bottom
    )


def check(found: Drawing, content: bytes, every: list[str]) -> None:
    shapes = {str(shape.id): shape for shape in found.shapes}
    assert sorted(shapes) == sorted(every)
    root = source.parse("p.bpmn", content)
    lines = [
        each
        for tag in ("sequenceFlow", "association", "messageFlow")
        for each in root.iter(f"{{{source.BPMN}}}{tag}")
    ]
    assert len(found.edges) == len(lines)
    assert all(s.box.x >= 0 and s.box.right <= found.width for s in found.shapes)
    assert all(s.box.y >= 0 and s.box.bottom <= found.height for s in found.shapes)
    parents = {
        source.identity(e): source.identity(p)
        for e in root.iter()
        if (p := e.getparent()) is not None
    }
    for one, other in _pairs([s for s in found.shapes if s.kind not in ("participant", "lane")]):
        if parents[one.id] == parents[other.id] and "boundaryEvent" not in (one.kind, other.kind):
            assert not overlap(one.box, other.box), (one.id, other.id)
    for shape in found.shapes:
        outer = shapes.get(parents[shape.id])
        if outer is not None and outer.kind == "subProcess":
            assert within(shape.box, outer.box), (shape.id, outer.id)
    for edge in found.edges:
        assert len(edge.points) >= 2
        if edge.kind == "sequenceFlow":
            for (x1, y1), (x2, y2) in pairwise(edge.points):
                assert x1 == x2 or y1 == y2, edge


def _pairs(shapes: list[Shape]) -> list[tuple[Shape, Shape]]:
    return [(a, b) for n, a in enumerate(shapes) for b in shapes[n + 1 :]]


@pytest.mark.parametrize("seed", range(40))
def test_everything_is_there_and_nothing_overlaps(seed: int) -> None:
    random = Random(seed)
    body, every = level(random, "", 2)
    content = diagram(body)
    check(drawing(content), content, every)
    assert drawing(content) == drawing(content)


@pytest.mark.parametrize("seed", range(20))
def test_pools_and_lanes_lie_under_one_another(seed: int) -> None:
    content, every = pools(Random(seed))
    found = drawing(content)
    check(found, content, every)
    shapes = {str(shape.id): shape.box for shape in found.shapes}
    areas = [shapes[name] for name in ("pool0", "pool1", "pool9")]
    assert not any(overlap(a, b) for n, a in enumerate(areas) for b in areas[n + 1 :])
    root = source.parse("p.bpmn", content)
    for lane in root.iter(f"{{{source.BPMN}}}lane"):
        for reference in source.children(lane, "flowNodeRef"):
            assert within(shapes[source.text(reference)], shapes[source.identity(lane)])


def test_lines_pass_no_node() -> None:
    """Ways of different length, a way back, an event on an edge."""
    body = (
        element("startEvent", "s")
        + "".join(task(name) for name in "abcd")
        + element("boundaryEvent", "late", attachedToRef="a")
        + element("endEvent", "e")
        + chain("s", "a", "b", "c", "e")
        + chain("a", "e")
        + chain("c", "a")
        + chain("late", "d", "e")
    )
    found = drawing(diagram(body))
    assert len(found.edges) == 8
    nodes = [shape.box for shape in found.shapes]
    for edge in found.edges:
        for (x1, y1), (x2, y2) in pairwise(edge.points):
            line = Box(
                x=min(x1, x2), y=min(y1, y2), width=abs(x2 - x1) or 1, height=abs(y2 - y1) or 1
            )
            assert not any(overlap(line, smaller(box)) for box in nodes), edge


def smaller(box: Box) -> Box:
    """Its inside: lines begin and end on a box's border."""
    return Box(x=box.x + 2, y=box.y + 2, width=box.width - 4, height=box.height - 4)


def test_what_a_drawing_leaves_out_stands_below_it() -> None:
    body = (
        element("startEvent", "s")
        + task("a")
        + task("b")
        + element("boundaryEvent", "late", attachedToRef="a")
        + chain("s", "a", "b")
        + chain("late", "b")
    )
    plane = "".join(
        f'<bpmndi:BPMNShape bpmnElement="{id}"><dc:Bounds x="{x}" y="0" width="100" height="80"/>'
        "</bpmndi:BPMNShape>"
        for id, x in (("s", 0), ("a", 200))
    )
    drawn = f"<bpmndi:BPMNDiagram><bpmndi:BPMNPlane>{plane}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"
    content = diagram(body).replace(b"</bpmn:definitions>", f"{drawn}</bpmn:definitions>".encode())
    shapes = {str(shape.id): shape.box for shape in drawing(content).shapes}
    assert shapes["a"].x - shapes["s"].x == 200
    assert shapes["b"].y >= shapes["a"].bottom
    assert overlap(shapes["late"], shapes["a"])
    assert len(drawing(content).edges) == 3


@pytest.mark.parametrize("shape", ["chain", "fan", "backs", "edges"])
def test_two_thousand_nodes_are_laid_out_in_a_moment(shape: str) -> None:
    names = [f"n{number}" for number in range(2_000)]
    flows = {
        "chain": chain(*names),
        "fan": "".join(flow("n0", name) + flow(name, "n1999") for name in names[1:-1]),
        "backs": chain(*names) + "".join(flow(name, "n0") for name in names[::2]),
        "edges": "".join(element("boundaryEvent", f"b{n}", attachedToRef="n0") for n in names)
        + "".join(flow(f"b{name}", name) for name in names),
    }[shape]
    content = diagram("".join(element("userTask", name) for name in names) + flows)
    began = process_time()
    assert len(drawing(content).shapes) >= 2_000
    assert process_time() - began < 5


def test_a_diagram_of_nothing_has_no_drawing() -> None:
    assert read_drawing(source.parse("p.bpmn", diagram(""))) is None
