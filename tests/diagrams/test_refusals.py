"""What cannot run is refused at deployment, by element and rule (interface.md, `check`)."""

import pytest

import forms
from engine.diagrams import source
from engine.diagrams.compiler import compile_definition
from engine.diagrams.definition import Undeployable
from tests.diagrams.bpmn import (
    HEAD,
    chain,
    compiled,
    diagram,
    element,
    flow,
    form,
    problems,
    properties,
    rules,
    simple,
    task,
)

TIMER = (
    "<bpmn:timerEventDefinition><bpmn:timeDuration>P1D</bpmn:timeDuration>"
    "</bpmn:timerEventDefinition>"
)
S, E = element("startEvent", "s"), element("endEvent", "e")


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"\x00\x01", "xml"),
        (b"<a>", "xml"),
        (b"<html/>", "bpmn"),
        (b'<definitions xmlns="http://www.omg.org/spec/DMN/20191111/MODEL/"/>', "bpmn"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]>' + diagram(S), "doctype"),
        (("<?xml version='1.0' encoding='UTF-16'?><!DOCTYPE x><x/>").encode("utf-16"), "doctype"),
        (diagram(element("startEvent", "s" * (source.ID_MAX + 1))), "id"),
        (diagram(S).replace(b'process id="', b'process id="a/'), "id"),
        (diagram(S).replace(b'process id="', b'process id="../'), "id"),
        (b" " * (source.SIZE_MAX + 1), "size"),
        (f"{HEAD}{'<bpmn:x>' * 100}{'</bpmn:x>' * 100}</bpmn:definitions>".encode(), "size"),
        (f"{HEAD}</bpmn:definitions>".encode(), "process"),
    ],
    ids=[
        *("binary", "torn", "html", "dmn", "entities", "utf-16", "long id", "slash", "dots"),
        *("large", "deep", "no process"),
    ],
)
def test_a_file_that_is_no_diagram_is_refused_before_anything_is_read(
    content: bytes, rule: str
) -> None:
    assert [each for _, each in rules(content)] == [rule]


def test_an_external_entity_is_never_fetched() -> None:
    content = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + simple()[38:]
    assert rules(content)[0][1] == "doctype"


def test_a_diagram_in_another_encoding_is_read() -> None:
    text = simple(name="办理").decode().replace("UTF-8", "UTF-16")
    assert compiled(text.encode("utf-16")).nodes


@pytest.mark.parametrize(
    ("tag", "attributes", "rule"),
    [
        ("scriptTask", {"scriptFormat": "groovy"}, "script"),
        ("callActivity", {"camunda__caseRef": "q"}, "unsupported"),
        ("complexGateway", {}, "unsupported"),
        ("adHocSubProcess", {}, "unsupported"),
        ("transaction", {}, "unsupported"),
        ("choreographyTask", {}, "unsupported"),
        ("serviceTask", {"camunda__topic": "countersign.explode"}, "unsupported"),
    ],
)
def test_what_we_cannot_run_is_named(tag: str, attributes: dict[str, str], rule: str) -> None:
    content = diagram(S + element(tag, "x", **attributes) + E + chain("s", "x", "e"))
    found = problems(content)
    assert [(each.element, each.rule) for each in found] == [("x", rule)]
    assert found[0].message


