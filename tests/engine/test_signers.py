"""Signers added, taken out, and put in another's place: A1-A6, T1-T3, at the engine's door."""

from typing import Any

import pytest

from engine.case import Actor
from engine.commands.add_signer import AddSigner
from engine.commands.approve import Approve
from engine.commands.complete import Complete
from engine.commands.delegate import Delegate
from engine.commands.reject import Reject
from engine.commands.remove_signer import RemoveSigner
from engine.commands.return_ import Return
from engine.commands.transfer import Transfer
from engine.commands.withdraw import Withdraw
from engine.ids import PersonId, RequestId
from engine.refusals import (
    CommentNeeded,
    Mixed,
    Newcomer,
    NotHolder,
    NotPlain,
    NotRemovable,
    NotYours,
    PersonUnknown,
    TaskOver,
    TooManyLevels,
    TransferredBack,
)
from tests.engine.live import Engine, chain, flow, process, task

THREE = "${list('risk.manager', 'finance.manager', 'service.manager')}"
START = '<bpmn:startEvent id="s"/>'
WAYS = (
    '<bpmn:exclusiveGateway id="g" default="g_no"/>'
    '<bpmn:endEvent id="no"/><bpmn:endEvent id="yes"/>'
    + flow("g", "no")
    + flow("g", "yes", "${sign_verdict == 'approved'}")
)


def countersign(approval: str = "all", **properties: str) -> Engine:
    """A node of three signers."""
    node = task("sign", signers=THREE, approval=approval, **properties)
    return Engine(process("p", START, node, WAYS, chain("s", "sign", "g")))


def single(**properties: str) -> Engine:
    """A node of one signer."""
    node = task("sign", assignee="risk.manager", approval="single", **properties)
    return Engine(process("p", START, node, WAYS, chain("s", "sign", "g")))


def started(engine: Engine) -> RequestId:
    """A request by the card department's officer."""
    return engine.submit("p", "card.officer")


def numbers(engine: Engine, request: RequestId) -> tuple[int, int, int]:
    """Approved, rejected, of how many."""
    [node] = [n for n in engine.uow.nodes(request) if n.node == "sign"]
    return node.approved, node.rejected, node.total


def states(engine: Engine, request: RequestId) -> dict[str, list[str]]:
    """What became of everybody's places."""
    found: dict[str, list[str]] = {}
    for slot in engine.uow.slots(request):
        found.setdefault(str(slot.signer), []).append(slot.status)
    return found


def ended(engine: Engine, request: RequestId) -> list[str]:
    """The end events reached."""
    return engine.row(request).ends


def add(engine: Engine, request: RequestId, who: str, *to: str, **more: Any) -> None:
    """`who` adds signers to his task."""
    engine.act(AddSigner, request, "sign", who, to=to, **more)


def test_before_me_then_me_again() -> None:
    """A1 before: my task waits, comes back when the added have finished, and I still decide."""
    engine = single()
    request = started(engine)
    add(engine, request, "risk.manager", "risk.reviewer", "tech.lead", mode="before")
    assert engine.open(request) == {"sign": ["risk.reviewer", "tech.lead"]}
    assert numbers(engine, request) == (0, 0, 3)
    with pytest.raises(TaskOver):
        engine.act(Approve, request, "sign", "risk.manager")
    engine.act(Approve, request, "sign", "risk.reviewer")
    engine.act(Approve, request, "sign", "tech.lead")
    assert engine.open(request) == {"sign": ["risk.manager"]}
    assert not ended(engine, request)
    engine.act(Approve, request, "sign", "risk.manager")
    assert ended(engine, request) == ["yes"]
    assert engine.replayed(request) is None


def test_after_me_and_my_decision_waits_to_take_effect() -> None:
    """A1 after: my decision is recorded now, the node completes after the added ones."""
    engine = single()
    request = started(engine)
    add(engine, request, "risk.manager", "risk.reviewer", mode="after", comment="请复核")
    assert engine.open(request) == {"sign": ["risk.reviewer"]}
    assert numbers(engine, request) == (0, 0, 2)
    assert states(engine, request)["risk.manager"] == ["approved"]
    engine.act(Approve, request, "sign", "risk.reviewer")
    assert ended(engine, request) == ["yes"]
    assert numbers(engine, request) == (2, 0, 2)
    assert engine.replayed(request) is None


