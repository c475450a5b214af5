"""One bit or one character changed at random, in every column of every table that the proof speaks
for: each is told, unless what the bytes say is the same. What no proof speaks for is named in
docs/verifying.md, with the reason; no table and no column is in neither."""

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random
from typing import Any

import psycopg
import pytest

from storage import Database, verifying
from storage.keys import Keys
from storage.packing import Unreadable, unpack_bytes
from storage.rebuilding import DERIVED
from storage.tables import METADATA
from storage.verifying import Report, derived
from storage.verifying.unproved import COLUMNS, TABLES

SOAK = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
DRAWS = 30 if SOAK else 1
PROVED = (
    "journal", "leaves", "tree", "heads", "log", "definitions", "files", "definition_files",
    "starts", "attachments", "erasures", "notes",
)  # fmt: skip
"""What is checked beside what is derived."""
DOCS = Path(__file__).parents[2] / "docs" / "verifying.md"


def test_every_column_is_proved_or_its_reason_is_told() -> None:
    """No table is forgotten, and docs/verifying.md says what the code says."""
    said = DOCS.read_text()
    for name, table in METADATA.tables.items():
        if name in TABLES:
            assert name not in PROVED
            assert name not in DERIVED
            assert f"| `{name}` |" in said
            continue
        assert name in PROVED or name in DERIVED, f"nobody speaks for {name}"
        free = {**COLUMNS.get(name, {}), **derived.FREE.get(name, {})}
        assert set(free) <= {column.name for column in table.columns}
        for column in free:
            assert f"| `{name}.{column}` |" in said, f"{name}.{column}"
    for name in re.findall(r"^\| `(\w+)[`.]", said, re.MULTILINE):
        assert name in METADATA.tables, f"the documents name {name}, which there is not"


