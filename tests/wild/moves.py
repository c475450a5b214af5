"""What can be done with a request at a moment: by the holders of its tasks, by time, by others."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from engine.commands.approve import Approve
from engine.commands.assign import Assign
from engine.commands.base import Command, Decision
from engine.commands.claim import Claim
from engine.commands.complete import Complete
from engine.commands.external import CompleteExternal, FailExternal, ThrowExternal
from engine.commands.fire import FireTimer
from engine.commands.reject import Reject
from engine.commands.retry import Retry
from engine.commands.return_ import Return
from engine.commands.throw import Escalate, ThrowError
from engine.desk import desk_of
from engine.ids import RequestId
from engine.requests import AMEND_NODE, Slot
from tests.engine.live import actor
from tests.wild.guessing import PEOPLE, Guesses, filled
from tests.wild.office import ADMINISTRATOR, Office


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One thing that can be done, in words and as a command; `at`: not before."""

    what: str
    command: Command
    at: datetime | None = None


class Moves:
    """What can be done with one request of an office."""

    def __init__(
        self, office: Office, request: RequestId, guesses: Guesses, rng: random.Random
    ) -> None:
        self.office = office
        self.request = request
        self.guesses = guesses
        self.rng = rng

    def every(self) -> list[Move]:
        """All of them; none where it is over."""
        if self.office.row(self.request).status not in ("running", "returned"):
            return []
        sources = (self._tasks, self._timers, self._messages, self._workers, self._incidents)
        return [move for source in sources for move in source()]

    def _tasks(self) -> Iterator[Move]:
        for slot in self.office.uow.slots(self.request, status="open"):
            if slot.holders:
                yield from self._decisions(slot, slot.holders[0])
            elif slot.candidates:
                who = self.rng.choice(slot.candidates)
                claim = Claim(actor=actor(who), request=self.request, ordinal=slot.ordinal)
                yield Move(what=f"{who} claims {slot.node}", command=claim)
            else:
                yield self._given(slot)

    def _decisions(self, slot: Slot, who: str) -> Iterator[Move]:
        main = self.office.definition_of(self.request)
        definition = self.office.uow.definition(slot.definition) if slot.definition else main
        words = {str(id): each for id, each in definition.nodes.items()}.get(slot.node)
        if words is None and slot.node != AMEND_NODE:
            return
        kinds: list[type[Decision]] = [Complete]
        if words is not None and words.approval is not None:
            kinds = [Approve, Approve, Reject]
        if words is not None and words.return_to not in ((), ("none",)):
            kinds.append(Return)
        kind = self.rng.choice(kinds)
        answers: dict[str, Any] = {}
        if kind is not Return:
            form = desk_of(definition, None if words is None else words.id).form
            answers = filled(form, self.guesses, self.rng)
        command = kind(
            actor=actor(who),
            request=self.request,
            ordinal=slot.ordinal,
            answers=answers,
            comment="看过了",
        )
        yield Move(what=f"{who} {kind.verb}s {slot.node} {answers}", command=command)
        if self.rng.random() < 0.2:
            yield self._thrown(slot, who)

    def _thrown(self, slot: Slot, who: str) -> Move:
        kind = self.rng.choice((ThrowError, Escalate))
        code = self.rng.choice(("E1", "C1", "other"))
        command = kind(actor=actor(who), request=self.request, ordinal=slot.ordinal, code=code)
        return Move(what=f"{who} at {slot.node}: {kind.verb} {code}", command=command)

    def _given(self, slot: Slot) -> Move:
        who = self.rng.choice(PEOPLE)
        assign = Assign(
            actor=ADMINISTRATOR, request=self.request, ordinal=slot.ordinal, to=who, comment="接手"
        )
        return Move(what=f"{slot.node} is given to {who}", command=assign)

    def _timers(self) -> Iterator[Move]:
        for timer in self.office.uow.timers(self.request):
            fire = FireTimer(request=self.request, timer=timer.key, due=timer.due)
            what = f"time passes until {timer.key} at {timer.due:%m-%d %H:%M}"
            yield Move(what=what, command=fire, at=timer.due - timedelta(minutes=1))

    def _messages(self) -> Iterator[Move]:
        rows = self.office.subscriptions(self.request)
        for kind, name in sorted({(row.kind, row.name) for row in rows}):
            given = self.guesses.some(self.rng, 0.3)
            heard = self.office.hears(kind, name, self.request, given)
            yield Move(what=f"the {kind} {name} comes {given}", command=heard)

    def _workers(self) -> Iterator[Move]:
        for row in self.office.uow.externals(self.request):
            if row.retries == 0:
                continue
            done = {"variables": self.guesses.some(self.rng) if self.rng.random() < 0.5 else {}}
            kind, more = self.rng.choice(
                (
                    (CompleteExternal, done),
                    (FailExternal, {"message": "no paper"}),
                    (ThrowExternal, {"code": self.rng.choice(("E1", "other"))}),
                )
            )
            what = f"a worker of {row.topic}: {kind.verb} {more}"
            yield Move(what=what, command=self.office.says(kind, row, **more))

    def _incidents(self) -> Iterator[Move]:
        for incident in self.office.incidents(self.request):
            retry = Retry(
                actor=ADMINISTRATOR,
                request=self.request,
                incident=incident.ordinal,
                variables=self.guesses.some(self.rng),
            )
            what = f"{incident.kind} at {incident.node} is retried ({incident.message})"
            yield Move(what=what, command=retry)
