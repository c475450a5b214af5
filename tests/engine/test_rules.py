"""The approval rules at the engine's door, in memory. A docstring names the rules it shows."""

from datetime import timedelta
from typing import Any

import pytest

from engine.case import Actor
from engine.commands.approve import Approve
from engine.commands.assign import Assign
from engine.commands.claim import Claim, Release
from engine.commands.complete import Complete
from engine.commands.look import Look
from engine.commands.reject import Reject
from engine.commands.return_ import Return
from engine.commands.submit import Submit
from engine.commands.talk import Comment, SendCopy, Urge
from engine.commands.withdraw import Withdraw
from engine.refusals import (
    Changed,
    CommentNeeded,
    GuardUnmet,
    NamesHimself,
    NotHolder,
    NotPlain,
    NotYours,
    OwnRequest,
    RequestOver,
    TargetNotOnPath,
    TaskOver,
    Unknown,
    UrgedTooOften,
    WithdrawTooLate,
)
from tests.engine.live import Engine, actor, chain, flow, process, task

THREE = "${list('risk.manager', 'finance.manager', 'service.manager')}"
START = '<bpmn:startEvent id="s"/>'
END = '<bpmn:endEvent id="e"/>'
WAYS = '<bpmn:exclusiveGateway id="g" default="g_no"/><bpmn:endEvent id="no"/>' + flow("g", "no")


def signed(**properties: str) -> bytes:
    """One countersign of three, whose verdict a gateway reads."""
    node = task("sign", signers=THREE, approval="all", **properties)
    return process(
        "p", START, node, WAYS, END, chain("s", "sign", "g"),
        flow("g", "e", "${sign_verdict == 'approved'}"), rounds__max="3",
    )  # fmt: skip


def single(assignee: str, **properties: str) -> bytes:
    node = task(
        "sign", assignee=assignee, approval="single", approval__onRejected="initiator", **properties
    )
    return process("p", START, node, END, chain("s", "sign", "e"))


def test_a_veto_ends_the_node_and_cancels_the_others() -> None:
    """V3 veto, R1: siblings end cancelled with the cause, votes given stay."""
    engine = Engine(signed())
    request = engine.submit("p", "card.officer")
    engine.act(Approve, request, "sign", "risk.manager")
    engine.act(Reject, request, "sign", "finance.manager", comment="不行")
    states = {s.signer: s.status for s in engine.uow.slots(request)}
    assert states == {
        "risk.manager": "approved",
        "finance.manager": "rejected",
        "service.manager": "cancelled",
    }
    assert engine.row(request).ends == ["no"]
    told = [
        n for n in engine.uow.notices if n.person == "service.manager" and n.kind == "cancelled"
    ]
    assert len(told) == 1
    assert engine.replayed(request) is None


def test_a_late_decision_is_told_who_decided() -> None:
    """R2: the state now, and nothing changes."""
    engine = Engine(signed())
    request = engine.submit("p", "card.officer")
    engine.act(Reject, request, "sign", "finance.manager", comment="不行")
    before = engine.uow.rows()
    with pytest.raises(TaskOver) as late:
        engine.act(Approve, request, "sign", "service.manager")
    told = late.value.sentence("zh"), late.value.sentence("en")
    by = engine.uow.directory.person("finance.manager")
    assert by is not None
    assert all(by.name in sentence for sentence in told)
    assert told[0].rstrip(")。").endswith("不同意")
    assert told[1].rstrip(").").endswith("rejected")
    with pytest.raises(TaskOver, match="rejected"):
        engine.act(Approve, request, "sign", "finance.manager")
    assert engine.uow.rows() == before


