"""The inbox at 1 k, 100 k and 1 M open tasks: how long the database takes for a page of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
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


class Heard:
    """A reader's cursor that keeps what it was told."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor
        self.said: list[tuple[str, Sequence[Any]]] = []

    def execute(self, sql: str, arguments: Sequence[Any] = ()) -> None:
        """As the driver's."""
        self.said.append((sql, arguments))
        self._cursor.execute(sql, arguments)

    def fetchone(self) -> Row | None:
        """As the driver's."""
        row: Row | None = self._cursor.fetchone()
        return row

    def fetchall(self) -> list[Row]:
        """As the driver's."""
        rows: list[Row] = self._cursor.fetchall()
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
    """Fill a database for each size, then read every view."""
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
    """View by view, each over and over: the statements of a page, every row fetched; and the whole
    read, to the rows that a page is drawn from."""
    samples = Samples()
    for view in VIEWS:
        with ours.database.read() as reader:
            said = _page(reader, view)
            for _ in range(reads):
                with samples.timed(view):
                    for sql, arguments in said:
                        reader.all(sql, arguments)
        for _ in range(reads):
            with samples.timed(f"{view}: whole read"), ours.database.read() as reader:
                _tasks(reader, view)
    return samples


def _page(reader: Reader, view: str) -> list[tuple[str, Sequence[Any]]]:
    """Read a page of the inbox as the web does; what the database was told meanwhile."""
    cursor = reader._cursor
    heard = reader._cursor = Heard(cursor)
    _tasks(reader, view)
    reader._cursor = cursor
    return heard.said


def _tasks(reader: Reader, view: str) -> None:
    person, which = VIEWS[view]
    assert queries.tasks(reader, Viewer(person=person), which).items


def _plans(ours: Ours) -> dict[str, list[str]]:
    plans: dict[str, list[str]] = {}
    for view in VIEWS:
        with ours.database.read() as reader:
            said = _page(reader, view)
        lines = plans.setdefault(view, [])
        with ours.database.read() as reader:
            for sql, arguments in said:
                if " inbox i " in sql or " queue i " in sql or " slots s " in sql:
                    rows = reader.all(f"EXPLAIN QUERY PLAN {sql}", arguments)
                    lines.extend(line for row in rows if (line := row[3]) not in lines)
    return plans
