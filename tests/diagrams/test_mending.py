"""What foreign modelers leave out is mended, and what was compiled runs as drawn."""

from typing import Any

import pytest

from engine.diagrams.words import NodeId
from engine.tokens import Run
from tests.diagrams.bpmn import chain, compiled, diagram, element, flow, problems, task
from tests.engine_tokens.nets import Hand

S, E = element("startEvent", "s"), element("endEvent", "e")


def begun(content: bytes, **variables: Any) -> Hand:
    return Hand(compiled(content).net, reload=True, **variables)


def test_a_flow_without_an_id_keeps_its_token() -> None:
    hand = begun(diagram(S + task("a") + task("b") + E + chain("s", "a", "b", "e")))
    hand.do("a")
    assert hand.open() == "b"


def test_an_end_that_was_not_drawn_ends_the_process() -> None:
    hand = begun(diagram(S + task("a") + chain("s", "a")))
    hand.do("a")
    assert hand.run.done()
    assert hand.ended == ["a:end"]


def test_every_end_has_words() -> None:
    found = compiled(diagram(S + task("a") + chain("s", "a")))
    assert found.ends[NodeId("a:end")].status == "completed"


def test_tasks_that_nobody_does_let_the_token_pass() -> None:
    content = diagram(
        S
        + element("task", "note")
        + element("manualTask", "file")
        + element("intermediateThrowEvent", "milestone")
        + task("a")
        + chain("s", "note", "file", "milestone", "a")
    )
    assert begun(content).open() == "a"


def test_several_flows_out_of_a_task_go_side_by_side() -> None:
    hand = begun(
        diagram(S + task("a") + task("b") + task("c") + chain("s", "a", "b") + chain("a", "c"))
    )
    hand.do("a")
    assert hand.open() == "b c"


@pytest.mark.parametrize(("amount", "opened"), [(9, "b c"), (3, "c"), (0, "d")])
def test_conditional_flows_out_of_a_task_are_read(amount: int, opened: str) -> None:
    content = diagram(
        S
        + task("a", default="else")
        + task("b")
        + task("c")
        + task("d")
        + chain("s", "a")
        + flow("a", "b", "${amount > 5}")
        + flow("a", "c", "${amount > 1}")
        + flow("a", "d", id="else")
    )
    hand = begun(content, amount=amount)
    hand.do("a")
    assert hand.open() == opened


def test_the_only_flow_without_a_condition_is_the_default_with_a_warning() -> None:
    content = diagram(
        S
        + element("exclusiveGateway", "g")
        + task("a")
        + task("b")
        + chain("s", "g", "a")
        + flow("g", "b", "${x}")
    )
    warned = [each.element for each in compiled(content).warnings if each.rule == "default"]
    assert warned == ["g"]
    assert begun(content, x=True).open() == "b"
    assert begun(content, x=False).open() == "a"


def test_the_order_of_the_xml_decides_not_where_a_shape_was_drawn() -> None:
    content = diagram(
        S
        + element("exclusiveGateway", "g", default="d")
        + task("a")
        + task("b")
        + task("c")
        + chain("s", "g")
        + flow("g", "b", "${true}")
        + flow("g", "a", "${true}")
        + flow("g", "c", id="d")
    )
    assert begun(content).open() == "b"


def test_ids_that_the_library_keeps_for_itself_are_free() -> None:
    content = diagram(
        S + task("Start") + task("End") + task("Root") + chain("s", "Start", "End", "Root")
    )
    hand = begun(content)
    for name in ("Start", "End", "Root"):
        hand.do(name)
    assert hand.run.done()


def test_a_send_and_a_receive_task_are_messages_and_an_action_stops() -> None:
    content = diagram(
        S
        + element("sendTask", "tell", messageRef="m")
        + element("receiveTask", "hear", messageRef="m")
        + element("serviceTask", "set", camunda__topic="countersign.set")
        + element("endEvent", "bye", '<bpmn:messageEventDefinition messageRef="m"/>')
        + chain("s", "tell", "hear", "set", "bye"),
        '<bpmn:message id="m" name="ping"/>',
    )
    hand = begun(content)
    assert hand.open("throw") == "tell"
    hand.do("tell")
    assert hand.deliver("ping") == ("/hear#1",)
    assert hand.open("action") == "set"
    hand.do("set")
    assert hand.open("throw") == "bye"
    hand.do("bye")
    assert hand.ended == ["bye"]
    assert hand.run.done()


def test_a_sub_process_and_a_multi_instance_of_one() -> None:
    loop = '<bpmn:multiInstanceLoopCharacteristics camunda:collection="depts"/>'
    inner = loop + element("startEvent", "s2") + task("x") + chain("s2", "x")
    content = diagram(S + element("subProcess", "sub", inner) + task("z") + chain("s", "sub", "z"))
    hand = begun(content, depts=["a", "b"])
    assert [each.key for each in hand.run.open()] == ["/sub#1/x#1", "/sub#2/x#1"]
    assert isinstance(hand.run, Run)
    hand.do("/sub#1/x#1")
    hand.do("/sub#2/x#1")
    assert hand.open() == "z"