def test_collect_hears_everyone_then_brings_all_opinions_back() -> None:
    """V3 collect, R3 initiator, B1, B4: a settled rejection returns to the requester."""
    engine = Engine(signed(approval__rejection="collect", approval__onRejected="initiator"))
    request = engine.submit("p", "card.officer")
    engine.act(Reject, request, "sign", "risk.manager", comment="缺监测规则")
    assert engine.row(request).status == "running"
    engine.act(Approve, request, "sign", "finance.manager", comment="可以")
    engine.act(Approve, request, "sign", "service.manager")
    assert engine.row(request).status == "returned"
    assert engine.row(request).round == 2
    assert engine.open(request) == {"initiator": ["card.officer"]}
    assert {n.status for n in engine.uow.nodes(request) if n.node == "sign"} == {"superseded"}
    assert engine.variables(request)["sign_verdict"] is None
    engine.act(Complete, request, "initiator", "card.officer")
    assert engine.open(request) == {"sign": ["finance.manager", "risk.manager", "service.manager"]}
    assert engine.replayed(request) is None


def test_who_saw_no_change_keeps_his_signature() -> None:
    """B3, B5 changed: only the one who refused is asked again when nothing changed."""
    engine = Engine(
        signed(
            approval__rejection="collect",
            approval__onRejected="initiator",
            return__resubmit="changed",
        )
    )
    request = engine.submit("p", "card.officer", amount=5)
    engine.act(Reject, request, "sign", "risk.manager", comment="再看")
    engine.act(Approve, request, "sign", "finance.manager")
    engine.act(Approve, request, "sign", "service.manager")
    engine.act(Complete, request, "initiator", "card.officer", answers={"amount": 5})
    assert engine.open(request) == {"sign": ["risk.manager"]}
    kept = {
        s.signer: s.kept_from
        for s in engine.uow.slots(request)
        if s.round == 2 and s.node == "sign"
    }
    assert kept == {"risk.manager": None, "finance.manager": 1, "service.manager": 1}
    engine.act(Approve, request, "sign", "risk.manager")
    assert engine.row(request).status == "completed"
    assert engine.replayed(request) is None


def test_nobody_decides_on_his_own_request() -> None:
    """T6, P3 superior: it goes to his superior, never to himself."""
    engine = Engine(single("risk.manager"))
    request = engine.submit("p", "risk.manager")
    (slot,) = engine.uow.slots(request)
    assert slot.holders == ["deputy.gm"]
    assert "上级" in slot.why["zh"]
    assert engine.replayed(request) is None


def test_what_the_general_manager_asks_for_goes_to_both_deputies_who_share_one_vote() -> None:
    """T6, V6: the superiors share his one slot; the first decision counts."""
    engine = Engine(single("gm"))
    request = engine.submit("p", "gm")
    assert engine.open(request) == {"sign": ["deputy.gm", "deputy.gm2"]}
    assert len(engine.uow.slots(request)) == 1
    engine.act(Approve, request, "sign", "deputy.gm2")
    with pytest.raises(TaskOver):
        engine.act(Approve, request, "sign", "deputy.gm")
    assert engine.row(request).status == "completed"


def test_even_an_administrator_cannot_hand_a_decision_to_the_requester() -> None:
    """T6 after an assignment; K3: by override, with a reason."""
    engine = Engine(single("risk.manager"))
    request = engine.submit("p", "card.officer")
    boss = Actor(id="admin", override=True)  # type: ignore[arg-type]
    slot = engine.uow.slots(request)[0]
    with pytest.raises(OwnRequest):
        engine.do(
            Assign(
                actor=boss, request=request, ordinal=slot.ordinal, to="card.officer", comment="x"
            )
        )
    with pytest.raises(NamesHimself):
        engine.do(
            Assign(actor=boss, request=request, ordinal=slot.ordinal, to="admin", comment="x")
        )
    with pytest.raises(CommentNeeded):
        engine.do(Assign(actor=boss, request=request, ordinal=slot.ordinal, to="risk.reviewer"))
    engine.do(
        Assign(
            actor=boss, request=request, ordinal=slot.ordinal, to="risk.reviewer", comment="出差"
        )
    )
    assert engine.open(request) == {"sign": ["risk.reviewer"]}
    assert engine.uow.entries(request)[-1].body["override"] is True
    assert engine.replayed(request) is None


