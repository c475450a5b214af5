"""A decision that can be undone for a moment: U, at the engine's door."""

from datetime import timedelta
from typing import Any

import pytest

from engine.case import Actor
from engine.commands.add_signer import AddSigner
from engine.commands.amend import Amend
from engine.commands.approve import Approve
from engine.commands.claim import Claim, Release
from engine.commands.complete import Complete
from engine.commands.fire import FireTimer
from engine.commands.reject import Reject
from engine.commands.remove_signer import RemoveSigner
from engine.commands.return_ import Return
from engine.commands.suspend import Resume, Suspend, Terminate
from engine.commands.take_back import TakeBack
from engine.commands.transfer import Transfer
from engine.commands.undo import Undo, Waive
from engine.commands.withdraw import Withdraw
from engine.handle import Outcome
from engine.ids import PersonId, RequestId
from engine.refusals import (
    CommentNeeded,
    NotRemovable,
    NotTakenBack,
    NotYours,
    TargetNotOnPath,
    TaskDecided,
    TaskOver,
    TimerOver,
    UndoOver,
    Unknown,
)
from engine.requests import Slot
from tests.engine.live import Engine, actor, chain, flow, process, task

ADMIN = Actor(id=PersonId("admin"), override=True)
ONE, TWO, THREE = "risk.manager", "finance.manager", "service.manager"
SIGNERS = f"${{list('{ONE}', '{TWO}', '{THREE}')}}"
END = {"approval__onRejected": "end"}
ENDS = '<bpmn:startEvent id="s"/><bpmn:endEvent id="e"/>'
WAYS = '<bpmn:exclusiveGateway id="g" default="g_no"/><bpmn:endEvent id="no"/>'


class Paced(Engine):
    """Commands at seconds since the request was submitted."""

    def at(self, seconds: float, kind: Any, request: RequestId, who: str, **more: Any) -> Outcome:
        """A verb on the place of `who` in the node that is called sign, or that `more` names."""
        began = self.uow.entries(request)[0].at
        self.now = began + timedelta(seconds=seconds) - timedelta(minutes=1)
        return self.act(kind, request, more.pop("node", "sign"), who, **more)

    def second(self, request: RequestId, seconds: float) -> None:
        """Turn the clock; the scheduler is awake."""
        self.turn(self.uow.entries(request)[0].at + timedelta(seconds=seconds))

    def place(self, request: RequestId, who: str) -> Slot:
        """His last place."""
        return [s for s in self.uow.slots(request) if who in (s.signer, *s.holders)][-1]


def several(approval: str = "all", **words: str) -> Paced:
    """Three signers, then a last approval; a refusal ends it."""
    sign = task("sign", signers=SIGNERS, approval=approval, **words)
    last = task("last", assignee="gm", approval="single", return__to="sign", **END)
    return Paced(
        process(
            "p", sign, last, ENDS, WAYS, chain("s", "sign", "g"), chain("last", "e"),
            flow("g", "no"),
            flow("g", "last", "${sign_verdict == 'approved'}"), withdraw="until-end",
        )
    )  # fmt: skip


def single(**words: str) -> Paced:
    """One signer, then the end."""
    sign = task("sign", assignee=ONE, approval="single", **END, **words)
    last = task("last", assignee="gm", approval="single", return__to="sign", **END)
    return Paced(process("p", sign, last, ENDS, chain("s", "sign", "last", "e")))


def numbers(engine: Engine, request: RequestId) -> tuple[int, int, int, int]:
    """Approved, rejected, pending, of how many."""
    node = [n for n in engine.uow.nodes(request) if n.node == "sign"][-1]
    return node.approved, node.rejected, node.pending, node.total


