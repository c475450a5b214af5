"""Activities that happen several times, and what is mapped around them."""

from typing import Any

import pytest

from engine.diagrams.words import NodeId
from tests.diagrams.bpmn import chain, compiled, diagram, element, flow, task
from tests.engine_tokens.nets import Hand

S, E = element("startEvent", "s"), element("endEvent", "e")
LOOP = (
    "<bpmn:standardLoopCharacteristics{0}><bpmn:loopCondition>{1}</bpmn:loopCondition>"
    "</bpmn:standardLoopCharacteristics>"
)
EACH = (
    '<bpmn:multiInstanceLoopCharacteristics camunda:collection="${all}" '
    'camunda:elementVariable="one"/>'
)
TIMER = (
    "<bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration>"
    "</bpmn:timerEventDefinition>"
)


def begun(content: bytes, **variables: Any) -> Hand:
    return Hand(compiled(content).net, reload=True, **variables)


def test_a_loop_is_gone_round_while_its_condition_holds() -> None:
    loop = LOOP.format("", "${again}")
    hand = begun(diagram(S + task("a", loop) + task("b") + chain("s", "a", "b")), again=True)
    hand.do("a")
    hand.do("a", again=False)
    assert hand.open() == "b"


def test_a_loop_that_asks_first_may_not_begin() -> None:
    content = diagram(
        S
        + task("a", LOOP.format(' testBefore="true"', "${again}"))
        + task("b")
        + chain("s", "a", "b")
    )
    assert begun(content, again=False).open() == "b"
    hand = begun(content, again=True)
    assert hand.open() == "a"
    hand.do("a", again=False)
    assert hand.open() == "b"


def test_a_loop_with_a_most_is_instances_in_turn() -> None:
    loop = LOOP.format(' loopMaximum="2"', "${again}")
    content = diagram(S + element("receiveTask", "a", loop) + task("b") + chain("s", "a", "b"))
    hand = begun(content, again=True)
    assert hand.deliver("a")
    assert hand.deliver("a")
    assert hand.open() == "b"
    hand = begun(content, again=False)
    assert hand.deliver("a")
    assert hand.open() == "b"


@pytest.mark.parametrize("tag", ["serviceTask", "receiveTask", "sendTask", "businessRuleTask"])
def test_every_task_may_have_several_instances(tag: str) -> None:
    content = diagram(S + element(tag, "a", EACH) + task("z") + chain("s", "a", "z"))
    hand = begun(content, all=["x", "y"])
    keys = [each.key for each in hand.run.open()]
    assert keys == ["/a:loop#1/a#1", "/a:loop#2/a#1"]
    assert [hand.run.variables(each.scope)["one"] for each in hand.run.open()] == ["x", "y"]
    if tag == "receiveTask":
        assert hand.deliver("a") == tuple(keys)
    else:
        for key in keys:
            hand.do(key)
    assert hand.open() == "z"


def test_an_event_on_the_edge_of_several_instances_ends_them_all() -> None:
    content = diagram(
        S
        + element("serviceTask", "a", EACH)
        + element("boundaryEvent", "late", TIMER, attachedToRef="a")
        + task("y")
        + task("z")
        + chain("s", "a", "z")
        + chain("late", "y")
    )
    assert compiled(content).events[NodeId("late")].attached_to == "a"
    hand = begun(content, all=[1, 2])
    hand.fire("late")
    assert hand.open() == "y"


def test_several_flows_and_a_default_leave_what_stands_around_the_instances() -> None:
    content = diagram(
        S
        + element("serviceTask", "a", EACH, default="d")
        + task("y")
        + task("z")
        + chain("s", "a")
        + flow("a", "y", "${big}")
        + flow("a", "z", id="d")
    )
    assert begun(content, all=[], big=True).open() == "y"
    assert begun(content, all=[], big=False).open() == "z"


MAPPED = (
    "<bpmn:extensionElements><camunda:inputOutput>"
    '<camunda:inputParameter name="title">${subject}!</camunda:inputParameter>'
    '<camunda:outputParameter name="seen">${title}</camunda:outputParameter>'
    "</camunda:inputOutput></bpmn:extensionElements>"
)


@pytest.mark.parametrize("tag", ["userTask", "manualTask", "callActivity"])
def test_inputs_are_set_before_and_outputs_after(tag: str) -> None:
    more = {"calledElement": "q"} if tag == "callActivity" else {}
    found = compiled(diagram(S + element(tag, "a", MAPPED, **more) + E + chain("s", "a", "e")))
    before, after = found.actions[NodeId("a:in")], found.actions[NodeId("a:out")]
    assert (before.topic, before.outputs) == ("countersign.set", {"title": "${subject}!"})
    assert after.outputs == {"seen": "${title}"}
    ways = {(each.source, each.target) for each in found.net.graph.flows}
    assert {("s", "a:in"), ("a:in", "a"), ("a", "a:out"), ("a:out", "e")} == ways


@pytest.mark.parametrize(
    ("kind", "rule"), [("multiInstance", "multi-instance"), ("standard", "loop")]
)
def test_repetitions_that_say_nothing_are_done_once_with_a_warning(kind: str, rule: str) -> None:
    marker = f"<bpmn:{kind}LoopCharacteristics/>"
    content = diagram(
        S + task("a", marker) + element("serviceTask", "b", marker) + chain("s", "a", "b")
    )
    found = compiled(content)
    assert {each.element for each in found.warnings if each.rule == rule} == {"a", "b"}
    hand = begun(content)
    hand.do("a")
    assert hand.open("external") == "b"


@pytest.mark.parametrize(
    "kept",
    [
        "<bpmn:loopDataOutputRef>results</bpmn:loopDataOutputRef>",
        "<bpmn:extensionElements xmlns:f='http://flowable.org/bpmn'><f:variableAggregation"
        " target='reviews'/></bpmn:extensionElements>",
        "<bpmn:extensionElements xmlns:z='http://camunda.org/schema/zeebe/1.0'>"
        "<z:loopCharacteristics inputCollection='=xs' outputCollection='rs'/>"
        "</bpmn:extensionElements>",
    ],
)
def test_what_the_instances_bring_is_not_collected_with_a_warning(kept: str) -> None:
    loop = f"<bpmn:multiInstanceLoopCharacteristics>{kept}</bpmn:multiInstanceLoopCharacteristics>"
    warnings = compiled(diagram(S + task("a", loop) + E + chain("s", "a", "e"))).warnings
    assert "not collected" in " ".join(each.message for each in warnings if each.element == "a")
