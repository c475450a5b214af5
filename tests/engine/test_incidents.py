"""What fails at run time stands still, visible, until an administrator has it tried again."""

from typing import Any

import pytest

from engine.case import Actor
from engine.commands.approve import Approve
from engine.commands.assign import Assign
from engine.commands.complete import Complete
from engine.commands.retry import Retry
from engine.commands.withdraw import Withdraw
from engine.handle import Outcome
from engine.ids import PersonId, RequestId
from engine.refusals import IncidentOver, Invalid, NotYours, Unknown
from engine.requests import Incident
from tests.engine.live import Engine, actor, chain, flow, process, task

START = '<bpmn:startEvent id="s"/>'
END = '<bpmn:endEvent id="e"/>'
ADMIN = Actor(id=PersonId("admin"), override=True)


def retry(engine: Engine, request: RequestId, incident: Incident, **variables: Any) -> Outcome:
    command = Retry(actor=ADMIN, request=request, incident=incident.ordinal, variables=variables)
    return engine.do(command)


def only(engine: Engine, request: RequestId) -> Incident:
    """The one incident there is."""
    (found,) = engine.incidents(request)
    return found


def asks(expression: str, **properties: str) -> bytes:
    """Work, then a gateway whose condition is this, then more work or the end."""
    return process(
        "p",
        START,
        task("work", assignee="tech.lead"),
        '<bpmn:exclusiveGateway id="g" default="g_e"/>',
        task("more", assignee="gm"),
        END,
        chain("s", "work", "g"),
        flow("g", "more", expression),
        flow("g", "e"),
        flow("more", "e"),
        **properties,
    )


def test_a_decision_is_never_lost_to_an_expression_behind_it() -> None:
    engine = Engine(asks("${amount > limit}"))
    request = engine.submit("p", "card.officer", amount="5")
    engine.act(Complete, request, "work", "tech.lead")
    incident = only(engine, request)
    assert (incident.node, incident.kind, incident.tries) == ("g", "expression", 0)
    assert "limit" in incident.message
    assert incident.id == f"{request}-i1"
    assert engine.row(request).status == "running"
    told = [n for n in engine.uow.notices if n.kind == "administrator"]
    assert [n.person for n in told] == ["admin"]
    assert "g" in told[0].text
    assert "limit" in told[0].text_en
    assert engine.replayed(request) is None


def test_an_administrator_sets_the_variable_and_it_goes_on() -> None:
    engine = Engine(asks("${amount > limit}"))
    request = engine.submit("p", "card.officer", amount="5")
    engine.act(Complete, request, "work", "tech.lead")
    outcome = retry(engine, request, only(engine, request), limit=3)
    assert outcome.result["resolved"] is True
    assert engine.open(request) == {"more": ["gm"]}
    assert engine.incidents(request) == []
    entry = engine.uow.entries(request)[-1]
    assert entry.body["verb"] == "retry"
    assert entry.particulars["changed.limit"] == [None, 3]
    assert ["resolved", 1] in entry.body["did"]
    assert engine.replayed(request) is None
    with pytest.raises(IncidentOver):
        retry(engine, request, Incident(
            request=request, ordinal=1, key="", node="", kind="call", message="", at=engine.now
        ))  # fmt: skip


def test_tried_in_vain_it_is_the_same_incident_with_what_is_wrong_now() -> None:
    engine = Engine(asks("${amount > limit.size}"))
    request = engine.submit("p", "card.officer", amount="5")
    engine.act(Complete, request, "work", "tech.lead")
    first = only(engine, request)
    outcome = retry(engine, request, first, limit=[1, {"a": "1.5"}])
    assert outcome.result["resolved"] is False
    again = only(engine, request)
    assert (again.ordinal, again.tries) == (1, 1)
    assert again.at > first.at
    assert again.message != first.message
    assert engine.variables(request)["limit"] == [1, {"a": "1.5"}]
    assert engine.replayed(request) is None


