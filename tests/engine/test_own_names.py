"""Nobody chooses by an answer's name who asks, which request this is, or a verdict."""

import json

import pytest

import forms
from engine.commands.complete import Complete
from engine.diagrams.compiler import compile_definition
from engine.diagrams.definition import Definition
from engine.refusals import Invalid
from tests.engine.live import Engine, chain, flow, process, task

START = '<bpmn:startEvent id="s"/>'
END = '<bpmn:endEvent id="e"/>'
WORK = task("work", assignee="${initiator}")


def test_without_a_form_the_initiator_can_be_named_but_is_the_caller() -> None:
    engine = Engine(process("p", START, WORK, END, chain("s", "work", "e")))
    with pytest.raises(Invalid):
        engine.submit("p", "tech.lead", initiator="gm")
    request = engine.submit("p", "tech.lead", initiator="tech.lead")
    assert engine.open(request) == {"work": ["tech.lead"]}


@pytest.mark.parametrize("name", ["initiator", "starter", "me"])
def test_nor_by_a_field_of_that_name(name: str) -> None:
    engine = Engine(definitions={"p": _with_field(name)})
    with pytest.raises(Invalid) as refused:
        engine.submit("p", "tech.lead", **{name: "gm"})
    assert name in refused.value.errors
    request = engine.submit("p", "tech.lead", other="x")
    assert engine.open(request) == {"work": ["tech.lead"]}


def test_nor_later_at_a_desk() -> None:
    engine = Engine(process("p", START, WORK, END, chain("s", "work", "e")))
    request = engine.submit("p", "tech.lead")
    with pytest.raises(Invalid):
        engine.act(Complete, request, "work", "tech.lead", answers={"initiator": "gm"})
    with pytest.raises(Invalid):
        engine.act(Complete, request, "work", "tech.lead", answers={"me": "another"})


def test_a_verdict_under_a_name_of_its_own_is_as_little_a_variable_of_others() -> None:
    sign = task(
        "sign", assignee="gm", approval="single", approval__verdict="agreed",
        approval__onRejected="end",
    )  # fmt: skip
    ways = '<bpmn:exclusiveGateway id="g" default="g_sign"/>' + flow("g", "sign")
    skip = flow("g", "e", "${agreed == 'approved'}")
    line = chain("s", "g") + chain("sign", "e")
    engine = Engine(process("p", START, ways, sign, skip, END, line))
    with pytest.raises(Invalid) as refused:
        engine.submit("p", "tech.lead", agreed="approved")
    assert "agreed" in refused.value.errors


def _with_field(name: str) -> Definition:
    fields = [{"type": "textfield", "key": key, "label": key} for key in (name, "other")]
    form = {"type": "default", "id": "asked", "schemaVersion": 16, "components": fields}
    start = '<bpmn:startEvent id="s" camunda:formRef="asked" camunda:initiator="starter"/>'
    diagram = process("p", start, WORK, END, chain("s", "work", "e"))
    return compile_definition(
        {"p.bpmn": diagram, "asked.form": json.dumps(form).encode()}, forms.read
    )
