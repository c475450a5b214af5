"""The way that a request will take with these answers, before it is submitted: found out by running
the process itself on a scratch copy, as often as something on the way can go either way.

Owns nothing that is kept. Imports engine only; its time and its patience are handed in.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from engine.commands.submit import Submit
from engine.preview.knowing import Choice, Knowing, NotKnown
from engine.preview.walk import Stop, Walk
from engine.requests import Place
from engine.unit_of_work import UnitOfWork

MOST_RUNS = 64

__all__ = ["Choice", "NotKnown", "Preview", "Stop", "preview"]

Prefix = tuple[tuple[Any, bool], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Where a request will go."""

    path: tuple[Stop, ...]
    """Desks in the order in which they open; one that is not `sure` says on what it depends."""
    stands: tuple[tuple[Place, str, NotKnown | None], ...] = ()
    """Where it would stand still, why, and whether only because it can't be known."""
    waits: tuple[Place, ...] = ()
    """What it waits for beside people: messages, signals, workers."""
    decisions: bool = False
    """Whether it takes somebody's agreement."""
    dated: bool = False
    """Whether some date counts on the desks before keeping theirs."""
    all_ways: bool = True
    """Whether every way was tried; else there may be others."""
    givers: dict[str, tuple[Place, ...]] | None = None
    """Who gives what can't be known, by name."""


def preview(
    command: Submit, uow: UnitOfWork, now: datetime, *, enough: Callable[[], bool] = lambda: False
) -> Preview:
    """The way that this request will take if every desk agrees. Nothing of `uow` is changed.

    `enough` says when to give up: what was found by then is told, and that it is not all.

    Raises:
        Refused: the request would be refused as it is.
    """
    runs, complete = _runs(command, uow, now, enough)
    possible = [walk for walk in runs if not walk.impossible] or runs[:1]
    agreed = [walk for walk in possible if not _rejects(walk)] or possible[:1]
    complete = complete and not any(walk.cut for walk in agreed)
    troubles = {(place, text): (place, text, un) for w in agreed for place, text, un in w.trouble}
    givers = {
        name: tuple(places) for walk in possible for name, places in walk.knowing.givers.items()
    }
    return Preview(
        path=_path(possible, agreed, complete),
        stands=tuple(troubles.values()),
        waits=tuple(dict.fromkeys(place for walk in possible for place in walk.waits)),
        decisions=any(c.kind == "decision" for walk in possible for c in walk.knowing.taken),
        dated=any(walk.dated for walk in possible),
        all_ways=complete and not any(walk.cut for walk in possible),
        givers=givers,
    )


def _runs(
    command: Submit, uow: UnitOfWork, now: datetime, enough: Callable[[], bool]
) -> tuple[list[Walk], bool]:
    """Every way on which all agree, then with one who does not; whether the first are all."""
    first: deque[Prefix] = deque([()])
    rejecting: deque[Prefix] = deque()
    rejected: set[Any] = set()
    runs: list[Walk] = []
    while first or rejecting:
        if runs and (len(runs) >= MOST_RUNS or enough()):
            return runs, not first
        prefix = (first or rejecting).popleft()
        walk = Walk(command, uow, now, Knowing(prefix=prefix))
        walk.go(enough)
        runs.append(walk)
        free = [each for each in walk.knowing.taken if each.free]
        if _rejects(walk):
            continue
        for place in range(len(prefix), len(free)):
            taken = tuple((each.key, each.value) for each in free[:place])
            each = free[place]
            other = (*taken, (each.key, not each.value))
            if each.kind != "decision":
                first.append(other)
            elif each.key not in rejected:
                rejected.add(each.key)
                rejecting.append(other)
    return runs, True


def _rejects(walk: Walk) -> bool:
    return any(each.kind == "decision" and not each.value for each in walk.knowing.taken)


def _path(possible: list[Walk], agreed: list[Walk], complete: bool) -> tuple[Stop, ...]:
    """The desks of all runs in one order; what is not in each of them depends on something."""
    order: list[Place] = []
    found: dict[Place, tuple[Stop, Walk]] = {}
    for walk in [*agreed, *(w for w in possible if w not in agreed)]:
        before = -1
        for stop in walk.stops:
            if stop.place not in found:
                found[stop.place] = stop, walk
                order.insert(before + 1, stop.place)
            before = order.index(stop.place)
    everywhere = {p for p in order if all(_comes_to(walk, p) for walk in agreed)}
    path = []
    for place in order:
        stop, walk = found[place]
        supposed = any(c.kind != "decision" for c in walk.knowing.taken[: stop.choices])
        sure = place in everywhere and (complete or not supposed)
        depends = () if sure else _depends(stop, walk, possible)
        others = [each for other in agreed for each in other.stops if each.place == place]
        path.append(replace(_in_all(stop, others), sure=sure, depends=depends))
    return tuple(path)


def _in_all(stop: Stop, others: list[Stop]) -> Stop:
    """A desk as every run comes to it: all who may hold it; a date only where it is one."""
    dates = {each.due for each in others}
    due = stop.due if len(dates) < 2 else None
    return replace(
        stop,
        holders=tuple(dict.fromkeys([*stop.holders, *(p for o in others for p in o.holders)])),
        due=due,
        after=stop.after or next((o.after for o in others if o.after), "") if due is None else "",
        people=stop.people or next((o.people for o in others if o.people), None),
    )


def _comes_to(walk: Walk, place: Place) -> bool:
    return any(stop.place == place for stop in walk.stops)


def _depends(stop: Stop, walk: Walk, possible: list[Walk]) -> tuple[Choice, ...]:
    """Of what the run supposed before it came to a desk, that without which it may not be come to;
    that the desks before agree goes without saying."""
    before = [
        each
        for each in walk.knowing.taken[: stop.choices]
        if each.kind != "decision" or not each.value
    ]
    without = [other for other in possible if not _comes_to(other, stop.place)]
    found = [each for each in before if any(_other_way(each, other) for other in without)]
    return tuple(found or before)


def _other_way(choice: Choice, walk: Walk) -> bool:
    return any(c.key == choice.key and c.value != choice.value for c in walk.knowing.taken)
