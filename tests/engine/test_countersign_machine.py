"""The life of a countersign node whose signers are added, taken out, replaced and asked for advice
while others decide, take back, return, withdraw, and while time passes: whatever random people do,
the numbers add up, nothing is lost or stuck, and the verdict is the oracle's."""

from collections import Counter
from datetime import timedelta
from typing import Any, ClassVar

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from engine.case import Actor
from engine.commands.add_signer import AddSigner
from engine.commands.approve import Approve
from engine.commands.assign import Assign
from engine.commands.base import Command
from engine.commands.claim import Claim, Release
from engine.commands.complete import Complete
from engine.commands.delegate import Delegate
from engine.commands.fire import FireTimer
from engine.commands.reject import Reject
from engine.commands.remove_signer import RemoveSigner
from engine.commands.return_ import Return
from engine.commands.submit import Submit
from engine.commands.suspend import Resume, Suspend
from engine.commands.take_back import TakeBack
from engine.commands.talk import Comment, Urge
from engine.commands.transfer import Transfer
from engine.commands.withdraw import Withdraw
from engine.handle import handle
from engine.ids import TIMER, PersonId, RequestId
from engine.refusals import Refused
from engine.requests import Node, Request, Slot
from tests.engine.countersigning import (
    AFTER,
    KINDS,
    PEOPLE,
    REQUESTER,
    THEN,
    WEIGHTS,
    Kind,
    Places,
    definition,
)
from tests.engine.live import START
from tests.workflows.in_memory import MemoryStage

REQUEST = RequestId("r1")
EXAMPLES = 42
"""Of each kind: with twelve kinds more than five hundred lives."""
LEAST = 20
VERBS = (
    *["approve", "reject", "return", "add before", "add after", "add parallel", "add all"],
    *["add any", "add sequential", "remove", "transfer", "delegate", "advise", "take back"],
    *["withdraw", "submit", "urge", "comment", "suspend", "resume", "deadline", "assign"],
)
OF_GROUPS = ("claim", "release")
MODES = ("before", "after", "parallel")
ORDERS = ("all", "any", "sequential")
VOTED = ("approved", "rejected")
PENDING = ("open", "waiting")


def actor(who: str) -> Actor:
    return Actor(id=PersonId(who), override=who == "admin")


