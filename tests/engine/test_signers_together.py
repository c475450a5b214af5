"""Signers who were added, replaced and asked for advice, when others of their node act as well:
what random lives of a node had shown to go wrong (tests/engine/test_countersign_machine.py)."""

from datetime import timedelta

import pytest

from engine.commands.add_signer import AddSigner
from engine.commands.approve import Approve
from engine.commands.claim import Claim
from engine.commands.complete import Complete
from engine.commands.delegate import Delegate
from engine.commands.reject import Reject
from engine.commands.remove_signer import RemoveSigner
from engine.commands.return_ import Return
from engine.commands.take_back import TakeBack
from engine.commands.transfer import Transfer
from engine.ids import TIMER, RequestId
from engine.refusals import NotPlain, NotTakenBack, OnePlace
from tests.engine.live import Engine, actor, chain, flow, process, task

THREE = "${list('risk.manager', 'finance.manager', 'service.manager')}"
START = '<bpmn:startEvent id="s"/>'
WAYS = (
    '<bpmn:exclusiveGateway id="g" default="g_mend"/><bpmn:endEvent id="e"/>'
    + task("mend", assignee="gm.secretary")
    + task("work", assignee="gm.secretary")
    + chain("g", "mend", "e")
    + flow("g", "work", "${sign_verdict == 'approved'}")
    + chain("work", "e")
)


def signed(approval: str = "all", signers: str = THREE, **properties: str) -> Engine:
    """A node of three signers, then work or mending."""
    node = task("sign", signers=signers, approval=approval, **properties)
    return Engine(process("p", START, node, WAYS, chain("s", "sign", "g")))


def begun(engine: Engine) -> RequestId:
    """A request of the card department's officer."""
    return engine.submit("p", "card.officer")


def add(engine: Engine, request: RequestId, who: str, *to: str, **more: str) -> None:
    """`who` adds signers."""
    engine.act(AddSigner, request, "sign", who, to=to, **more)


def do(engine: Engine, request: RequestId, kind: type, *people: str) -> None:
    """Each of them approves, rejects or takes back."""
    for who in people:
        engine.act(kind, request, "sign", who, comment="因为")


def status(engine: Engine, request: RequestId, who: str) -> str:
    """What became of somebody's last place."""
    return [s.status for s in engine.uow.slots(request) if s.signer == who][-1]


def numbers(engine: Engine, request: RequestId) -> tuple[int, int, int, int]:
    """Approved, rejected, pending, of how many; of the node's last pass."""
    node = [n for n in engine.uow.nodes(request) if n.node == "sign"][-1]
    return node.approved, node.rejected, node.pending, node.total


def test_one_added_beside_me_takes_back_and_my_task_does_not_wait_for_him() -> None:
    """W2, A1 parallel: nobody's turn had come by his vote."""
    engine = signed()
    request = begun(engine)
    add(engine, request, "risk.manager", "tech.lead", mode="parallel")
    do(engine, request, Approve, "tech.lead")
    do(engine, request, TakeBack, "tech.lead")
    assert status(engine, request, "risk.manager") == "open"
    do(engine, request, Approve, "risk.manager", "tech.lead")
    do(engine, request, TakeBack, "tech.lead")  # nor does his decision hold it up
    assert numbers(engine, request) == (1, 0, 3, 4)
    assert engine.replayed(request) is None


def test_whoever_is_spared_takes_those_whom_he_had_asked_along() -> None:
    """A1 any, T3: the delegate and the signers of one who need not decide any more are through."""
    engine = signed()
    request = begun(engine)
    add(engine, request, "risk.manager", "tech.lead", "tech.manager", mode="before", group="any")
    engine.act(Delegate, request, "sign", "tech.manager", to="tech.developer")
    do(engine, request, Approve, "tech.lead")
    assert status(engine, request, "tech.developer") == "cancelled"
    assert status(engine, request, "risk.manager") == "open"
    assert numbers(engine, request) == (1, 0, 3, 4)
    do(engine, request, TakeBack, "tech.lead")
    assert numbers(engine, request) == (0, 0, 5, 5)
    assert status(engine, request, "tech.manager") == "open"
    assert status(engine, request, "risk.manager") == "waiting"
    assert engine.replayed(request) is None