def test_it_is_recorded_at_once_and_takes_effect_when_its_window_ends() -> None:
    """U: nothing downstream sees it before; the journal has both, and replays."""
    engine = single()
    request = engine.submit("p", "card.officer")
    engine.at(5, Approve, request, ONE, comment="同意", window=10)
    assert engine.open(request) == {}, "it has left his inbox, and nobody else's has it"
    assert numbers(engine, request) == (0, 0, 1, 1)
    assert not engine.row(request).decided
    engine.second(request, 14.9)
    assert engine.open(request) == {}
    engine.second(request, 15)
    assert engine.open(request) == {"last": ["gm"]}
    slot = engine.place(request, ONE)
    recorded, effect = engine.uow.entries(request)[-2:]
    assert (slot.status, slot.comment, slot.decided_by) == ("approved", "同意", ONE)
    assert slot.decided_at == recorded.at, "it is as old as he made it"
    assert (recorded.body["verb"], effect.body["verb"]) == ("approve", "take-effect")
    assert (effect.body["actor"], effect.body["decision"]) == (ONE, "approve")
    assert not engine.uow.timers(request)
    assert engine.replayed(request) is None


def test_without_a_window_it_takes_effect_at_once() -> None:
    """U: a call takes effect at once unless it asks for the window."""
    engine = single()
    request = engine.submit("p", "card.officer")
    engine.at(5, Approve, request, ONE)
    assert engine.open(request) == {"last": ["gm"]}
    with pytest.raises(UndoOver):
        engine.at(6, Undo, request, ONE)


@pytest.mark.parametrize(
    ("kind", "more"),
    [(Approve, {}), (Reject, {"comment": "不妥"}), (Return, {"comment": "补", "to": "initiator"})],
)
def test_whoever_decided_undoes_it_within_the_window(kind: Any, more: dict[str, Any]) -> None:
    """U: his task is open again as it was; he decides otherwise."""
    engine = single()
    request = engine.submit("p", "card.officer")
    engine.at(5, kind, request, ONE, window=10, **more)
    assert engine.row(request).status == "running"
    engine.at(14, Undo, request, ONE)
    slot = engine.place(request, ONE)
    assert (slot.status, slot.comment, slot.decided_by) == ("open", "", None)
    assert engine.open(request) == {"sign": [ONE]}
    assert numbers(engine, request) == (0, 0, 1, 1)
    engine.second(request, 60)
    assert engine.open(request) == {"sign": [ONE]}, "the window is gone with it"
    engine.at(70, Approve, request, ONE)
    assert engine.open(request) == {"last": ["gm"]}
    assert engine.replayed(request) is None


def test_nobody_else_undoes_it_and_nobody_too_late() -> None:
    """U: refused to a sibling, to strangers, to administrators, and after the window."""
    engine = several()
    request = engine.submit("p", "card.officer")
    mine = engine.place(request, ONE).ordinal
    engine.at(5, Approve, request, ONE, window=10)
    for who in (actor(TWO), ADMIN, actor("card.officer"), actor("auditor")):
        with pytest.raises((NotYours, Unknown)):
            engine.do(Undo(actor=who, request=request, ordinal=mine))
    with pytest.raises(UndoOver):
        engine.at(15, Undo, request, ONE)
    with pytest.raises(NotYours):
        engine.at(16, Undo, request, TWO)


def test_the_place_is_locked_and_siblings_are_told_until_when() -> None:
    """U: other verbs on it are refused with that sentence; what he decided is not in it."""
    engine = single()
    request = engine.submit("p", "card.officer")
    began = engine.uow.entries(request)[0].at
    engine.at(5, Reject, request, ONE, comment="不妥", window=10)
    for kind, more in ((Approve, {}), (Transfer, {"to": TWO}), (AddSigner, {"to": (TWO,)})):
        with pytest.raises(TaskDecided) as refused:
            engine.at(6, kind, request, ONE, **more)
        assert engine.uow.calendar.zone is not None
        until = (began + timedelta(seconds=15)).astimezone(engine.uow.calendar.zone)
        assert f"可撤销至 {until:%H:%M:%S}" in refused.value.sentence("zh")
        assert "不同意" not in refused.value.sentence("zh")
        assert refused.value.sentence("en").startswith("This task is decided, and can be undone")