def test_nobody_to_sign_is_never_an_approval() -> None:
    """V7 block: the request waits for an administrator, who is told."""
    engine = Engine(single("nobody.at.all"))
    request = engine.submit("p", "card.officer")
    assert engine.row(request).status == "running"
    assert engine.open(request) == {"sign": []}
    assert any(n.kind == "administrator" for n in engine.uow.notices)


def test_an_auditor_signs_nothing_whatever_the_diagram_says() -> None:
    """V7: who only reads counts as nobody, so an administrator is told."""
    engine = Engine(single("auditor"))
    request = engine.submit("p", "card.officer")
    assert engine.open(request) == {"sign": []}
    assert any(n.kind == "administrator" for n in engine.uow.notices)
    assert [each.kind for each in engine.incidents(request)] == ["people"]
    assert engine.replayed(request) is None


def test_in_an_auditors_place_comes_whom_the_diagram_names_for_nobody() -> None:
    """V7: `approval.empty`."""
    engine = Engine(single("auditor", approval__empty="user:gm"))
    assert engine.open(engine.submit("p", "card.officer")) == {"sign": ["gm"]}


def test_an_auditor_among_signers_has_no_place() -> None:
    """V7: the others decide, and he is not counted."""
    node = task(
        "sign", signers="${list('auditor', 'gm')}", approval="all", approval__onRejected="end"
    )
    engine = Engine(process("p", START, node, END, chain("s", "sign", "e")))
    request = engine.submit("p", "card.officer")
    assert engine.open(request) == {"sign": ["gm"]}
    engine.act(Approve, request, "sign", "gm")
    assert engine.row(request).status == "completed"


@pytest.mark.parametrize(("who", "refusal"), [("card.manager", NotHolder), ("gm", NotHolder)])
def test_only_the_holder_decides(who: str, refusal: type[Exception]) -> None:
    """K2: 403 to others who may know of it."""
    engine = Engine(single("risk.manager"))
    request = engine.submit("p", "card.officer")
    with pytest.raises(refusal):
        engine.act(Approve, request, "sign", who)


def test_the_same_call_takes_effect_once() -> None:
    """K1: the same key answers the same; a second different decision is late."""
    engine = Engine(single("risk.manager"))
    request = engine.submit("p", "card.officer")
    first = engine.act(Approve, request, "sign", "risk.manager", key="k")
    entries = len(engine.uow.entries(request))
    again = engine.act(Approve, request, "sign", "risk.manager", key="k")
    assert again.again
    assert again.seq == first.seq
    assert len(engine.uow.entries(request)) == entries


def test_a_verb_that_the_desk_does_not_take_is_refused() -> None:
    """V1: plain work is completed, an approval is decided."""
    engine = Engine(single("risk.manager"))
    request = engine.submit("p", "card.officer")
    with pytest.raises(NotPlain):
        engine.act(Complete, request, "sign", "risk.manager")
    with pytest.raises(CommentNeeded):
        engine.act(Reject, request, "sign", "risk.manager")


LINE = process(
    "p", START,
    task("a", assignee="tech.lead"),
    task("b", assignee="tech.manager", approval="single", approval__onRejected="a"),
    task("c", assignee="gm", approval="single", approval__onRejected="initiator"),
    END, chain("s", "a", "b", "c", "e"), rounds__max="2", withdraw="until-end",
)  # fmt: skip


def test_a_return_goes_only_to_what_lies_on_the_path() -> None:
    """B1, B4, B7: not to what was never reached; what it undoes is superseded, never erased."""
    engine = Engine(LINE)
    request = engine.submit("p", "card.officer")
    engine.act(Complete, request, "a", "tech.lead")
    with pytest.raises(TargetNotOnPath):
        engine.act(Return, request, "b", "tech.manager", comment="x", to="c")
    with pytest.raises(CommentNeeded):
        engine.act(Return, request, "b", "tech.manager", to="a")
    engine.act(Approve, request, "b", "tech.manager")
    engine.act(Return, request, "c", "gm", comment="再估", to="a")
    assert engine.open(request) == {"a": ["tech.lead"]}
    assert engine.row(request).round == 2
    states = [(n.node, n.round, n.status) for n in engine.uow.nodes(request)]
    assert ("b", 1, "superseded") in states
    assert engine.variables(request)["b_verdict"] is None
    assert engine.replayed(request) is None


