"""Takes any process for a walk with random people, answers, messages, timers and workers.

After each step tokens and rows are compared (soundness.py). At the end of the walk the request
has ended, or whatever it waits for has a name; and its history, replayed, gives the same again.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.commands.submit import Submit
from engine.desk import desk_of
from engine.diagrams.definition import Definition
from engine.ids import RequestId
from engine.refusals import Failed, Refused
from engine.requests import ENDED
from tests.engine.live import actor
from tests.wild.guessing import Guesses, filled
from tests.wild.moves import Move, Moves
from tests.wild.office import REQUESTER, Office
from tests.wild.soundness import Lost, complaints, waits

TRIES = 12
"""Sets of answers that are tried until one may be submitted."""


@dataclass(slots=True, kw_only=True)
class Walk:
    """How a walk went: `end` is the request's status, or `waits`; `waits` each by name."""

    end: str
    waits: tuple[str, ...]
    trace: list[str] = field(default_factory=list)
    ends: tuple[str, ...] = ()
    nodes: frozenset[str] = frozenset()
    """The user tasks that it has been at."""


def walk(definitions: Sequence[Definition], seed: int, *, steps: int = 40) -> Walk:
    """Walk the first of these processes; the others are deployed beside it.

    Raises:
        Lost: an exception, a lost command, a silent stall, tokens and rows that disagree, or a
            replay that differs.
    """
    walker = Walker(definitions, seed)
    try:
        return walker.go(steps)
    except Lost as lost:
        raise Lost("\n".join([str(lost), f"seed {seed}", *walker.trace[-30:]])) from lost


class Walker:
    """One walk."""

    def __init__(self, definitions: Sequence[Definition], seed: int) -> None:
        self.main = definitions[0]
        self.rng = random.Random(seed)
        self.office = Office(definitions)
        texts = [
            content.decode("utf-8", "replace")
            for each in definitions
            for content in each.files.values()
        ]
        self.guesses = Guesses(texts)
        self.trace: list[str] = []
        self.request = RequestId("")

    def go(self, steps: int) -> Walk:
        """Begin, and take up to that many steps."""
        self._begin()
        possible = Moves(self.office, self.request, self.guesses, self.rng)
        for _ in range(steps):
            moves = possible.every()
            if not moves:
                break
            self._do(self.rng.choice(moves))
        return self._end()

    def _begin(self) -> None:
        form = desk_of(self.main, None).form
        for attempt in range(1, TRIES + 1):
            self.request = RequestId(f"r{attempt}")
            submit = Submit(
                actor=actor(REQUESTER),
                request=self.request,
                process=self.main.key,
                answers=filled(form, self.guesses, self.rng),
            )
            if self._do(Move(what=f"submit {submit.answers}", command=submit)):
                return
        raise Lost("it can't be started")

    def _do(self, move: Move) -> bool:
        self.trace.append(move.what)
        if move.at is not None:
            self.office.now = max(self.office.now, move.at)
        try:
            self.office.do(move.command)
        except Failed as failed:
            raise Lost(f"a command was lost: {failed!r}") from failed
        except Refused as refused:
            self.trace.append(f"  refused: {type(refused).__name__} {refused}")
            return False
        except Exception as error:
            raise Lost(f"{type(error).__name__}: {error}") from error
        for complaint in complaints(self.office, self.request):
            raise Lost(complaint)
        return True

    def _end(self) -> Walk:
        row = self.office.row(self.request)
        over = row.status in ENDED
        named = () if over else waits(self.office, self.request)
        if not over and not named:
            raise Lost("it stands still and waits for nothing")
        difference = self.office.replayed(self.request)
        if difference is not None:
            raise Lost(f"replayed it differs: {difference}")
        return Walk(
            end=row.status if over else "waits",
            waits=named,
            trace=self.trace,
            ends=tuple(row.ends),
            nodes=frozenset(node.node for node in self.office.uow.nodes(self.request)),
        )
