"""Random walks over a stage: the beginning of a story, then whatever people might do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from engine.abilities import request_abilities
from engine.actor import Actor
from engine.commands.approve import Approve
from engine.commands.assign import Assign
from engine.commands.base import Command
from engine.commands.claim import Claim, Release
from engine.commands.complete import Complete
from engine.commands.reject import Reject
from engine.commands.return_ import Return
from engine.commands.submit import Submit
from engine.commands.talk import Comment, SendCopy, Urge
from engine.commands.withdraw import Withdraw
from engine.handle import Outcome
from engine.ids import PersonId, TaskId
from engine.refusals import Failed, Invalid, OnlyReads, Refused
from engine.requests import ENDED, Request, Slot
from engine.view import TaskView, open_case, task_view
from tests.workflows.filling import filled, torn
from tests.workflows.in_memory import MemoryStage, Shelf, everybody
from tests.workflows.organised import WORKFLOWS, keys, shipped
from web.door import Door
from web.stories import Player, Story, Unexpected, read_story

VERBS: dict[str, Any] = {
    "approve": Approve,
    "reject": Reject,
    "return": Return,
    "complete": Complete,
    "claim": Claim,
    "release": Release,
}
DECIDING = ("approve", "reject", "return", "complete")
ROWS = ("flows", "nodes", "slots", "timers", "involved", "counters", "links", "files")
"""What a refusal leaves as it was."""


@cache
def stories(key: str) -> tuple[Story, ...]:
    """A process's stories."""
    return tuple(read_story(p) for p in sorted((WORKFLOWS / key / "stories").glob("*.yaml")))


@cache
def told() -> Mapping[tuple[str, str], list[Mapping[str, Any]]]:
    """Answers that some story gives, by process and desk."""
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for key in keys():
        for story in stories(key):
            for step in story.steps:
                if step.answers and step.task:
                    found.setdefault(("", step.task), []).append(step.answers)
    return found


@dataclass(frozen=True, kw_only=True)
class Did:
    """A command that was tried, when, and why it was refused, if it was."""

    at: datetime
    command: Command
    refused: str


@dataclass(frozen=True)
class Drafted:
    """Answers that were filled in and not sent."""

    task: TaskId
    person: PersonId
    answers: Mapping[str, Any]
    at: datetime


class Noting(Door):
    """The one door, noting what comes through."""

    def __init__(self, stage: Any, clock: Any, did: list[Did | Drafted]) -> None:
        super().__init__(stage, clock)
        self._did = did

    def handle(self, command: Command, *, body: str = "") -> Outcome:
        """Carry out a command, and note it."""
        try:
            outcome = super().handle(command, body=body)
        except Refused as refused:
            self._did.append(Did(at=self.clock(), command=command, refused=refused.reason))
            raise
        self._did.append(Did(at=self.clock(), command=command, refused=""))
        return outcome


