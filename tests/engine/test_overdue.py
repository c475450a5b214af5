"""What a deadline does: X1, X2, X4, X7; always as the system, on what is pending."""

from datetime import timedelta

import pytest

from engine.commands.approve import Approve
from engine.diagrams.definition import Undeployable
from engine.ids import TIMER, PersonId, RequestId
from tests.engine.live import Engine, chain, flow, process, task

THREE = "${list('risk.manager', 'finance.manager', 'service.manager')}"
START = '<bpmn:startEvent id="s"/>'
WAYS = (
    '<bpmn:exclusiveGateway id="g" default="g_no"/>'
    '<bpmn:endEvent id="no"/><bpmn:endEvent id="yes"/>'
    + flow("g", "no")
    + flow("g", "yes", "${sign_verdict == 'approved'}")
)


def overdue(then: str, approval: str = "all", **properties: str) -> Engine:
    """Three signers, two days."""
    node = task(
        "sign", signers=THREE, approval=approval, deadline__after="P2D",
        deadline__calendar="elapsed", deadline__then=then, **properties,
    )  # fmt: skip
    return Engine(process("p", START, node, WAYS, chain("s", "sign", "g")))


def one_has_approved(engine: Engine) -> RequestId:
    """A request that one of the three has approved, two days later."""
    request = engine.submit("p", "card.officer")
    engine.act(Approve, request, "sign", "risk.manager")
    engine.turn(engine.now + timedelta(days=3))
    return request


def test_approving_by_the_clock_approves_what_is_pending_only() -> None:
    """X1, X2: votes given stand, the rest is the system's, under its own name."""
    engine = overdue("approve")
    request = one_has_approved(engine)
    assert engine.row(request).ends == ["yes"]
    by = {s.signer: s.decided_by for s in engine.uow.slots(request)}
    assert by.pop(PersonId("risk.manager")) == "risk.manager"
    assert by == {"finance.manager": TIMER, "service.manager": TIMER}
    assert engine.replayed(request) is None


def test_rejecting_by_the_clock_follows_the_nodes_policy() -> None:
    """X1, V3: under a veto the first ends it, the other is cancelled."""
    engine = overdue("reject")
    request = one_has_approved(engine)
    assert engine.row(request).ends == ["no"]
    states = sorted(s.status for s in engine.uow.slots(request))
    assert states == ["approved", "cancelled", "rejected"]
    assert engine.replayed(request) is None


def test_a_line_is_decided_to_its_end() -> None:
    """V1 sequential: those whose turn had not come are overdue as well."""
    engine = overdue("approve", approval="sequential")
    request = one_has_approved(engine)
    assert engine.row(request).ends == ["yes"]
    assert engine.replayed(request) is None


def test_returning_by_the_clock() -> None:
    """X4: back to the requester, as a return."""
    engine = overdue("return", return__to="initiator")
    request = one_has_approved(engine)
    assert engine.open(request) == {"initiator": ["card.officer"]}
    assert engine.row(request).round == 2
    assert engine.replayed(request) is None


def test_handing_over_to_somebody_who_does_not_stand_there_yet() -> None:
    """X4, A6: each pending place to a person of its own; where nobody is left it stays."""
    engine = overdue("handover:risk.manager,tech.lead,card.officer")
    request = one_has_approved(engine)
    assert engine.open(request) == {"sign": ["service.manager", "tech.lead"]}
    told = [n for n in engine.uow.notices if n.kind == "administrator"]
    assert len(told) == 1
    engine.act(Approve, request, "sign", "tech.lead")
    engine.act(Approve, request, "sign", "service.manager")
    assert engine.row(request).ends == ["yes"]
    assert engine.replayed(request) is None


def test_a_task_is_due_when_its_node_is() -> None:
    """X4: lists show and sort by it."""
    engine = overdue("nothing")
    request = engine.submit("p", "card.officer")
    [node] = engine.uow.nodes(request)
    assert node.due is not None
    assert {slot.due for slot in engine.uow.slots(request)} == {node.due}


@pytest.mark.parametrize("then", ["approve", "reject"])
def test_a_protected_node_is_never_decided_by_the_clock(then: str) -> None:
    """X7: such a diagram is not deployed."""
    with pytest.raises(Undeployable, match="X7"):
        overdue(then, approval__protected="true")