def test_only_an_administrator_and_only_ordinary_variables() -> None:
    engine = Engine(asks("${amount > limit}"))
    request = engine.submit("p", "card.officer", amount="5")
    engine.act(Complete, request, "work", "tech.lead")
    with pytest.raises(NotYours):
        engine.do(Retry(actor=actor("card.officer"), request=request, incident=1))
    with pytest.raises(Unknown):
        engine.do(Retry(actor=ADMIN, request=request, incident=2))
    bad: dict[str, Any] = {
        "x_verdict": "approved",
        "initiator": "gm",
        "_a": 1,
        "a b": 1,
        "me": "r2",
        "m": {"_x": 1},
    }
    for name, value in bad.items():
        with pytest.raises(Invalid) as refused:
            engine.do(Retry(actor=ADMIN, request=request, incident=1, variables={name: value}))
        assert list(refused.value.errors) == [f"variables.{name}"]
    deep: Any = 1
    for _ in range(9):
        deep = [deep]
    for value in (deep, "x" * 70_000):
        with pytest.raises(Invalid):
            engine.do(Retry(actor=ADMIN, request=request, incident=1, variables={"v": value}))
    assert only(engine, request).tries == 0


def test_on_submission_too_the_request_is_there() -> None:
    diagram = process(
        "p", START, '<bpmn:exclusiveGateway id="g" default="g_e"/>', task("work", assignee="gm"),
        END, chain("s", "g"), flow("g", "work", "${workdays(day, 1) != null}"), flow("g", "e"),
        flow("work", "e"),
    )  # fmt: skip
    engine = Engine(diagram)
    request = engine.submit("p", "card.officer", day="soon")
    assert engine.row(request).status == "running"
    assert only(engine, request).node == "g"
    retry(engine, request, only(engine, request), day="2026-12-01")
    assert engine.open(request) == {"work": ["gm"]}
    assert engine.replayed(request) is None


def test_a_node_with_nobody_is_an_incident_until_somebody_is_found() -> None:
    sign = task("sign", assignee="${boss}", approval="single", approval__onRejected="end")
    engine = Engine(process("p", START, sign, END, chain("s", "sign", "e")))
    request = engine.submit("p", "card.officer", boss="")
    incident = only(engine, request)
    assert (incident.kind, incident.node) == ("people", "sign")
    assert retry(engine, request, incident).result["resolved"] is False
    assert retry(engine, request, incident, boss="gm").result["resolved"] is True
    assert engine.open(request) == {"sign": ["gm"]}
    assert engine.incidents(request) == []
    engine.act(Approve, request, "sign", "gm")
    assert engine.row(request).status == "completed"
    assert engine.replayed(request) is None


def test_who_is_named_by_a_broken_expression_can_be_assigned_by_hand() -> None:
    engine = Engine(process("p", START, task("work", assignee="${boss.name}"), END,
                            chain("s", "work", "e")))  # fmt: skip
    request = engine.submit("p", "card.officer")
    incident = only(engine, request)
    assert incident.kind == "people"
    assert "boss" in incident.message
    engine.do(Assign(actor=ADMIN, request=request, ordinal=1, to="gm", comment="他在"))
    assert engine.incidents(request) == []
    engine.act(Complete, request, "work", "gm")
    assert engine.row(request).status == "completed"
    assert engine.replayed(request) is None


def test_a_deadline_or_a_copy_that_can_not_be_made_out_holds_nobody_up() -> None:
    work = task("work", assignee="gm", copy__to="${readers}").replace(
        'camunda:assignee="gm"', 'camunda:assignee="gm" camunda:dueDate="${when}"'
    )
    engine = Engine(process("p", START, work, END, chain("s", "work", "e")))
    request = engine.submit("p", "card.officer")
    assert engine.open(request) == {"work": ["gm"]}
    late, copied = engine.incidents(request)
    assert (late.key, copied.key) == ("due:/work#1", "copy:/work#1:0")
    retry(engine, request, late, when="2026-12-01")
    assert [timer.key for timer in engine.uow.timers(request)] == ["due:/work#1"]
    engine.act(Complete, request, "work", "gm")
    assert engine.row(request).status == "completed"
    assert engine.incidents(request) == []
    assert engine.replayed(request) is None


