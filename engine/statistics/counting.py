"""What one request adds to each day's numbers: a function of what has become of it.

A request's share is worked out anew each time something happens to it, and the difference to what
it had added before is added; so the sums are those of all requests as they stand, and nothing is
counted twice.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from engine.calendars.spans import worked
from engine.calendars.work import WorkCalendar
from engine.statistics import spread

Table = Literal["nodes", "processes", "departments"]
Amounts = dict[str, int]
"""By field; of a measure `<name>_sum` (seconds) and `<name>_spread` (see spread.py)."""

MEASURES: Mapping[Table, tuple[str, ...]] = {
    "nodes": ("wait", "wait_working", "took", "took_working", "late_by"),
    "processes": ("took", "took_working"),
    "departments": (),
}
"""Lengths of time, each with a sum and a spread: `wait` from a desk's opening to the first act of a
person at it, `took` to its end, `late_by` after its deadline; `…_working`: in working time."""
NODES = (
    "entered", "again", "approved", "rejected", "returned", "done", "skipped", "cancelled",
    "undone", "refused", "timed", "promised", "late",
)  # fmt: skip
PROCESSES = (
    "started", "finished", "rejected", "withdrawn", "cancelled", "again", "rounds", "refused",
)  # fmt: skip
DEPARTMENTS = ("given", "decided")
KINDS: Mapping[str | None, str] = {
    "approved": "approved",
    "rejected": "rejected",
    "returned": "returned",
    "skipped": "skipped",
    None: "done",
}
"""A settled node's verdict (none: a piece of work), and what it counts as."""
_SECOND = timedelta(seconds=1)


class Place(NamedTuple):
    """Which row a number is added to."""

    table: Table
    process: str
    day: int
    """The day's ordinal, in the organisation's zone."""
    version: int
    """Of the process; 0 where it does not matter."""
    name: str
    """The node's id, or the department's name; empty: the process as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """One entry of a node, as it stands now."""

    process: str
    version: int
    node: str
    opened_at: datetime
    ended_at: datetime | None
    status: str
    verdict: str | None
    due: datetime | None
    again: bool
    """Not the first entry of this node in the request: a later round or pass."""
    acted_at: datetime | None
    """When a person first did something at it; None: nobody did, or not yet."""
    calendar: WorkCalendar
    """Its signers' department's where they have one and the same, else the organisation's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """One place of a signer."""

    process: str
    department: str
    opened_at: datetime
    decided_at: datetime | None
    """When a person decided in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """A request as a whole."""

    process: str
    version: int
    status: str
    rejected: bool
    submitted_at: datetime | None
    ended_at: datetime | None
    round: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Attempts at a node (or, with no node, at the request) that were refused."""

    process: str
    version: int
    node: str
    day: int
    count: int


def counted(
    life: Life,
    passes: Iterable[Pass],
    loads: Iterable[Load],
    refusals: Iterable[Refusal],
    calendar: WorkCalendar,
) -> dict[Place, Amounts]:
    """All that a request adds, by row; `calendar` is the organisation's."""
    found: dict[Place, Amounts] = defaultdict(lambda: defaultdict(int))

    def day(at: datetime) -> int:
        return at.astimezone(calendar.zone).toordinal()

    _count_life(found, life, day, calendar)
    for each in passes:
        _count_pass(found, each, day)
    for load in loads:
        at = Place("departments", load.process, day(load.opened_at), 0, load.department)
        found[at]["given"] += 1
        if load.decided_at is not None:
            found[at._replace(day=day(load.decided_at))]["decided"] += 1
    for refusal in refusals:
        table: Table = "nodes" if refusal.node else "processes"
        at = Place(table, refusal.process, refusal.day, refusal.version, refusal.node)
        found[at]["refused"] += refusal.count
    given = {place: {n: v for n, v in sorted(each.items()) if v} for place, each in found.items()}
    return {place: amounts for place, amounts in given.items() if amounts}


def _count_life(
    found: dict[Place, Amounts], life: Life, day: Callable[[datetime], int], calendar: WorkCalendar
) -> None:
    if life.submitted_at is None:
        return
    started = Place("processes", life.process, day(life.submitted_at), life.version, "")
    found[started]["started"] += 1
    if life.ended_at is None:
        return
    amounts = found[started._replace(day=day(life.ended_at))]
    if life.status == "withdrawn":
        amounts["withdrawn"] += 1
    elif life.status in ("cancelled", "void"):
        amounts["cancelled"] += 1
    elif life.status == "completed":
        amounts["finished"] += 1
        amounts["rejected"] += life.rejected
        amounts["again"] += life.round > 1
        amounts["rounds"] += life.round
        _measure(amounts, "took", (life.ended_at - life.submitted_at) // _SECOND)
        _measure(amounts, "took_working", worked(calendar, life.submitted_at, life.ended_at))


def _count_pass(found: dict[Place, Amounts], one: Pass, day: Callable[[datetime], int]) -> None:
    entered = Place("nodes", one.process, day(one.opened_at), one.version, one.node)
    found[entered]["entered"] += 1
    found[entered]["again"] += one.again
    if one.ended_at is None or one.status == "open":
        return
    amounts = found[entered._replace(day=day(one.ended_at))]
    if one.status == "cancelled":
        amounts["cancelled"] += 1
        return
    amounts[KINDS.get(one.verdict, "done")] += 1
    amounts["undone"] += one.status == "superseded"
    if one.verdict == "skipped" or (one.acted_at is None and one.ended_at == one.opened_at):
        return  # nobody had anything to do
    amounts["timed"] += 1
    first = one.ended_at if one.acted_at is None else min(one.acted_at, one.ended_at)
    for name, until in (("wait", first), ("took", one.ended_at)):
        _measure(amounts, name, max(0, (until - one.opened_at) // _SECOND))
        _measure(amounts, f"{name}_working", worked(one.calendar, one.opened_at, until))
    if one.due is not None:
        amounts["promised"] += 1
        if one.ended_at > one.due:
            amounts["late"] += 1
            _measure(amounts, "late_by", (one.ended_at - one.due) // _SECOND)


def _measure(amounts: Amounts, name: str, seconds: int) -> None:
    amounts[f"{name}_sum"] += seconds
    amounts[f"{name}_spread"] += spread.one(seconds)
