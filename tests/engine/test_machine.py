"""A countersign node in a small process, under random people: whatever they try, in whatever order,
the numbers add up, no slot is lost, nobody decides twice or on his own request, and what a return
undoes is over. After each step everything is saved and loaded again; at the end it is replayed."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import hypothesis.strategies as st
from hypothesis import Phase, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from engine.case import Actor
from engine.commands.approve import Approve
from engine.commands.assign import Assign
from engine.commands.base import Command, task_version
from engine.commands.claim import Claim, Release
from engine.commands.complete import Complete
from engine.commands.fire import FireTimer
from engine.commands.reject import Reject
from engine.commands.return_ import Return
from engine.commands.submit import Submit
from engine.commands.talk import Comment, SendCopy, Urge
from engine.commands.withdraw import Withdraw
from engine.diagrams.words import NodeId
from engine.handle import Outcome, handle, refuse
from engine.ids import PersonId, RequestId
from engine.refusals import Refused
from engine.requests import ENDED, Node, Request, Slot
from tests.engine.countersign import (
    AFTER,
    KINDS,
    PEOPLE,
    REQUESTERS,
    SIGNERS,
    definition,
    first,
    verdict_of,
)
from tests.engine.live import START
from tests.workflows.in_memory import MemoryStage

REQUEST = RequestId("r1")
DECIDED = frozenset({"approved", "rejected", "returned", "completed", "superseded"})


class Countersign(RuleBasedStateMachine):
    """One request; everybody tries everything."""

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.done = 0
        self.over: dict[int, tuple[Any, ...]] = {}
        """Slots that were decided, as they were then."""
        self.ended: str | None = None
        self.amounts: dict[str, Any] = {}
        """By countersign entered: what its signers are shown."""

    @initialize(
        kind=st.sampled_from(sorted(KINDS)),
        after=st.sampled_from(sorted(AFTER)),
        resubmit=st.sampled_from(["all", "changed"]),
        requester=st.sampled_from(REQUESTERS),
        signers=st.lists(st.sampled_from(SIGNERS), max_size=5, unique=True),
    )
    def begin(
        self, kind: str, after: str, resubmit: str, requester: str, signers: list[str]
    ) -> None:
        self.requester, self.resubmit = requester, resubmit
        self.definition = definition(kind, after, resubmit)
        self.words = self.definition.nodes[NodeId("sign")]
        self.stage = MemoryStage({"p": self.definition})
        self.answers: dict[str, Any] = {"signers": signers, "amount": 5}
        self.submit(requester)

    # ---- what people do

    def submit(self, who: str) -> Outcome:
        return self.do(Submit(actor=actor(who), request=REQUEST, process="p", answers=self.answers))

    @rule(data=st.data())
    def somebody_acts_on_something(self, data: st.DataObject) -> None:
        """Mostly not allowed: then nothing has changed, and it was refused in words (R2, K2)."""
        slots = self.slots()
        slot = data.draw(st.sampled_from(slots))
        who = data.draw(st.sampled_from(PEOPLE))
        verb = data.draw(st.sampled_from([Approve, Reject, Return, Complete, Claim, Release]))
        more: dict[str, Any] = {}
        if verb in (Approve, Reject, Return, Complete):
            more["comment"] = data.draw(st.sampled_from(["", "因为"]))
        if verb is Return:
            more["to"] = data.draw(st.sampled_from([None, "initiator", "prepare", "sign", "x"]))
        more["version"] = data.draw(st.sampled_from([None, version(self, slot), "0.old"]))
        more["key"] = data.draw(st.sampled_from([None, f"k{self.done}"]))
        self.attempt(verb(actor=actor(who), request=REQUEST, ordinal=slot.ordinal, **more), slot)

    @precondition(lambda self: self.open())
    @rule(data=st.data())
    def a_holder_does_what_he_may(self, data: st.DataObject) -> None:
        """Never refused."""
        slot = data.draw(st.sampled_from(self.open()))
        who = data.draw(
            st.sampled_from(sorted(slot.holders or slot.candidates) or [PersonId("admin")])
        )
        verb, more = self.allowed(slot, data)
        if who == "admin":
            verb, more = Assign, {"to": "sales.manager", "comment": "指定"}
        key = f"k{self.done}"
        command = verb(
            actor=actor(who),
            request=REQUEST,
            ordinal=slot.ordinal,
            key=key,
            **({} if verb is Assign else {"version": version(self, slot)}),
            **more,
        )
        assert not self.do(command).again
        after = self.stage.shelf
        assert self.handle(command).again  # K1: once, and the same answer
        assert self.stage.shelf is after or self.stage.shelf.journal == after.journal

    @precondition(lambda self: self.open())
    @rule(data=st.data())
    def another_does_what_he_may(self, data: st.DataObject) -> None:
        """So that things go on."""
        self.a_holder_does_what_he_may(data)

    @precondition(lambda self: self.open())
    @rule(data=st.data())
    def and_another(self, data: st.DataObject) -> None:
        """So that they go on to the end."""
        self.a_holder_does_what_he_may(data)

    def allowed(self, slot: Slot, data: st.DataObject) -> tuple[Any, dict[str, Any]]:
        if slot.node == "initiator":
            return Complete, {"answers": self.amended(data)}
        if slot.node in ("prepare", "work"):
            return Complete, {}
        verb = data.draw(st.sampled_from([Approve, Approve, Approve, Reject, Return]))
        if slot.node == "rounds":
            return data.draw(st.sampled_from([Approve, Reject])), {"comment": "再来"}
        more: dict[str, Any] = {"comment": "因为"}
        if verb is Return:
            targets = ["initiator", "prepare"] + (["sign"] if slot.node == "last" else [])
            more["to"] = data.draw(st.sampled_from(targets))
        return verb, more

    def amended(self, data: st.DataObject) -> dict[str, Any]:
        self.answers = {**self.answers, "amount": data.draw(st.sampled_from([5, 6]))}
        return self.answers

    @rule(who=st.sampled_from(PEOPLE), reason=st.sampled_from(["", "不办了"]))
    def somebody_withdraws(self, who: str, reason: str) -> None:
        """W1: only the requester, only while it runs, with a reason once somebody decided."""
        before = self.request()
        command = Withdraw(actor=actor(who), request=REQUEST, comment=reason)
        right = who == self.requester and before.status in ("running", "returned")
        right = right and bool(reason or not before.decided)
        assert self.attempt(command) is right
        if right:
            assert self.request().status == "withdrawn"
            assert not self.open()
            assert not self.timers()

    @rule(who=st.sampled_from(PEOPLE), data=st.data())
    def somebody_submits_it_again(self, who: str, data: st.DataObject) -> None:
        """W1: after a withdrawal its requester may, under its old number."""
        before = self.request()
        right = who == self.requester and before.status == "withdrawn"
        if right:
            self.amended(data)
        command = Submit(actor=actor(who), request=REQUEST, process="p", answers=self.answers)
        assert self.attempt(command) is right
        if right:
            after = self.request()
            assert (after.status, after.round) == ("running", before.round + 1)
            assert set(self.desks()) == {"prepare"}

    @rule(who=st.sampled_from(PEOPLE))
    def somebody_says_something(self, who: str) -> None:
        """C1–C3: the process does not move."""
        desks, votes = self.desks(), self.request().decided
        self.attempt(Comment(actor=actor(who), request=REQUEST, comment="@gm 请看"))
        self.attempt(SendCopy(actor=actor(who), request=REQUEST, to=("finance.accountant",)))
        self.attempt(Urge(actor=actor(who), request=REQUEST))
        assert (self.desks(), self.request().decided) == (desks, votes)

    @rule(hours=st.integers(1, 100))
    def time_passes(self, hours: int) -> None:
        """X1–X3: what is due fires once, in order; no vote is given by the clock."""
        until = self.now + timedelta(hours=hours)
        votes = [(s.ordinal, s.decided_by) for s in self.slots()]
        while due := [t for t in self.timers() if t.due <= until]:
            self.now = max(self.now, due[0].due)
            fire = FireTimer(request=REQUEST, timer=due[0].key, due=due[0].due)
            self.do(fire)
            assert self.attempt(fire) is False
        self.now = until
        assert [(s.ordinal, s.decided_by) for s in self.slots()] == votes

    # ---- carrying out

    def do(self, command: Command) -> Outcome:
        self.done += 1
        self.now += timedelta(minutes=1)
        before = self.request_or_none()
        opened = {slot.ordinal: slot for slot in self.slots()} if before else {}
        outcome = self.handle(command)
        self.followed(command, opened)
        return outcome

    def handle(self, command: Command) -> Outcome:
        return self.stage.run(lambda uow: handle(command, uow, self.now))

    def attempt(self, command: Command, slot: Slot | None = None) -> bool:
        """Whether it took effect; refused, it has changed nothing but the journal (R2)."""
        before = self.stage.shelf
        try:
            self.do(command)
        except Refused as refused:
            assert self.stage.shelf is before
            self.refused(command, refused)
            return False
        if slot is not None:
            who = command.actor.id
            assert slot.status == "open"
            assert who in (slot.holders or slot.candidates)
        return True

    def refused(self, command: Command, refused: Refused) -> None:
        before = self.stage.shelf
        self.stage.run(lambda uow: refuse(command, refused, uow, self.now))
        after = self.stage.shelf
        for name in ("flows", "nodes", "slots", "timers", "involved", "counters", "notices"):
            assert getattr(after, name) == getattr(before, name), name
        assert after.requests[REQUEST].version == before.requests[REQUEST].version

    def followed(self, command: Command, opened: Mapping[int, Slot]) -> None:
        """What a decision must have led to."""
        if isinstance(command, Return) and self.request().status == "running":
            again = [node for node in self.nodes() if node.node == command.to][-1]
            mine = [slot for slot in self.slots() if slot.node_key == again.key]
            if again.status == "open":
                assert self.desks() == [command.to]
            else:  # Under `changed`, those it needs were shown what they would be now (B3).
                assert all(slot.kept_from for slot in mine if slot.status == "approved")
        if self.request().status == "returned":
            assert self.desks() in (["initiator"], ["rounds"])
        if isinstance(command, Approve | Reject | Return | Complete):
            slot = self.slot(command.ordinal)
            assert slot.decided_by == command.actor.id
            assert opened[command.ordinal].status == "open"
            if slot.node not in ("initiator", "prepare", "work"):
                assert command.actor.id != self.requester  # T6

    # ---- what stands

    def slots(self) -> list[Slot]:
        return sorted(self.stage.shelf.slots.values(), key=lambda slot: slot.ordinal)

    def slot(self, ordinal: int) -> Slot:
        return self.stage.shelf.slots[REQUEST, ordinal]

    def open(self) -> list[Slot]:
        return [slot for slot in self.slots() if slot.status == "open"]

    def desks(self) -> list[str]:
        return sorted({slot.node for slot in self.open()})

    def nodes(self) -> list[Node]:
        return list(self.stage.shelf.nodes.values())

    def node(self, slot: Slot) -> Node:
        return self.stage.shelf.nodes[REQUEST, slot.node_key]

    def timers(self) -> list[Any]:
        return sorted(self.stage.shelf.timers.values(), key=lambda timer: (timer.due, timer.key))

    def request(self) -> Request:
        return self.stage.shelf.requests[REQUEST]

    def request_or_none(self) -> Request | None:
        return self.stage.shelf.requests.get(REQUEST)

    # ---- what holds after every step

    @invariant()
    def no_slot_is_lost(self) -> None:
        """Numbered without a gap, each in a node; a decision stays as it was made."""
        slots = self.slots()
        assert [slot.ordinal for slot in slots] == list(range(1, self.request().slots + 1))
        for slot in slots:
            made = (slot.decided_by, slot.decided_at, slot.comment, slot.status)
            if slot.ordinal in self.over:
                assert made == self.over[slot.ordinal]
            elif slot.status in DECIDED | {"cancelled"}:
                self.over[slot.ordinal] = made

    @invariant()
    def the_numbers_add_up(self) -> None:
        """N, M and the verdict follow from the slots, by another formula (V1–V3)."""
        for node in self.nodes():
            mine = [s for s in self.slots() if s.node_key == node.key]
            count = [s.status for s in mine].count
            pending = count("open") + count("waiting")
            assert node.pending == (pending if node.status == "open" else 0)
            if node.node not in ("sign", "last"):
                continue
            assert node.total == len(mine)
            assert (node.approved, node.rejected) == (count("approved"), count("rejected"))
            expected = verdict_of(self.words, mine) if node.node == "sign" else first(mine)
            if node.status == "open":
                assert expected is None
                assert pending
            elif node.verdict in ("approved", "rejected"):
                assert node.verdict == expected

    @invariant()
    def a_return_undoes(self) -> None:
        """B4, V8: of what stands there is one at most, and a verdict only where it stands."""
        settled = [node.node for node in self.nodes() if node.status == "settled"]
        assert all(settled.count(node) == 1 for node in {"prepare", "sign", "last"} & {*settled})
        stands = {node.node: node.verdict for node in self.nodes() if node.status == "settled"}
        values = self.stage.shelf.flows[REQUEST].root
        # While a superior is asked for one more round, the return has not been carried out (B6).
        if self.request().status not in ENDED and self.desks() != ["rounds"]:
            assert values.get("sign_verdict") == stands.get("sign")

    @invariant()
    def signatures_are_kept_only_where_nothing_changed(self) -> None:
        """B3, B5: of an approval in an earlier round, and only under `changed`."""
        for slot in self.slots():
            if slot.node != "sign":
                continue
            amount = self.stage.shelf.flows[REQUEST].root.get("amount")
            self.amounts.setdefault(slot.node_key, amount)
            if slot.kept_from is not None:
                assert self.resubmit == "changed"
                given = [
                    self.amounts[each.node_key]
                    for each in self.slots()
                    if each.node == "sign"
                    and each.round == slot.kept_from
                    and (each.signer, each.status) == (slot.signer, "approved")
                ]
                assert self.amounts[slot.node_key] in given

    @invariant()
    def nobody_votes_twice(self) -> None:
        """V6, in one node, round and pass; and one at a time where it goes in turn (V1)."""
        seats: dict[tuple[str, str], int] = {}
        for slot in self.slots():
            for person in filter(None, {*slot.holders, slot.decided_by}):
                key = (slot.node_key, str(person))
                assert seats.setdefault(key, slot.ordinal) == slot.ordinal
        if self.words.approval == "sequential":
            assert len([slot for slot in self.open() if slot.node == "sign"]) <= 1

    @invariant()
    def tasks_are_where_tokens_stand(self) -> None:
        """An open slot has an open node, an open node a token, and nobody signs for himself."""
        nodes = {node.key for node in self.nodes() if node.status == "open"}
        assert {s.node_key for s in self.open()} == nodes
        marking = self.stage.shelf.flows[REQUEST].marking
        virtual = {key for key in nodes if key.startswith(("initiator#", "rounds#"))}
        names = {key.rpartition("/")[2].partition("#")[0] for key in nodes - virtual}
        tokens = {str(token["at"]) for token in (marking or {}).get("tokens", ())}
        assert names == tokens & set(self.definition.nodes)
        for slot in self.open():
            if slot.node in ("sign", "last", "rounds"):
                assert self.requester not in slot.holders

    @invariant()
    def an_end_is_one(self) -> None:
        """What has ended stays as it ended, and waits for nothing."""
        request = self.request()
        if self.ended is not None:
            assert request.status == self.ended
        if request.status in ENDED:
            self.ended = request.status
            assert not self.open()
            assert not self.timers()
            assert request.ended_at is not None
        elif request.status in ("running", "returned"):
            assert self.open()

    def teardown(self) -> None:
        if hasattr(self, "stage"):
            assert self.stage.replayed() == []


def version(machine: Countersign, slot: Slot) -> str:
    return task_version(slot, machine.node(slot))


def actor(who: str) -> Actor:
    return Actor(id=PersonId(who), override=who == "admin")


TestCountersign = Countersign.TestCase
TestCountersign.settings = settings(stateful_step_count=40, phases=[Phase.generate])