def test_one_more_voter() -> None:
    """A1 parallel, V4: N and M follow at once and the entry has the numbers before and after."""
    engine = countersign("ratio", approval__threshold="2/3")
    request = started(engine)
    engine.act(Approve, request, "sign", "finance.manager")
    add(engine, request, "risk.manager", "tech.lead", mode="parallel")
    assert numbers(engine, request) == (1, 0, 4)
    last = engine.uow.entries(request)[-1]
    assert last.body["tally"] == [[1, 0, 3], [1, 0, 4]]
    engine.act(Approve, request, "sign", "risk.manager")
    assert not ended(engine, request), "of four, three are needed"
    engine.act(Approve, request, "sign", "tech.lead")
    assert ended(engine, request) == ["yes"]
    assert engine.replayed(request) is None


@pytest.mark.parametrize(("mode", "first"), [("any", 2), ("sequential", 1), ("all", 2)])
def test_an_added_group_has_its_own_mode(mode: str, first: int) -> None:
    """A1: all of the group, the first of it, or one after the other."""
    engine = single()
    request = started(engine)
    add(engine, request, "risk.manager", "risk.reviewer", "tech.lead", mode="before", group=mode)
    assert len(engine.open(request)["sign"]) == first
    engine.act(Approve, request, "sign", "risk.reviewer")
    if mode == "any":
        assert states(engine, request)["tech.lead"] == ["cancelled"]
        assert numbers(engine, request) == (1, 0, 2)
    else:
        assert engine.open(request) == {"sign": ["tech.lead"]}
        engine.act(Approve, request, "sign", "tech.lead")
    assert engine.open(request) == {"sign": ["risk.manager"]}
    assert engine.replayed(request) is None


def test_under_any_those_added_before_decide_nothing_but_a_rejection() -> None:
    """A1, A4: an approval before mine does not end an any-sign; a rejection does."""
    engine = countersign("any")
    request = started(engine)
    add(engine, request, "risk.manager", "tech.lead", mode="before")
    engine.act(Approve, request, "sign", "tech.lead")
    assert not ended(engine, request)
    engine.act(Approve, request, "sign", "risk.manager")
    assert ended(engine, request) == ["yes"]
    request = started(engine)
    add(engine, request, "risk.manager", "tech.lead", mode="before")
    engine.act(Reject, request, "sign", "tech.lead", comment="不行")
    assert ended(engine, request) == ["no"]


def test_an_added_signers_rejection_counts_under_the_nodes_policy() -> None:
    """A4: under a veto one ends it; under a tally it is one vote."""
    engine = countersign("all")
    request = started(engine)
    add(engine, request, "risk.manager", "tech.lead", mode="parallel")
    engine.act(Reject, request, "sign", "tech.lead", comment="不行")
    assert ended(engine, request) == ["no"]
    assert states(engine, request)["risk.manager"] == ["cancelled"]
    engine = countersign("ratio", approval__threshold="1/2")
    request = started(engine)
    add(engine, request, "risk.manager", "tech.lead", mode="before")
    engine.act(Reject, request, "sign", "tech.lead", comment="不行")
    assert not ended(engine, request)
    assert "risk.manager" in engine.open(request)["sign"], "his task came back all the same"


def test_votes_given_stay_valid() -> None:
    """A2: adding reopens nothing."""
    engine = countersign()
    request = started(engine)
    engine.act(Approve, request, "sign", "finance.manager")
    add(engine, request, "risk.manager", "tech.lead", mode="parallel")
    assert states(engine, request)["finance.manager"] == ["approved"]
    assert numbers(engine, request) == (1, 0, 4)


@pytest.mark.parametrize(
    ("to", "refusal"),
    [
        ("finance.manager", Newcomer),
        ("card.officer", Newcomer),
        ("risk.manager", Newcomer),
        ("nobody", PersonUnknown),
        ("", PersonUnknown),
    ],
)
def test_who_may_not_be_added(to: str, refusal: type[Exception]) -> None:
    """A3: who holds or decided here, the requester, oneself, nobody known; nothing changes."""
    engine = countersign()
    request = started(engine)
    engine.act(Approve, request, "sign", "finance.manager")
    before = engine.uow.rows()
    with pytest.raises(refusal):
        add(engine, request, "risk.manager", *filter(None, [to]), mode="parallel")
    assert engine.uow.rows() == before


