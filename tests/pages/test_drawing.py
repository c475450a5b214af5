"""The diagram as a picture made by the server."""

from time import process_time
from typing import Any, cast

import pytest
from flask import Flask, current_app
from flask_babel import Babel
from lxml import etree
from lxml.etree import _Element

from engine.diagrams import source
from engine.diagrams.layout import read_drawing
from tests.workflows.organised import keys, shipped
from web.drawing import svg
from web.drawing.glyphs import EVENTS, FEET, TASKS
from web.drawing.texts import lines


def test_names_break_between_chinese_characters_and_at_spaces() -> None:
    assert lines("上线实施与回退", 60, 12) == ["上线实施与", "回退"]
    assert lines("Confirm the specification", 90, 12) == ["Confirm the", "specification"]
    assert lines("", 60, 12) == []


def test_a_stop_is_never_the_first_of_a_line() -> None:
    assert lines("变更已确认，执行", 60, 12)[1].startswith("，") is False


@pytest.mark.parametrize("key", keys())
def test_every_shipped_process_can_be_drawn(key: str) -> None:
    from engine.diagrams.layout import drawing_of

    drawing = drawing_of(shipped(key))
    assert drawing is not None
    assert {shape.id for shape in drawing.shapes} >= set(shipped(key).nodes)


HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"'
    ' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"'
    ' xmlns:di="http://www.omg.org/spec/DD/20100524/DI"'
    ' targetNamespace="t">'
)


def figure(elements: str, shapes: str = "", **more: Any) -> _Element:
    """The SVG of a diagram of these elements, as XML; nothing in it may break out of it."""
    plane = f'<bpmndi:BPMNDiagram><bpmndi:BPMNPlane bpmnElement="p">{shapes}' if shapes else ""
    plane += "</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>" if shapes else ""
    process = f'<bpmn:process id="p" isExecutable="true">{elements}</bpmn:process>'
    root = source.parse("a.bpmn", f"{HEAD}{process}{plane}</bpmn:definitions>".encode())
    states = more.pop("states", {})
    with Flask("x").test_request_context():
        Babel(current_app)
        drawn = svg.drawn(read_drawing(root), states, english=False, **more)
    return etree.fromstring(str(drawn).replace(" data-diagram", "", 1).encode())


def shape(id: str, x: object = 100, y: object = 100, size: object = 100, more: str = "") -> str:
    """Where an element stands."""
    bounds = f'<dc:Bounds x="{x}" y="{y}" width="{size}" height="{size}"/>'
    return f'<bpmndi:BPMNShape bpmnElement="{id}"{more}>{bounds}</bpmndi:BPMNShape>'


def paths(root: _Element) -> set[str]:
    """The strokes that were drawn."""
    return {str(each) for each in cast(list[object], root.xpath("//*[local-name()='path']/@d"))}


def classes(root: _Element) -> set[str]:
    """Every class that was given."""
    return {word for each in root.iter() for word in str(each.get("class", "")).split()}


@pytest.mark.parametrize("kind", sorted(TASKS))
def test_every_kind_of_task_has_its_mark(kind: str) -> None:
    root = figure(f'<bpmn:{kind} id="t" name="Work"/>', shape("t"))
    assert TASKS[kind] in paths(root)
    assert "Work" in "".join(str(each) for each in root.itertext())


@pytest.mark.parametrize("kind", sorted(set(EVENTS) - {"multiple"}))
@pytest.mark.parametrize("tag", ["intermediateCatchEvent", "intermediateThrowEvent"])
def test_every_kind_of_event_has_its_mark(kind: str, tag: str) -> None:
    event = f'<bpmn:{tag} id="e"><bpmn:{kind}EventDefinition/></bpmn:{tag}>'
    root = figure(event, shape("e", size=36))
    assert EVENTS[kind] in paths(root)
    filled = tag == "intermediateThrowEvent" or kind == "terminate"
    assert ("glyph--filled" in classes(root)) is filled


def test_what_does_not_interrupt_is_dashed_and_what_is_called_is_bold() -> None:
    inner = (
        '<bpmn:callActivity id="c"/><bpmn:boundaryEvent id="b" attachedToRef="c"'
        ' cancelActivity="false"><bpmn:timerEventDefinition/></bpmn:boundaryEvent>'
        '<bpmn:subProcess id="s" triggeredByEvent="true"/>'
        '<bpmn:userTask id="m"><bpmn:multiInstanceLoopCharacteristics isSequential="true"/>'
        "</bpmn:userTask>"
    )
    shapes = shape("c") + shape("b", 180, 180, 36) + shape("s", 300) + shape("m", 500)
    root = figure(inner, shapes)
    assert classes(root) >= {"dashed", "bold", "dotted"}
    assert FEET["sequential"] in paths(root)
    assert FEET["collapsed"] in paths(root)


def test_data_notes_groups_and_others_pools_are_drawn() -> None:
    inner = (
        '<bpmn:dataObjectReference id="d" name="Contract"/>'
        '<bpmn:dataStoreReference id="s" name="Files"/>'
        '<bpmn:textAnnotation id="n"><bpmn:text>Mind this</bpmn:text></bpmn:textAnnotation>'
        '<bpmn:group id="g"/>'
    )
    root = figure(inner, "".join(shape(id, 100 * n) for n, id in enumerate("dsng")))
    words = " ".join(str(each) for each in root.itertext())
    assert all(word in words for word in ("Contract", "Files", "Mind this"))
    assert {"sheet", "group"} <= classes(root)


def test_names_are_text_whatever_they_say() -> None:
    hostile = "&lt;/text&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;"
    root = figure(f'<bpmn:userTask id="t" name="{hostile}"/>', shape("t"))
    assert "script" not in {etree.QName(each).localname for each in root.iter()}
    assert "<script>" in "".join(str(each) for each in root.itertext()).replace("\n", "")
    started = process_time()
    root = figure(f'<bpmn:userTask id="t" name="{"n" * 200_000}"/>', shape("t"))
    assert len(etree.tostring(root)) < 20_000
    assert process_time() - started < 1


@pytest.mark.parametrize("far", ["1e300", "-1e9", "NaN", "inf", "999999", "x", ""])
def test_coordinates_beyond_all_sense_stay_on_the_page(far: str) -> None:
    tasks = '<bpmn:userTask id="t" name="a"/><bpmn:userTask id="u" name="b"/>'
    root = figure(tasks, shape("t", far, far, far) + shape("u"))
    picture = cast(list[_Element], root.xpath("//*[local-name()='svg']"))[0]
    assert 0 < int(picture.get("width", "0")) <= svg.WIDEST
    assert 0 < int(picture.get("height", "0")) <= svg.WIDEST


def test_two_thousand_nodes_are_drawn_in_a_second() -> None:
    tasks = "".join(f'<bpmn:userTask id="t{n}" name="Task {n}"/>' for n in range(2_000))
    shapes = "".join(shape(f"t{n}", 120 * (n % 50), 100 * (n // 50)) for n in range(2_000))
    started = process_time()
    root = figure(tasks, shapes, states=dict.fromkeys((f"t{n}" for n in range(999)), "done"))
    assert process_time() - started < 3
    assert len(cast(list[object], root.xpath("//*[local-name()='rect']"))) == 2_000


def test_a_fault_stands_at_its_element() -> None:
    faults = {"t": 'no "signer" <here>'}
    root = figure('<bpmn:userTask id="t" name="Sign"/>', shape("t"), faults=faults)
    assert "shape--wrong" in classes(root)
    assert any('no "signer" <here>' in str(each) for each in root.itertext())
