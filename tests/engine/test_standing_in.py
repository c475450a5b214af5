"""Substitutes, leavers and handovers: T4-T7, P1, at the engine's door."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from engine.commands.approve import Approve
from engine.commands.claim import Claim, Release
from engine.commands.complete import Complete
from engine.commands.delegate import Delegate
from engine.commands.reject import Reject
from engine.commands.restaff import Restaff
from engine.commands.suspend import Suspend
from engine.commands.take_back import TakeBack
from engine.commands.transfer import Transfer
from engine.ids import PersonId, RequestId
from engine.people.substitution import Substitution
from engine.refusals import (
    Newcomer,
    NothingToMove,
    NotHolder,
    OwnInStead,
    OwnRequest,
    TaskOver,
)
from engine.requests import Slot
from tests.engine.live import START as NOW
from tests.engine.live import Engine, chain, process, task
from tests.engine.test_signers import START, WAYS, countersign, ended, single, started
from tests.engine.test_suspending import ADMIN, timed
from tests.support.cast import Organisation, demo

DAY = timedelta(days=1)


def organised(engine: Engine) -> Organisation:
    """The engine's own copy of the organisation, which a test may change."""
    directory: Any = engine.uow.directory
    if directory is demo():
        people = dict(demo().people)
        directory = replace(demo(), substitutions=[], heirs={}, people=people)
        engine.uow.directory = directory
    assert isinstance(directory, Organisation)
    return directory


def away(
    engine: Engine,
    person: str,
    substitute: str,
    *,
    since: datetime = NOW,
    until: datetime = NOW + DAY,
    processes: tuple[str, ...] = (),
) -> None:
    """`person` is away, `substitute` stands in for him."""
    there = organised(engine).substitutions
    there.append(
        Substitution(
            id=f"s{len(there)}", person=PersonId(person), substitute=PersonId(substitute),
            since=since, until=until, processes=processes,
        )
    )  # fmt: skip


def leaves(engine: Engine, person: str, heir: str = "", *, active: bool = False) -> None:
    """`person` is not active any more, or has handed over to somebody."""
    directory = organised(engine)
    people = directory.people
    assert isinstance(people, dict)
    people[person] = replace(people[person], active=active)
    if heir:
        directory.heirs[person] = heir


def restaff(engine: Engine, request: RequestId) -> list[list[object]]:
    """What the scheduler does when the organisation has changed; what has moved."""
    moved = engine.do(Restaff(request=request)).result["moved"]
    assert isinstance(moved, list)
    return moved


def slot_of(engine: Engine, request: RequestId, who: str) -> Slot:
    """The last place of a signer."""
    return [s for s in engine.uow.slots(request) if s.signer == who][-1]


def entries(engine: Engine, request: RequestId) -> int:
    """How many entries the request has."""
    return len(engine.uow.entries(request))


# ---- T4


def test_a_substitute_is_a_second_holder_and_acts_as_himself() -> None:
    """T4: the first decision wins, on behalf of the absent person; the other's comes too late."""
    engine = single()
    away(engine, "risk.manager", "risk.reviewer")
    request = started(engine)
    assert engine.open(request) == {"sign": ["risk.manager", "risk.reviewer"]}
    engine.act(Approve, request, "sign", "risk.reviewer")
    slot = slot_of(engine, request, "risk.manager")
    assert (slot.decided_by, slot.on_behalf_of) == ("risk.reviewer", "risk.manager")
    assert engine.uow.last.body["for"] == "risk.manager"
    assert ended(engine, request) == ["yes"]
    with pytest.raises(TaskOver):
        engine.act(Approve, request, "sign", "risk.manager")
    assert engine.replayed(request) is None


def test_the_absent_person_may_still_act() -> None:
    """T4: he acts for himself; the substitute is then too late."""
    engine = single()
    away(engine, "risk.manager", "risk.reviewer")
    request = started(engine)
    engine.act(Approve, request, "sign", "risk.manager")
    slot = slot_of(engine, request, "risk.manager")
    assert (slot.decided_by, slot.on_behalf_of) == ("risk.manager", None)
    with pytest.raises(TaskOver):
        engine.act(Approve, request, "sign", "risk.reviewer")
    assert engine.replayed(request) is None