@dataclass
class Walk:
    """One walk; `random` decides everything."""

    random: Random
    story: Story
    stage: MemoryStage = field(init=False)
    player: Player = field(init=False)
    did: list["Did | Drafted"] = field(default_factory=list)
    """Everything that was tried, timers too."""

    def __post_init__(self) -> None:
        self.stage = MemoryStage({key: shipped(key) for key in keys()})
        assert self.story.start is not None
        self.player = Player(self.stage, self.story.start, seed=self.story.name)
        self.player.door = Noting(self.stage, self.player.clock.now, self.did)

    def begin(self) -> None:
        """Some of the story, as far as it goes."""
        for step in self.story.steps[: self.random.randint(1, len(self.story.steps))]:
            self.player.turn_to(step.at or self.player.clock.at + timedelta(seconds=1))
            drafts = len(self.stage.drafts)
            self.player.step(step)
            self.did += [Drafted(*each) for each in self.stage.drafts[drafts:]]
            check(self.stage.shelf)

    def step(self) -> None:
        """One thing that somebody does, or the clock."""
        chance = self.random.random()
        self.player.clock.at += timedelta(minutes=self.random.choice([1, 7, 50]))
        if chance < 0.6:
            self.a_holder()
        elif chance < 0.75:
            self.anybody()
        elif chance < 0.9:
            self.time()
        else:
            self.about_a_request()
        check(self.stage.shelf)

    # ---- tasks

    def a_holder(self) -> None:
        """What he may do, he can: it is refused only for what he filled in (K2)."""
        open_slots = [s for s in self.stage.shelf.slots.values() if s.status == "open"]
        if not open_slots:
            self.about_a_request()
            return
        slot = self.random.choice(open_slots)
        people = slot.holders or slot.candidates
        if people:
            self.act(slot, self.random.choice(people))
        else:
            self.assign(slot)

    def anybody(self) -> None:
        """Any person on any task, over or not."""
        slots = list(self.stage.shelf.slots.values())
        if slots:
            self.act(self.random.choice(slots), self.somebody())

    def somebody(self) -> PersonId:
        return PersonId(self.random.choice(sorted(everybody().people)))

    def act(self, slot: Slot, who: PersonId) -> None:
        view = self.view(slot, who)
        may = sorted(verb for verb in VERBS if view.can.get(verb))
        verb = self.random.choice(may if may and self.random.random() < 0.8 else sorted(VERBS))
        for _ in range(4):
            command = self.command(view, verb, who)
            refused = self.do(command)
            if refused is None:
                assert verb in may, f"{who} may not {verb} {slot.node}, and did"
                return
            if not isinstance(refused, Invalid):
                assert verb not in may, f"{who} may {verb} {slot.node}, and can't: {refused}"
                return

    def view(self, slot: Slot, who: PersonId) -> TaskView:
        with self.stage.unit_of_work() as uow:
            found = task_view(uow, slot.request, slot.ordinal, who, self.player.clock.at)
        assert found is not None
        return found

    def command(self, view: TaskView, verb: str, who: PersonId) -> Command:
        more: dict[str, Any] = {"actor": self.actor(who), "request": view.request.id}
        more["ordinal"] = view.slot.ordinal
        if verb in DECIDING:
            more["answers"] = self.answers(view, who)
            more["comment"] = self.random.choice(["", "说明", "说明"])
        if verb == "return":
            targets = [each["id"] for each in view.can.get("return") or ()]
            more["to"] = self.random.choice([*targets, None] if targets else [None, "initiator"])
        return VERBS[verb](**more)  # type: ignore[no-any-return]

    def answers(self, view: TaskView, who: PersonId) -> dict[str, Any]:
        """A story's, or made up, or a mixture, or torn."""
        given = told().get(("", view.slot.node), [])
        chance = self.random.random()
        values: dict[str, Any] = {}
        if given and chance < 0.6:
            try:
                values = self.player._answers(self.random.choice(given), who)
            except Unexpected:
                values = {}
        if view.desk is not None and (not values or chance < 0.2):
            values |= filled(view, self.random, self.player.clock.at, lambda n: self.attach(n, who))
        return torn(values, self.random) if self.random.random() < 0.05 else values

    def attach(self, name: str, who: PersonId) -> str:
        return self.stage.attach(name.encode(), name=name, by=who, at=self.player.clock.at)

    def assign(self, slot: Slot) -> None:
        """V7: an administrator names somebody."""
        to = self.somebody()
        admin = self.actor("admin")
        request, ordinal = slot.request, slot.ordinal
        self.do(Assign(actor=admin, request=request, ordinal=ordinal, to=to, comment="指定"))

    # ---- requests and time

    def about_a_request(self) -> None:
        """What he may do, he can (K2); who sees nothing of it hears of nothing."""
        rows = list(self.stage.shelf.requests.values())
        if not rows:
            return
        row = self.random.choice(rows)
        who = row.requester if self.random.random() < 0.7 else self.somebody()
        on: dict[str, Any] = {"actor": self.actor(who), "request": row.id}
        commands: dict[str, Command] = {
            "withdraw": Withdraw(**on, comment=self.random.choice(["", "不办了"])),
            "submit": Submit(**on, process=row.process, answers=None),
            "comment": Comment(**on, comment="@gm 请看"),
            "copy": SendCopy(**on, to=("sales.manager",)),
            "urge": Urge(**on),
        }
        verb = self.random.choice([*commands, "submit"])
        with self.stage.unit_of_work() as uow:
            case = open_case(uow, row.id, who, self.player.clock.at)
            assert case is not None
            may = request_abilities(case, sees=uow.may_see(row.id, who))[0]
        refused = self.do(commands[verb])
        if on["actor"].override or isinstance(refused, Invalid | OnlyReads):
            return  # an auditor is refused at the door, whatever the request would allow
        assert may[verb] is (refused is None), f"{who} {verb} {row.status}: {may[verb]} {refused}"

    def time(self) -> None:
        """To the next thing that is due, or some days on."""
        timers = sorted(timer.due for timer in self.stage.shelf.timers.values())
        days = timedelta(days=self.random.choice([1, 2, 5, 20]))
        at = self.player.clock.at + days
        if timers and self.random.random() < 0.6:
            at = max(self.player.clock.at, timers[0])
        self.player.turn_to(at)

    def do(self, command: Command) -> Refused | None:
        """Through the door; refused, nothing has changed; it never fails for the diagram's sake."""
        before = {name: getattr(self.stage.shelf, name) for name in ROWS}
        try:
            self.player.door.handle(command)
        except Failed as failed:
            raise AssertionError(f"{command}: {failed}") from failed
        except Refused as refused:
            changed = [name for name in ROWS if getattr(self.stage.shelf, name) != before[name]]
            if changed:
                raise AssertionError(f"{command} was refused and changed {changed}") from refused
            return refused
        return None

    def actor(self, who: str) -> Actor:
        person = everybody().person(who)
        assert person is not None
        override = person.role == "administrator"
        return Actor(id=PersonId(who), name=person.name, override=override)


