"""Approvals: the four contenders one after the other in one loop, so that what disturbs the machine
disturbs all of them alike."""

import gc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from time import perf_counter_ns, thread_time_ns

from engine.commands.approve import Approve
from web.bench.ours import Ours
from web.bench.process import SIZES
from web.bench.raw import Raw
from web.bench.samples import Samples
from web.bench.spiff import InMemory, Naive

RAW, START, DECISION, SETTLING, ENDING = "raw", "start", "decision", "settling", "ending"
BLOCK = 3
"""Approvals of one contender in a row."""
BAND = (15.0, 25.0)
"""Between these lies naive over memory at N=5, or something is wrong with one of the two."""

Tick = Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How often each is measured."""

    approvals: dict[int, int]
    """By number of signers: how many blocks of whole approvals of every contender."""
    pairs: int
    """Rounds of one vote among 5 and one among 200."""


FULL = Plan(approvals={5: 80, 50: 8, 200: 2}, pairs=400)
QUICK = Plan(approvals={5: 15, 50: 2, 200: 1}, pairs=100)


def memory(signers: int) -> str:
    """The name of a whole approval in memory."""
    return f"memory_n{signers}"


def naive(signers: int) -> str:
    """The name of a whole approval, naively kept."""
    return f"naive_n{signers}"


def ours(signers: int) -> str:
    """The name of a whole approval of ours."""
    return f"approval_n{signers}"


def processor(signers: int) -> str:
    """The name of the processor time in a whole approval of ours."""
    return f"approval_n{signers}_processor"


def decision(signers: int) -> str:
    """The name of a vote that settles nothing, beside one among another number of signers."""
    return f"decision_n{signers}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """One command: what it does, the nanoseconds that it took, and those of them in which the
    processor worked for it (the rest is waiting for the disk)."""

    kind: str
    took: int
    processor: int


def _kind(step: int, signers: int) -> str:
    """What the n-th command does: file, settle and open the countersigning, sign, end."""
    if step < 2:
        return (START, SETTLING)[step]
    return DECISION if step <= signers else ENDING


class Contest:
    """The contenders, each with a scratch file of its own, and the times."""

    def __init__(self, folder: Path) -> None:
        self.samples = Samples()
        self.ours = Ours(folder)
        self._raw = Raw(folder)
        self._memory = InMemory()
        self._naive = Naive(folder, self._memory)
        self._number = 0

    def close(self) -> None:
        """Let go of the files."""
        self.ours.close()
        self._raw.close()
        self._naive.close()

    def warm(self) -> None:
        """Once through everything, unmeasured: caches are as they are in a running system."""
        for size in SIZES[:2]:
            self._memory.approval(size, 0)
            self._naive.approval(size, 0)
            for _ in self._ours(size):
                pass

    def approvals(self, plan: Plan, tick: Tick) -> None:
        """Whole approvals of every size, the sizes mixed."""
        rounds = plan.approvals[min(SIZES)]
        for round in range(rounds):
            for size in SIZES:
                if round * plan.approvals[size] // rounds != (
                    (round + 1) * plan.approvals[size] // rounds
                ):
                    self._approval(size)
                    if size == 5:
                        self._apart()
                    tick()

    def pairs(self, plan: Plan, tick: Tick) -> None:
        """A vote among 5 beside a vote among 200 beside a raw commit, over and over."""
        few, many = self._votes(5), self._votes(200)
        for _ in range(plan.pairs):
            self._commit()
            few = self._vote(few, 5)
            self._commit()
            many = self._vote(many, 200)
            tick()

    def _approval(self, signers: int) -> None:
        """Each contender `BLOCK` times in a row, so that all are equally warm, and none clears
        away what another has left."""
        self._number += 1
        gc.collect()
        for _ in range(BLOCK):
            with self.samples.timed(memory(signers)):
                self._memory.approval(signers, self._number)
        gc.collect()
        for _ in range(BLOCK):
            with self.samples.timed(naive(signers)):
                self._naive.approval(signers, self._number)
        gc.collect()
        for _ in range(BLOCK):
            steps = list(self._ours(signers))
            self.samples.add(ours(signers), sum(step.took for step in steps))
            self.samples.add(processor(signers), sum(step.processor for step in steps))

    def _commit(self) -> None:
        with self.samples.timed(RAW):
            self._raw.commit()

    def _apart(self) -> None:
        """An approval among 5, each command told apart, with a raw commit before it."""
        for step in self._ours(5, before=self._commit):
            self.samples.add(step.kind, step.took)

    def _ours(self, signers: int, before: Callable[[], None] | None = None) -> Iterator[_Step]:
        """A whole approval, command by command."""
        self._number += 1
        submit = self.ours.submit(signers, self._number)
        for step, command in enumerate(chain([submit], self.ours.approvals(submit.request))):
            if before is not None:
                before()
            begun, worked = perf_counter_ns(), thread_time_ns()
            self.ours.handle(command)
            worked, took = thread_time_ns() - worked, perf_counter_ns() - begun
            yield _Step(kind=_kind(step, signers), took=took, processor=worked)

    def _votes(self, signers: int) -> list[Approve]:
        """Votes of a new request that settle nothing."""
        self._number += 1
        submit = self.ours.submit(signers, self._number)
        self.ours.handle(submit)
        self.ours.handle(self.ours.approve(self.ours.tasks(submit.request)[0]))
        return [self.ours.approve(task) for task in self.ours.tasks(submit.request)[:-1]]

    def _vote(self, votes: list[Approve], signers: int) -> list[Approve]:
        votes = votes or self._votes(signers)
        with self.samples.timed(decision(signers)):
            self.ours.handle(votes.pop())
        return votes