def test_from_is_in_and_until_is_out() -> None:
    """T4: half-open, evaluated when the task is assigned, a minute after the test's clock."""
    assigned_at = NOW + timedelta(minutes=1)
    engine = single()
    away(engine, "risk.manager", "risk.reviewer", since=assigned_at)
    assert engine.open(started(engine)) == {"sign": ["risk.manager", "risk.reviewer"]}
    engine = single()
    away(engine, "risk.manager", "risk.reviewer", until=assigned_at)
    assert engine.open(started(engine)) == {"sign": ["risk.manager"]}


def test_only_for_the_processes_that_it_names() -> None:
    """T4: a substitution for another process is none here."""
    engine = single()
    away(engine, "risk.manager", "risk.reviewer", processes=("other",))
    assert engine.open(started(engine)) == {"sign": ["risk.manager"]}
    away(engine, "risk.manager", "tech.lead", processes=("other", "p"))
    assert engine.open(started(engine)) == {"sign": ["risk.manager", "tech.lead"]}


def test_open_tasks_follow_when_it_starts_and_when_it_ends() -> None:
    """T4: the substitute gets what is open when the absence begins and loses it when it ends."""
    engine = single()
    away(engine, "risk.manager", "risk.reviewer", since=NOW + DAY, until=NOW + 2 * DAY)
    request = started(engine)
    assert engine.open(request) == {"sign": ["risk.manager"]}
    with pytest.raises(NothingToMove):
        restaff(engine, request)
    engine.turn(NOW + DAY)
    restaff(engine, request)
    assert engine.open(request) == {"sign": ["risk.manager", "risk.reviewer"]}
    assert [n.person for n in engine.uow.notices[-1:]] == ["risk.reviewer"]
    count = entries(engine, request)
    with pytest.raises(NothingToMove):
        restaff(engine, request)
    assert entries(engine, request) == count, "an entry for each change, and none besides"
    engine.turn(NOW + 2 * DAY)
    restaff(engine, request)
    assert engine.open(request) == {"sign": ["risk.manager"]}
    with pytest.raises(NotHolder):
        engine.act(Approve, request, "sign", "risk.reviewer")
    engine.act(Approve, request, "sign", "risk.manager")
    assert engine.replayed(request) is None


def test_who_appears_in_the_node_already_is_passed_over() -> None:
    """T4, V6: a signer of the same node does not get a second vote as a substitute."""
    engine = countersign()
    away(engine, "risk.manager", "finance.manager")
    request = started(engine)
    for who in ("risk.manager", "finance.manager", "service.manager"):
        assert slot_of(engine, request, who).holders == [who]
    engine.act(Approve, request, "sign", "finance.manager")
    with pytest.raises(TaskOver):
        engine.act(Approve, request, "sign", "finance.manager")
    assert engine.replayed(request) is None


def test_one_substitute_of_two_signers_holds_one_place() -> None:
    """T4, V6: he stands in for the first; for the second he is passed over."""
    engine = countersign()
    away(engine, "risk.manager", "tech.lead")
    away(engine, "finance.manager", "tech.lead")
    request = started(engine)
    assert slot_of(engine, request, "risk.manager").holders == ["risk.manager", "tech.lead"]
    assert slot_of(engine, request, "finance.manager").holders == ["finance.manager"]
    engine.act(Approve, request, "sign", "tech.lead")
    with pytest.raises(NothingToMove):
        restaff(engine, request)
    assert engine.replayed(request) is None


def test_a_substitute_is_no_newcomer() -> None:
    """T4, T2: nobody transfers to who stands in at the node, nor back to whom he stands in for."""
    engine = countersign()
    away(engine, "risk.manager", "tech.lead")
    request = started(engine)
    with pytest.raises(Newcomer):
        engine.act(Transfer, request, "sign", "finance.manager", to="tech.lead")
    with pytest.raises(Newcomer):
        engine.act(Transfer, request, "sign", "tech.lead", to="risk.manager")