class Attacker:
    """Somebody with every right, whom triggers and foreign keys don't stop, and who leaves no trace
    but what he changes."""

    def __init__(self, home: Database) -> None:
        self._dialect = home.dialect
        if home.dialect == "sqlite":
            path = home.url.partition("///")[2]
            self._connection: Any = sqlite3.connect(path, isolation_level=None)
            self._connection.execute("PRAGMA busy_timeout = 30000")
        else:
            url = home.url.replace("postgresql+psycopg://", "postgresql://")
            self._connection = psycopg.connect(url, autocommit=True)
            self._connection.execute("SET session_replication_role = replica")

    def close(self) -> None:
        self._connection.close()

    def rows(self, sql: str, arguments: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        return list(self._run(sql, arguments).fetchall())

    def change(self, sql: str, arguments: tuple[Any, ...]) -> int:
        with self._without_triggers():
            return int(self._run(sql, arguments).rowcount)

    def _run(self, sql: str, arguments: tuple[Any, ...]) -> Any:
        if self._dialect == "postgresql":
            sql = sql.replace("?", "%s")
        return self._connection.execute(sql, arguments)

    @contextmanager
    def _without_triggers(self) -> Iterator[None]:
        if self._dialect == "postgresql":
            yield
            return
        kept = self.rows("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        for name, _ in kept:
            self._connection.execute(f'DROP TRIGGER "{name}"')
        try:
            yield
        finally:
            for _, sql in kept:
                self._connection.execute(sql)


def flipped(value: Any, random: Random) -> Any:
    """The value with one bit, or one character, changed."""
    match value:
        case None:
            return None
        case int():
            return value ^ (1 << random.randrange(0, 40 if value > 2**20 else 4))
        case bytes() | memoryview():
            changed = bytearray(bytes(value) or b"\0")
            changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
            return bytes(changed)
        case str():
            at = random.randrange(len(value)) if value else 0
            letter = random.choice([each for each in "abz019_.会" if each != value[at : at + 1]])
            return value[:at] + letter + value[at + 1 :]
    raise AssertionError(value)


def means_the_same(column: str, old: Any, new: Any, row: dict[str, Any]) -> bool:
    """Whether packed bytes still say what they said: some bits of a compressed text say nothing."""
    if not isinstance(old, bytes | memoryview) or old is None:
        return False
    context = b""
    if column == "body":
        from storage.journal import context as context_of
        from storage.moments import moment

        context = context_of(row["chain"], row["seq"], moment(row["at"]))
    try:
        return unpack_bytes(bytes(old), context) == unpack_bytes(bytes(new), context)
    except (Unreadable, UnicodeDecodeError, ValueError):
        return False


def free_columns(table: str) -> set[str]:
    return {*COLUMNS.get(table, {}), *derived.FREE.get(table, {})}


def flips(attacker: Attacker, table: str, random: Random) -> Iterator[str]:
    """Change something, say where, and put it back when the caller has looked."""
    columns = [column.name for column in METADATA.tables[table].columns]
    keys = [column.name for column in METADATA.tables[table].primary_key.columns]
    named = ", ".join(f'"{name}"' for name in columns)
    rows = sorted(attacker.rows(f'SELECT {named} FROM "{table}"'), key=repr)
    assert rows, f"{table} is empty"
    for column in columns:
        if column in free_columns(table):
            continue
        for _ in range(DRAWS):
            row = dict(zip(columns, random.choice(rows), strict=True))
            old = row[column]
            new = flipped(old, random)
            if new == old or means_the_same(column, old, new, row):
                continue
            where = " AND ".join(f'"{key}" = ?' for key in keys)
            before = tuple(row[key] for key in keys)
            after = tuple(new if key == column else row[key] for key in keys)
            sql = f'UPDATE "{table}" SET "{column}" = ? WHERE {where}'
            try:
                if attacker.change(sql, (new, *before)) != 1:
                    continue
            except (sqlite3.Error, psycopg.Error):
                continue  # the value is another row's key
            owner = row.get("request", row.get("id", ""))
            yield f"{table}.{column} of {owner} {before}: {old!r} -> {new!r}"
            assert attacker.change(sql, (old, *after)) == 1


@pytest.mark.parametrize("table", PROVED)
def test_a_flip_of_what_is_proved_is_told(table: str, home: Database, keys: Keys) -> None:
    random = Random(None if SOAK else table)
    looked = Database(home.url, home.home)
    with closing(Attacker(home)) as attacker:
        for what in flips(attacker, table, random):
            looked.close()
            looked = Database(home.url, home.home)
            report = verifying.verify(looked, keys, quick=True)
            assert report.findings, what
            assert report.code == 1, what
        looked.close()
    assert verifying.verify(home, keys, quick=True).findings == []


def test_a_flip_of_what_is_derived_is_told(home: Database) -> None:
    """Made anew once, compared after each change."""
    random = Random(None if SOAK else home.dialect)
    with home.read() as reader:
        again_too = frozenset(derived.again_though_erased(home, reader, Report()))
        nobody = progress_of_nobody
        with (
            derived.rebuilt(home, reader, nobody, again_too) as again,
            closing(Attacker(home)) as attacker,
        ):

            def found() -> Report:
                report = Report()
                with home.read() as now:
                    derived.compare(now, again, report, nobody, again_too)
                return report

            for table in DERIVED:
                if attacker.rows(f'SELECT COUNT(*) FROM "{table}"')[0][0] == 0:
                    continue
                for what in flips(attacker, table, random):
                    # Of the request of which something was erased, words are not compared.
                    assert found().findings or ("r2" in what and is_written(what)), what
            assert found().findings == []


def progress_of_nobody(what: str, done: int, total: int) -> None:
    """Nobody looks on."""


def is_written(what: str) -> bool:
    table, _, rest = what.partition(".")
    return rest.partition(" ")[0] in derived.WRITTEN.get(table, ())


def test_a_row_more_or_less_is_told(home: Database, keys: Keys) -> None:
    """In each table that the proof speaks for."""
    with closing(Attacker(home)) as attacker:
        for table in PROVED:
            columns = [column.name for column in METADATA.tables[table].columns]
            named = ", ".join(f'"{name}"' for name in columns)
            rows = sorted(attacker.rows(f'SELECT {named} FROM "{table}"'), key=repr)
            free = {*verifying.unproved.ROWS.get(table, ())}
            row = next((r for r in reversed(rows) if r[0] not in free), None)
            if row is None:
                continue
            where = " AND ".join(
                f'"{name}" IS NULL' if value is None else f'"{name}" = ?'
                for name, value in zip(columns, row, strict=True)
            )
            given = tuple(value for value in row if value is not None)
            assert attacker.change(f'DELETE FROM "{table}" WHERE {where}', given) == 1
            looked = Database(home.url, home.home)
            report = verifying.verify(looked, keys, quick=True)
            looked.close()
            marks = ", ".join("?" * len(row))
            attacker.change(f'INSERT INTO "{table}" ({named}) VALUES ({marks})', row)
            if table == "attachments" and row[-1] is None:
                continue
            if table == "heads":
                assert "1 heads stand in the file alone" in str(report.notes)
                continue
            assert report.findings, f"a row of {table} is gone: {row[:3]}"
    assert verifying.verify(home, keys, quick=True).findings == []