def test_whoever_was_spared_and_has_another_place_since_keeps_that_one() -> None:
    """V6, W2: the vote that spared him is taken back, and he is not asked twice."""
    engine = signed()
    request = begun(engine)
    add(engine, request, "risk.manager", "tech.lead", "tech.manager", mode="before", group="any")
    do(engine, request, Approve, "tech.lead")
    engine.act(Transfer, request, "sign", "finance.manager", to="tech.manager")
    do(engine, request, TakeBack, "tech.lead")
    assert engine.open(request) == {"sign": ["service.manager", "tech.lead", "tech.manager"]}
    assert numbers(engine, request) == (0, 0, 4, 4)
    do(engine, request, Approve, "tech.manager", "tech.lead")
    assert engine.open(request) == {"sign": ["risk.manager", "service.manager"]}
    assert engine.replayed(request) is None


def test_a_vote_that_waited_in_an_any_group_is_given_all_the_same() -> None:
    """A2, A1: who has approved and asked others to be heard after him has approved."""
    engine = signed()
    request = begun(engine)
    add(engine, request, "risk.manager", "tech.lead", "tech.manager", mode="before", group="any")
    add(engine, request, "tech.lead", "tech.developer", mode="after")
    do(engine, request, Approve, "tech.manager")
    assert status(engine, request, "tech.lead") == "approved"
    assert status(engine, request, "tech.developer") == "cancelled"
    assert numbers(engine, request) == (2, 0, 3, 5)
    assert engine.replayed(request) is None


def test_a_decision_taken_back_takes_the_successors_of_those_after_it_along() -> None:
    """W2, T1: whoever took over from one who was added after it; not once he has decided."""
    engine = signed()
    request = begun(engine)
    add(engine, request, "risk.manager", "tech.lead", mode="after")
    engine.act(Transfer, request, "sign", "tech.lead", to="tech.developer")
    do(engine, request, TakeBack, "risk.manager")
    assert status(engine, request, "tech.developer") == "removed"
    add(engine, request, "risk.manager", "tech.lead", mode="after")
    engine.act(Transfer, request, "sign", "tech.lead", to="tech.operator")
    do(engine, request, Approve, "tech.operator")
    with pytest.raises(NotTakenBack):
        do(engine, request, TakeBack, "risk.manager")
    assert engine.replayed(request) is None


def test_what_took_effect_by_a_vote_waits_again() -> None:
    """W2, A1 after: the one who was added after takes back, and the decision before is held."""
    engine = signed()
    request = begun(engine)
    add(engine, request, "risk.manager", "tech.lead", mode="after")
    do(engine, request, Approve, "tech.lead")
    assert numbers(engine, request) == (2, 0, 2, 4)
    do(engine, request, TakeBack, "tech.lead")
    assert numbers(engine, request) == (0, 0, 4, 4)
    do(engine, request, Approve, "tech.lead", "finance.manager", "service.manager")
    assert engine.open(request) == {"work": ["gm.secretary"]}
    assert engine.replayed(request) is None


def test_fewer_voters_may_pass_the_node_when_a_decision_is_taken_back() -> None:
    """V4, W2: those after it go, N and M fall, and what is there is enough."""
    engine = signed("ratio", approval__threshold="1/2", approval__rejection="tally")
    request = begun(engine)
    add(engine, request, "risk.manager", "tech.lead", "tech.manager", mode="after")
    do(engine, request, Approve, "finance.manager", "service.manager")
    assert numbers(engine, request)[3] == 5
    do(engine, request, TakeBack, "risk.manager")
    assert engine.open(request) == {"work": ["gm.secretary"]}
    assert engine.replayed(request) is None