def test_in_a_line_the_next_signers_absence_counts_when_his_turn_comes() -> None:
    """T4: evaluated when the task is assigned, not when the node was entered."""
    engine = countersign("sequential")
    away(engine, "finance.manager", "tech.lead", since=NOW + DAY, until=NOW + 2 * DAY)
    request = started(engine)
    engine.turn(NOW + DAY)
    engine.act(Approve, request, "sign", "risk.manager")
    assert engine.open(request) == {"sign": ["finance.manager", "tech.lead"]}
    engine.act(Approve, request, "sign", "tech.lead")
    assert engine.open(request) == {"sign": ["service.manager"]}
    assert engine.replayed(request) is None


def test_transferred_and_delegated_tasks_have_their_substitutes() -> None:
    """T4: whoever a task is given to, his absence counts; and the owner's, when it comes back."""
    engine = single()
    away(engine, "tech.lead", "tech.developer")
    request = started(engine)
    engine.act(Delegate, request, "sign", "risk.manager", to="tech.lead")
    assert engine.open(request) == {"sign": ["tech.developer", "tech.lead"]}
    away(engine, "risk.manager", "risk.reviewer")
    engine.act(Approve, request, "sign", "tech.developer", comment="可以")
    assert engine.open(request) == {"sign": ["risk.manager", "risk.reviewer"]}
    engine.act(Approve, request, "sign", "risk.reviewer")
    assert ended(engine, request) == ["yes"]
    assert engine.replayed(request) is None


def test_a_claimed_task_that_is_given_back_has_no_substitute() -> None:
    """T4: nobody stands in where nobody holds."""
    node = task("work").replace(
        'name="work"', 'name="work" camunda:candidateUsers="tech.lead,tech.developer"'
    )
    end = '<bpmn:endEvent id="e"/>'
    engine = Engine(process("p", START, node, end, chain("s", "work", "e")))
    away(engine, "tech.lead", "risk.reviewer", since=NOW + DAY, until=NOW + 2 * DAY)
    request = started(engine)
    engine.act(Claim, request, "work", "tech.lead")
    engine.turn(NOW + DAY)
    restaff(engine, request)
    assert engine.open(request) == {"work": ["risk.reviewer", "tech.lead"]}
    engine.act(Release, request, "work", "risk.reviewer")
    assert engine.open(request) == {"work": ["tech.developer", "tech.lead"]}
    with pytest.raises(NotHolder):
        engine.act(Complete, request, "work", "risk.reviewer")
    assert engine.replayed(request) is None


# ---- T5


def test_it_cascades_to_three_and_no_further() -> None:
    """T5: the substitute of a substitute of a substitute is the last."""
    engine = single()
    line = ["risk.manager", "risk.reviewer", "tech.lead", "tech.developer", "sales.manager"]
    for absent, substitute in pairwise(line):
        away(engine, absent, substitute)
    request = started(engine)
    assert engine.open(request) == {"sign": sorted(line[:4])}
    with pytest.raises(NotHolder):
        engine.act(Approve, request, "sign", "sales.manager")
    engine.act(Approve, request, "sign", "tech.developer")
    slot = slot_of(engine, request, "risk.manager")
    assert slot.on_behalf_of == "risk.manager"
    assert engine.replayed(request) is None


@pytest.mark.parametrize("length", [2, 3, 4, 5])
def test_a_circle_falls_back_to_the_first(length: int) -> None:
    """T5: nobody stands in, and administrators are told."""
    engine = single()
    people = ["risk.manager", "risk.reviewer", "tech.lead", "tech.developer", "sales.manager"]
    line = people[:length]
    for absent, substitute in zip(line, [*line[1:], line[0]], strict=True):
        away(engine, absent, substitute)
    request = started(engine)
    assert engine.open(request) == {"sign": ["risk.manager"]}
    told = [n for n in engine.uow.notices if n.kind == "administrator"]
    assert [(n.person, "代理成环" in n.text) for n in told] == [("admin", True)]
    with pytest.raises(NotHolder):
        engine.act(Approve, request, "sign", "risk.reviewer")
    assert engine.replayed(request) is None


