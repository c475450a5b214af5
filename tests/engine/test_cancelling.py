"""W1: after its end a request is cancelled only by another one, itself approved."""

from typing import Any

import pytest

from engine.actor import Cause
from engine.commands.approve import Approve
from engine.commands.cancel import Cancel
from engine.commands.reject import Reject
from engine.commands.withdraw import Withdraw
from engine.flow.others import Following
from engine.handle import carry_out
from engine.ids import RequestId
from engine.refusals import NotRequester, Refused
from tests.engine.live import Engine, actor, chain, compiled, process, task

SIGN = {"approval": "single", "approval__onRejected": "end"}
START = '<bpmn:startEvent id="s"/>'
END = '<bpmn:endEvent id="e"/>'


def cancelling(status: str = "cancelled", target: str = "${target}") -> bytes:
    """A request to cancel another one: the general manager approves it first."""
    act = (
        '<bpmn:serviceTask id="act" camunda:type="external" camunda:topic="countersign.cancel">'
        "<bpmn:extensionElements><camunda:inputOutput>"
        f'<camunda:inputParameter name="request">{target}</camunda:inputParameter>'
        f'<camunda:inputParameter name="status">{status}</camunda:inputParameter>'
        '<camunda:inputParameter name="because">${reason}</camunda:inputParameter>'
        '<camunda:outputParameter name="done">${result.cancelled}</camunda:outputParameter>'
        '<camunda:outputParameter name="found">${result.status}</camunda:outputParameter>'
        "</camunda:inputOutput></bpmn:extensionElements></bpmn:serviceTask>"
    )
    return process(
        "c",
        START,
        task("agree", assignee="gm", **SIGN),
        act,
        task("after", assignee="tech.lead"),
        END,
        chain("s", "agree", "act", "after", "e"),
        number__pattern="C{seq:2}",
    )


def engine(**more: Any) -> Engine:
    order = process("p", START, task("sign", assignee="gm", **SIGN), END, chain("s", "sign", "e"))
    return Engine(
        definitions={"p": compiled(order), "c": compiled(cancelling(**more), "c")}
    )


def ended(live: Engine) -> RequestId:
    request = live.submit("p", "card.officer")
    live.act(Approve, request, "sign", "gm")
    assert live.row(request).status == "completed"
    return request


def asked(live: Engine, target: str) -> RequestId:
    return live.submit("c", "card.officer", target=target, reason="a mistake")


@pytest.mark.parametrize("status", ["cancelled", "void"])
def test_an_approved_request_cancels_one_that_has_ended(status: str) -> None:
    """W1."""
    live = engine(status=status)
    target = ended(live)
    with pytest.raises(Refused):
        live.do(Withdraw(actor=actor("card.officer"), request=target, comment="no more"))
    by = asked(live, target)
    assert live.row(target).status == "completed", "not before it is approved"
    live.act(Approve, by, "agree", "gm")
    row = live.row(target)
    assert (row.status, row.outcome) == (status, "approved")
    entry = live.uow.entries(target)[-1]
    assert entry.body["verb"] == "cancel"
    assert entry.body["did"][0] == ["revoked", status, "C01"]
    assert entry.body["cause"][0] == by
    assert entry.particulars["input.comment"] == "a mistake"
    told = [n for n in live.uow.notices if n.request == target and n.kind == "ended"]
    assert "C01" in told[-1].text
    assert live.variables(by)["done"] is True
    assert live.replayed(target) is None
    assert live.replayed(by) is None


def test_a_refused_one_cancels_nothing() -> None:
    """W1."""
    live = engine()
    target = ended(live)
    by = asked(live, target)
    live.act(Reject, by, "agree", "gm", comment="it stands")
    assert live.row(target).status == "completed"


def test_what_has_not_ended_stays_as_it_is_and_the_process_is_told() -> None:
    """W1."""
    live = engine()
    target = live.submit("p", "card.officer")
    by = asked(live, target)
    live.act(Approve, by, "agree", "gm")
    assert live.row(target).status == "running"
    variables = live.variables(by)
    assert (variables["done"], variables["found"]) == (False, "running")
    assert live.replayed(by) is None


def test_twice_is_once() -> None:
    """W1."""
    live = engine()
    target = ended(live)
    for _ in range(2):
        live.act(Approve, asked(live, target), "agree", "gm")
    verbs = [entry.body["verb"] for entry in live.uow.entries(target)]
    assert verbs.count("cancel") == 1


def test_nobody_does_it_by_himself() -> None:
    """W1."""
    live = engine()
    target = ended(live)
    for cause in (None, Cause(request=target, seq=1)):
        command = Cancel(actor=actor("admin"), request=target)
        with pytest.raises(NotRequester):
            carry_out(command, live.uow, live.now, cause, Following())
    assert live.row(target).status == "completed"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"target": "${me}"}, "another one"),
        ({"target": "nothing"}, ""),
        ({"status": "completed"}, "cancelled or void"),
    ],
)
def test_what_can_not_be_cancelled_is_an_incident(more: dict[str, str], said: str) -> None:
    """W1."""
    live = engine(**more)
    by = asked(live, ended(live))
    live.act(Approve, by, "agree", "gm")
    (incident,) = live.incidents(by)
    assert incident.kind == "action"
    assert said in incident.message
