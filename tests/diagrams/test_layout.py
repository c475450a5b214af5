"""The drawing, as its author laid it out."""

from engine.diagrams.definition import Definition
from engine.diagrams.layout import Box, Drawing, drawing_of, middle
from tests.diagrams.bpmn import compiled, diagram, element, flow, properties, simple, task

TIMER = (
    "<bpmn:timerEventDefinition><bpmn:timeDuration>P1D</bpmn:timeDuration>"
    "</bpmn:timerEventDefinition>"
)
MANY = '<bpmn:multiInstanceLoopCharacteristics isSequential="false" camunda:collection="x"/>'


def bounds(x: int, y: int, width: int, height: int) -> str:
    return f'<dc:Bounds x="{x}" y="{y}" width="{width}" height="{height}"/>'


def drawn() -> Definition:
    shapes = [
        ("b", bounds(190, 180, 36, 36), ""),
        (
            "s",
            bounds(-20, 102, 36, 36),
            f"<bpmndi:BPMNLabel>{bounds(-30, 145, 50, 14)}</bpmndi:BPMNLabel>",
        ),
        ("a", bounds(100, 80, 100, 80), ""),
        ("lane", bounds(-50, 0, 600, 300), ""),
        ("gone", bounds(0, 0, 10, 10), ""),
    ]
    di = "".join(
        f'<bpmndi:BPMNShape id="{id}_di" bpmnElement="{id}">{box}{label}</bpmndi:BPMNShape>'
        for id, box, label in shapes
    )
    line = (
        '<bpmndi:BPMNEdge id="f_di" bpmnElement="f"><di:waypoint x="16" y="120"/>'
        '<di:waypoint x="100" y="120"/></bpmndi:BPMNEdge>'
    )
    plane = (
        '<bpmndi:BPMNDiagram id="d"><bpmndi:BPMNPlane id="pl" bpmnElement="p">'
        f"{di}{line}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"
    )
    body = (
        '<bpmn:laneSet id="ls"><bpmn:lane id="lane" name="产品部"/></bpmn:laneSet>'
        + element("startEvent", "s", name="开始")
        + task("a", properties(name__en="Sign") + MANY, name="会签")
        + element("boundaryEvent", "b", TIMER, attachedToRef="a", cancelActivity="false")
        + flow("s", "a", id="f")
    )
    return compiled(
        diagram(body).replace(b"</bpmn:definitions>", f"{plane}</bpmn:definitions>".encode())
    )


def drawing() -> Drawing:
    found = drawing_of(drawn())
    assert found is not None
    return found


def test_a_drawing_begins_at_the_origin_and_holds_everything() -> None:
    found = drawing()
    assert (found.width, found.height) == (624, 324)
    assert found.shapes[0].box == Box(x=12, y=12, width=600, height=300)


def test_shapes_are_painted_from_the_back_to_the_front() -> None:
    assert [shape.id for shape in drawing().shapes] == ["lane", "a", "s", "b"]


def test_a_shape_says_what_is_to_be_drawn_in_it() -> None:
    shapes = {str(shape.id): shape for shape in drawing().shapes}
    assert (shapes["b"].kind, shapes["b"].marker, shapes["b"].interrupting) == (
        "boundaryEvent",
        "timer",
        False,
    )
    assert (shapes["a"].name, shapes["a"].name_en, shapes["a"].many) == ("会签", "Sign", "parallel")
    assert shapes["s"].label == Box(x=32, y=157, width=50, height=14)


def test_a_line_has_its_points_and_a_middle() -> None:
    (edge,) = drawing().edges
    assert edge.points == ((78, 132), (162, 132))
    assert middle(edge) == (120, 132)


def test_a_diagram_without_a_drawing_gets_one() -> None:
    found = drawing_of(compiled(simple()))
    assert found is not None
    assert [str(shape.id) for shape in found.shapes] == ["a", "s", "e"]
    assert len(found.edges) == 2
