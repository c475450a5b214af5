"""Diagrams as other modelers draw them, from submission to the end."""

import pytest

from engine.case import Actor
from engine.commands.complete import Complete
from engine.commands.retry import Retry
from engine.ids import PersonId, RequestId
from tests.engine.live import Engine, chain, flow, process

START, END = '<bpmn:startEvent id="s"/>', '<bpmn:endEvent id="e"/>'
ADMIN = Actor(id=PersonId("admin"), override=True)
OFFICER = 'camunda:assignee="card.officer"'


def done(engine: Engine, request: RequestId, node: str, **answers: object) -> None:
    engine.act(Complete, request, node, "card.officer", answers=answers)


def test_inputs_and_outputs_of_a_desk_are_variables() -> None:
    desk = (
        f'<bpmn:userTask id="a" name="办理" {OFFICER}><bpmn:extensionElements><camunda:inputOutput>'
        '<camunda:inputParameter name="title">${kind}申请</camunda:inputParameter>'
        '<camunda:outputParameter name="seen">${title}</camunda:outputParameter>'
        "</camunda:inputOutput></bpmn:extensionElements></bpmn:userTask>"
    )
    engine = Engine(process("p", START, desk, END, chain("s", "a", "e")))
    request = engine.submit("p", "card.officer", kind="用章")
    assert engine.variables(request)["title"] == "用章申请"
    done(engine, request, "a")
    assert engine.variables(request)["seen"] == "用章申请"
    assert engine.row(request).ends == ["e"]
    assert engine.replayed(request) is None


def undecided() -> Engine:
    """A desk, then a gateway whose ways only have names."""
    ways = flow("ok", "e").replace("<bpmn:sequenceFlow", '<bpmn:sequenceFlow name="同意"')
    ways += flow("ok", "no").replace("<bpmn:sequenceFlow", '<bpmn:sequenceFlow name="不同意"')
    gateway = '<bpmn:exclusiveGateway id="ok"/><bpmn:endEvent id="no"/>'
    desk = f'<bpmn:userTask id="a" name="审批" {OFFICER}/>'
    return Engine(process("p", START, desk, gateway, END, chain("s", "a", "ok"), ways))


@pytest.mark.parametrize(("choice", "end"), [("同意", "e"), ("不同意", "no")])
def test_a_gateway_without_conditions_goes_the_way_that_the_desk_names(
    choice: str, end: str
) -> None:
    engine = undecided()
    request = engine.submit("p", "card.officer")
    done(engine, request, "a", ok=choice)
    assert engine.row(request).ends == [end]


def test_while_nobody_has_named_a_way_the_request_stands_there() -> None:
    engine = undecided()
    request = engine.submit("p", "card.officer")
    done(engine, request, "a")
    (incident,) = engine.incidents(request)
    assert (incident.node, engine.row(request).status) == ("ok", "running")
    engine.do(
        Retry(actor=ADMIN, request=request, incident=incident.ordinal, variables={"ok": "同意"})
    )
    assert engine.row(request).ends == ["e"]
    assert engine.replayed(request) is None


def test_a_standard_loop_is_gone_round_until_its_condition_fails() -> None:
    desk = (
        f'<bpmn:userTask id="a" name="补正" {OFFICER}><bpmn:standardLoopCharacteristics>'
        "<bpmn:loopCondition>${again}</bpmn:loopCondition></bpmn:standardLoopCharacteristics>"
        "</bpmn:userTask>"
    )
    engine = Engine(process("p", START, desk, END, chain("s", "a", "e")))
    request = engine.submit("p", "card.officer")
    done(engine, request, "a", again=True)
    assert engine.open(request) == {"a": ["card.officer"]}
    done(engine, request, "a", again=False)
    assert engine.row(request).ends == ["e"]
    assert engine.replayed(request) is None


def test_links_data_objects_and_a_desk_of_activiti() -> None:
    body = (
        '<bpmn:dataObject id="d" name="limit"><bpmn:extensionElements><camunda:value>5'
        "</camunda:value></bpmn:extensionElements></bpmn:dataObject>"
        '<bpmn:intermediateThrowEvent id="out"><bpmn:linkEventDefinition name="over"/>'
        "</bpmn:intermediateThrowEvent>"
        '<bpmn:intermediateCatchEvent id="into"><bpmn:linkEventDefinition name="over"/>'
        "</bpmn:intermediateCatchEvent>"
        '<bpmn:userTask id="a" name="办理" camunda:assignee="$INITIATOR"/>'
        '<bpmn:exclusiveGateway id="g"/><bpmn:endEvent id="small"/>'
    )
    ways = flow("g", "small", "${limit lt 10}") + flow("g", "e")
    content = process(
        "p", START, body, END, chain("s", "out"), chain("into", "a", "g"), ways
    ).replace(b"http://camunda.org/schema/1.0/bpmn", b"http://activiti.org/bpmn")
    engine = Engine(content)
    request = engine.submit("p", "card.officer")
    assert engine.open(request) == {"a": ["card.officer"]}
    done(engine, request, "a")
    assert engine.row(request).ends == ["small"]
    assert engine.replayed(request) is None