class Life(RuleBasedStateMachine):
    """One request, whose node's signers are never the same for long."""

    name: ClassVar[str]
    kind: ClassVar[Kind]
    used: ClassVar[Counter[str]]

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.put: Counter[str] = Counter()
        """By node: how many places it has been given, at its entry and since."""

    @initialize(then=st.sampled_from(THEN), after=st.sampled_from(sorted(AFTER)))
    def begin(self, then: str, after: str) -> None:
        self.stage = MemoryStage({"p": definition(self.name, then, after)})
        self.attempt(Submit(actor=actor(REQUESTER), request=REQUEST, process="p", answers={}))

    # ---- what people do

    def a_holder_votes(self, data: st.DataObject) -> None:
        slot, who = self.held(data)
        if slot is None or (slot.node == "last" and data.draw(st.integers(0, 3))):
            return
        if slot.node in ("initiator", "mend"):
            self.task(Complete, slot, who)
            return
        if not slot.holders and data.draw(st.booleans()) and self.task(Claim, slot, who):
            self.note("claim")
        kind = data.draw(st.sampled_from([Approve, Approve, Reject]))
        if self.task(kind, slot, who, comment="因为"):
            advises = slot.origin == "delegated"
            self.note("advise" if advises else kind.verb)

    def a_delegate_advises(self, data: st.DataObject) -> None:
        """T3: no vote; the owner's task is open again."""
        asked = [s for s in self.open() if s.origin == "delegated"]
        if not asked:
            self.a_holder_asks_another(data)
            return
        slot = data.draw(st.sampled_from(asked))
        before = self.numbers(slot)
        if self.task(Approve, slot, str(slot.holders[0])):
            self.note("advise")
            assert self.numbers(slot) == before
            assert self.slot(slot.parent or 0).status == "open"

    def a_holder_returns(self, data: st.DataObject) -> None:
        """What the return undoes is over: nothing is open but what it leads to (B4)."""
        slot, who = self.held(data)
        if slot is None:
            return
        to = data.draw(st.sampled_from(["initiator", "initiator", "sign"]))
        if self.task(Return, slot, who, to=to, comment="补充"):
            self.note("return")
            assert {each.node for each in self.open()} == {to}

    def a_holder_adds(self, data: st.DataObject) -> None:
        mode, order = data.draw(st.sampled_from(MODES)), data.draw(st.sampled_from(ORDERS))
        slot, who = self.held(data)
        if slot is None:
            return
        to = tuple(data.draw(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=3)))
        if self.task(AddSigner, slot, who, to=to, mode=mode, group=order, comment="请看"):
            self.put[slot.node_key] += len(to)
            self.note(f"add {mode}", f"add {order}")

    def a_holder_asks_another(self, data: st.DataObject) -> None:
        kind = data.draw(st.sampled_from([Transfer, Delegate]))
        slot, who = self.held(data)
        to = data.draw(st.sampled_from(PEOPLE))
        if slot is not None and self.task(kind, slot, who, to=to, comment="请办"):
            self.note(kind.verb)

    def an_added_signer_is_taken_out(self, data: st.DataObject) -> None:
        added = [s for s in self.slots() if s.origin == "added" and s.status in PENDING]
        if not added:
            self.a_holder_adds(data)
            return
        slot = data.draw(st.sampled_from(added))
        who = data.draw(st.sampled_from([str(slot.made_by), "admin", "admin", "gm"]))
        if self.task(RemoveSigner, slot, who, to=(str(slot.signer),), comment="不必了"):
            assert self.slot(slot.ordinal).status == "removed"
            self.note("remove")

    def somebody_takes_back(self, data: st.DataObject) -> None:
        voted = [s for s in self.slots() if s.status in VOTED and s.decided_by != TIMER]
        if not voted:
            return
        slot = data.draw(st.sampled_from(voted[-3:]))
        was = self.node(slot)
        if self.task(TakeBack, slot, str(slot.decided_by)):
            self.note("take back")
            again = [n for n in self.nodes() if n.node == slot.node][-1]
            assert again.status in ("open", "settled")
            if again.key != was.key:
                self.put[again.key] = len(self.spared(again)) + again.total
                assert {each.node for each in self.open()} == {slot.node}

    def a_task_of_a_group_changes_hands(self, data: st.DataObject) -> None:
        offered = [slot for slot in self.open() if slot.candidates]
        if not offered:
            self.a_delegate_advises(data)
            return
        slot = data.draw(st.sampled_from(offered))
        who = data.draw(st.sampled_from(slot.holders or slot.candidates))
        if not slot.holders and self.task(Claim, slot, who):
            self.note("claim")
        if self.task(Release, slot, who):
            self.note("release")

    def an_administrator_assigns(self, data: st.DataObject) -> None:
        slot, _ = self.held(data)
        to = data.draw(st.sampled_from(PEOPLE))
        if slot is not None and self.task(Assign, slot, "admin", to=to, comment="指定"):
            self.note("assign")

    def somebody_tries_what_is_not_his(self, data: st.DataObject) -> None:
        """Refused, and then nothing has changed."""
        verb: Any = data.draw(st.sampled_from([Approve, Reject, AddSigner, Transfer, TakeBack]))
        slot = data.draw(st.sampled_from(self.slots()))
        who = data.draw(st.sampled_from(PEOPLE))
        more: dict[str, Any] = {"comment": "x"}
        if verb in (AddSigner, Transfer):
            to = data.draw(st.sampled_from(PEOPLE))
            more["to"] = (to,) if verb is AddSigner else to
        if who in slot.holders or who in slot.candidates or who == slot.decided_by:
            return
        assert not self.task(verb, slot, who, **more)

    def somebody_speaks_and_urges(self, data: st.DataObject) -> None:
        """C2, C3: the process does not move."""
        who = data.draw(st.sampled_from((REQUESTER, REQUESTER, *PEOPLE)))
        before = [(s.ordinal, s.status, s.holders) for s in self.slots()]
        if self.attempt(Comment(actor=actor(who), request=REQUEST, comment="请看")):
            self.note("comment")
        if self.attempt(Urge(actor=actor(who), request=REQUEST)):
            self.note("urge")
        assert [(s.ordinal, s.status, s.holders) for s in self.slots()] == before

    def the_requester_withdraws_or_submits_again(self, data: st.DataObject) -> None:
        """W1, W3: the added and the delegates go with it."""
        me = actor(REQUESTER)
        if self.request().status == "withdrawn":
            again = Submit(actor=me, request=REQUEST, process="p", answers={})
            assert self.attempt(again)
            self.note("submit")
        elif self.attempt(Withdraw(actor=me, request=REQUEST, comment="不办")):
            self.note("withdraw")
            assert not self.pending()

    def an_administrator_holds_it_up(self, data: st.DataObject) -> None:
        """Suspended, nothing moves; resumed, it stands as it stood."""
        before = [(s.ordinal, s.status) for s in self.slots()]
        if not self.attempt(Suspend(actor=actor("admin"), request=REQUEST, comment="等")):
            return
        self.note("suspend")
        for slot in self.open()[:2]:
            for who in [*slot.holders, *slot.candidates][:1]:
                assert not self.task(Approve, slot, who)
        self.now += timedelta(days=20)
        assert self.attempt(Resume(actor=actor("admin"), request=REQUEST, comment="好"))
        self.note("resume")
        assert [(s.ordinal, s.status) for s in self.slots()] == before

    def time_passes(self, data: st.DataObject) -> None:
        """X1-X3: it acts on what is pending, as the system; votes given stand."""
        until = self.now + timedelta(days=data.draw(st.integers(1, 12)))
        while due := [t for t in self.timers() if t.due <= until]:
            votes = [(s.ordinal, s.decided_by) for s in self.slots() if s.status in VOTED]
            self.now = max(self.now, due[0].due)
            fire = FireTimer(request=REQUEST, timer=due[0].key, due=due[0].due)
            assert self.attempt(fire)
            self.note("deadline")
            assert not self.attempt(fire)
            after = [(s.ordinal, s.decided_by) for s in self.slots() if s.status in VOTED]
            assert set(votes) <= set(after)
            assert {who for _, who in set(after) - set(votes)} <= {TIMER}
        self.now = max(self.now, until)

    # One rule, since many would be drawn unevenly: the shortest most of all.
    ACTS = (
        *[a_holder_votes] * 8,
        *[a_holder_adds] * 9,
        *[an_added_signer_is_taken_out] * 6,
        *[a_holder_asks_another] * 5,
        *[a_delegate_advises] * 4,
        *[somebody_takes_back] * 5,
        *[a_task_of_a_group_changes_hands] * 6,
        *[somebody_speaks_and_urges] * 2,
        *[the_requester_withdraws_or_submits_again] * 2,
        *[time_passes] * 5,
        *[somebody_tries_what_is_not_his] * 2,
        an_administrator_assigns,
        *[an_administrator_holds_it_up] * 2,
        *[a_holder_returns] * 3,
    )

    @rule(data=st.data(), act=st.sampled_from(ACTS))
    def somebody_does_something(self, data: st.DataObject, act: Any) -> None:
        if self.request().status == "withdrawn":
            act = Life.the_requester_withdraws_or_submits_again
        act(self, data)

    # ---- carrying out

    def held(self, data: st.DataObject) -> tuple[Slot | None, str]:
        """An open task and somebody who may act on it."""
        found = [s for s in self.open() if s.holders or s.candidates]
        if not found:
            return None, ""
        slot = data.draw(st.sampled_from(found))
        return slot, str(data.draw(st.sampled_from(slot.holders or slot.candidates)))

    def task(self, kind: Any, slot: Slot, who: str, **more: Any) -> bool:
        return self.attempt(kind(actor=actor(who), request=REQUEST, ordinal=slot.ordinal, **more))

    def attempt(self, command: Command) -> bool:
        """Whether it took effect; refused, it has changed nothing."""
        self.now += timedelta(minutes=1)
        before = self.stage.shelf
        known = {node.key for node in self.nodes()} if before.requests else set()
        try:
            self.stage.run(lambda uow: handle(command, uow, self.now))
        except Refused:
            assert self.stage.shelf is before
            return False
        for node in self.nodes():
            if node.key not in known:
                self.put[node.key] = node.total
        for slot in self.slots()[len(before.slots) :]:
            if self.kind.weight and slot.node == "sign" and slot.origin in ("", "added"):
                taken_back = command.verb == "take-back"  # the place keeps its weight
                assert taken_back or slot.weight == WEIGHTS.get(str(slot.signer), 1)
        return True

    def note(self, *verbs: str) -> None:
        self.used.update(verb.replace("-", " ") for verb in verbs)

    # ---- what stands

    def slots(self) -> list[Slot]:
        return sorted(self.stage.shelf.slots.values(), key=lambda slot: slot.ordinal)

    def slot(self, ordinal: int) -> Slot:
        return self.stage.shelf.slots[REQUEST, ordinal]

    def open(self) -> list[Slot]:
        return [slot for slot in self.slots() if slot.status == "open"]

    def pending(self) -> list[Slot]:
        return [slot for slot in self.slots() if slot.status in PENDING]

    def nodes(self) -> list[Node]:
        return list(self.stage.shelf.nodes.values())

    def latest(self) -> list[Node]:
        """Those that a step may have changed."""
        return self.nodes()[-3:]

    def node(self, slot: Slot) -> Node:
        return self.stage.shelf.nodes[REQUEST, slot.node_key]

    def request(self) -> Request:
        return self.stage.shelf.requests[REQUEST]

    def timers(self) -> list[Any]:
        return sorted(self.stage.shelf.timers.values(), key=lambda timer: (timer.due, timer.key))

    def places(self, node: Node) -> Places:
        return Places([slot for slot in self.slots() if slot.node_key == node.key])

    def spared(self, node: Node) -> list[Slot]:
        """Voters of a node who are none any more: taken out, or spared by another of a group."""
        places = self.places(node)
        voters = {slot.ordinal for slot in places.voters()}
        return [
            slot
            for slot in places.slots
            if slot.ordinal not in voters
            and slot.origin != "delegated"
            and slot.status != "transferred"
        ]

    def numbers(self, slot: Slot) -> tuple[int, int, int, int]:
        node = self.node(slot)
        return node.approved, node.rejected, node.pending, node.total

    # ---- what holds after every step

    @invariant()
    def the_numbers_add_up(self) -> None:
        """N = initial + added - removed - skipped; the tally is what a recount gives (V4)."""
        for node in self.latest():
            if node.node not in ("sign", "last"):
                continue
            places = self.places(node)
            voters = places.voters()
            assert node.total == len(voters)
            assert node.total == self.put[node.key] - len(self.spared(node))
            if node.status == "open":
                given = [slot for slot in voters if places.effective(slot)]
                assert node.pending == node.total - len(given)
                assert node.weight_open == sum(s.weight for s in voters if s not in given)
            else:
                given = [slot for slot in voters if slot.status in VOTED and not slot.held]
            count = [slot.status for slot in given].count
            assert (node.approved, node.rejected) == (count("approved"), count("rejected"))
            for_it = [slot.weight for slot in given if slot.status == "approved"]
            assert node.weight_approved == sum(for_it)

    @invariant()
    def the_verdict_is_the_oracles(self) -> None:
        """V1-V3, A1, A4: there is one as soon as there has to be one, and it is that one."""
        for node in self.latest():
            if node.node == "sign" and node.verdict != "returned" and not node.cause:
                expected = self.places(node).verdict(self.kind)
                assert node.verdict == expected if node.status == "settled" else not expected

    @invariant()
    def no_slot_is_lost_or_stuck(self) -> None:
        """Numbered without a gap; what waits waits for something that can come about (A1, T3)."""
        assert [s.ordinal for s in self.slots()] == list(range(1, self.request().slots + 1))
        for node in self.latest():
            places = self.places(node)
            pending = [slot for slot in places.slots if slot.status in PENDING]
            if node.status != "open":
                assert not pending
                continue
            assert any(slot.status == "open" for slot in pending)
            for slot in places.slots:
                if slot.status in VOTED:
                    assert slot.held is not places.effective(slot)
            for slot in pending:
                self.waits_for_something(places, slot)

    def waits_for_something(self, places: Places, slot: Slot) -> None:
        asked = [s for s in places.slots if s.origin == "delegated" and s.status in PENDING]
        if slot.origin == "delegated":
            owner = next(s for s in places.slots if s.ordinal == slot.parent)
            assert (owner.status, owner.waits) == ("waiting", "delegate")
            return
        before = not places.finished(places.put_by(slot, "before"))
        expected = "delegate" if any(s.parent == slot.ordinal for s in asked) else ""
        expected = "added" if before else expected
        if slot.status == "open":
            assert not expected
        else:
            assert slot.waits == expected
            assert expected or self.earlier(places, slot)

    def earlier(self, places: Places, slot: Slot) -> list[Slot]:
        """Those in its line before it who have not finished."""
        if slot.group_mode == "sequential":
            line = [s for s in places.voters() if s.group == slot.group]
        else:
            assert self.kind.approval == "sequential"
            assert slot.group is None
            line = [s for s in places.voters() if s.group is None]
        line.sort(key=lambda each: places.first(each).ordinal)
        return [s for s in line[: line.index(slot)] if not places.effective(s)]

    @invariant()
    def a_line_is_a_line(self) -> None:
        """V1, A1: at most one of a line has its turn, the first who has not finished."""
        for node in self.latest():
            places = self.places(node)
            for slot in places.slots:
                group = slot.group_mode == "sequential" and slot.origin != "delegated"
                mine = self.kind.approval == "sequential" and slot.node == "sign"
                line = group or (mine and slot.group is None and slot.counted)
                if slot.status == "open" and line:
                    assert not self.earlier(places, slot)

    @invariant()
    def nobody_decides_twice_or_on_his_own(self) -> None:
        """V6, T6, A3, T2: one vote and one place per person, node, round and pass."""
        for node in self.latest():
            slots = self.places(node).slots
            voted = [s.decided_by for s in slots if s.status in VOTED and s.decided_by != TIMER]
            assert len(voted) == len(set(voted))
            kept = [s for s in slots if s.status in (*PENDING, *VOTED)]
            held = [who for s in kept for who in {*s.holders, s.decided_by} - {None, TIMER}]
            assert len(held) == len(set(held))
            if node.node in ("sign", "last"):
                assert REQUESTER not in held

    @invariant()
    def only_one_desk_is_open(self) -> None:
        """B4: after a return, a taking back, an end, nothing downstream is."""
        desks = {node.node for node in self.nodes() if node.status == "open"}
        running = self.request().status in ("running", "returned", "suspended")
        assert len(desks) == int(running)
        assert {slot.node for slot in self.pending()} == desks

    def teardown(self) -> None:
        if hasattr(self, "stage"):
            assert self.stage.replayed() == []


@pytest.mark.parametrize("name", sorted(KINDS))
def test_whatever_people_do(name: str) -> None:
    """V1-V4, V6, V7, A1-A6, T1-T3, T6, B3, B4, W1-W3, X1-X3, C2, C3: allowed or refused, in any
    order; each verb takes effect so often in every part that it does at least twenty times in
    the whole."""
    kind, used = KINDS[name], Counter[str]()
    machine = type("Life", (Life,), {"name": name, "kind": kind, "used": used})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=40,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    for verb in (*VERBS, *(OF_GROUPS if kind.candidates else ())):
        sharing = 2 if verb in OF_GROUPS else len(KINDS)
        assert used[verb] * sharing >= LEAST, f"{verb}: only {used[verb]}"