def test_votes_count_in_the_order_of_recording() -> None:
    """U: where one vote decides, it is the first that was recorded and not undone."""
    engine = several("any")
    request = engine.submit("p", "card.officer")
    engine.at(1, Reject, request, ONE, comment="不妥", window=30)
    engine.at(2, Approve, request, TWO, window=5)
    engine.at(3, Approve, request, THREE)
    engine.second(request, 20)
    assert numbers(engine, request) == (0, 0, 3, 3), "who was first can still undo his"
    engine.second(request, 31)
    assert engine.row(request).ends == ["no"]
    assert [s.status for s in engine.uow.slots(request)] == ["rejected", "cancelled", "cancelled"]
    assert engine.replayed(request) is None


def test_what_waited_for_it_takes_effect_when_it_is_undone() -> None:
    """U: those behind it need not wait any more."""
    engine = several("any")
    request = engine.submit("p", "card.officer")
    engine.at(1, Reject, request, ONE, comment="不妥", window=30)
    engine.at(2, Approve, request, TWO)
    engine.at(9, Undo, request, ONE)
    assert engine.open(request) == {"last": ["gm"]}
    assert [e.body["verb"] for e in engine.uow.entries(request)[-2:]] == ["undo", "take-effect"]
    assert engine.replayed(request) is None


def test_the_node_settles_when_the_window_of_the_last_needed_vote_ends() -> None:
    """U: of three who all have to agree the last one's window counts; it can be waived."""
    engine = several()
    request = engine.submit("p", "card.officer")
    engine.at(1, Approve, request, ONE, window=10)
    engine.at(2, Approve, request, TWO, window=10)
    engine.at(20, Approve, request, THREE, window=60)
    assert numbers(engine, request) == (2, 0, 1, 3)
    other = engine.place(request, THREE).ordinal
    with pytest.raises(NotYours):
        engine.do(Waive(actor=actor(TWO), request=request, ordinal=other))
    engine.at(22, Waive, request, THREE)
    assert engine.open(request) == {"last": ["gm"]}
    assert engine.replayed(request) is None


def test_a_command_that_comes_later_finds_it_in_effect() -> None:
    """U: nobody waits for the scheduler."""
    engine = several()
    request = engine.submit("p", "card.officer")
    engine.at(1, Approve, request, ONE, window=10)
    engine.at(12, Approve, request, TWO, window=10)
    assert numbers(engine, request) == (1, 0, 2, 3)
    [late] = [t for t in engine.uow.timers(request) if t.key == "undo:"]
    engine.second(request, 22)
    with pytest.raises(TimerOver):
        engine.do(FireTimer(request=request, timer=late.key, due=late.due))
    assert numbers(engine, request) == (2, 0, 1, 3)


def test_not_at_a_protected_node_nor_where_it_is_switched_off() -> None:
    """U: asked for or not, the decision takes effect at once."""
    for words in ({"approval__protected": "true"}, {"approval__undo": "false"}):
        engine = single(**words)
        request = engine.submit("p", "card.officer")
        engine.at(5, Approve, request, ONE, window=10)
        assert engine.open(request) == {"last": ["gm"]}
        with pytest.raises(UndoOver):
            engine.at(6, Undo, request, ONE)


def test_no_window_is_longer_than_a_minute() -> None:
    """U: whatever is asked for."""
    engine = single()
    request = engine.submit("p", "card.officer")
    engine.at(5, Approve, request, ONE, window=10_000)
    engine.second(request, 65)
    assert engine.open(request) == {"last": ["gm"]}


def test_a_withdrawal_ends_the_window() -> None:
    """U: the recorded decision comes to nothing, with the reason in its place."""
    engine = several()
    request = engine.submit("p", "card.officer")
    engine.at(5, Approve, request, ONE, window=10)
    engine.now = engine.uow.entries(request)[0].at + timedelta(seconds=6) - timedelta(minutes=1)
    engine.do(Withdraw(actor=actor("card.officer"), request=request))
    assert {s.status for s in engine.uow.slots(request)} == {"cancelled"}
    assert not engine.row(request).undoable
    assert not engine.uow.timers(request)
    with pytest.raises(TaskOver):
        engine.at(8, Approve, request, ONE)
    assert engine.replayed(request) is None


