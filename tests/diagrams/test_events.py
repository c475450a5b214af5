"""Events of every kind arrive as words, with what their author left out."""

import pytest

from engine.diagrams.definition import Definition
from engine.diagrams.words import EventWords, NodeId
from engine.tokens import Step
from tests.diagrams.bpmn import chain, compiled, diagram, element, rules, task
from tests.engine_tokens.nets import Hand

S, E = element("startEvent", "s"), element("endEvent", "e")
NAMES = (
    '<bpmn:message id="m" name="ping"/><bpmn:message id="dumb"/>'
    '<bpmn:signal id="sig" name="all clear"/>'
    '<bpmn:error id="err" name="Broken" errorCode="E1"/><bpmn:error id="bare"/>'
    '<bpmn:escalation id="esc" escalationCode="X1"/>'
)
TIMER = "<bpmn:timerEventDefinition><bpmn:{0}>{1}</bpmn:{0}></bpmn:timerEventDefinition>"


def definition_of(kind: str, inner: str = "", **attributes: str) -> str:
    return element(f"{kind}EventDefinition", f"{kind}-definition", inner, **attributes)


def caught(inner: str, **attributes: str) -> Definition:
    """A task with an event on its edge."""
    edge = element("boundaryEvent", "x", inner, attachedToRef="a", **attributes)
    return compiled(diagram(S + task("a") + edge + E + chain("s", "a", "e"), NAMES))


def words(found: Definition) -> EventWords:
    return found.events[NodeId("x")]


def warned(found: Definition) -> list[tuple[str, str]]:
    return [(each.element, each.rule) for each in found.warnings]


def step(found: Definition, id: str) -> Step:
    return next(each for each in found.net.graph.steps if each.id == id)


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (definition_of("message", messageRef="m"), ("message", "ping", "")),
        (definition_of("signal", signalRef="sig"), ("signal", "all clear", "")),
        (definition_of("error", errorRef="err"), ("error", "", "E1")),
        (definition_of("error"), ("error", "", "")),
        (definition_of("error", errorRef="bare"), ("error", "", "bare")),
        (definition_of("escalation", escalationRef="esc"), ("escalation", "", "X1")),
        (
            definition_of("conditional", "<bpmn:condition>${x &gt; 1}</bpmn:condition>"),
            ("condition", "", ""),
        ),
    ],
)
def test_what_is_caught(inner: str, expected: tuple[str, str, str]) -> None:
    found = words(caught(inner))
    assert (found.kind, found.message, found.code) == expected
    assert (found.attached_to, found.interrupting) == ("a", True)


def test_a_condition_is_the_events_expression() -> None:
    inner = definition_of("conditional", "<bpmn:condition>${x &gt; 1}</bpmn:condition>")
    assert words(caught(inner, cancelActivity="false")).expression == "${x > 1}"
    assert not words(caught(inner, cancelActivity="false")).interrupting


def test_an_error_always_interrupts_and_fills_its_variables() -> None:
    inner = definition_of(
        "error", errorRef="err", camunda__errorCodeVariable="c", camunda__errorMessageVariable="t"
    )
    found = words(caught(inner, cancelActivity="false"))
    assert (found.interrupting, found.code_variable, found.message_variable) == (True, "c", "t")


@pytest.mark.parametrize(
    ("inner", "name"),
    [
        (definition_of("message"), "x"),
        (definition_of("message", messageRef="dumb"), "dumb"),
        (definition_of("message", messageRef="gone"), "gone"),
        (definition_of("message", messageRef="tns:m"), "ping"),
        (definition_of("message", messageRef="ping"), "ping"),
        (definition_of("signal", camunda__signalExpression="${which}"), "${which}"),
    ],
)
def test_what_has_no_name_can_still_be_reached(inner: str, name: str) -> None:
    assert words(caught(inner)).message == name


def test_an_error_that_is_named_nowhere_else_is_its_own_code() -> None:
    found = caught(definition_of("error", errorRef="E42"))
    assert words(found).code == "E42"
    assert ("x", "event") in warned(found)


def end(inner: str) -> Definition:
    return compiled(diagram(S + element("endEvent", "x", inner) + chain("s", "x"), NAMES))


@pytest.mark.parametrize(
    ("inner", "kind"),
    [
        ("", "end"),
        (definition_of("terminate"), "terminate"),
        (definition_of("message", messageRef="m"), "throw"),
        (definition_of("signal", signalRef="sig"), "throw"),
        (definition_of("error", errorRef="err"), "raise"),
        (definition_of("escalation", escalationRef="esc"), "raise"),
        (definition_of("message", camunda__class="com.Send"), "external"),
        (definition_of("message"), "end"),
    ],
)
def test_ends_throw_what_they_say(inner: str, kind: str) -> None:
    found = end(inner)
    assert (step(found, "x").kind, step(found, "x").ends) == (kind, True)
    assert NodeId("x") in found.ends


def test_a_thrown_signal_hands_over_what_it_names() -> None:
    ins = (
        "<bpmn:extensionElements><camunda:in source='amount' target='sum'/>"
        "<camunda:in sourceExpression='${1 + 1}' target='two'/></bpmn:extensionElements>"
    )
    found = end(definition_of("signal", ins, signalRef="sig"))
    assert words(found).payload == {
        "sum": "${execution.getVariable('amount')}",
        "two": "${1 + 1}",
    }


def test_a_throw_that_says_nothing_is_passed_with_a_warning() -> None:
    throw = element("intermediateThrowEvent", "x", definition_of("message"))
    found = compiled(diagram(S + throw + E + chain("s", "x", "e")))
    assert step(found, "x").kind == "pass"
    assert ("x", "event") in warned(found)