def test_a_chain_of_many_nodes_needs_no_deep_stack() -> None:
    names = [f"n{i}" for i in range(1500)]
    content = diagram(
        S + "".join(element("task", n) for n in names) + task("z") + chain("s", *names, "z")
    )
    assert begun(content).open() == "z"


def undecided(*ways: str) -> bytes:
    """A gateway of which no flow but a default says when it is taken."""
    return diagram(
        S
        + task("a")
        + element("exclusiveGateway", "ok")
        + task("b")
        + task("c")
        + chain("s", "a", "ok")
        + "".join(ways)
    )


def test_ways_without_conditions_wait_for_somebodys_choice() -> None:
    yes = flow("ok", "b", id="f1").replace('id="f1"', 'id="f1" name="同意"')
    no = flow("ok", "c", id="f2").replace('id="f2"', 'id="f2" name="it\'s not"')
    content = undecided(yes, no)
    assert "f1" not in [each.element for each in compiled(content).warnings]
    for choice, opened in (("同意", "b"), ("it's not", "c")):
        hand = begun(content)
        hand.do("a", ok=choice)
        assert hand.open() == opened
    hand = begun(content)
    hand.do("a")
    assert [each.node for each in hand.run.halted()] == ["ok"]


def test_plain_words_as_conditions_are_such_a_choice() -> None:
    content = undecided(
        flow("ok", "b", "all is well"), flow("ok", "c", "${execution.getVariable('no') == true}")
    )
    hand = begun(content)
    hand.do("a", ok="all is well")
    assert hand.open() == "b"


def test_a_bare_expression_is_read_as_one_with_a_warning() -> None:
    content = undecided(flow("ok", "b", "amount > 5", id="f"), flow("ok", "c", id="g"))
    assert ("f", "expression") in [(each.element, each.rule) for each in compiled(content).warnings]
    hand = begun(content)
    hand.do("a", amount=9)
    assert hand.open() == "b"


def test_what_nothing_leads_to_is_left_out_whatever_it_is() -> None:
    content = diagram(
        S
        + task("a")
        + element("complexGateway", "odd")
        + element("scriptTask", "b", scriptFormat="groovy")
        + chain("s", "a")
        + chain("odd", "b", "a")
    )
    found = compiled(content)
    assert {"odd", "b"} <= {each.element for each in found.warnings if each.rule == "unreachable"}
    assert [step.id for step in found.net.graph.steps] == ["s", "a", "a:end"]


def test_a_flow_drawn_outside_the_sub_process_it_belongs_to() -> None:
    inner = element("startEvent", "s2") + task("x")
    content = diagram(
        S + element("subProcess", "sub", inner) + chain("s", "sub") + chain("s2", "x")
    )
    assert begun(content).open() == "x"


def test_a_default_that_leads_elsewhere_is_none() -> None:
    content = diagram(
        S
        + element("exclusiveGateway", "g", default="gone")
        + task("a")
        + task("b")
        + chain("s", "g", "a")
        + flow("g", "b", "${x}")
    )
    assert begun(content, x=False).open() == "a"
    assert ("g", "default") in [(each.element, each.rule) for each in compiled(content).warnings]


@pytest.mark.parametrize(
    ("language", "text", "read"),
    [
        ("javascript", "approved === true", "${approved == true}"),
        ("groovy", 'status !== "done"', '${status != "done"}'),
        ("http://www.java.com/java", "return amount > 5;", "${amount > 5}"),
        ("http://www.mvel.org/2.0", "!approved", "${!approved}"),
        ("", "approved === 'true'", "${approved == 'true'}"),
    ],
)
def test_a_script_that_only_compares_is_a_condition(language: str, text: str, read: str) -> None:
    gate = S + element("exclusiveGateway", "g", default="d") + E + task("a") + chain("s", "g")
    way = flow("g", "a", text, id="f") + flow("g", "e", id="d")
    said = f'conditionExpression language="{language}">'.encode()
    content = diagram(gate + way).replace(b"conditionExpression>", said, 1)
    found = compiled(content)
    assert [f.condition for f in found.net.graph.flows if f.id == "f"] == [read]
    assert [each.rule for each in found.warnings if each.element == "f"] == ["expression"]


@pytest.mark.parametrize(
    "text", ["java.lang.System.exit(0)", "x = 5", "x == 1; y == 2", "import os"]
)
def test_a_script_that_does_more_is_refused(text: str) -> None:
    gate = S + element("exclusiveGateway", "g", default="d") + E + task("a") + chain("s", "g")
    way = flow("g", "a", text, id="f") + flow("g", "e", id="d")
    said = b'conditionExpression language="groovy">'
    content = diagram(gate + way).replace(b"conditionExpression>", said, 1)
    assert [(each.element, each.rule) for each in problems(content)] == [("f", "script")]