def test_a_siblings_return_ends_the_window() -> None:
    """U: a return takes effect at once; what was recorded is cancelled with the rest."""
    engine = several()
    request = engine.submit("p", "card.officer")
    engine.at(5, Approve, request, ONE, window=10)
    engine.at(6, Return, request, TWO, comment="补材料", to="initiator")
    assert engine.row(request).status == "returned"
    assert not engine.row(request).undoable
    assert engine.place(request, ONE).status == "cancelled"
    engine.second(request, 60)
    assert engine.replayed(request) is None


def test_a_return_to_where_it_cannot_go_is_refused_at_once() -> None:
    """U: everything is checked before it is recorded."""
    engine = single()
    request = engine.submit("p", "card.officer")
    with pytest.raises(CommentNeeded):
        engine.at(1, Reject, request, ONE, window=10)
    engine.at(2, Approve, request, ONE)
    with pytest.raises(TargetNotOnPath):
        engine.at(3, Return, request, "gm", node="last", comment="x", to="last", window=10)
    engine.at(4, Return, request, "gm", node="last", comment="重签", to="sign", window=10)
    engine.second(request, 14)
    assert engine.open(request) == {"sign": [ONE]}
    assert engine.replayed(request) is None


def test_suspended_the_window_stands_still() -> None:
    """U, X6: it goes on where it was when the request is resumed."""
    engine = single()
    request = engine.submit("p", "card.officer")
    engine.at(5, Approve, request, ONE, window=10)
    began = engine.uow.entries(request)[0].at
    engine.now = began + timedelta(seconds=9) - timedelta(minutes=1)
    engine.do(Suspend(actor=ADMIN, request=request, comment="等"))
    engine.second(request, 300)
    assert engine.place(request, ONE).status == "waiting"
    engine.now = began + timedelta(seconds=309) - timedelta(minutes=1)
    engine.do(Resume(actor=ADMIN, request=request, comment="继续"))
    engine.second(request, 314)
    assert engine.open(request) == {}
    engine.second(request, 315)
    assert engine.open(request) == {"last": ["gm"]}
    assert engine.replayed(request) is None


def test_terminated_it_comes_to_nothing() -> None:
    """U, K3: the request ends, whatever was recorded."""
    engine = single()
    request = engine.submit("p", "card.officer")
    engine.at(5, Approve, request, ONE, window=10)
    engine.do(Terminate(actor=ADMIN, request=request, comment="重复"))
    assert engine.row(request).status == "cancelled"
    assert engine.place(request, ONE).status == "cancelled"
    assert engine.replayed(request) is None


def test_the_clock_decides_nothing_that_is_decided() -> None:
    """U, X1: a deadline waits for what was decided before it, and acts on what is pending then."""
    for undone in (False, True):
        engine = several(
            "any", deadline__after="PT8S", deadline__then="reject", deadline__calendar="elapsed"
        )
        request = engine.submit("p", "card.officer")
        began = engine.uow.entries(request)[0].at
        engine.at(5, Approve, request, ONE, window=10)
        engine.now = began + timedelta(seconds=8) - timedelta(minutes=1)
        [due] = [t for t in engine.uow.timers(request) if t.key.startswith("due:")]
        engine.do(FireTimer(request=request, timer=due.key, due=due.due))
        assert numbers(engine, request) == (0, 0, 3, 3)
        if undone:
            engine.at(9, Undo, request, ONE)
        engine.now = began + timedelta(seconds=15) - timedelta(minutes=1)
        for timer in reversed(engine.uow.timers(request)):
            if timer.key in [t.key for t in engine.uow.timers(request)]:
                engine.do(FireTimer(request=request, timer=timer.key, due=timer.due))
        assert engine.row(request).ends == (["no"] if undone else [])
        assert engine.replayed(request) is None


