"""What the process does by itself: expressions, decisions, calls to other systems."""

from typing import Any

import forms
from engine.case import Actor
from engine.commands.retry import Retry
from engine.diagrams.compiler import compile_definition
from engine.ids import PersonId, RequestId
from tests.engine.live import Engine, chain, process, task

START = '<bpmn:startEvent id="s"/>'
END = '<bpmn:endEvent id="e"/>'
ADMIN = Actor(id=PersonId("admin"), override=True)
TABLE = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="t">
  <decision id="limit" name="limit"><decisionTable id="t" hitPolicy="UNIQUE">
    <input id="i"><inputExpression id="x" typeRef="string"><text>grade</text></inputExpression>
    </input>
    <output id="o" name="most" typeRef="number"/>
    <rule id="r1"><inputEntry id="a"><text>"A"</text></inputEntry>
      <outputEntry id="b"><text>5000</text></outputEntry></rule>
    <rule id="r2"><inputEntry id="c"><text>"B"</text></inputEntry>
      <outputEntry id="f"><text>1</text></outputEntry></rule>
    <rule id="r3"><inputEntry id="g"><text>"B"</text></inputEntry>
      <outputEntry id="h"><text>2</text></outputEntry></rule>
  </decisionTable></decision>
</definitions>"""


def around(step: str, **more: str) -> bytes:
    return process("p", START, step, task("work", assignee="gm"), END,
                   chain("s", "act", "work", "e"), **more)  # fmt: skip


def retry(engine: Engine, request: RequestId, **variables: Any) -> bool:
    (incident,) = engine.incidents(request)
    command = Retry(actor=ADMIN, request=request, incident=incident.ordinal, variables=variables)
    return bool(engine.do(command).result["resolved"])


def test_an_expression_of_provided_functions_gives_a_variable() -> None:
    step = (
        '<bpmn:serviceTask id="act" camunda:expression="${workdays(day, days)}"'
        ' camunda:resultVariable="until"><bpmn:extensionElements><camunda:inputOutput>'
        '<camunda:inputParameter name="days">${1 + 1}</camunda:inputParameter>'
        '<camunda:outputParameter name="said">bis ${until}, ${days}</camunda:outputParameter>'
        "</camunda:inputOutput></bpmn:extensionElements></bpmn:serviceTask>"
    )
    engine = Engine(around(step))
    request = engine.submit("p", "card.officer", day="2026-11-02")
    assert engine.open(request) == {"work": ["gm"]}
    variables = engine.variables(request)
    assert (variables["until"], variables["said"]) == ("2026-11-04", "bis 2026-11-04, 2")
    assert "days" not in variables
    assert engine.replayed(request) is None


def test_what_it_can_not_work_out_is_an_incident() -> None:
    step = (
        '<bpmn:serviceTask id="act" camunda:expression="${workdays(day, 2)}"'
        ' camunda:resultVariable="until"/>'
    )
    engine = Engine(around(step))
    request = engine.submit("p", "card.officer", day="soon")
    assert [(i.kind, i.node) for i in engine.incidents(request)] == [("expression", "act")]
    assert retry(engine, request, day="2026-11-02")
    assert engine.variables(request)["until"] == "2026-11-04"
    assert engine.replayed(request) is None


def decides(how: str = "single-entry") -> Engine:
    step = (
        '<bpmn:businessRuleTask id="act" camunda:decisionRef="limit"'
        f' camunda:resultVariable="most" camunda:mapDecisionResult="{how}"/>'
    )
    files = {"p.bpmn": around(step), "limit.dmn": TABLE.encode()}
    definition = compile_definition(files, forms.read)
    return Engine(definitions={"p": definition})


def test_a_decision_gives_what_its_table_says() -> None:
    engine = decides("singleEntry")
    request = engine.submit("p", "card.officer", grade="A")
    assert engine.variables(request)["most"] == 5000
    other = engine.submit("p", "card.officer", grade="C")
    assert engine.variables(other)["most"] is None
    assert engine.replayed(request) is None
    assert engine.replayed(other) is None


def test_a_decision_of_camunda_8_hands_on_what_the_standard_says() -> None:
    engine = decides("value")
    request = engine.submit("p", "card.officer", grade="A")
    assert engine.variables(request)["most"] == 5000
    assert engine.replayed(request) is None


def test_a_decision_that_fails_is_an_incident_until_its_variable_is_mended() -> None:
    engine = decides("singleEntry")
    request = engine.submit("p", "card.officer", grade="B")
    assert [i.kind for i in engine.incidents(request)] == ["decision"]
    assert retry(engine, request, grade="A")
    assert engine.variables(request)["most"] == 5000
    assert engine.replayed(request) is None


HOOK = (
    '<bpmn:serviceTask id="act" camunda:type="external" camunda:topic="countersign.webhook">'
    "<bpmn:extensionElements><camunda:inputOutput>"
    '<camunda:inputParameter name="url">https://${where}/x</camunda:inputParameter>'
    '<camunda:inputParameter name="payload"><camunda:map>'
    '<camunda:entry key="id">${me}</camunda:entry><camunda:entry key="sum">${amount}'
    "</camunda:entry></camunda:map></camunda:inputParameter>"
    "</camunda:inputOutput></bpmn:extensionElements></bpmn:serviceTask>"
)


def test_a_web_hook_leaves_only_to_hosts_that_may_be_called() -> None:
    engine = Engine(around(HOOK))
    engine.uow.callable = {"hooks.example.com"}
    request = engine.submit("p", "card.officer", where="169.254.169.254", amount="5")
    (incident,) = engine.incidents(request)
    assert incident.kind == "action"
    assert "may not call 169.254.169.254" in incident.message
    for bad in ("a@hooks.example.com", "hooks.example.com:99999", "hooks.example.com:22", "a b"):
        assert not retry(engine, request, where=bad)
    assert engine.uow.posts == []
    assert retry(engine, request, where="hooks.example.com")
    (post,) = engine.uow.posts
    assert (post.url, post.payload) == (
        "https://hooks.example.com/x",
        f'{{"id":"{request}","sum":"5"}}',
    )
    assert engine.open(request) == {"work": ["gm"]}
    assert engine.replayed(request) is None
