"""One run: scratch folder, approvals, bytes, inbox, and what is told of it."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from web.bench import inbox, report, sealing, weight
from web.bench.approvals import FULL, QUICK, Contest, Plan
from web.bench.surroundings import scratch
from web.bench.targets import Found


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """How much of everything is measured."""

    plan: Plan
    approvals_weighed: int
    entries_sealed: int
    reads: int
    inboxes: tuple[str, ...]


THOROUGH = Amount(
    plan=FULL, approvals_weighed=400, entries_sealed=50_000, reads=400, inboxes=("1k", "100k", "1m")
)
BRIEF = Amount(
    plan=QUICK, approvals_weighed=50, entries_sealed=5_000, reads=60, inboxes=("1k", "100k")
)


def run(*, as_json: bool = False, quick: bool = False, amount: Amount | None = None) -> None:
    """Measure, and tell: tables on stdout, or one JSON document. Progress goes to stderr."""
    amount = amount or (BRIEF if quick else THOROUGH)
    with TemporaryDirectory(prefix="countersign-bench-", dir=scratch()) as folder:
        found = _measured(Path(folder), amount)
    console = Console(file=sys.stdout, highlight=False, soft_wrap=as_json)
    if as_json:
        console.print(report.as_json(found), markup=False)
    else:
        report.tell(found, console)


def _measured(folder: Path, amount: Amount) -> Found:
    with _progress() as stage:
        contest = Contest(folder)
        try:
            tick = stage("warming up", None)
            contest.warm()
            tick = stage("whole approvals", sum(amount.plan.approvals.values()))
            contest.approvals(amount.plan, tick)
            tick = stage("single votes", amount.plan.pairs)
            contest.pairs(amount.plan, tick)
            stage("replaying every request", None)
            different, finished = contest.ours.replayed(), contest.ours.finished()
        finally:
            contest.close()
        tick = stage("bytes of finished approvals", amount.approvals_weighed * 11 // 10)
        weighed = weight.measure(folder, amount.approvals_weighed, tick)
        stage("sealing", None)
        sealed = sealing.measure(folder, amount.entries_sealed)
        inboxes = inbox.measure(
            folder, amount.inboxes, amount.reads, lambda text: _ignore(stage(text, None))
        )
    return Found(
        folder=folder,
        samples=contest.samples,
        different=different,
        finished=finished,
        weight=weighed,
        inboxes=inboxes,
        sealed=sealed,
    )


def _ignore(_: object) -> None:
    """Nothing is counted there."""


@contextmanager
def _progress() -> Iterator[Callable[[str, int | None], Callable[[], None]]]:
    """A function that begins the next stage and gives the function that counts in it."""
    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=console
    )
    with bar:
        task = bar.add_task("")

        def stage(text: str, total: int | None) -> Callable[[], None]:
            bar.reset(task, total=total, description=text)
            return lambda: bar.advance(task)

        yield stage
