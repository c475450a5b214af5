"""An approver takes his decision back while nothing has come of it: W2."""

import pytest

from engine.case import Actor
from engine.commands.add_signer import AddSigner
from engine.commands.approve import Approve
from engine.commands.assign import Assign
from engine.commands.base import task_version
from engine.commands.claim import Claim
from engine.commands.complete import Complete
from engine.commands.reject import Reject
from engine.commands.remove_signer import RemoveSigner
from engine.commands.take_back import TakeBack
from engine.ids import PersonId, RequestId
from engine.refusals import Changed, NotTakenBack, NotYours, RequestOver
from tests.engine.live import Engine, chain, flow, process, task

THREE = "${list('risk.manager', 'finance.manager', 'service.manager')}"
START = '<bpmn:startEvent id="s"/>'
WAYS = (
    '<bpmn:exclusiveGateway id="g" default="g_no"/>'
    + task("mend", assignee="tech.lead")
    + task("work", assignee="tech.lead")
    + '<bpmn:endEvent id="no"/><bpmn:endEvent id="yes"/>'
    + flow("g", "no")
    + flow("g", "work", "${sign_verdict == 'approved'}")
    + flow("work", "yes")
)
NOTIFY = (
    '<bpmn:serviceTask id="tell" camunda:type="external" camunda:topic="countersign.notify">'
    '<bpmn:extensionElements><camunda:inputOutput><camunda:inputParameter name="to">gm'
    '</camunda:inputParameter><camunda:inputParameter name="text">x</camunda:inputParameter>'
    "</camunda:inputOutput></bpmn:extensionElements></bpmn:serviceTask>"
)


def signed(approval: str = "all", between: str = "", **properties: str) -> Engine:
    """Three signers, then work, or the end."""
    node = task("sign", signers=THREE, approval=approval, **properties)
    way = chain("s", "sign", "tell", "g") if between else chain("s", "sign", "g")
    ways = WAYS.replace(task("mend", assignee="tech.lead"), "")
    return Engine(process("p", START, node, between, ways, way))


def approved_by(engine: Engine, request: RequestId, *people: str) -> None:
    """These people approve."""
    for person in people:
        engine.act(Approve, request, "sign", person)


def test_in_an_open_node_his_task_is_open_again() -> None:
    """W2: N and M follow; the history says that he had decided."""
    engine = signed()
    request = engine.submit("p", "card.officer")
    approved_by(engine, request, "risk.manager")
    engine.act(TakeBack, request, "sign", "risk.manager")
    [node] = engine.uow.nodes(request)
    assert (node.approved, node.pending, node.total) == (0, 3, 3)
    assert "risk.manager" in engine.open(request)["sign"]
    with pytest.raises(NotYours):
        engine.act(TakeBack, request, "sign", "finance.manager")
    approved_by(engine, request, "risk.manager", "finance.manager", "service.manager")
    assert engine.open(request) == {"work": ["tech.lead"]}
    assert engine.replayed(request) is None


def test_in_a_settled_node_the_others_keep_their_votes() -> None:
    """W2: what its end had opened is gone; the node stands again with the places as they were."""
    engine = signed()
    request = engine.submit("p", "card.officer")
    approved_by(engine, request, "risk.manager", "finance.manager", "service.manager")
    engine.act(TakeBack, request, "sign", "service.manager")
    assert engine.open(request) == {"sign": ["service.manager"]}
    assert engine.variables(request)["sign_verdict"] is None
    engine.act(Reject, request, "sign", "service.manager", comment="再想想")
    assert engine.row(request).ends == ["no"]
    assert engine.replayed(request) is None


def test_what_has_ended_the_request_can_not_be_taken_back() -> None:
    """W2, W1: after the end only a cancellation request, itself approved."""
    engine = signed()
    request = engine.submit("p", "card.officer")
    approved_by(engine, request, "risk.manager")
    engine.act(Reject, request, "sign", "finance.manager", comment="不")
    with pytest.raises((NotTakenBack, RequestOver)):
        engine.act(TakeBack, request, "sign", "finance.manager")
    assert engine.row(request).status == "completed"


def test_a_veto_taken_back_opens_the_others_again() -> None:
    """W2, R1: who was cancelled by it is asked again."""
    mend = task("mend", assignee="tech.lead") + flow("mend", "no")
    ways = WAYS.replace(task("mend", assignee="tech.lead"), mend).replace(
        flow("g", "no"), '<bpmn:sequenceFlow id="g_no" sourceRef="g" targetRef="mend"/>'
    )
    node = task("sign", signers=THREE, approval="all")
    engine = Engine(process("p", START, node, ways, chain("s", "sign", "g")))
    request = engine.submit("p", "card.officer")
    approved_by(engine, request, "risk.manager")
    engine.act(Reject, request, "sign", "finance.manager", comment="不")
    assert engine.open(request) == {"mend": ["tech.lead"]}
    engine.act(TakeBack, request, "sign", "finance.manager")
    assert engine.open(request) == {"sign": ["finance.manager", "service.manager"]}
    [kept] = [s for s in engine.uow.slots(request) if s.kept_from]
    assert (kept.signer, kept.status) == ("risk.manager", "approved")
    assert engine.replayed(request) is None