@pytest.mark.parametrize(
    ("body", "found"),
    [
        pytest.param("", ("p", "start"), id="no start"),
        pytest.param(S + task("a") + task("a") + chain("s", "a"), ("a", "id"), id="same id twice"),
        pytest.param(
            S + task("a") + chain("s", "a", "gone"), ("flow:2", "flow"), id="flow to nothing"
        ),
        pytest.param(S + task("a") + chain("s", "a", "s"), ("s", "flow"), id="flow into a start"),
        pytest.param(
            S + task("a") + E + chain("s", "a", "e", "a"), ("e", "flow"), id="flow out of an end"
        ),
        pytest.param(
            S + element("eventBasedGateway", "g") + task("a") + chain("s", "g", "a"),
            ("g", "event-gateway"),
            id="a race of tasks",
        ),
        pytest.param(
            S
            + task("a")
            + element("boundaryEvent", "b", TIMER, attachedToRef="s")
            + chain("s", "a"),
            ("b", "boundary"),
            id="an event on the edge of a start",
        ),
        pytest.param(
            S
            + task("a")
            + element("boundaryEvent", "b", TIMER, attachedToRef="b")
            + chain("s", "a"),
            ("b", "boundary"),
            id="an event on its own edge",
        ),
        pytest.param(
            S + element("subProcess", "sub", S.replace('"s"', '"s2"'), triggeredByEvent="true"),
            ("sub", "event-sub-process"),
            id="an event sub-process that waits for nothing",
        ),
        pytest.param(
            S + element("endEvent", "x", "<bpmn:cancelEventDefinition/>") + chain("s", "x"),
            ("x", "unsupported"),
            id="a cancel end",
        ),
        pytest.param(
            S
            + element("intermediateThrowEvent", "x", "<bpmn:compensateEventDefinition/>")
            + chain("s", "x"),
            ("x", "unsupported"),
            id="compensation",
        ),
        pytest.param(
            S
            + element("intermediateCatchEvent", "x", f"{TIMER}<bpmn:signalEventDefinition/>")
            + chain("s", "x"),
            ("x", "event"),
            id="two things waited for in one event",
        ),
        pytest.param(
            S + element("startEvent", "t", TIMER) + task("a/b") + chain("s", "a/b"),
            ("a/b", "id"),
            id="an id that addresses could not carry",
        ),
    ],
)
def test_a_shape_that_would_stall_is_refused(body: str, found: tuple[str, str]) -> None:
    assert found in rules(diagram(body))


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"approval": "most"}, "property"),
        ({"approval": "ratio", "approval__onRejected": "end"}, "property"),
        (
            {"approval": "ratio", "approval__threshold": "7/2", "approval__onRejected": "end"},
            "property",
        ),
        (
            {"approval": "weight", "approval__threshold": "2", "approval__onRejected": "end"},
            "property",
        ),
        ({"approval": "single", "approval__onreject": "end"}, "property"),
        ({"approval": "single", "approval__onRejected": "nowhere"}, "target"),
        ({"approval__empty": "user:"}, "property"),
        ({"approval__protected": "yes"}, "property"),
        ({"return__to": "nowhere"}, "target"),
        ({"deadline__then": "explode"}, "property"),
        ({"deadline__then": "approve", "approval__protected": "true"}, "property"),
        ({"copy__to": "gm", "copy__when": "sometimes"}, "property"),
        ({"guard": "${x}"}, "property"),
        ({"guard": "anything", "guard__message": "x"}, "property"),
        ({"comment__required": "always"}, "property"),
        ({"guard": "${x", "guard__message": "x"}, "expression"),
        ({"banner": "${1 +}"}, "expression"),
        ({"number__pattern": "{seq:999999999}"}, "property"),
        ({"number__pattern": "{yy:2}-{seq}"}, "property"),
        ({"number__pattern": "{initiator.__class__}{seq}"}, "property"),
        ({"number__pattern": "{seq}" + "x" * 200}, "property"),
        ({"approval": "ratio", "approval__threshold": "1e999999999"}, "property"),
        ({"approval": "ratio", "approval__threshold": "9" * 5000}, "property"),
        ({"approval": "weight", "approval__weights": "gm=" + "9" * 5000}, "property"),
        ({"approval": "weight", "approval__weights": "gm=²"}, "property"),
    ],
    ids=str,
)
def test_a_property_that_cannot_be_meant_is_refused(values: dict[str, str], rule: str) -> None:
    assert ("a", rule) in rules(simple(properties(**values)))


def test_expressions_are_read_at_deployment() -> None:
    assert rules(simple(camunda__assignee="${superior(}")) == [("a", "expression")]
    body = S + element("exclusiveGateway", "g", default="d") + task("a") + E + chain("s", "g")
    gate = body + flow("g", "a", "${__import__('os').system('id')}", id="f")
    assert ("f", "expression") in rules(diagram(gate + flow("g", "e", id="d") + chain("a", "e")))
    plain = body + flow("g", "a", "amount > large >", id="f")
    assert ("f", "expression") in rules(diagram(plain + flow("g", "e", id="d") + chain("a", "e")))


def gated(condition: str, **approval: str) -> bytes:
    """An approval, then a gateway with this condition."""
    return diagram(
        S
        + task("a", properties(**approval))
        + element("exclusiveGateway", "g", default="no")
        + E
        + element("endEvent", "refused")
        + chain("s", "a", "g")
        + flow("g", "e", condition, id="yes")
        + flow("g", "refused", id="no")
    )


def test_v3_an_approval_needs_a_way_on_for_a_rejection() -> None:
    assert rules(simple(properties(approval="single"))) == [("a", "V3")]
    assert rules(gated("${amount > 5}", approval="single")) == [("a", "V3")]
    assert rules(gated("${a_verdict == 'approved'}", approval="single")) == []
    assert rules(gated("${v == 'approved'}", approval="single", approval__verdict="v")) == []
    assert rules(simple(properties(approval="single", approval__onRejected="initiator"))) == []


def test_v3_a_condition_behind_another_task_is_no_way_on() -> None:
    content = diagram(
        S
        + task("a", properties(approval="single"))
        + task("b")
        + element("exclusiveGateway", "g", default="no")
        + E
        + element("endEvent", "refused")
        + chain("s", "a", "b", "g")
        + flow("g", "e", "${a_verdict == 'approved'}", id="yes")
        + flow("g", "refused", id="no")
    )
    assert rules(content) == [("a", "V3")]


