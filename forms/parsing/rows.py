"""Rows of a table: which cells may be filled in, what is in the others, and the checks of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import fields

from forms import messages
from forms.kinds import column_checker
from forms.model import Field
from forms.parsing.checking import Checks, Names, in_kept_order, unchanged
from forms.scope import seen, seen_one

_Row = Mapping[str, object]


@dataclass(slots=True, kw_only=True)
class Rows:
    """One table in one parse."""

    checks: Checks
    table: Field
    checker: fields.Field[Any]
    locked: frozenset[str]
    """Columns that keep what they hold."""
    hidden: frozenset[str]
    """Columns that this person may not know of."""
    names: Names
    """What is around the table."""

    def checked(self, rows: list[_Row], kept: object, path: str) -> list[dict[str, object]]:
        """The rows with every column in them, empty rows dropped, all cells checked."""
        base = [row for row in kept if isinstance(row, Mapping)] if isinstance(kept, list) else []
        fixed = self.table.fixed or bool(self.locked)
        if fixed:
            count = len(base) or self.table.rows
            rows = [*rows, *({} for _ in range(count - len(rows)))]
            if len(rows) > count:
                self.checks.complain(path, messages.FIXED_ROWS)
                return []
        made = []
        for index, row in enumerate(rows):
            before = base[index] if index < len(base) else {}
            whole = self._row(row, before, f"{path}[{index}]", keep=fixed)
            if whole is not None:
                made.append(whole)
        return made

    def _row(self, row: _Row, before: _Row, path: str, *, keep: bool) -> dict[str, object] | None:
        table = self.table
        cells = {column.key: row.get(column.key) for column in table.columns}
        blank = not any(column.is_filled(cells[column.key]) for column in table.columns)
        if blank and not keep:
            return None
        inner = self.checks.scope.row_names(self.names, table.columns, {**before, **row})
        closed = self._closed(inner)
        for column in table.columns:
            if column.key in closed:
                cells[column.key] = self._closed_cell(column, row, before, inner, path)
            elif column.key not in row and self.checks.require:
                cells[column.key] = self._start(column, inner, path)
            else:
                cells[column.key] = in_kept_order(column, cells[column.key], before.get(column.key))
        inner.update(seen(table.columns, cells))
        gone = self.checks.scope.hidden(table.columns, cells, inner)
        for column in table.columns:
            if column.key in gone or cells[column.key] is None:
                cells[column.key] = column.empty
                inner[column.key] = column.empty
        for column in table.columns:
            if column.key not in gone and column.key not in closed:
                at, kept = f"{path}.{column.key}", before.get(column.key)
                self.checks.check(column, cells[column.key], inner, at, kept)
        return cells

    def _closed(self, inner: Names) -> frozenset[str]:
        """Columns that are not filled in by this person in this row."""
        return (
            self.locked
            | self.hidden
            | {
                column.key
                for column in self.table.columns
                if column.readonly is True
                or (column.readonly and self.checks.scope.is_true(str(column.readonly), inner))
            }
        )

    def _closed_cell(
        self, column: Field, row: _Row, before: _Row, inner: Names, path: str
    ) -> object:
        sent = row.get(column.key)
        secret = column.key in self.hidden
        now = dict(before)
        if column.default and column.key not in self.locked | self.hidden and self.checks.require:
            now[column.key] = self._start(column, inner, path)
        same = unchanged(column, sent, now) or unchanged(column, sent, before)
        if sent is not None and (secret or not same):
            message = messages.UNKNOWN if secret else messages.NOT_YOURS
            self.checks.complain(f"{path}.{column.key}", message)
        return now.get(column.key)

    def _start(self, column: Field, inner: Names, path: str) -> object:
        if not column.default and column.initial is None:
            return None
        checker = column_checker(self.checker, column.key)
        made = self.checks.start(column, checker, inner, f"{path}.{column.key}")
        inner[column.key] = seen_one(column, made)
        return made