def check(shelf: Shelf) -> None:
    """What holds of every request, always."""
    for request in shelf.requests.values():
        _check(shelf, request)


def _check(shelf: Shelf, request: Request) -> None:
    definition = next(d for d in (shipped(key) for key in keys()) if d.key == request.process)
    slots = [slot for slot in shelf.slots.values() if slot.request == request.id]
    nodes = [node for node in shelf.nodes.values() if node.request == request.id]
    timers = [timer for timer in shelf.timers.values() if timer.request == request.id]
    open_nodes = {node.key for node in nodes if node.status == "open"}
    open_slots = [slot for slot in slots if slot.status == "open"]
    assert {slot.node_key for slot in open_slots} == open_nodes
    flow = shelf.flows.get(request.id)
    tokens = flow.marking["tokens"] if flow is not None and flow.marking else []
    at = {str(token["at"]) for token in tokens}
    desks = {slot.node for slot in open_slots}
    assert desks & set(definition.nodes) == at & set(definition.nodes)
    told_ends = sum(
        fact[0] == "ended"
        for entry in shelf.journal
        if entry.chain == request.id
        for fact in entry.body.get("did", ())
    )
    assert told_ends == (request.status in ENDED), "never two ends"
    if request.status in ("running", "returned"):
        waits = {name for name in at if name in definition.events}
        assert open_slots or timers or waits, f"{request.process} is stuck at {sorted(at)}"
    else:
        assert not open_slots
        assert not timers
    if request.status != "draft":
        assert request.number
    for slot in slots:
        approval = slot.node in definition.nodes and (
            definition.nodes[slot.node].approval  # type: ignore[index]
        )
        if approval and slot.decided_by is not None:
            assert slot.decided_by != request.requester  # T6
