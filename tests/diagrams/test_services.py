"""Work that no person does: what performs it, and that code of the diagram never does."""

import pytest

import forms
from engine.diagrams.compiler import compile_definition
from engine.diagrams.definition import Definition, Undeployable
from engine.diagrams.words import ActionWords, NodeId
from tests.diagrams.bpmn import chain, compiled, diagram, element, properties, rules

S, E = element("startEvent", "s"), element("endEvent", "e")


def whole(tag: str, inner: str = "", before: str = "", **attributes: str) -> bytes:
    return diagram(before + S + element(tag, "x", inner, **attributes) + E + chain("s", "x", "e"))


def words(content: bytes) -> ActionWords:
    return compiled(content).actions[NodeId("x")]


def warned(found: Definition) -> list[str]:
    return [each.rule for each in found.warnings if each.element == "x"]


def kind_of(content: bytes) -> str:
    return next(each.kind for each in compiled(content).net.graph.steps if each.id == "x")


@pytest.mark.parametrize(
    ("attributes", "topic"),
    [
        ({"camunda__class": "com.example.Pay"}, "com.example.Pay"),
        ({"camunda__delegateExpression": "${payer}"}, "\\${payer}"),
        ({"camunda__expression": "${payer.pay(execution)}"}, "\\${payer.pay(execution)}"),
        ({"camunda__expression": "${payer}"}, "\\${payer}"),
        ({"camunda__type": "mail"}, "mail"),
        ({"operationRef": "pay"}, "pay"),
        ({}, "x"),
    ],
)
def test_foreign_code_is_an_external_task_of_its_name(
    attributes: dict[str, str], topic: str
) -> None:
    for tag in ("serviceTask", "sendTask", "businessRuleTask"):
        content = whole(tag, **attributes)
        assert (words(content).kind, words(content).topic) == ("external", topic)
        assert kind_of(content) == "external"
        assert "external" in warned(compiled(content))


def test_an_external_task_says_its_topic_and_priority() -> None:
    content = whole(
        "serviceTask",
        camunda__type="external",
        camunda__topic="${which}",
        camunda__taskPriority="${5 + 5}",
    )
    found = words(content)
    assert (found.topic, found.priority) == ("${which}", "${5 + 5}")
    assert "external" not in warned(compiled(content))


def test_a_connector_and_injected_fields_are_a_workers_inputs() -> None:
    inner = (
        "<bpmn:extensionElements><camunda:connector><camunda:inputOutput>"
        '<camunda:inputParameter name="url">http://x</camunda:inputParameter>'
        '<camunda:outputParameter name="answer">${response}</camunda:outputParameter>'
        "</camunda:inputOutput><camunda:connectorId>http-connector</camunda:connectorId>"
        '</camunda:connector><camunda:field name="to"><camunda:string>gm</camunda:string>'
        "</camunda:field></bpmn:extensionElements>"
    )
    found = words(whole("serviceTask", inner))
    assert (found.topic, found.inputs) == ("http-connector", {"url": "http://x", "to": "gm"})
    assert found.outputs == {"answer": "${response}"}


@pytest.mark.parametrize("topic", ["set", "amend", "start", "notify", "webhook"])
def test_our_own_actions(topic: str) -> None:
    content = whole("serviceTask", camunda__type="external", camunda__topic=f"countersign.{topic}")
    assert words(content).kind == "built-in"
    assert kind_of(content) == "action"


@pytest.mark.parametrize(
    ("attributes", "expression", "result"),
    [
        (
            {"camunda__expression": "${a + 1}", "camunda__resultVariable": "b"},
            "${a + 1}",
            "b",
        ),
        ({"camunda__expression": "${superior(initiator)}"}, "${superior(initiator)}", ""),
        ({"camunda__expression": "${execution.setVariable('ok', !no)}"}, "${ !no}", "ok"),
    ],
)
def test_an_expression_over_data_and_our_functions_is_evaluated(
    attributes: dict[str, str], expression: str, result: str
) -> None:
    content = whole("serviceTask", **attributes)
    found = words(content)
    assert (found.kind, found.expression, found.result) == ("function", expression, result)
    assert kind_of(content) == "action"


def script(text: str, **attributes: str) -> bytes:
    return whole("scriptTask", f"<bpmn:script>{text}</bpmn:script>", **attributes)


@pytest.mark.parametrize(
    ("text", "said", "expression"),
    [
        ("${1 + 1}", "", "${1 + 1}"),
        ("${1 + 1}", "juel", "${1 + 1}"),
        ("1 + 1", "juel", "${1 + 1}"),
        ("= 1 + 1", "feel", "= 1 + 1"),
        ("1 + 1", "feel", "=1 + 1"),
    ],
)
def test_a_script_that_is_one_expression(text: str, said: str, expression: str) -> None:
    content = script(text, scriptFormat=said, camunda__resultVariable="two")
    found = words(content)
    assert (found.kind, found.expression, found.result) == ("function", expression, "two")