def test_not_after_somebody_has_acted_on_it() -> None:
    """W2: nothing downstream was decided or edited."""
    engine = signed()
    request = engine.submit("p", "card.officer")
    approved_by(engine, request, "risk.manager", "finance.manager", "service.manager")
    engine.act(Complete, request, "work", "tech.lead")
    before = engine.uow.rows()
    with pytest.raises((NotTakenBack, RequestOver)):
        engine.act(TakeBack, request, "sign", "service.manager")
    assert engine.uow.rows() == before


def test_not_after_an_effect_elsewhere() -> None:
    """W2: refused if a side effect ran between."""
    engine = signed(between=NOTIFY, approval__onRejected="end")
    request = engine.submit("p", "card.officer")
    approved_by(engine, request, "risk.manager", "finance.manager", "service.manager")
    assert engine.open(request) == {"work": ["tech.lead"]}
    with pytest.raises(NotTakenBack):
        engine.act(TakeBack, request, "sign", "service.manager")


def test_a_line_waits_again() -> None:
    """W2, V1: the next in line, who has not acted, waits; once he has, it stands."""
    engine = signed("sequential")
    request = engine.submit("p", "card.officer")
    approved_by(engine, request, "risk.manager")
    assert engine.open(request) == {"sign": ["finance.manager"]}
    engine.act(TakeBack, request, "sign", "risk.manager")
    assert engine.open(request) == {"sign": ["risk.manager"]}
    approved_by(engine, request, "risk.manager", "finance.manager")
    with pytest.raises(NotTakenBack):
        engine.act(TakeBack, request, "sign", "risk.manager")
    assert engine.replayed(request) is None


def test_a_decision_that_waits_for_those_after_it() -> None:
    """W2, A1 after: the added go, his task is open again; not when one of them has decided."""
    engine = signed()
    request = engine.submit("p", "card.officer")
    engine.act(
        AddSigner, request, "sign", "risk.manager", to=("tech.lead", "tech.developer"), mode="after"
    )
    engine.act(TakeBack, request, "sign", "risk.manager")
    [node] = engine.uow.nodes(request)
    assert (node.approved, node.pending, node.total) == (0, 3, 3)
    engine.act(AddSigner, request, "sign", "risk.manager", to=("tech.lead", "gm"), mode="after")
    engine.act(Approve, request, "sign", "tech.lead")
    with pytest.raises(NotTakenBack):
        engine.act(TakeBack, request, "sign", "risk.manager")
    assert engine.replayed(request) is None


def test_a_claim_is_no_vote_to_take_back() -> None:
    """Claiming is undone by releasing."""
    node = '<bpmn:userTask id="sign" camunda:candidateGroups="dept:技术部"/>'
    end = '<bpmn:endEvent id="e"/>'
    engine = Engine(process("p", START, node, end, chain("s", "sign", "e")))
    request = engine.submit("p", "card.officer")
    engine.act(Claim, request, "sign", "tech.lead")
    with pytest.raises(NotYours):
        engine.act(TakeBack, request, "sign", "tech.lead")


def test_what_is_named_by_an_old_version_is_looked_at_again() -> None:
    """K1, K5: taking back, taking out and assigning can carry the version that was seen; where it
    has changed since, nothing happens."""
    engine = signed()
    request = engine.submit("p", "card.officer")
    approved_by(engine, request, "risk.manager")
    mine = next(s for s in engine.uow.slots(request) if s.signer == "risk.manager")
    [node] = engine.uow.nodes(request)
    seen = task_version(mine, node)
    before = engine.uow.rows()
    with pytest.raises(Changed):
        engine.act(TakeBack, request, "sign", "risk.manager", version="0." + "0" * 16)
    admin = Actor(id=PersonId("admin"), override=True)
    other = next(s for s in engine.uow.slots(request) if s.signer == "finance.manager")
    with pytest.raises(Changed):
        engine.do(
            Assign(
                actor=admin, request=request, ordinal=other.ordinal, to="gm", comment="急",
                version=seen,
            )
        )  # fmt: skip
    assert engine.uow.rows() == before
    engine.act(AddSigner, request, "sign", "finance.manager", to=("gm",), mode="parallel")
    with pytest.raises(Changed):
        engine.act(RemoveSigner, request, "sign", "finance.manager", to=("gm",), version="9.x")
    engine.act(TakeBack, request, "sign", "risk.manager", version=seen)
    assert "risk.manager" in engine.open(request)["sign"]
    assert engine.replayed(request) is None