def test_before_and_after_are_not_mixed() -> None:
    """A3: mixing before and after on one task."""
    engine = single()
    request = started(engine)
    add(engine, request, "risk.manager", "risk.reviewer", mode="before")
    engine.act(Approve, request, "sign", "risk.reviewer")
    with pytest.raises(Mixed):
        add(engine, request, "risk.manager", "tech.lead", mode="after")


def test_three_levels_and_no_more() -> None:
    """A6: at most three levels of adding; who is in the chain can't be added again."""
    engine = single()
    request = started(engine)
    add(engine, request, "risk.manager", "risk.reviewer", mode="before")
    add(engine, request, "risk.reviewer", "tech.lead", mode="before")
    with pytest.raises(Newcomer):
        add(engine, request, "tech.lead", "risk.manager", mode="before")
    add(engine, request, "tech.lead", "tech.developer", mode="before")
    with pytest.raises(TooManyLevels):
        add(engine, request, "tech.developer", "tech.operator", mode="before")
    for who in ("tech.developer", "tech.lead", "risk.reviewer", "risk.manager"):
        assert engine.open(request) == {"sign": [who]}
        engine.act(Approve, request, "sign", who)
    assert ended(engine, request) == ["yes"]
    assert engine.replayed(request) is None


def test_only_the_added_and_undecided_can_be_taken_out() -> None:
    """A5: by the one who added them; not those whom the diagram named, nor who has decided."""
    engine = countersign()
    request = started(engine)
    add(engine, request, "risk.manager", "tech.lead", "tech.developer", mode="parallel")
    with pytest.raises(NotYours):
        engine.act(RemoveSigner, request, "sign", "finance.manager", to=("tech.lead",))
    engine.act(RemoveSigner, request, "sign", "risk.manager", to=("tech.lead",))
    assert states(engine, request)["tech.lead"] == ["removed"]
    assert numbers(engine, request) == (0, 0, 4)
    engine.act(Approve, request, "sign", "tech.developer")
    with pytest.raises(NotRemovable):
        engine.act(RemoveSigner, request, "sign", "risk.manager", to=("tech.developer",))
    assert engine.replayed(request) is None


def test_taking_out_may_itself_pass_the_node() -> None:
    """V4, A5: N falls, M with it, and what was missing is missing no more."""
    engine = countersign()
    request = started(engine)
    add(engine, request, "risk.manager", "tech.lead", mode="parallel")
    for who in ("risk.manager", "finance.manager", "service.manager"):
        engine.act(Approve, request, "sign", who)
    assert not ended(engine, request)
    engine.uow.owners["p"] = {"owner"}
    engine.act(RemoveSigner, request, "sign", "owner", to=("tech.lead",))
    assert ended(engine, request) == ["yes"]
    assert engine.replayed(request) is None


def test_when_all_who_came_after_are_taken_out_the_decision_takes_effect() -> None:
    """A5: the recorded decision counts as one, so that it is never the last that goes."""
    engine = single()
    request = started(engine)
    add(engine, request, "risk.manager", "risk.reviewer", mode="after")
    engine.act(RemoveSigner, request, "sign", "risk.manager", to=("risk.reviewer",))
    assert ended(engine, request) == ["yes"]
    assert engine.replayed(request) is None


def test_withdrawing_and_returning_cancel_the_added_and_the_delegates() -> None:
    """W3, B4: nothing that was put into the node outlives it."""
    engine = single(return__to="initiator")
    request = started(engine)
    add(engine, request, "risk.manager", "risk.reviewer", mode="before")
    engine.act(Delegate, request, "sign", "risk.reviewer", to="tech.lead")
    engine.do(Withdraw(actor=Actor(id=PersonId("card.officer")), request=request))
    assert not engine.open(request)
    assert {s for all_his in states(engine, request).values() for s in all_his} == {"cancelled"}
    request = started(engine)
    add(engine, request, "risk.manager", "risk.reviewer", mode="parallel")
    engine.act(Return, request, "sign", "risk.manager", to="initiator", comment="补充")
    assert engine.open(request) == {"initiator": ["card.officer"]}
    assert numbers(engine, request)[2] == 2
    engine.act(Complete, request, "initiator", "card.officer")
    assert engine.open(request) == {"sign": ["risk.manager"]}, "the added were of the first round"
    assert engine.replayed(request) is None