def test_a_successor_has_the_turn_of_whom_he_took_over_from() -> None:
    """V1 sequential, T1, W2: the order of a line is that of its places, whoever holds them."""
    engine = signed("sequential")
    request = begun(engine)
    do(engine, request, Approve, "risk.manager")
    engine.act(Transfer, request, "sign", "finance.manager", to="finance.accountant")
    do(engine, request, TakeBack, "risk.manager")
    do(engine, request, Approve, "risk.manager")
    assert engine.open(request) == {"sign": ["finance.accountant"]}
    do(engine, request, Reject, "finance.accountant")
    do(engine, request, TakeBack, "finance.accountant")
    assert engine.open(request) == {"sign": ["finance.accountant"]}
    do(engine, request, Approve, "finance.accountant")
    assert engine.open(request) == {"sign": ["service.manager"]}
    assert engine.replayed(request) is None


def test_not_where_the_node_is_decided_without_it() -> None:
    """W2, V3: under a veto the rejection stands, whoever takes his approval back."""
    engine = signed()
    request = begun(engine)
    do(engine, request, Approve, "risk.manager")
    do(engine, request, Reject, "finance.manager")
    before = engine.uow.rows()
    with pytest.raises(NotTakenBack):
        do(engine, request, TakeBack, "risk.manager")
    assert engine.uow.rows() == before


def test_not_once_the_next_in_line_has_decided_though_that_settled_it() -> None:
    """W2, V1: what came of it in its own node is downstream of it."""
    engine = signed("sequential")
    request = begun(engine)
    do(engine, request, Approve, "risk.manager", "finance.manager", "service.manager")
    with pytest.raises(NotTakenBack):
        do(engine, request, TakeBack, "finance.manager")
    do(engine, request, TakeBack, "service.manager")
    assert engine.open(request) == {"sign": ["service.manager"]}
    assert engine.replayed(request) is None


def test_a_node_that_stands_again_has_its_places_as_they_were() -> None:
    """W2, A1, A5, T1: who was spared or taken out is not asked; groups and chains hold together."""
    engine = signed()
    request = begun(engine)
    add(engine, request, "risk.manager", "tech.lead", "tech.manager", mode="before", group="any")
    do(engine, request, Approve, "tech.manager")
    add(engine, request, "finance.manager", "tech.developer", mode="before")
    engine.act(Transfer, request, "sign", "tech.developer", to="tech.operator")
    add(engine, request, "service.manager", "service.agent", mode="parallel")
    engine.act(RemoveSigner, request, "sign", "service.manager", to=("service.agent",))
    do(engine, request, Reject, "risk.manager")
    assert engine.open(request) == {"mend": ["gm.secretary"]}
    do(engine, request, TakeBack, "risk.manager")
    assert engine.open(request) == {"sign": ["risk.manager", "service.manager", "tech.operator"]}
    assert numbers(engine, request) == (1, 0, 4, 5)
    do(engine, request, Approve, "tech.operator")
    assert "finance.manager" in engine.open(request)["sign"]
    do(engine, request, Approve, "finance.manager", "risk.manager", "service.manager")
    assert engine.open(request) == {"work": ["gm.secretary"]}
    assert engine.replayed(request) is None


def overdue(then: str, **properties: str) -> Engine:
    """Three signers and a deadline."""
    return signed(
        deadline__after="P2D", deadline__calendar="elapsed", deadline__then=then, **properties
    )


def test_the_clock_decides_nothing_for_those_who_are_spared() -> None:
    """X1, A1 any: one of the group is enough; who waited for them is overdue as well."""
    engine = overdue("approve")
    request = begun(engine)
    add(engine, request, "risk.manager", "tech.lead", "tech.manager", mode="before", group="any")
    engine.turn(engine.now + timedelta(days=3))
    assert engine.open(request) == {"work": ["gm.secretary"]}
    assert numbers(engine, request) == (4, 0, 0, 4)
    assert status(engine, request, "tech.manager") == "cancelled"
    assert engine.replayed(request) is None


