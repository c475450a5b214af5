"""Everything that follows from the journal, made anew beside it and compared row by row."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from engine.calendars import WorkCalendar
from engine.diagrams.definition import Definition
from engine.ids import SYSTEM_CHAIN
from engine.replay import replay
from engine.replay.running import BROKEN
from storage import erasing, following, journal, rebuilding, time_spent
from storage.database import Database
from storage.migrating import migrate
from storage.moments import moment
from storage.packing import Unreadable, unpack
from storage.rebuilding import DERIVED, CannotRebuild
from storage.tables import METADATA
from storage.transaction import Transaction, marks
from storage.verifying.report import UNREADABLE, Progress, Report

KEPT = (
    "journal", "definitions", "files", "definition_files", "attachments", "erasures", "leaves",
    "followers",
)  # fmt: skip
"""What a rebuild stands on: copied as it is."""
FREE: Mapping[str, Mapping[str, str]] = {
    "requests": {"place": "only the order of lists; what refers to it is compared"},
    "involved": {"place": "compared through the request that it names"},
    "searched": {"place": "compared through the request that it names"},
    "copies": {"read_at": "that somebody has read something is no entry"},
    "notices": {
        "read_at": "that somebody has read something is no entry",
        "send_at": "how far the outbox is",
        "attempts": "how far the outbox is",
    },
    "externals": {
        "free_at": "which worker has it now",
        "worker": "which worker has it now",
        "handed": "which worker has it now",
    },
    "timers": {"not_before": "that it is left alone for a minute"},
    "substitutions": {"followed": "how far open tasks have followed"},
}
"""Columns of derived tables that no entry tells, and why."""
WRITTEN: Mapping[str, Sequence[str]] = {
    "requests": ("title", "rest"),
    "flows": ("flow",),
    "slots": ("rest", "shown"),
    "nodes": ("shown",),
    "notices": ("text",),
    "searched": ("text",),
    "incidents": ("message",),
    "externals": ("rest",),
    "spent_requests": ("rest",),
}
"""Columns with what people have written: not compared where something of it was erased."""
_BATCH = 500


def check(database: Database, reader: Transaction, report: Report, progress: Progress) -> None:
    """Rebuild into a database of its own, in a folder that is removed, and compare."""
    try:
        again_too = frozenset(again_though_erased(database, reader, report))
        with rebuilt(database, reader, progress, again_too) as again:
            compare(reader, again, report, progress, again_too)
    except CannotRebuild as bad:
        found = bad.difference
        what = f"what it records does not follow: {found.what}"
        report.bad("journal", what, request=found.chain, seq=found.seq)
    except (*BROKEN, Unreadable) as error:
        report.bad("journal", f"it can't be carried out again: {error!r}")


def again_though_erased(database: Database, reader: Transaction, report: Report) -> Iterator[str]:
    """The requests of which something was erased and that can be carried out again all the same."""

    def definition(start: str) -> Definition:
        return database.definitions.beginning(reader, start)

    for chain in sorted(erasing.chains(reader) - {SYSTEM_CHAIN}):
        found = replay(journal.entries(reader, chain), definition, database.calendar)
        if found is None:
            yield chain
        else:
            report.note(
                f"Of request {chain} something was erased without which it can't be carried out"
                f" again from entry {found.seq} on: its rows were not compared."
            )


@contextmanager
def rebuilt(
    database: Database,
    reader: Transaction,
    progress: Progress,
    although_erased: frozenset[str] = frozenset(),
) -> Iterator[Transaction]:
    """What the journal comes to, in a database of its own. Raises what a rebuild raises."""
    with scratch(database.calendar) as fresh:
        _fill(reader, fresh, progress, although_erased)
        _rebuild(reader, fresh, progress, although_erased)
        with fresh.read() as again:
            yield again


def compare(
    reader: Transaction,
    again: Transaction,
    report: Report,
    progress: Progress,
    erased: frozenset[str] = frozenset(),
) -> None:
    """Compare every derived table with what was made anew; the first difference of each. Of the
    requests `erased`, what people have written is left out."""
    tables = _comparable(reader, report)
    for place, table in enumerate(tables):
        progress("comparing tables", place, len(tables))
        try:
            _compare(table, reader, again, report, erased)
        except UNREADABLE as error:
            report.bad(table, f"it can't be read: {error}")
    report.count("derived tables", len(tables))


def _comparable(reader: Transaction, report: Report) -> list[str]:
    """The derived tables that say how it is now: numbers for owners follow what is sealed."""
    entries = int(reader.value("SELECT COUNT(*) FROM journal"))
    taken = following.past(reader, time_spent.NAME)
    if taken in (0, entries):
        return list(DERIVED)
    report.note(
        f"Numbers for owners were not compared: they follow {taken} of {entries} entries."
        " Stop the scheduler after a seal to have them compared."
    )
    return [table for table in DERIVED if table not in time_spent.TABLES]


@contextmanager
def scratch(calendar: WorkCalendar | None = None) -> Iterator[Database]:
    """A new database in a folder of its own, which is removed at the end."""
    with TemporaryDirectory(prefix="countersign-verify-") as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'scratch.db'}"
        database = Database(url, folder, calendar=calendar)
        try:
            migrate(database)
            yield database
        finally:
            database.close()


def _fill(
    reader: Transaction, fresh: Database, progress: Progress, although_erased: frozenset[str]
) -> None:
    """Copy what a rebuild stands on; and of requests of which something was erased, what was made
    of them, since it can't be made again."""
    with fresh.write() as transaction:
        for name in KEPT:
            progress("copying the journal", KEPT.index(name), len(KEPT))
            columns = [column.name for column in METADATA.tables[name].columns]
            _copy(reader, transaction, name, columns)
        rebuilding.copy_erased(reader, transaction, although_erased)