def test_in_line_the_next_ones_turn_comes_when_it_takes_effect() -> None:
    """U, V1: the one before him cannot take his back while the next one's is recorded (W2)."""
    engine = several("sequential")
    request = engine.submit("p", "card.officer")
    engine.at(1, Approve, request, ONE, window=10)
    assert engine.open(request) == {}
    engine.second(request, 11)
    assert engine.open(request) == {"sign": [TWO]}
    engine.at(12, Approve, request, TWO, window=10)
    with pytest.raises(NotTakenBack):
        engine.at(13, TakeBack, request, ONE)
    engine.at(14, Undo, request, TWO)
    engine.at(15, TakeBack, request, ONE)
    assert engine.open(request) == {"sign": [ONE]}
    assert engine.replayed(request) is None


def test_an_added_signer_who_has_decided_is_not_taken_out() -> None:
    """U, A5: those behind him come on when his takes effect."""
    engine = single()
    request = engine.submit("p", "card.officer")
    engine.at(1, AddSigner, request, ONE, to=(TWO,), mode="before")
    engine.at(2, Approve, request, TWO, window=10)
    with pytest.raises(NotRemovable):
        engine.at(3, RemoveSigner, request, ONE, to=(TWO,))
    assert engine.open(request) == {}
    engine.second(request, 12)
    assert engine.open(request) == {"sign": [ONE]}
    assert engine.replayed(request) is None


def test_whoever_acts_on_an_offered_task_holds_it() -> None:
    """U, V5: no other candidate gets at it while it can be undone, nor after it was."""
    plain = task("work").replace('name="work"', 'name="work" camunda:candidateGroups="dept:技术部"')
    engine = Paced(process("p", plain, ENDS, chain("s", "work", "e")))
    request = engine.submit("p", "card.officer")
    engine.at(1, Complete, request, "tech.lead", node="work", window=10)
    with pytest.raises(TaskDecided):
        engine.at(2, Claim, request, "tech.developer", node="work")
    engine.at(3, Undo, request, "tech.lead", node="work")
    assert engine.open(request) == {"work": ["tech.lead"]}
    engine.at(4, Release, request, "tech.lead", node="work")
    engine.at(5, Complete, request, "tech.developer", node="work", window=10)
    engine.second(request, 15)
    assert engine.row(request).status == "completed"
    assert engine.replayed(request) is None


def test_an_amended_request_goes_on_when_the_window_ends() -> None:
    """U: completing one's own amendment can be undone too."""
    engine = single()
    request = engine.submit("p", "card.officer")
    engine.at(1, Return, request, ONE, comment="补", to="initiator")
    engine.at(2, Complete, request, "card.officer", node="initiator", window=10)
    engine.at(3, Undo, request, "card.officer", node="initiator")
    assert engine.row(request).status == "returned"
    engine.at(4, Complete, request, "card.officer", node="initiator", window=10)
    engine.second(request, 14)
    assert engine.open(request) == {"sign": [ONE]}
    assert engine.replayed(request) is None


def test_what_cannot_take_effect_any_more_opens_the_task_again() -> None:
    """U: a guard that does not hold any more when the window ends; he is told why."""
    engine = single(
        guard="${amount != 3}", guard__message="金额不可为三"
    )  # fmt: skip
    request = engine.submit("p", "card.officer", amount=1)
    engine.at(5, Approve, request, ONE, comment="同意", window=10)
    began = engine.uow.entries(request)[0].at
    engine.now = began + timedelta(seconds=6) - timedelta(minutes=1)
    engine.do(
        Amend(
            actor=Actor(id=PersonId("system:process"), via="process"),
            request=request, values={"amount": 3}, because="x",
        )
    )  # fmt: skip
    engine.second(request, 15)
    slot = engine.place(request, ONE)
    assert slot.status == "open"
    assert engine.open(request) == {"sign": [ONE]}
    assert "金额不可为三" in engine.uow.notices[-1].text
    assert engine.uow.notices[-1].person == ONE
    assert engine.replayed(request) is None