# ---- T6


def test_a_substitute_never_gets_his_own_request() -> None:
    """T6: the requester is passed over; whoever stands in for him does not decide either."""
    engine = single()
    away(engine, "risk.manager", "card.officer")
    request = started(engine)
    assert engine.open(request) == {"sign": ["risk.manager"]}
    with pytest.raises(NotHolder):
        engine.act(Approve, request, "sign", "card.officer")


def test_nor_that_of_whom_he_stands_in_for() -> None:
    """T6: standing in for the requester too, he does not decide in another's stead."""
    engine = single()
    away(engine, "risk.manager", "tech.lead")
    away(engine, "card.officer", "tech.lead")
    request = started(engine)
    assert engine.open(request) == {"sign": ["risk.manager"]}
    other = engine.submit("p", "card.manager")
    assert engine.open(other) == {"sign": ["risk.manager", "tech.lead"]}
    engine.act(Approve, other, "sign", "tech.lead")


def test_it_is_checked_when_he_decides_too() -> None:
    """T6: he came to stand in for the requester after he had got the task."""
    engine = single()
    away(engine, "risk.manager", "tech.lead")
    request = started(engine)
    away(engine, "card.officer", "tech.lead")
    for verb, more in ((Approve, {}), (Reject, {"comment": "不"}), (Transfer, {"to": "gm"})):
        with pytest.raises(OwnInStead):
            engine.act(verb, request, "sign", "tech.lead", **more)
    restaff(engine, request)
    assert engine.open(request) == {"sign": ["risk.manager"]}
    engine.act(Approve, request, "sign", "risk.manager")
    assert engine.replayed(request) is None


def test_substitution_never_leads_to_the_requester_deciding() -> None:
    """T6: a circle of two through the requester: he is refused, whoever asks."""
    engine = single()
    away(engine, "risk.manager", "tech.lead")
    away(engine, "tech.lead", "card.officer")
    request = started(engine)
    assert engine.open(request) == {"sign": ["risk.manager", "tech.lead"]}
    with pytest.raises((NotHolder, OwnRequest)):
        engine.act(Approve, request, "sign", "card.officer")


# ---- P1


def test_a_leavers_task_goes_to_whom_he_named() -> None:
    """P1: handover person before superior; the place ends as transferred, the chain is visible."""
    engine = single()
    request = started(engine)
    leaves(engine, "risk.manager", "tech.lead")
    moved = restaff(engine, request)
    assert [each[1:] for each in moved] == [["risk.manager", "tech.lead"]]
    assert slot_of(engine, request, "risk.manager").status == "transferred"
    new = slot_of(engine, request, "tech.lead")
    assert (new.status, new.parent, "已交接" in new.why["zh"]) == ("open", 1, True)
    engine.act(Approve, request, "sign", "tech.lead")
    assert ended(engine, request) == ["yes"]
    assert engine.replayed(request) is None


def test_else_to_his_superior() -> None:
    """P1: nobody is named, or who is named has made the request: the superior."""
    engine = single()
    request = started(engine)
    leaves(engine, "risk.manager", "card.officer")
    restaff(engine, request)
    assert engine.open(request) == {"sign": ["deputy.gm"]}
    with pytest.raises(NotHolder):
        engine.act(Approve, request, "sign", "card.officer")
    assert engine.replayed(request) is None


def test_else_to_the_process_owner() -> None:
    """P1: no superior, so whom the process belongs to."""
    engine = single()
    engine.uow.owners["p"] = {"card.officer", "owner"}
    request = started(engine)
    leaves(engine, "risk.manager")
    people = organised(engine).people
    assert isinstance(people, dict)
    people["risk.manager"] = replace(people["risk.manager"], superiors=())
    restaff(engine, request)
    assert engine.open(request) == {"sign": ["owner"]}
    assert engine.replayed(request) is None