@pytest.mark.parametrize("said", ["groovy", "javascript", "python", ""])
def test_other_scripts_are_refused_by_name(said: str) -> None:
    assert rules(script("import os; os.system('id')", scriptFormat=said)) == [("x", "script")]
    assert rules(whole("scriptTask", scriptFormat="juel", camunda__resource="x.js")) == [
        ("x", "script")
    ]


def test_an_empty_script_is_passed_with_a_warning() -> None:
    content = whole("scriptTask")
    assert kind_of(content) == "pass"
    assert "script" in warned(compiled(content))


SCRIPTED = (
    "<bpmn:extensionElements><camunda:inputOutput><camunda:inputParameter name='a'>"
    "<camunda:script scriptFormat='groovy'>1</camunda:script></camunda:inputParameter>"
    "<camunda:inputParameter name='b'><camunda:map><camunda:entry key='c'>"
    "<camunda:script scriptFormat='groovy'>1</camunda:script></camunda:entry></camunda:map>"
    "</camunda:inputParameter><camunda:outputParameter name='d'>"
    "<camunda:script scriptFormat='groovy'>1</camunda:script></camunda:outputParameter>"
    "</camunda:inputOutput></bpmn:extensionElements>"
)


def test_a_parameter_that_a_script_works_out_is_refused() -> None:
    assert rules(whole("userTask", SCRIPTED)) == [("x", "script")] * 3
    topic = {"camunda__type": "external", "camunda__topic": "countersign.set"}
    assert rules(whole("serviceTask", SCRIPTED, **topic)) == [("x", "script")] * 3


def test_what_a_workers_scripts_work_out_the_worker_gives() -> None:
    found = compiled(whole("serviceTask", SCRIPTED, camunda__class="a.B"))
    words = found.actions[NodeId("x")]
    assert words.inputs == {}
    assert words.outputs == {"d": "${execution.getVariable('d')}"}
    assert len([each for each in found.warnings if each.rule == "script"]) == 3


def test_a_decision_is_made_by_a_table() -> None:
    content = whole(
        "businessRuleTask",
        camunda__decisionRef="rate",
        camunda__resultVariable="rating",
        camunda__mapDecisionResult="singleEntry",
    )
    found = words(content)
    assert (found.kind, found.decision, found.result) == ("decision", "rate", "rating")
    assert (found.result_map, kind_of(content)) == ("single-entry", "action")
    wrong = whole(
        "businessRuleTask", camunda__decisionRef="rate", camunda__mapDecisionResult="best"
    )
    assert rules(wrong) == [("x", "decision")]


def test_flowables_decision_task_writes_every_output() -> None:
    inner = (
        "<bpmn:extensionElements><camunda:field name='decisionTableReferenceKey'>"
        "<camunda:string>rate</camunda:string></camunda:field></bpmn:extensionElements>"
    )
    found = words(whole("serviceTask", inner, camunda__type="dmn"))
    assert (found.kind, found.decision) == ("decision", "rate")
    assert (found.result, found.result_map) == ("*", "single-result")


def tried(content: bytes) -> list[tuple[str, str]]:
    """Problems where only `superior` may be called."""
    try:
        compile_definition({"p.bpmn": content}, forms.read, functions={"superior"})
    except Undeployable as refused:
        return [(each.element, each.rule) for each in refused.problems]
    return []


def test_a_method_of_a_bean_is_a_problem_unless_it_is_mapped_to_a_function() -> None:
    asking = {"camunda__assignee": "${ldap.managerOf(initiator)}", "name": "办理"}
    assert tried(whole("userTask", **asking)) == [("x", "function")]
    mapped = properties(function__ldap__managerOf="superior")
    content = whole("userTask", "", mapped, **asking)
    assert tried(content) == []
    assert compiled(content).nodes[NodeId("x")].assignee == "${superior(initiator)}"
    unknown = properties(function__ldap__managerOf="boss")
    assert tried(whole("userTask", "", unknown, **asking)) == [("x", "function")]


@pytest.mark.parametrize(
    "attributes",
    [
        {"camunda__topic": "${beans.topic()}"},
        {"camunda__topic": "pay", "camunda__taskPriority": "${beans.priority()}"},
    ],
)
def test_so_it_is_in_a_topic_and_a_priority(attributes: dict[str, str]) -> None:
    content = whole("serviceTask", camunda__type="external", name="付款", **attributes)
    assert tried(content) == [("x", "function")]
