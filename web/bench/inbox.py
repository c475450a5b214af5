"""The inbox at 1 k, 100 k and 1 M open tasks: how long the database takes for a page of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter_ns
from typing import Any

from engine.ids import PersonId
from storage import queries
from storage.queries import Viewer
from storage.queries.tasks import View
from storage.reader import Reader
from storage.transaction import Row
from web.bench import crowded
from web.bench.ours import Ours
from web.bench.samples import Samples

SIZES = {"1k": 1_000, "100k": 100_000, "1m": 1_000_000}
VIEWS: dict[str, tuple[PersonId, View]] = {
    "mine": (crowded.person(500), "todo"),
    "my groups": (crowded.person(500), "group"),
    "mine, holding 5 %": (crowded.BUSY, "todo"),
    "my groups, holding 5 %": (crowded.BUSY, "group"),
}
"""What is read, and by whom: it holds for the slowest of them."""


class Timed:
    """A reader's cursor that counts the time spent in the database, rows fetched included."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor
        self.spent = 0
        self.said: list[tuple[str, Sequence[Any]]] = []

    def execute(self, sql: str, arguments: Sequence[Any] = ()) -> None:
        """As the driver's."""
        self.said.append((sql, arguments))
        begun = perf_counter_ns()
        self._cursor.execute(sql, arguments)
        self.spent += perf_counter_ns() - begun

    def fetchone(self) -> Row | None:
        """As the driver's."""
        begun = perf_counter_ns()
        row: Row | None = self._cursor.fetchone()
        self.spent += perf_counter_ns() - begun
        return row

    def fetchall(self) -> list[Row]:
        """As the driver's."""
        begun = perf_counter_ns()
        rows: list[Row] = self._cursor.fetchall()
        self.spent += perf_counter_ns() - begun
        return rows


@dataclass(slots=True)
class Inboxes:
    """What came out."""

    samples: dict[str, Samples] = field(default_factory=dict)
    """By number of tasks: times of each view's statements and of the whole read."""
    plans: dict[str, list[str]] = field(default_factory=dict)
    """By view: how the database goes about it, at the largest size."""

    def slowest(self, size: str) -> float | None:
        """The slowest view's median of SQL, in milliseconds; None where it was not measured."""
        found = self.samples.get(size)
        return None if found is None else max(found.median(view) for view in VIEWS)


def measure(folder: Path, sizes: Sequence[str], reads: int, tick: Callable[[str], None]) -> Inboxes:
    """Fill a database for each size, then read every view over and over, in turn."""
    found = Inboxes()
    for size in sizes:
        tick(f"filling an inbox of {size}")
        ours = Ours(folder, f"inbox-{size}")
        try:
            crowded.fill(ours, SIZES[size])
            tick(f"reading an inbox of {size}")
            found.samples[size] = _read(ours, reads)
            found.plans = _plans(ours)
        finally:
            ours.close()
            ours.delete()
    return found


def _read(ours: Ours, reads: int) -> Samples:
    samples = Samples()
    for each in range(reads + 3):
        for view in VIEWS:
            with ours.database.read() as reader:
                begun = perf_counter_ns()
                timed = _page(reader, view)
                took = perf_counter_ns() - begun
            if each >= 3:
                samples.add(view, timed.spent)
                samples.add(f"{view}: whole read", took)
    return samples


def _page(reader: Reader, view: str) -> Timed:
    """Read a page of the inbox as the web does; what the database did meanwhile."""
    person, which = VIEWS[view]
    timed = reader._cursor = Timed(reader._cursor)
    page = queries.tasks(reader, Viewer(person=person), which)
    assert page.items
    return timed


def _plans(ours: Ours) -> dict[str, list[str]]:
    plans: dict[str, list[str]] = {}
    for view in VIEWS:
        with ours.database.read() as reader:
            said = _page(reader, view).said
        lines = plans.setdefault(view, [])
        with ours.database.read() as reader:
            for sql, arguments in said:
                if " inbox i " in sql or " queue i " in sql:
                    rows = reader.all(f"EXPLAIN QUERY PLAN {sql}", arguments)
                    lines.extend(line for row in rows if (line := row[3]) not in lines)
    return plans