def test_a_transfer_moves_the_responsibility() -> None:
    """T1: the old place ends as transferred, the chain stays, N stays."""
    engine = countersign()
    request = started(engine)
    engine.act(Transfer, request, "sign", "risk.manager", to="risk.reviewer", comment="出差")
    assert states(engine, request)["risk.manager"] == ["transferred"]
    assert numbers(engine, request) == (0, 0, 3)
    with pytest.raises(NotHolder):
        engine.act(Approve, request, "sign", "tech.lead")
    engine.act(Approve, request, "sign", "risk.reviewer")
    engine.act(Approve, request, "sign", "finance.manager")
    engine.act(Approve, request, "sign", "service.manager")
    assert ended(engine, request) == ["yes"]
    assert engine.replayed(request) is None


@pytest.mark.parametrize("to", ["finance.manager", "card.officer", "risk.manager", "nobody"])
def test_to_whom_a_task_can_not_be_transferred(to: str) -> None:
    """T2: who decided or holds here, the requester, oneself, somebody unknown."""
    engine = countersign()
    request = started(engine)
    before = engine.uow.rows()
    with pytest.raises((Newcomer, PersonUnknown)):
        engine.act(Transfer, request, "sign", "risk.manager", to=to)
    assert engine.uow.rows() == before


def test_back_to_the_first_once_with_a_reason() -> None:
    """T2: A to B to A once, with a reason."""
    engine = single()
    request = started(engine)
    engine.act(Transfer, request, "sign", "risk.manager", to="risk.reviewer")
    with pytest.raises(CommentNeeded):
        engine.act(Transfer, request, "sign", "risk.reviewer", to="risk.manager")
    engine.act(Transfer, request, "sign", "risk.reviewer", to="risk.manager", comment="不熟悉")
    assert engine.open(request) == {"sign": ["risk.manager"]}
    engine.act(Transfer, request, "sign", "risk.manager", to="risk.reviewer", comment="请再看")
    with pytest.raises(TransferredBack):
        engine.act(Transfer, request, "sign", "risk.reviewer", to="risk.manager", comment="不")
    assert engine.replayed(request) is None


def test_plain_work_can_be_transferred_to_the_requester() -> None:
    """T2 is for decisions: a foreign diagram's work may well belong to its initiator."""
    engine = Engine(
        process("p", START, task("work", assignee="tech.lead"), '<bpmn:endEvent id="e"/>',
                chain("s", "work", "e"))
    )  # fmt: skip
    request = started(engine)
    engine.act(Transfer, request, "work", "tech.lead", to="card.officer")
    engine.act(Complete, request, "work", "card.officer")
    assert engine.row(request).status == "completed"


def test_a_delegates_opinion_comes_back_to_the_owner() -> None:
    """T3: the owner still decides, whatever the delegate advised; delegated again, he stays."""
    engine = countersign()
    request = started(engine)
    engine.act(Delegate, request, "sign", "risk.manager", to="risk.reviewer", comment="请看条款")
    assert numbers(engine, request) == (0, 0, 3)
    with pytest.raises(TaskOver):
        engine.act(Approve, request, "sign", "risk.manager")
    engine.act(Delegate, request, "sign", "risk.reviewer", to="tech.lead")
    with pytest.raises(NotPlain):
        engine.act(AddSigner, request, "sign", "tech.lead", to=("tech.developer",))
    engine.act(Reject, request, "sign", "tech.lead", comment="条款三不妥")
    assert numbers(engine, request) == (0, 0, 3)
    assert "risk.manager" in engine.open(request)["sign"]
    engine.act(Approve, request, "sign", "risk.manager")
    assert numbers(engine, request) == (1, 0, 3)
    assert engine.replayed(request) is None


def test_a_line_of_signers_goes_on_after_those_added_before_one_of_them() -> None:
    """V1 sequential, A1: the next opens only when the one before him has decided himself."""
    engine = countersign("sequential")
    request = started(engine)
    add(engine, request, "risk.manager", "tech.lead", mode="before")
    engine.act(Approve, request, "sign", "tech.lead")
    assert engine.open(request) == {"sign": ["risk.manager"]}
    add(engine, request, "risk.manager", "tech.developer", mode="parallel")
    engine.act(Approve, request, "sign", "tech.developer")
    assert engine.open(request) == {"sign": ["risk.manager"]}
    engine.act(Approve, request, "sign", "risk.manager")
    assert engine.open(request) == {"sign": ["finance.manager"]}
    assert engine.replayed(request) is None
