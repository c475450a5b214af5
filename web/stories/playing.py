"""Playing a story: each step is a command through the one door, at its time."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, cast

from engine.case import Actor
from engine.commands.approve import Approve
from engine.commands.assign import Assign
from engine.commands.base import Command
from engine.commands.claim import Claim, Release
from engine.commands.complete import Complete
from engine.commands.reject import Reject
from engine.commands.return_ import Return
from engine.commands.submit import SaveDraft, Submit
from engine.commands.talk import Comment, SendCopy, Urge
from engine.commands.withdraw import Withdraw
from engine.ids import PersonId, RequestId
from engine.refusals import Invalid, NotNow, NotYours, Refused
from engine.requests import Slot
from storage import Database
from web.door import Door
from web.stories.expecting import Expecting, Unexpected
from web.stories.reading import Step, Story
from web.stories.stage import DatabaseStage, Stage

DECISIONS = {"approve": Approve, "reject": Reject, "complete": Complete}


class PageClock:
    """A clock that stands until the story turns the page."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        """The story's time."""
        return self.at


class Player:
    """Plays steps on a stage that has the organisation and the processes."""

    def __init__(self, stage: Stage, start: datetime, *, seed: str = "story") -> None:
        self.stage = stage
        self.clock = PageClock(start)
        # A door opens a stage's units of work and asks nothing else of it.
        self.door = Door(cast(Database, stage), self.clock.now)
        self.aliases: dict[str, RequestId] = {}
        self.default = ""
        self._seed = seed
        self._made = 0
        self.seen = 0
        """Notices written before the present step."""

    def turn_to(self, at: datetime) -> None:
        """Move the clock; what falls due on the way fires at its time, in order.

        Raises:
            Unexpected: something that is due can't be fired.
        """
        last: tuple[str, str, datetime] | None = None
        while True:
            with self.stage.unit_of_work() as uow:
                due = [t for t in uow.due_timers(at, 50) if t.due <= at]
            if not due:
                break
            first = (due[0].request, due[0].key, due[0].due)
            if first == last:
                raise Unexpected(f"{first[1]} was due at {first[2]} and can't be fired")
            last = first
            self.clock.at = max(self.clock.at, due[0].due)
            self.door.fire_due(until=self.clock.at)
        self.clock.at = max(self.clock.at, at)

    def step(self, step: Step) -> Refused | None:
        """Do one step at the time where the clock stands; the refusal, if it was refused."""
        if step.does == "wait":
            return None
        if step.does == "save" and step.task:
            self._save_draft(step)
            return None
        known, default = dict(self.aliases), self.default
        try:
            self.door.handle(self._command(step))
        except Refused as refused:
            if step.does in ("submit", "save"):
                self.aliases, self.default = known, default
            return refused
        return None

    def request_of(self, of: str | Mapping[str, str]) -> RequestId:
        """A request by its alias, or by its number."""
        if isinstance(of, Mapping):
            return self._found(of)
        name = of or self.default
        if name not in self.aliases:
            raise Unexpected(f"no step has made “{name}”")
        return self.aliases[name]

    def _found(self, of: Mapping[str, str]) -> RequestId:
        """The request of a number, or the newest draft of a person."""
        if "draft" in of:
            found = self.stage.newest_draft(PersonId(of["draft"]))
        else:
            with self.stage.unit_of_work() as uow:
                found = uow.find_number(of.get("number", ""))
        if found is None:
            raise Unexpected(f"there is no request of {dict(of)}")
        return found

    def _command(self, step: Step) -> Command:
        actor = self._actor(step)
        if step.does in ("submit", "save"):
            return self._submission(step, actor)
        request = self.request_of(step.of)
        match step.does:
            case "withdraw":
                return Withdraw(actor=actor, request=request, comment=step.comment)
            case "comment":
                return Comment(actor=actor, request=request, comment=step.comment)
            case "copy":
                to = step.to if isinstance(step.to, list) else [step.to]
                return SendCopy(actor=actor, request=request, to=tuple(to), comment=step.comment)
            case "urge":
                return Urge(actor=actor, request=request, comment=step.comment)
        return self._on_task(step, actor, request)

    def _on_task(self, step: Step, actor: Actor, request: RequestId) -> Command:
        slot = self._slot(step, request)
        on: dict[str, Any] = {"actor": actor, "request": request, "ordinal": slot.ordinal}
        match step.does:
            case "claim":
                return Claim(**on)
            case "release":
                return Release(**on)
            case "assign":
                return Assign(**on, to=str(step.to), comment=step.comment)
        answers = self._answers(step.answers, step.who)
        if step.does == "return":
            return Return(**on, answers=answers, comment=step.comment, to=step.to)
        return DECISIONS[step.does](**on, answers=answers, comment=step.comment)

    def _submission(self, step: Step, actor: Actor) -> Command:
        known = self.aliases.get(step.alias or (step.of if isinstance(step.of, str) else "") or "")
        if isinstance(step.of, Mapping) or (known is None and step.of):
            known = self.request_of(step.of)
        if known is None:
            self._made += 1
            text = f"{self._seed}/{self._made}"
            known = RequestId("d" + sha256(text.encode()).hexdigest()[:23])
            alias = step.alias or "it"
            self.aliases[alias] = known
            self.default = self.default or alias
        answers = self._answers(step.answers, step.who)
        with self.stage.unit_of_work() as uow:
            row = uow.request(known, lock=False)
        process = step.process or (row.process if row is not None else "")
        if step.does == "save":
            return SaveDraft(actor=actor, request=known, process=process, answers=answers)
        return Submit(
            actor=actor, request=known, process=process, answers=answers if step.answers else None
        )

    def _save_draft(self, step: Step) -> None:
        """What somebody has filled in at his open task and not sent."""
        slot = self._slot(step, self.request_of(step.of))
        answers = self._answers(step.answers, step.who)
        self.stage.save_draft(slot.id, PersonId(step.who), answers, self.clock.now())

    def _slot(self, step: Step, request: RequestId) -> Slot:
        """The slot of a node that `who` holds; else an open one; else the last one."""
        with self.stage.unit_of_work() as uow:
            slots = [s for s in uow.slots(request) if s.node == step.task]
        if not slots:
            raise Unexpected(f"“{step.task}” has not been reached")
        mine = [s for s in slots if step.who in s.holders or step.who in s.candidates]
        return max(mine or slots, key=lambda s: (s.status == "open", s.ordinal))

    def _actor(self, step: Step) -> Actor:
        with self.stage.unit_of_work() as uow:
            person = uow.directory.person(step.who)
        if person is None:
            raise Unexpected(f"nobody is called {step.who}")
        override = person.role == "administrator"
        return Actor(id=PersonId(step.who), name=person.name, via="api", override=override)

    def _answers(self, answers: Any, who: str) -> Any:
        """Answers with `@name` made into real attachments and `$alias` into ids."""
        if isinstance(answers, Mapping):
            return {key: self._answers(value, who) for key, value in answers.items()}
        if isinstance(answers, list):
            return [self._answers(value, who) for value in answers]
        if isinstance(answers, str) and answers.startswith("@"):
            return self._attach(answers[1:], who)
        if isinstance(answers, str) and answers.startswith("$"):
            return self.request_of(answers[1:])
        if isinstance(answers, datetime):
            return answers.isoformat()
        return answers

    def _attach(self, name: str, who: str) -> str:
        content = f"{name}\n{self._seed}\n".encode()
        return self.stage.attach(content, name=name, by=PersonId(who), at=self.clock.now())