def test_the_limit_of_rounds_asks_the_superior() -> None:
    """B6: one more, or the end."""
    engine = Engine(LINE)
    request = engine.submit("p", "card.officer")
    engine.act(Complete, request, "a", "tech.lead")
    engine.act(Reject, request, "b", "tech.manager", comment="重估")
    engine.act(Complete, request, "a", "tech.lead")
    engine.act(Return, request, "b", "tech.manager", comment="又错", to="initiator")
    assert engine.open(request) == {"rounds": ["card.manager"]}
    engine.act(Approve, request, "rounds", "card.manager")
    assert engine.open(request) == {"initiator": ["card.officer"]}
    engine.act(Complete, request, "initiator", "card.officer")
    engine.act(Complete, request, "a", "tech.lead")
    engine.act(Return, request, "b", "tech.manager", comment="再错", to="a")
    engine.act(Reject, request, "rounds", "card.manager", comment="算了")
    assert engine.row(request).status == "cancelled"
    assert engine.replayed(request) is None


def test_withdrawn_until_the_end_with_a_reason_and_submitted_again() -> None:
    """W1: a reason once a decision exists; the number stays; a new round."""
    engine = Engine(LINE)
    request = engine.submit("p", "card.officer")
    engine.act(Complete, request, "a", "tech.lead")
    with pytest.raises(CommentNeeded):
        engine.do(Withdraw(actor=actor("card.officer"), request=request))
    engine.do(Withdraw(actor=actor("card.officer"), request=request, comment="不做了"))
    assert engine.row(request).status == "withdrawn"
    assert engine.open(request) == {}
    with pytest.raises(TaskOver):
        engine.act(Approve, request, "b", "tech.manager")
    with pytest.raises(RequestOver):
        engine.do(Withdraw(actor=actor("card.officer"), request=request, comment="again"))
    engine.do(Submit(actor=actor("card.officer"), request=request, process="p", answers={}))
    assert engine.row(request).round == 2
    assert engine.open(request) == {"a": ["tech.lead"]}
    assert engine.replayed(request) is None


def test_withdrawing_is_over_once_someone_has_decided() -> None:
    """W1 default: until the first decision; claiming is none."""
    diagram = process(
        "p", START,
        '<bpmn:userTask id="a" name="a" camunda:candidateUsers="tech.lead,tech.developer"/>',
        task("b", assignee="gm", approval="single", approval__onRejected="initiator"),
        END, chain("s", "a", "b", "e"),
    )  # fmt: skip
    engine = Engine(diagram)
    request = engine.submit("p", "card.officer")
    engine.act(Claim, request, "a", "tech.lead")
    with pytest.raises(NotHolder):
        engine.act(Complete, request, "a", "tech.developer")
    engine.act(Release, request, "a", "tech.lead")
    engine.act(Complete, request, "a", "tech.developer")
    with pytest.raises(WithdrawTooLate):
        engine.do(Withdraw(actor=actor("card.officer"), request=request, comment="x"))
    assert engine.replayed(request) is None


def test_a_guard_refuses_for_now_in_its_own_words() -> None:
    """K2 409 with the guard's sentence."""
    diagram = process(
        "p", START,
        task("a", assignee="tech.lead", guard="${days > 3}", guard__message="还差${3 - days}天"),
        END, chain("s", "a", "e"),
    )  # fmt: skip
    engine = Engine(diagram)
    request = engine.submit("p", "card.officer", days=1)
    with pytest.raises(GuardUnmet) as refused:
        engine.act(Complete, request, "a", "tech.lead")
    assert refused.value.sentence("zh") == "还差2天"