def test_a_copy_is_sent_again() -> None:
    work = task("work", assignee="gm", copy__to="${readers}")
    engine = Engine(process("p", START, work, END, chain("s", "work", "e")))
    request = engine.submit("p", "card.officer")
    retry(engine, request, only(engine, request), readers="auditor")
    assert engine.incidents(request) == []
    assert "auditor" in engine.uow.involved(request)
    assert engine.replayed(request) is None


def test_withdrawn_or_ended_nothing_stands_still() -> None:
    engine = Engine(asks("${amount > limit}", withdraw="until-end"))
    request = engine.submit("p", "card.officer", amount="5")
    engine.act(Complete, request, "work", "tech.lead")
    engine.do(Withdraw(actor=ADMIN, request=request, comment="错了"))
    assert engine.row(request).status == "withdrawn"
    assert engine.incidents(request) == []
    assert engine.replayed(request) is None


def test_an_action_that_fails_is_an_incident_and_is_done_once() -> None:
    service = (
        '<bpmn:serviceTask id="act" camunda:type="external" camunda:topic="countersign.start">'
        "<bpmn:extensionElements><camunda:inputOutput>"
        '<camunda:inputParameter name="process">${other}</camunda:inputParameter>'
        '<camunda:inputParameter name="submit">${true}</camunda:inputParameter>'
        '<camunda:outputParameter name="child">${result.id}</camunda:outputParameter>'
        "</camunda:inputOutput></bpmn:extensionElements></bpmn:serviceTask>"
    )
    diagram = process("p", START, service, task("work", assignee="gm"), END,
                      chain("s", "act", "work", "e"))  # fmt: skip
    other = process("q", START, task("look", assignee="gm"), END, chain("s", "look", "e"))
    engine = Engine(diagram, other)
    request = engine.submit("p", "card.officer", other="nothing")
    incident = only(engine, request)
    assert (incident.kind, incident.node) == ("action", "act")
    retry(engine, request, incident, other="q")
    assert engine.open(request) == {"work": ["gm"]}
    child = engine.variables(request)["child"]
    assert engine.open(child) == {"look": ["gm"]}
    assert engine.replayed(request) is None
    assert engine.replayed(child) is None


def test_a_request_that_could_not_be_started_never_was() -> None:
    service = (
        '<bpmn:serviceTask id="act" camunda:type="external" camunda:topic="countersign.start">'
        "<bpmn:extensionElements><camunda:inputOutput>"
        '<camunda:inputParameter name="process">q</camunda:inputParameter>'
        '<camunda:inputParameter name="submit">${true}</camunda:inputParameter>'
        "</camunda:inputOutput></bpmn:extensionElements></bpmn:serviceTask>"
    )
    diagram = process("p", START, service, END, chain("s", "act", "e"))
    guarded = (
        '<bpmn:startEvent id="s"><bpmn:extensionElements><camunda:properties>'
        '<camunda:property name="guard" value="${1 == 2}"/>'
        '<camunda:property name="guard.message" value="不行"/>'
        "</camunda:properties></bpmn:extensionElements></bpmn:startEvent>"
    )
    other = process("q", guarded, task("look", assignee="gm"), END, chain("s", "look", "e"))
    engine = Engine(diagram, other)
    request = engine.submit("p", "card.officer")
    incident = only(engine, request)
    assert incident.kind == "action"
    assert "不行" in incident.message
    assert list(engine.uow._requests) == [request]
    assert engine.replayed(request) is None