def test_else_an_administrator_is_called() -> None:
    """P1, V7: nobody is there: the task is nobody's until an administrator names somebody."""
    engine = single()
    request = started(engine)
    leaves(engine, "risk.manager")
    people = organised(engine).people
    assert isinstance(people, dict)
    people["risk.manager"] = replace(people["risk.manager"], superiors=())
    restaff(engine, request)
    assert engine.open(request) == {"sign": []}
    assert [n.person for n in engine.uow.notices if n.kind == "administrator"] == ["admin"]
    assert [i.kind for i in engine.incidents(request)] == ["people"]
    with pytest.raises(NothingToMove):
        restaff(engine, request)
    assert engine.replayed(request) is None


def test_nobody_gets_a_second_place_by_it() -> None:
    """P1, T2: the named person has a place in the node already, so the next in the order."""
    engine = countersign()
    request = started(engine)
    leaves(engine, "risk.manager", "finance.manager")
    restaff(engine, request)
    assert engine.open(request) == {"sign": ["deputy.gm", "finance.manager", "service.manager"]}
    assert [n.total for n in engine.uow.nodes(request)] == [3]
    assert engine.replayed(request) is None


def test_a_place_whose_turn_has_not_come_changes_hands_too() -> None:
    """P1: in a line of signers the leaver's later turn is his successor's."""
    engine = countersign("sequential")
    request = started(engine)
    leaves(engine, "service.manager", "tech.lead")
    restaff(engine, request)
    engine.act(Approve, request, "sign", "risk.manager")
    engine.act(Approve, request, "sign", "finance.manager")
    assert engine.open(request) == {"sign": ["tech.lead"]}
    engine.act(Approve, request, "sign", "tech.lead")
    assert ended(engine, request) == ["yes"]
    assert engine.replayed(request) is None


def test_it_moves_while_the_request_is_suspended() -> None:
    """P1, X6: nothing is decided meanwhile, but whose it is follows."""
    engine = single()
    request = started(engine)
    engine.do(Suspend(actor=ADMIN, request=request, comment="等"))
    leaves(engine, "risk.manager", "tech.lead")
    restaff(engine, request)
    assert engine.open(request) == {"sign": ["tech.lead"]}
    assert engine.replayed(request) is None


def test_candidates_lose_who_has_left() -> None:
    """P1: of those who may claim a task, leavers may no more; their successors may."""
    node = task("sign", approval="single").replace(
        'name="sign"', 'name="sign" camunda:candidateUsers="risk.manager,finance.manager"'
    )
    engine = Engine(process("p", START, node, WAYS, chain("s", "sign", "g")))
    request = started(engine)
    leaves(engine, "risk.manager", "tech.lead")
    restaff(engine, request)
    assert engine.open(request) == {"sign": ["finance.manager", "tech.lead"]}
    with pytest.raises(NotHolder):
        engine.act(Claim, request, "sign", "risk.manager")
    leaves(engine, "finance.manager")
    leaves(engine, "tech.lead")
    restaff(engine, request)
    assert engine.open(request) == {"sign": ["tech.manager"]}
    assert engine.replayed(request) is None


# ---- T7


def test_what_would_come_to_a_leaver_comes_to_whom_he_named() -> None:
    """T7: future assignments move, though he is still there."""
    engine = single()
    leaves(engine, "risk.manager", "tech.lead", active=True)
    request = started(engine)
    assert engine.open(request) == {"sign": ["tech.lead"]}
    slot = slot_of(engine, request, "tech.lead")
    assert "已交接" in slot.why["zh"]
    assert engine.replayed(request) is None


def test_handed_over_to_the_requester_it_goes_to_his_superior() -> None:
    """T7, T6: who took over made the request himself: the policy for one's own request."""
    engine = single()
    leaves(engine, "risk.manager", "card.officer", active=True)
    request = started(engine)
    assert engine.open(request) == {"sign": ["card.manager"]}
    with pytest.raises(NotHolder):
        engine.act(Approve, request, "sign", "card.officer")


def test_handed_over_along_a_line_and_never_in_a_circle() -> None:
    """T7: who took over hands over in his turn; a circle leaves it where somebody is active."""
    engine = single()
    leaves(engine, "risk.manager", "tech.lead")
    leaves(engine, "tech.lead", "gm")
    assert engine.open(started(engine)) == {"sign": ["gm"]}
    organised(engine).heirs["gm"] = "risk.manager"
    assert engine.open(started(engine)) == {"sign": ["gm"]}