def _copy(reader: Transaction, transaction: Transaction, name: str, columns: Sequence[str]) -> None:
    named = ", ".join(f'"{column}"' for column in columns)
    insert = f'INSERT INTO "{name}" ({named}) VALUES ({marks(len(columns))})'  # noqa: S608
    batch: list[Sequence[Any]] = []
    for row in reader.stream(f'SELECT {named} FROM "{name}"'):  # noqa: S608 - our own names
        batch.append(row)
        if len(batch) == _BATCH:
            transaction.many(insert, batch)
            batch = []
    if batch:
        transaction.many(insert, batch)


def _rebuild(
    reader: Transaction, fresh: Database, progress: Progress, although_erased: frozenset[str]
) -> None:
    total = int(reader.value("SELECT COUNT(*) FROM journal"))
    last = reader.value("SELECT MAX(at) FROM journal") or 0

    def told(done: int) -> None:
        if done % 50 == 0:
            progress("carrying out every entry again", done, total)

    rebuilding.rebuild(fresh, moment(last), progress=told, although_erased=although_erased)


def _compare(
    table: str, reader: Transaction, again: Transaction, report: Report, erased: frozenset[str]
) -> None:
    """The first difference of a table; how many rows were compared."""
    keys, columns = columns_of(table)
    here, there = (_rows(each, table, keys, columns) for each in (reader, again))
    count = 0
    if table == "crowds":
        _crowds(reader, again, report)
        return
    for mine, its in _paired(here, there, len(keys)):
        count += 1
        found = mine if mine is not None else its
        assert found is not None
        where: dict[str, Any] = {"key": ", ".join(str(part) for part in found[: len(keys)])}
        if "request" in keys or table == "requests":
            where["request"] = found[0]
        if its is None:
            report.bad(table, "no entry tells of this row", **where)
            break
        if mine is None:
            report.bad(table, "the row is missing", **where)
            break
        left_out = WRITTEN.get(table, ()) if where.get("request") in erased else ()
        column = _different(table, columns, mine, its, left_out)
        if column is not None:
            at = columns.index(column)
            what = f"it says {_said(mine[at])}; what the entries come to is {_said(its[at])}"
            report.bad(table, what, column=column, **where)
            break
    report.count("derived rows", count)


