"""Histories as CSV (RFC 4180, UTF-8 with a byte order mark), safe to open in a spreadsheet.

A cell that a spreadsheet could take for a formula gets an apostrophe before it, and so does a cell
that begins with one: take one leading apostrophe away, and every cell is what it was.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, Any

STATED = ("exported_at", "exported_by", "filter")
"""The last columns: when, by whom and with which filter the file was made, the same in each row."""
ENTRIES = (
    "request", "number", "process", "seq", "at", "verb", "actor", "actor_name", "on_behalf_of",
    "override", "task", "node", "round", "pass", "outcome", "comment", "answers", "changes",
    "reached", "digest", *STATED,
)  # fmt: skip
TASKS = (
    "request", "number", "process", "version", "task", "node", "node_name", "round", "pass",
    "status", "signer", "holders", "decided_by", "on_behalf_of", "opened_at", "due", "decided_at",
    "comment", "answers", *STATED,
)  # fmt: skip
_DANGEROUS = re.compile(
    # What programs skip, or may, before they look at the first character: white space of every
    # kind, control characters, marks without width, quotation marks.
    "[\\s\\x00-\\x20\\x7f-\\xa0\\u00ad\\u061c\\u180e\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u2069"
    '\\ufeff"`´“”„‘’＂＇]*'
    "[=+\\-@|%＝＋－＠﹦﹢﹣﹫−⁼⁺⁻₌₊₋|]"
)
_FIRST = ("'", "\t", "\r", "\n", "＇")


def cell(value: Any) -> str:
    """A value as a cell: lists and objects as JSON, nothing as an empty cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"'{text}" if text.startswith(_FIRST) or _DANGEROUS.match(text) else text


def plain(cell: str) -> str:
    """The text that `cell` was made of."""
    return cell.removeprefix("'")


class Sheet:
    """A table being written into `file`, a row at a time."""

    def __init__(self, file: IO[bytes], columns: Sequence[str], stated: Mapping[str, Any]) -> None:
        self._file = file
        self._columns = columns
        self._stated = {name: stated.get(name) for name in STATED}
        file.write(b"\xef\xbb\xbf")
        self._row(columns)

    def add(self, row: Mapping[str, Any]) -> None:
        """One line."""
        whole = {**row, **self._stated}
        self._row(cell(whole.get(name)) for name in self._columns)

    def _row(self, cells: Iterable[str]) -> None:
        line = io.StringIO(newline="")
        csv.writer(line).writerow(list(cells))
        self._file.write(line.getvalue().encode("utf-8", "replace"))
