"""What was measured, as ratios and against what is to be reached; and whether to believe it."""

from dataclasses import dataclass
from pathlib import Path

from web.bench import approvals as names
from web.bench.inbox import SIZES as INBOXES
from web.bench.inbox import Inboxes
from web.bench.process import SIZES
from web.bench.samples import Samples
from web.bench.sealing import Sealed
from web.bench.surroundings import MEMORY, environment
from web.bench.weight import Weight


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Everything that was measured."""

    folder: Path
    samples: Samples
    different: int
    """Requests that did not come out of their replay as they are recorded."""
    finished: int
    weight: Weight
    inboxes: Inboxes
    sealed: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A figure and where it ought to be."""

    what: str
    value: float
    limit: float
    at_least: bool = False
    unit: str = "×"

    @property
    def reached(self) -> bool:
        """Whether it is there."""
        return self.value >= self.limit if self.at_least else self.value <= self.limit


def ratios(samples: Samples) -> dict[str, float]:
    """The ratios of interface.md."""
    return {
        "decision": samples.ratio(names.DECISION, names.RAW),
        "settling": samples.ratio(names.SETTLING, names.RAW),
        **{
            f"approval_n{size}": samples.ratio(names.ours(size), names.memory(size))
            for size in SIZES
        },
        "naive_over_ours": samples.ratio(names.naive(5), names.ours(5)),
        "naive_over_ours_n200": samples.ratio(names.naive(200), names.ours(200)),
        "decision_n200_over_n5": samples.ratio(names.decision(200), names.decision(5)),
        "approval_n5_processor": samples.ratio(names.processor(5), names.memory(5)),
        "naive_over_memory": samples.ratio(names.naive(5), names.memory(5)),
    }


_OF_RATIOS = (
    ("decision", "a decision that settles nothing, over a raw commit", 5.0, False),
    ("settling", "one that settles and opens the next node, over a raw commit", 10.0, False),
    ("approval_n5", "a whole approval among 5, over SpiffWorkflow in memory", 6.0, False),
    ("naive_over_ours", "naive over a whole approval among 5", 3.0, True),
    ("naive_over_ours_n200", "naive over a whole approval among 200", 8.0, True),
    ("decision_n200_over_n5", "a decision among 200, over one among 5", 1.2, False),
)
"""Ratio, in words, limit, whether it is the least."""
LIGHT, QUICK = 6 * 1024, 0.3
"""Bytes of a finished approval; milliseconds of SQL for a page of the inbox."""
HOLD = 50
"""Milliseconds for which a batch of the sealer may hold up whoever wants to write."""


def targets(found: Found) -> list[Target]:
    """What is to be reached."""
    ratio = ratios(found.samples)
    wanted = [
        Target(what=what, value=ratio[name], limit=limit, at_least=at_least)
        for name, what, limit, at_least in _OF_RATIOS
    ]
    weight = found.weight.bytes
    wanted.append(Target(what="a finished approval", value=weight, limit=LIGHT, unit="bytes"))
    hold = found.sealed.longest_hold
    wanted.append(
        Target(what="others wait for a batch of the sealer", value=hold, limit=HOLD, unit="ms")
    )
    largest = next((size for size in reversed(INBOXES) if size in found.inboxes.samples), None)
    slowest = found.inboxes.slowest(largest) if largest is not None else None
    if slowest is not None:
        what = f"SQL of a page of the inbox at {largest}"
        wanted.append(Target(what=what, value=slowest, limit=QUICK, unit="ms"))
    return wanted


def doubts(found: Found) -> list[str]:
    """Why the run is not valid; empty where it is."""
    said: list[str] = []
    low, high = names.BAND
    ratio = ratios(found.samples)["naive_over_memory"]
    if not low <= ratio <= high:
        said.append(
            f"Naive over memory among 5 is {ratio:.1f}; it must lie between {low:.0f} and"
            f" {high:.0f}: this machine's disk or load is not one to measure on."
        )
    if environment(found.folder)["file_system"] in MEMORY:
        said.append("The scratch folder lies in memory: nothing there is durable.")
    if found.different:
        said.append(f"{found.different} requests can't be replayed.")
    return said
