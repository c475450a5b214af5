"""Numbers for owners: each read is one range of an index of days, whatever the number of tasks.

Who may read them is asked by `reads_numbers`: the owners of a process, auditors, administrators.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.ids import RequestId
from engine.statistics import spread
from engine.statistics.counting import Table
from engine.statistics.figures import Period, Sums
from storage.moments import NEVER, micros, moment
from storage.reader import Reader
from storage.time_spent import FIELDS, NAME, SPREAD
from storage.transaction import Row
from storage.visibility import Viewer

_TAKEN = (
    "SELECT j.at FROM leaves l JOIN journal j ON j.position = l.position"
    " WHERE l.idx = (SELECT idx - 1 FROM followers WHERE name = ?)"
)
_OPEN = (
    "SELECT node, COUNT(*), SUM(CASE WHEN due < ? THEN 1 ELSE 0 END), MIN(since) FROM spent_open"
    " WHERE process = ?"
)
_COUNTS = "SELECT COUNT(*), MIN(since) FROM spent_open WHERE process = ?"
_LATE = "SELECT COUNT(*) FROM spent_open WHERE process = ? AND due < ?"
_OLDEST = (
    "SELECT o.process, o.node, o.version, o.since, o.due, r.id, r.number, r.title, r.status"
    " FROM spent_open o JOIN requests r ON r.id = o.request"
    " WHERE o.process = ? ORDER BY o.since, o.request, o.key LIMIT ?"
)
_INCIDENTS = (
    "SELECT COUNT(*) FROM incidents i JOIN requests r ON r.id = i.request WHERE r.process = ?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenNow:
    """How many desks of a kind are open now."""

    open: int
    late: int
    since: datetime | None
    """Since when the oldest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OldRow:
    """A desk that has been open for long."""

    process: str
    node: str
    version: int
    since: datetime
    due: datetime | None
    request_id: RequestId
    number: str | None
    title: str
    """Empty for an administrator, who sees content for a reason only."""
    suspended: bool


def reads_numbers(reader: Reader, viewer: Viewer, process: str) -> bool:
    """Whether he may read a process's numbers."""
    if viewer.role in ("auditor", "administrator"):
        return True
    row = reader.one(
        "SELECT 1 FROM owners WHERE process = ? AND person = ?", (process, viewer.person)
    )
    return row is not None


def numbered_processes(reader: Reader, viewer: Viewer) -> frozenset[str] | None:
    """The keys of the processes whose numbers he may read; None: all of them."""
    if viewer.role in ("auditor", "administrator"):
        return None
    rows = reader.all("SELECT process FROM owners WHERE person = ?", (viewer.person,))
    return frozenset(row[0] for row in rows)


def node_numbers(
    reader: Reader,
    process: str,
    period: Period,
    *,
    version: int | None = None,
    node: str | None = None,
    part: Callable[[int], int] = lambda day: 0,
) -> dict[tuple[int, str], Sums]:
    """What was counted at the nodes of a process, by (part of the period, node); `part` says of a
    day's ordinal which part it is in."""
    adding = _Adding("nodes")
    for day, name, *values in _rows(reader, "nodes", process, period, ("name",), version, node):
        adding.add((part(day), name), values)
    return adding.sums()


def process_numbers(
    reader: Reader,
    process: str,
    period: Period,
    *,
    version: int | None = None,
    part: Callable[[int], int] = lambda day: 0,
) -> dict[int, Sums]:
    """What was counted of a process's requests, by part of the period."""
    adding = _Adding("processes")
    for day, *values in _rows(reader, "processes", process, period, (), version, None):
        adding.add(part(day), values)
    return adding.sums()


def department_numbers(reader: Reader, process: str, period: Period) -> dict[str, Sums]:
    """How many tasks each department's people were given and decided, by its name."""
    adding = _Adding("departments")
    for _, name, *values in _rows(reader, "departments", process, period, ("name",), None, None):
        adding.add(name, values)
    return adding.sums()


def open_now(
    reader: Reader, process: str, now: datetime, *, version: int | None = None
) -> dict[str, OpenNow]:
    """The desks that are open, by node."""
    sql, arguments = _OPEN, [micros(now), process]
    if version is not None:
        sql, arguments = f"{sql} AND version = ?", [*arguments, version]
    return {
        node: OpenNow(open=count, late=int(late), since=moment(since))
        for node, count, late, since in reader.all(f"{sql} GROUP BY node", arguments)
    }


def open_in(reader: Reader, process: str, now: datetime) -> OpenNow:
    """The desks of a process that are open, all together."""
    count, since = reader.one(_COUNTS, (process,)) or (0, None)
    late = reader.value(_LATE, (process, micros(now)))
    return OpenNow(open=count, late=late, since=None if since is None else moment(since))


def oldest_open(reader: Reader, viewer: Viewer, process: str, limit: int) -> tuple[OldRow, ...]:
    """The desks of a process that have been open longest."""
    return tuple(
        OldRow(
            process=row[0],
            node=row[1],
            version=row[2],
            since=moment(row[3]),
            due=None if row[4] == NEVER else moment(row[4]),
            request_id=RequestId(row[5]),
            number=row[6],
            title="" if viewer.role == "administrator" else row[7],
            suspended=row[8] == "suspended",
        )
        for row in reader.all(_OLDEST, (process, limit))
    )


def incidents_in(reader: Reader, process: str) -> int:
    """How many requests' tokens of a process stand still."""
    return int(reader.value(_INCIDENTS, (process,)))


def counted_to(reader: Reader) -> datetime | None:
    """The time of the last entry that the numbers have; None: they have none yet."""
    at = reader.value(_TAKEN, (NAME,))
    return None if at is None else moment(at)


def _rows(
    reader: Reader,
    table: Table,
    process: str,
    period: Period,
    names: tuple[str, ...],
    version: int | None,
    node: str | None,
) -> list[Row]:
    columns = ", ".join(("day", *names, *FIELDS[table]))
    sql = f"SELECT {columns} FROM spent_{table} WHERE process = ? AND day BETWEEN ? AND ?"  # noqa: S608
    arguments: list[object] = [process, period.since.toordinal(), period.until.toordinal()]
    for name, value in (("version", version), ("name", node)):
        if value is not None:
            sql, arguments = f"{sql} AND {name} = ?", [*arguments, value]
    return reader.all(sql, arguments)


class _Adding:
    """Adds up rows by key: there are many, so that a row is two passes over plain lists."""

    def __init__(self, table: Table) -> None:
        self._fields = FIELDS[table]
        self._counts = sum(not name.endswith(SPREAD) for name in self._fields)
        self._found: dict[Any, tuple[list[int], list[int]]] = {}

    def add(self, key: Any, values: list[Any]) -> None:
        """Add a row's numbers, and its spreads, which come after them."""
        counts, kept = values[: self._counts], values[self._counts :]
        known = self._found.get(key)
        if known is None:
            self._found[key] = counts, [spread.load(each) for each in kept]
            return
        self._found[key] = (
            [old + new for old, new in zip(known[0], counts, strict=True)],
            [
                old + spread.load(new) if new else old
                for old, new in zip(known[1], kept, strict=True)
            ],
        )

    def sums(self) -> dict[Any, Sums]:
        """By key."""
        found = {}
        for key, (counts, spreads) in self._found.items():
            found[key] = Sums()
            found[key].add(dict(zip(self._fields, (*counts, *spreads), strict=True)))
        return found