def play(story: Story, database: Database) -> Player:
    """Play a whole story on a database (see `play_on`)."""
    return play_on(story, DatabaseStage(database))


def play_on(story: Story, stage: Stage) -> Player:
    """Play a whole story, checking what it expects after each step and at its end.

    Raises:
        Unexpected: something else happened.
    """
    assert story.start is not None
    player = Player(stage, story.start, seed=story.name)
    expecting = Expecting(player)
    play_steps(story, player, expecting, story.steps)
    expecting.end(story)
    return player


def play_steps(
    story: Story, player: Player, expecting: Expecting, steps: Sequence[Step], *, first: int = 1
) -> None:
    """Play some of a story's steps, the first of which has this number.

    Raises:
        Unexpected: something else happened.
    """
    for number, step in enumerate(steps, first):
        try:
            expecting.begin()
            player.turn_to(step.at or player.clock.at + timedelta(seconds=1))
            expecting.turned()
            refused = player.step(step)
            expecting.after(step, refused)
        except Unexpected as wrong:
            who = f"{step.who} {step.does} {step.task}".strip()
            raise Unexpected(f"{story.name}, step {number} ({who}): {wrong}") from wrong


def status_of(refused: Refused) -> int:
    """The HTTP status that a refusal maps to."""
    if isinstance(refused, NotYours):
        return 403
    if isinstance(refused, NotNow):
        return 409
    return 422 if isinstance(refused, Invalid) else 404