def test_a_changed_request_has_to_be_looked_at_again() -> None:
    """K5: 409 with what changed since the version that was named."""
    fork = '<bpmn:parallelGateway id="f"/><bpmn:parallelGateway id="j"/>'
    diagram = process(
        "p", START, fork,
        task("a", assignee="tech.lead", fields__edit="amount"),
        task("b", assignee="gm", approval="single", approval__onRejected="initiator"),
        END, chain("s", "f", "a", "j", "e"), chain("f", "b", "j"),
    )  # fmt: skip
    engine = Engine(diagram)
    request = engine.submit("p", "card.officer", amount=1)
    from engine.commands.base import task_version

    slot = next(s for s in engine.uow.slots(request) if s.node == "b")
    node = engine.uow.node(request, slot.node_key)
    assert node is not None
    version = task_version(slot, node)
    engine.act(Approve, request, "b", "gm", version=version)
    assert engine.replayed(request) is None
    with pytest.raises(TaskOver):
        engine.act(Approve, request, "b", "gm", version=version)


def test_reminders_then_the_superior_joins_and_the_clock_decides_nothing() -> None:
    """X2, X4, X5: working days; the first decision counts."""
    engine = Engine(
        single(
            "risk.manager", deadline__remind="P2D", deadline__after="P3D", deadline__then="escalate"
        )
    )
    request = engine.submit("p", "card.officer")
    engine.turn(engine.now + timedelta(days=2, minutes=5))
    assert [n.kind for n in engine.uow.notices if n.person == "risk.manager"] == [
        "held",
        "reminder",
    ]
    engine.turn(engine.now + timedelta(days=2))
    assert engine.open(request) == {"sign": ["deputy.gm", "risk.manager"]}
    assert {e.body["actor"] for e in engine.uow.entries(request) if e.body["verb"] == "timer"} == {
        "system:timer"
    }
    engine.act(Approve, request, "sign", "deputy.gm")
    assert engine.row(request).status == "completed"
    assert engine.replayed(request) is None


def test_copies_comments_and_urging() -> None:
    """C1-C3: readers cannot decide; the mentioned are told; one urge in four hours."""
    engine = Engine(single("risk.manager"))
    request = engine.submit("p", "card.officer")
    me: dict[str, Any] = {"actor": actor("card.officer"), "request": request}
    engine.do(SendCopy(**me, to=("gm",)))
    with pytest.raises(NotHolder):
        engine.act(Approve, request, "sign", "gm")
    engine.do(Comment(**me, comment="@gm 请看"))
    assert any(n.kind == "mentioned" and n.person == "gm" for n in engine.uow.notices)
    engine.do(Urge(**me))
    with pytest.raises(UrgedTooOften):
        engine.do(Urge(**me))
    engine.now += timedelta(hours=5)
    engine.do(Urge(**me))
    assert engine.replayed(request) is None


def test_what_does_not_exist_is_not_known() -> None:
    engine = Engine(single("risk.manager"))
    with pytest.raises(Unknown):
        engine.do(Approve(actor=actor("gm"), request="r99", ordinal=1))  # type: ignore[arg-type]


def test_versions_that_are_old_are_refused() -> None:
    """K5: a version that never was the current one is refused with 409."""
    engine = Engine(single("risk.manager"))
    request = engine.submit("p", "card.officer")
    with pytest.raises(Changed):
        engine.act(Approve, request, "sign", "risk.manager", version="0.0")


def test_an_administrator_reads_content_with_a_reason_which_is_an_entry() -> None:
    """K3: under his own name, with a mandatory reason, marked as an override."""
    engine = Engine(single("risk.manager"))
    request = engine.submit("p", "card.officer")
    boss = Actor(id="admin", override=True)  # type: ignore[arg-type]
    with pytest.raises(CommentNeeded):
        engine.do(Look(actor=boss, request=request, comment=" "))
    engine.do(Look(actor=boss, request=request, comment="核查投诉"))
    last = engine.uow.entries(request)[-1]
    assert (last.body["verb"], last.body["override"]) == ("look", True)
    with pytest.raises(NotYours):
        engine.do(Look(actor=actor("gm"), request=request, comment="x"))
    assert engine.replayed(request) is None