def columns_of(table: str) -> tuple[list[str], list[str]]:
    """A table's key, and all of its columns that are compared, the key first."""
    if table == "searched":
        return ["request"], ["request", "text"]
    if table == "requests":
        keys = ["id"]
    else:
        keys = [column.name for column in METADATA.tables[table].primary_key.columns]
    free = FREE.get(table, {})
    rest = [c.name for c in METADATA.tables[table].columns if c.name not in keys]
    found = [*keys, *(name for name in rest if name not in free)]
    if table == "involved":
        found.append("place")
    return keys, found


def _rows(
    reader: Transaction, table: str, keys: Sequence[str], columns: Sequence[str]
) -> Iterator[tuple[Any, ...]]:
    collate = ' COLLATE "C"' if reader.dialect == "postgresql" else ""
    kinds = METADATA.tables[table].columns

    def sorted_by(name: str) -> str:
        text = table == "searched" or kinds[name].type.python_type is str
        return f'"{name}"{collate if text else ""}'

    order = ", ".join(map(sorted_by, keys))
    named = ", ".join(f'"{name}"' for name in columns)
    source = f'"{table}"'
    if table == "requests":
        named = named.replace(
            '"definition"',
            "(SELECT d.digest FROM definitions d"
            ' WHERE d.place = requests.definition) AS "definition"',
        )
    elif table == "involved":
        named = named.replace(
            '"place"', "(SELECT r.id FROM requests r WHERE r.place = involved.place) AS place"
        )
    elif table == "searched":
        source = (
            "(SELECT COALESCE(r.id, 'place ' || s.place) AS request, s.text FROM searched s"
            " LEFT JOIN requests r ON r.place = s.place) AS searched"
        )
    sql = f"SELECT {named} FROM {source} ORDER BY {order}"  # noqa: S608 - our own names
    yield from reader.stream(sql)


def _paired(
    here: Iterator[tuple[Any, ...]], there: Iterator[tuple[Any, ...]], keys: int
) -> Iterator[tuple[tuple[Any, ...] | None, tuple[Any, ...] | None]]:
    """Rows of the same key side by side; None where one of them is missing."""
    mine, its = next(here, None), next(there, None)
    while mine is not None or its is not None:
        if mine is not None and its is not None:
            a, b = _sortable(mine[:keys]), _sortable(its[:keys])
            if a == b:
                yield mine, its
                mine, its = next(here, None), next(there, None)
                continue
        if its is None or (mine is not None and a < b):
            yield mine, None
            mine = next(here, None)
        else:
            yield None, its
            its = next(there, None)


def _sortable(key: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(
        part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part for part in key
    )


def _different(
    table: str,
    columns: Sequence[str],
    mine: Sequence[Any],
    its: Sequence[Any],
    left_out: Sequence[str],
) -> str | None:
    for name, one, other in zip(columns, mine, its, strict=True):
        if name not in left_out and one != other and not _means_the_same(table, name, one, other):
            return name
    return None


def _means_the_same(table: str, name: str, one: Any, other: Any) -> bool:
    """Whether values that differ say the same: packed JSON in which keys stand in another order,
    words for search."""
    if table == "searched" and name == "text":
        return sorted(one.split()) == sorted(other.split())
    if isinstance(one, bytes) and isinstance(other, bytes):
        try:
            return bool(unpack(one) == unpack(other))
        except ValueError:
            return False
    return False


def _said(value: Any) -> str:
    """A value in a sentence; not what people have written."""
    if isinstance(value, bytes | memoryview):
        return "other bytes"
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}…"


def _crowds(reader: Transaction, again: Transaction, report: Report) -> None:
    """Sets of candidates: those that wait for something are there, and none that never did."""
    sql = "SELECT crowd, person FROM crowds"
    here, there = set(reader.all(sql)), set(again.all(sql))
    waiting = {row[0] for row in reader.all("SELECT DISTINCT member FROM queue")}
    for crowd, person in sorted(here - there):
        report.bad("crowds", "no entry tells of this row", key=f"{person}, {crowd}")
        break
    for crowd, person in sorted(there - here):
        if crowd in waiting:
            report.bad("crowds", "the row is missing", key=f"{person}, {crowd}")
            break
    report.count("derived rows", len(here))