def test_link_events_become_a_flow() -> None:
    link = '<bpmn:linkEventDefinition id="l{0}" name="over"/>'
    content = diagram(
        S
        + element("intermediateThrowEvent", "out", link.format(1))
        + element("intermediateThrowEvent", "out2", link.format(2))
        + element("intermediateCatchEvent", "into", link.format(3))
        + element("parallelGateway", "g")
        + task("a")
        + chain("s", "g", "out")
        + chain("g", "out2")
        + chain("into", "a")
    )
    flows = {(each.source, each.target) for each in compiled(content).net.graph.flows}
    assert {("out", "into"), ("out2", "into"), ("into", "a")} <= flows


@pytest.mark.parametrize("targets", [0, 2])
def test_a_link_without_one_target_is_refused(targets: int) -> None:
    link = '<bpmn:linkEventDefinition id="l{0}" name="over"/>'
    catches = "".join(
        element("intermediateCatchEvent", f"c{i}", link.format(i)) for i in range(targets)
    )
    throw = element("intermediateThrowEvent", "x", link.format("x"))
    assert ("x", "link") in rules(diagram(S + throw + catches + chain("s", "x")))


def test_every_start_of_a_process_is_kept() -> None:
    content = diagram(
        element("startEvent", "t", TIMER.format("timeCycle", "R/P1D"))
        + S
        + element("startEvent", "m1", definition_of("message", messageRef="m"))
        + E
        + chain("s", "e")
        + chain("t", "e")
        + chain("m1", "e"),
        NAMES,
    )
    found = compiled(content)
    assert (found.process.start, found.net.graph.start) == ("s", "s")
    assert found.net.graph.starts == ("s", "t", "m1")
    assert {id: each.kind for id, each in found.process.starts.items()} == {
        "t": "timer",
        "m1": "message",
    }


def test_a_process_that_only_a_message_starts() -> None:
    first = element("startEvent", "m1", definition_of("message", messageRef="m"))
    found = compiled(diagram(first + E + chain("m1", "e"), NAMES))
    assert found.process.start == "m1"
    assert found.process.starts[NodeId("m1")].message == "ping"


def test_an_event_sub_process_waits_for_its_start() -> None:
    inner = (
        element("startEvent", "t", definition_of("signal", signalRef="sig"), isInterrupting="false")
        + task("b")
        + chain("t", "b")
    )
    handler = element("subProcess", "h", inner, triggeredByEvent="true")
    found = compiled(diagram(S + task("a") + handler + chain("s", "a"), NAMES))
    waiting = step(found, "h")
    assert waiting.kind == "event-sub-process"
    assert waiting.event is found.events[NodeId("t")]
    assert waiting.event is not None
    assert (waiting.event.kind, waiting.event.interrupting) == ("signal", False)
    assert waiting.inner is not None
    assert [each.id for each in waiting.inner.steps] == ["t", "b", "b:end"]


@pytest.mark.parametrize("text", ["0 0/5 * * * ?", "*/5 * * * *", "0 0 9 ? * MON-FRI"])
def test_cron_texts_are_cycles(text: str) -> None:
    found = words(caught(TIMER.format("timeCycle", text), cancelActivity="false"))
    assert (found.timer, found.expression) == ("cycle", text)


@pytest.mark.parametrize("text", ["0 0 9 * * MON#2", "* * * * 9", "0 0 9 ? * MON 2030"])
def test_cron_texts_that_mean_nothing_here_are_refused(text: str) -> None:
    edge = element("boundaryEvent", "x", TIMER.format("timeCycle", text), attachedToRef="a")
    assert rules(diagram(S + task("a") + edge + chain("s", "a"))) == [("x", "time")]


def test_a_duration_as_a_date_is_so_long_from_now() -> None:
    found = words(caught(TIMER.format("timeDate", "PT5M")))
    assert (found.timer, found.expression) == ("duration", "PT5M")


def test_a_cycle_that_interrupts_fires_once() -> None:
    found = caught(TIMER.format("timeCycle", "R3/PT1H"))
    assert (words(found).timer, words(found).expression) == ("cycle", "R3/PT1H")
    assert ("x", "timer") in warned(found)


@pytest.mark.parametrize("host", ["serviceTask", "sendTask", "receiveTask", "manualTask"])
def test_every_activity_carries_events_on_its_edge(host: str) -> None:
    edge = element("boundaryEvent", "x", TIMER.format("timeDuration", "PT1H"), attachedToRef="a")
    found = compiled(diagram(S + element(host, "a") + edge + E + chain("s", "a", "e")))
    assert words(found).attached_to == "a"


def test_a_race_of_a_receive_task_a_signal_and_a_timer() -> None:
    late = TIMER.format("timeDuration", "PT1H")
    content = diagram(
        S
        + element("eventBasedGateway", "g")
        + element("receiveTask", "r", messageRef="m")
        + element("intermediateCatchEvent", "x", definition_of("signal", signalRef="sig"))
        + element("intermediateCatchEvent", "t", late)
        + task("a")
        + task("b")
        + chain("s", "g", "r", "a")
        + chain("g", "x", "a")
        + chain("g", "t", "b"),
        NAMES,
    )
    hand = Hand(compiled(content).net, reload=True)
    assert hand.deliver("ping") == ("/r#1",)
    assert hand.open() == "a"
    hand = Hand(compiled(content).net, reload=True)
    hand.fire("t")
    assert hand.open() == "b"