def test_v7_an_empty_list_that_is_skipped_needs_a_condition_that_says_so() -> None:
    skipping = {"approval": "single", "approval__empty": "skip"}
    assert rules(gated("${a_verdict == 'approved'}", **skipping)) == [("a", "V7")]
    condition = "${a_verdict == 'approved' || a_verdict == 'skipped'}"
    assert rules(gated(condition, **skipping)) == []
    end = {**skipping, "approval__onRejected": "end"}
    assert rules(simple(properties(**end))) == [("a", "V7")]


def test_forms_that_are_there_must_be_readable() -> None:
    content = simple(camunda__formRef="x")
    assert rules(content, x_form=form("x")) == []
    assert rules(content, x_form=b"{}")[0][0] == "x.form"
    assert rules(content, x_form=form("x"), y_form=form("x")) == [("y.form", "form")]


def test_every_problem_is_told_at_once() -> None:
    content = diagram(
        S
        + task("a", properties(approval="most"))
        + task("b", camunda__assignee="${")
        + element("complexGateway", "c")
        + chain("s", "a", "b", "c")
    )
    assert {each for each, _ in rules(content)} == {"a", "b", "c"}


def test_the_executable_process_is_the_one_that_is_compiled() -> None:
    round_about = task("a") + task("b") + chain("a", "b", "a")
    other = f'<bpmn:process id="q" isExecutable="true">{round_about}</bpmn:process>'
    assert rules(diagram(S + E + chain("s", "e"), other)) == [("q", "start")]
    pool = '<bpmn:process id="q" isExecutable="false"/>'
    assert compiled(diagram(S + E + chain("s", "e"), pool)).key == "p"
    unmarked = diagram(S + E + chain("s", "e")).replace(b' isExecutable="true"', b"")
    assert "process" in [each.rule for each in compiled(unmarked).warnings]


def test_a_form_that_is_not_at_hand_is_a_warning() -> None:
    """interface.md: such a desk takes variables; a foreign form (`embedded:…`) is one of them."""
    for named in ({"camunda__formKey": "embedded:app:forms/x.html"}, {"camunda__formRef": "x"}):
        found = compiled(simple(camunda__assignee="gm", **named))
        assert [(each.element, each.rule) for each in found.warnings] == [("a", "form")]


def test_a_function_that_is_not_there_is_refused() -> None:
    files = {"p.bpmn": simple(camunda__assignee="${superior(boss(initiator))}")}
    with pytest.raises(Undeployable) as refused:
        compile_definition(files, forms.read, functions={"superior"})
    assert "boss" in refused.value.problems[0].message
    assert compile_definition(files, forms.read, functions={"superior", "boss"}).nodes


def test_a_function_that_a_decision_calls_must_be_there_too() -> None:
    table = (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d">'
        '<decision id="rate" name="rate"><variable name="r"/><literalExpression>'
        "<text>boss(initiator)</text></literalExpression></decision></definitions>"
    )
    files = {"p.bpmn": simple(), "rate.dmn": table.encode()}
    with pytest.raises(Undeployable) as refused:
        compile_definition(files, forms.read, functions={"superior"})
    assert [(each.element, each.rule) for each in refused.value.problems] == [("rate", "function")]
    assert compile_definition(files, forms.read, functions={"boss"}).decisions


def test_what_is_deployed_already_runs_on_whatever_is_refused_since_then() -> None:
    """A later release that refuses more must not stop the requests that run by older versions."""
    files = {"p.bpmn": simple(properties(number__pattern="{seq:999}"))}
    with pytest.raises(Undeployable):
        compile_definition(files, forms.read)
    definition = compile_definition(files, forms.read, deployed=True)
    assert definition.nodes.keys() == {"a"}
    assert [each.rule for each in definition.warnings if each.rule == "property"] == ["property"]


def test_inputs_of_a_task_are_the_requests_and_it_is_said() -> None:
    """Elsewhere they are the task's alone: whoever deploys is told their names."""
    inputs = (
        "<bpmn:extensionElements><camunda:inputOutput>"
        '<camunda:inputParameter name="amount">${5}</camunda:inputParameter>'
        "</camunda:inputOutput></bpmn:extensionElements>"
    )
    body = S + element("userTask", "a", inputs) + element("endEvent", "e") + chain("s", "a", "e")
    warnings = compile_definition({"p.bpmn": diagram(body)}, forms.read).warnings
    said = [each.message for each in warnings if (each.element, each.rule) == ("a", "input")]
    assert len(said) == 1
    assert said[0].startswith("amount:")