def test_the_clock_does_not_wait_for_advice() -> None:
    """X1, T3: the owner's place is pending while his delegate is asked."""
    engine = overdue("approve")
    request = begun(engine)
    engine.act(Delegate, request, "sign", "risk.manager", to="tech.lead")
    engine.turn(engine.now + timedelta(days=3))
    assert engine.open(request) == {"work": ["gm.secretary"]}
    assert status(engine, request, "tech.lead") == "cancelled"
    by = {s.decided_by for s in engine.uow.slots(request) if s.status == "approved"}
    assert by == {TIMER}
    assert engine.replayed(request) is None


TWO = "${list('dept:技术部', 'dept:客户服务部')}"


def offered(**properties: str) -> Engine:
    """Two places, each offered to everybody who is in technology."""
    node = task("sign", signers=TWO, approval="all", **properties)
    names = ' camunda:candidateGroups="dept:技术部"'
    node = node.replace('name="sign"', f'name="sign"{names}')
    return Engine(process("p", START, node, WAYS, chain("s", "sign", "g")))


def test_a_candidate_of_two_places_has_one_vote() -> None:
    """V6: reached by a group and by a group again, he takes one; a second is refused."""
    engine = offered()
    request = begun(engine)
    engine.act(Claim, request, "sign", "tech.lead")
    [free] = [s for s in engine.uow.slots(request) if not s.holders]
    before = engine.uow.rows()
    for kind in (Claim, Approve):
        with pytest.raises(OnePlace):
            engine.do(kind(actor=actor("tech.lead"), request=request, ordinal=free.ordinal))
    assert engine.uow.rows() == before


def test_an_overdue_task_of_a_group_stays_the_groups() -> None:
    """X4: the superior joins those who may claim it, and takes it from none of them."""
    engine = offered(deadline__after="P2D", deadline__calendar="elapsed", deadline__then="escalate")
    request = begun(engine)
    engine.turn(engine.now + timedelta(days=3))
    assert {"tech.developer", "deputy.gm"} <= set(engine.open(request)["sign"])
    do(engine, request, Approve, "tech.developer")
    assert numbers(engine, request)[0] == 1
    assert engine.replayed(request) is None


def test_a_delegate_gives_an_opinion_and_returns_nothing() -> None:
    """T3: the owner decides, so a return is his."""
    engine = signed(return__to="initiator")
    request = begun(engine)
    engine.act(Delegate, request, "sign", "risk.manager", to="tech.lead")
    before = engine.uow.rows()
    with pytest.raises(NotPlain):
        engine.act(Return, request, "sign", "tech.lead", to="initiator", comment="补充")
    assert engine.uow.rows() == before
    do(engine, request, Approve, "tech.lead")
    engine.act(Return, request, "sign", "risk.manager", to="initiator", comment="补充")
    assert engine.open(request) == {"initiator": ["card.officer"]}


def test_a_signature_that_was_taken_back_is_not_kept() -> None:
    """B3 changed, W2: the next round knows what stood last, not what had stood before it."""
    engine = signed(
        "ratio", approval__threshold="2/3", approval__rejection="tally",
        return__to="initiator", return__resubmit="changed",
    )  # fmt: skip
    request = begun(engine)
    do(engine, request, Approve, "risk.manager", "finance.manager")
    do(engine, request, TakeBack, "finance.manager")
    do(engine, request, Reject, "finance.manager")
    engine.act(Return, request, "sign", "service.manager", to="initiator", comment="补充")
    engine.act(Complete, request, "initiator", "card.officer")
    assert "finance.manager" in engine.open(request)["sign"]
    assert status(engine, request, "risk.manager") == "approved"
    assert engine.replayed(request) is None
