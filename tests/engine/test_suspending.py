"""An administrator holds a request up, lets it go on, or ends it: K3, X6."""

from datetime import timedelta

import pytest

from engine.case import Actor
from engine.commands.approve import Approve
from engine.commands.suspend import Resume, Suspend, Terminate
from engine.ids import PersonId, RequestId
from engine.refusals import (
    CommentNeeded,
    NotSuspended,
    NotYours,
    RequestOver,
    Suspended,
    TaskOver,
)
from tests.engine.live import Engine, actor, chain, process, task

ADMIN = Actor(id=PersonId("admin"), override=True)


def timed() -> Engine:
    """One signer, who is reminded after two days and whose superior is called after three."""
    node = task(
        "sign", assignee="risk.manager", approval="single", approval__onRejected="end",
        deadline__after="P3D", deadline__remind="P2D", deadline__then="escalate",
        deadline__calendar="elapsed",
    )  # fmt: skip
    start, end = '<bpmn:startEvent id="s"/>', '<bpmn:endEvent id="e"/>'
    return Engine(process("p", start, node, end, chain("s", "sign", "e")))


def test_nothing_is_decided_and_no_deadline_runs_while_it_is_suspended() -> None:
    """X6: what was due is due later by as long as it was held up."""
    engine = timed()
    request = engine.submit("p", "card.officer")
    due = engine.uow.nodes(request)[0].due
    assert due is not None
    engine.do(Suspend(actor=ADMIN, request=request, comment="等法务意见"))
    with pytest.raises(Suspended):
        engine.act(Approve, request, "sign", "risk.manager")
    engine.turn(engine.now + timedelta(days=10))
    assert engine.open(request) == {"sign": ["risk.manager"]}, "nobody was called meanwhile"
    paused_at = engine.row(request).last_at
    assert paused_at is not None
    engine.do(Resume(actor=ADMIN, request=request, comment="可以继续"))
    later = engine.uow.nodes(request)[0].due
    assert later == due + (engine.now - paused_at)
    engine.turn(later - timedelta(minutes=1))
    assert engine.open(request) == {"sign": ["risk.manager"]}
    engine.turn(later)
    assert engine.open(request) == {"sign": ["deputy.gm", "risk.manager"]}
    engine.act(Approve, request, "sign", "risk.manager")
    assert engine.row(request).status == "completed"
    assert engine.replayed(request) is None


def test_only_by_an_administrators_right_and_with_a_reason() -> None:
    """K3: under his own name, marked as an override, never without a reason."""
    engine = timed()
    request = engine.submit("p", "card.officer")
    for kind in (Suspend, Terminate):
        with pytest.raises(NotYours):
            engine.do(kind(actor=actor("card.officer"), request=request, comment="急"))
        with pytest.raises(CommentNeeded):
            engine.do(kind(actor=ADMIN, request=request, comment=" "))
    with pytest.raises(NotSuspended):
        engine.do(Resume(actor=ADMIN, request=request, comment="继续"))
    engine.do(Suspend(actor=ADMIN, request=request, comment="等"))
    assert engine.uow.entries(request)[-1].body["override"] is True
    with pytest.raises(Suspended):
        engine.do(Suspend(actor=ADMIN, request=request, comment="等"))


@pytest.mark.parametrize("suspended", [False, True])
def test_terminated_it_ends_as_cancelled(suspended: bool) -> None:
    """What was open is cancelled with the cause; nothing can be done any more."""
    engine = timed()
    request: RequestId = engine.submit("p", "card.officer")
    if suspended:
        engine.do(Suspend(actor=ADMIN, request=request, comment="等"))
    engine.do(Terminate(actor=ADMIN, request=request, comment="重复申请"))
    assert engine.row(request).status == "cancelled"
    assert not engine.open(request)
    with pytest.raises(TaskOver):
        engine.act(Approve, request, "sign", "risk.manager")
    with pytest.raises(RequestOver):
        engine.do(Terminate(actor=ADMIN, request=request, comment="再来"))
    assert engine.replayed(request) is None
