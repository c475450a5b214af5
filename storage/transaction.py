"""One transaction on one connection, spoken to in SQL text: the hot path's only layer.

Statements are written once with `?` for both databases; SQLAlchemy's compiler costs more than
the statements themselves (a raw cursor is a third cheaper even than `exec_driver_sql`).
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any, Literal

Dialect = Literal["sqlite", "postgresql"]
Row = tuple[Any, ...]


class Transaction:
    """A connection between BEGIN and COMMIT or ROLLBACK."""

    __slots__ = ("_cursor", "_open", "_postgresql", "dialect")

    def __init__(self, cursor: Any, dialect: Dialect) -> None:
        self._cursor = cursor
        self._postgresql = dialect == "postgresql"
        self._open = False
        self.dialect: Dialect = dialect

    def begin(self, statement: str) -> None:
        """Begin in the way that the statement says."""
        self._cursor.execute(statement)
        self._open = True

    def finish(self) -> None:
        """Keep what was written, for good: every COMMIT of the code base is this one."""
        self._cursor.execute("COMMIT")
        self._open = False

    def undo(self) -> None:
        """Roll back what was not kept; nothing if it was."""
        if self._open:
            self._open = False
            self._cursor.execute("ROLLBACK")

    def execute(self, sql: str, arguments: Sequence[Any] = ()) -> int:
        """Run a statement; the number of rows that it touched."""
        if self._postgresql:
            sql = _percent(sql)
        self._cursor.execute(sql, arguments)
        return int(self._cursor.rowcount)

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run a statement for each row."""
        self._cursor.executemany(_percent(sql) if self._postgresql else sql, rows)

    def one(self, sql: str, arguments: Sequence[Any] = ()) -> Row | None:
        """The first row, if there is any."""
        self._cursor.execute(_percent(sql) if self._postgresql else sql, arguments)
        row: Row | None = self._cursor.fetchone()
        return row

    def all(self, sql: str, arguments: Sequence[Any] = ()) -> list[Row]:
        """Every row."""
        self._cursor.execute(_percent(sql) if self._postgresql else sql, arguments)
        rows: list[Row] = self._cursor.fetchall()
        return rows

    def stream(self, sql: str, *, batch: int = 1000) -> Iterator[Row]:
        """Every row, without holding all of them; nothing else may run meanwhile."""
        if self._postgresql:
            self._cursor.execute(f"DECLARE stream NO SCROLL CURSOR FOR {_percent(sql)}")
            fetch = f"FETCH {batch} FROM stream"
            try:
                while rows := self._cursor.execute(fetch).fetchall():
                    yield from rows
            finally:
                # Also where whoever reads stops before the end; a transaction that has failed
                # has no cursors any more.
                with suppress(Exception):
                    self._cursor.execute("CLOSE stream")
            return
        self._cursor.execute(sql)
        while rows := self._cursor.fetchmany(batch):
            yield from rows

    def among(self, column: str, values: Sequence[Any]) -> tuple[str, Any]:
        """A condition that the column is one of the values, and its one argument: the same text
        however many there are."""
        if self._postgresql:
            return f"{column} = ANY(?)", list(values)
        inside = "IN (SELECT value FROM json_each(?))"
        return f"{column} {inside}", json.dumps(list(values))

    def value(self, sql: str, arguments: Sequence[Any] = ()) -> Any:
        """The first column of the first row; None without a row."""
        row = self.one(sql, arguments)
        return None if row is None else row[0]


@lru_cache(maxsize=2048)
def _percent(sql: str) -> str:
    """The statement with psycopg's placeholders."""
    return sql.replace("%", "%%").replace("?", "%s")


def marks(count: int) -> str:
    """`?,?,?` for a list of values."""
    return ",".join("?" * count)
