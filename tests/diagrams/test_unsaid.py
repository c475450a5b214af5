"""What a drawing leaves unsaid is completed, with a warning, where a process can run without it."""

from typing import Any

import pytest

from engine.diagrams.definition import Definition
from engine.diagrams.needed import needed
from engine.diagrams.words import NodeId
from forms import Wanted
from tests.diagrams.bpmn import chain, compiled, diagram, element, flow, problems, rules, task
from tests.engine_tokens.nets import Hand

S, E = element("startEvent", "s"), element("endEvent", "e")
TIMER = "<bpmn:timerEventDefinition><bpmn:timeDate/></bpmn:timerEventDefinition>"
CONDITION = "<bpmn:conditionalEventDefinition/>"
PROSE = (
    "<bpmn:conditionalEventDefinition><bpmn:condition>Goods are here!</bpmn:condition>"
    "</bpmn:conditionalEventDefinition>"
)
MESSAGE = "<bpmn:messageEventDefinition/>"


def opened(found: Definition, **variables: Any) -> str:
    """What a request opens at once."""
    return Hand(found.net, reload=True, **variables).open()


def said(found: Definition) -> list[tuple[str, str]]:
    return [(each.element, each.rule) for each in found.warnings]


def test_what_no_flow_leads_to_begins_where_there_is_no_start() -> None:
    found = compiled(diagram(task("a") + task("stray") + E + chain("a", "e")))
    assert ("p", "start-event-required") in said(found)
    assert opened(found) == "a"
    assert ("stray", "unreachable") in said(found)


def test_the_parts_of_a_box_are_done_side_by_side() -> None:
    box = element("subProcess", "box", task("a") + task("b"))
    found = compiled(diagram(S + box + task("c") + chain("s", "box", "c")))
    assert ("box", "start-event-required") in said(found)
    assert opened(found) == "a b"


def test_a_circle_has_no_beginning() -> None:
    assert rules(diagram(task("a") + task("b") + chain("a", "b", "a"))) == [("p", "start")]
    assert rules(diagram("")) == [("p", "start")]


def two_starts() -> Definition:
    phone = element("startEvent", "phone", name="By phone")
    mail = element("startEvent", "mail", name="By mail")
    ways = chain("phone", "a", "e") + chain("mail", "b", "e")
    return compiled(diagram(phone + mail + task("a") + task("b") + E + ways))


@pytest.mark.parametrize(
    ("variables", "task_id"),
    [({}, "a"), ({"start_p": "By phone"}, "a"), ({"start_p": "By mail"}, "b")],
)
def test_a_variable_says_at_which_of_several_starts_a_request_begins(
    variables: dict[str, object], task_id: str
) -> None:
    found = two_starts()
    assert (found.process.start, dict(found.process.starts)) == ("phone", {})
    assert ("mail", "single-blank-start-event") in said(found)
    assert opened(found, **variables) == task_id
    assert needed(found, "phone") == (Wanted("start_p", "choice", ("By mail",)),)


@pytest.mark.parametrize("definition", ["", TIMER, CONDITION], ids=["none", "timer", "condition"])
def test_an_event_on_an_edge_that_waits_for_nothing_never_happens(definition: str) -> None:
    edge = element("boundaryEvent", "edge", definition, attachedToRef="a")
    found = compiled(
        diagram(S + task("a") + edge + task("b") + E + chain("s", "a", "e") + chain("edge", "b"))
    )
    assert ("edge", "event") in said(found)
    assert ("b", "unreachable") in said(found)
    assert [step.id for step in found.net.graph.steps] == ["s", "a", "e"]


def test_an_event_sub_process_that_waits_for_nothing_never_happens() -> None:
    inner = element("startEvent", "t", TIMER) + task("b") + chain("t", "b")
    handler = element("subProcess", "h", inner, triggeredByEvent="true")
    found = compiled(diagram(S + task("a") + handler + E + chain("s", "a", "e")))
    assert ("t", "event") in said(found)
    assert [step.id for step in found.net.graph.steps] == ["s", "a", "e"]


def test_a_timer_in_the_flow_asks_a_variable_for_its_time() -> None:
    content = diagram(
        S + element("intermediateCatchEvent", "Event_1", TIMER) + E + chain("s", "Event_1", "e")
    )
    found = compiled(content)
    event = found.events[NodeId("Event_1")]
    assert (event.kind, event.timer, event.expression) == ("timer", "duration", "${Event_1}")
    assert said(found)[0] == ("Event_1", "event")


def test_in_a_race_a_timer_without_a_time_never_comes_first() -> None:
    race = element("eventBasedGateway", "g")
    timer = element("intermediateCatchEvent", "t", TIMER)
    message = element("intermediateCatchEvent", "m", MESSAGE)
    ways = chain("s", "g", "t", "e") + chain("g", "m", "e")
    found = compiled(diagram(S + race + timer + message + E + ways))
    assert ("t", "event") in said(found)
    assert list(found.events) == ["m"]


@pytest.mark.parametrize(
    ("definition", "value"), [(CONDITION, "true"), (PROSE, "'Goods are here!'")]
)
def test_a_condition_in_words_waits_for_a_variable(definition: str, value: str) -> None:
    content = diagram(
        S + element("intermediateCatchEvent", "c", definition) + E + chain("s", "c", "e")
    )
    found = compiled(content)
    assert (
        found.events[NodeId("c")].expression == f"${{execution.hasVariable('c') && c == {value}}}"
    )
    assert ("c", "conditional-event") in said(found)


def test_an_event_in_the_flow_that_waits_for_nothing_is_passed() -> None:
    found = compiled(
        diagram(S + element("intermediateCatchEvent", "c") + task("a") + chain("s", "c", "a"))
    )
    assert ("c", "event") in said(found)
    assert opened(found) == "a"


@pytest.mark.parametrize("definition", [TIMER, CONDITION])
def test_a_start_that_waits_for_nothing_is_a_persons(definition: str) -> None:
    start = element("startEvent", "s", definition)
    found = compiled(diagram(start + task("a") + chain("s", "a")))
    assert (found.process.start, dict(found.process.starts)) == ("s", {})
    assert opened(found) == "a"


def test_an_empty_sub_process_is_passed() -> None:
    found = compiled(diagram(S + element("subProcess", "sub") + task("a") + chain("s", "sub", "a")))
    assert ("sub", "sub-process") in said(found)
    assert opened(found) == "a"


def test_a_partners_empty_pool_is_left_out() -> None:
    other = '<bpmn:process id="q" isExecutable="true"><bpmn:laneSet id="l"/></bpmn:process>'
    found = compiled(diagram(S + task("a") + chain("s", "a"), other))
    assert found.key == "p"
    assert ("q", "process") in said(found)


def test_ids_that_are_added_are_nobody_elses() -> None:
    found = compiled(diagram(task("start") + E + flow("start", "e", id="start_2_to_start")))
    assert opened(found) == "start"
    assert problems(diagram(task("start") + E + chain("start", "e"))) == []