def test_over_is_over_however_late_open_tasks_follow() -> None:
    """T4: at its last moment he may not act any more, though nobody has taken the task away."""
    engine = single()
    away(engine, "risk.manager", "risk.reviewer", until=NOW + DAY)
    request = started(engine)
    engine.turn(NOW + DAY - timedelta(minutes=1))
    with pytest.raises(NotHolder):
        engine.act(Approve, request, "sign", "risk.reviewer")
    engine.act(Approve, request, "sign", "risk.manager")


def test_a_vote_taken_back_after_it_is_over_is_the_absent_persons_alone() -> None:
    """T4, W2: who stands in is looked up anew when the place is open again."""
    engine = countersign()
    away(engine, "risk.manager", "tech.lead", until=NOW + DAY)
    request = started(engine)
    engine.act(Approve, request, "sign", "tech.lead")
    engine.turn(NOW + DAY)
    engine.act(TakeBack, request, "sign", "tech.lead")
    assert slot_of(engine, request, "risk.manager").holders == ["risk.manager"]
    assert engine.replayed(request) is None


def test_a_leaving_requesters_own_desk_is_handed_over_too() -> None:
    """T7: after a return, who took over amends and submits; he decides nothing."""
    engine = single(approval__onRejected="initiator")
    request = started(engine)
    engine.act(Reject, request, "sign", "risk.manager", comment="补充材料")
    assert engine.open(request) == {"initiator": ["card.officer"]}
    leaves(engine, "card.officer", "tech.lead")
    restaff(engine, request)
    assert engine.open(request) == {"initiator": ["tech.lead"]}
    engine.act(Complete, request, "initiator", "tech.lead")
    assert engine.open(request) == {"sign": ["risk.manager"]}
    assert engine.replayed(request) is None


def test_one_more_round_is_not_allowed_in_the_requesters_stead() -> None:
    """T6, B6: the superior is away; his substitute is the requester, or stands in for him."""
    engine = single(approval__onRejected="initiator")
    away(engine, "card.manager", "tech.lead")
    away(engine, "card.officer", "tech.lead")
    request = started(engine)
    for _ in range(3):
        engine.act(Reject, request, "sign", "risk.manager", comment="不行")
        if "initiator" in engine.open(request):
            engine.act(Complete, request, "initiator", "card.officer")
    assert engine.open(request) == {"rounds": ["card.manager"]}
    organised(engine).substitutions.pop()
    restaff(engine, request)
    assert engine.open(request) == {"rounds": ["card.manager", "tech.lead"]}
    engine.act(Approve, request, "rounds", "tech.lead")
    assert engine.open(request) == {"initiator": ["card.officer"]}
    assert engine.replayed(request) is None


def test_an_administrator_does_not_hand_over_to_whom_he_likes_on_his_own_request() -> None:
    """T7, T6: nobody names who decides on a request of his own: it goes to the superior."""
    engine = single()
    request = engine.submit("p", "admin")
    leaves(engine, "risk.manager", "tech.lead")
    engine.do(Restaff(actor=ADMIN, request=request, comment="离职"))
    assert engine.open(request) == {"sign": ["deputy.gm"]}
    assert engine.uow.last.body["override"] is True
    assert engine.replayed(request) is None


def test_overdue_it_is_the_absent_persons_superior_who_joins() -> None:
    """T4, X4: not the substitute's; and the superior's own substitute with him."""
    engine = timed()
    away(engine, "risk.manager", "tech.lead", until=NOW + 9 * DAY)
    away(engine, "deputy.gm", "gm", until=NOW + 9 * DAY)
    request = started(engine)
    engine.turn(NOW + 4 * DAY)
    assert engine.open(request) == {"sign": ["deputy.gm", "gm", "risk.manager", "tech.lead"]}
    engine.act(Approve, request, "sign", "gm")
    slot = slot_of(engine, request, "risk.manager")
    assert slot.on_behalf_of == "deputy.gm"
    assert engine.replayed(request) is None
