"""What a verification found, and what it looked at."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import psycopg

UNREADABLE = (
    sqlite3.Error, psycopg.Error, ValueError, LookupError, TypeError, AttributeError, OverflowError,
)  # fmt: skip
"""What rows that somebody has altered can make a reader stumble over."""
MOST = 100
"""Findings that are told; more are only counted."""
Progress = Callable[[str, int, int], None]
"""Is told what is being done, how much of it is done, and how much there is (0: not known)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is not as it has to be."""

    where: str
    """`journal`, `leaves`, `heads file`, the name of a table or trigger …"""
    what: str
    """What is wrong, in words."""
    request: str = ""
    """The chain that it is about: a request's id, or `system`."""
    number: str = ""
    """The request's number as people know it, if it has one."""
    seq: int | None = None
    """The entry's number in its chain."""
    key: str = ""
    """The row, by its primary key."""
    column: str = ""
    untrusted: bool = False
    """Nothing is wrong with what was signed, but the key that did was not told to be trusted."""

    def __str__(self) -> str:
        parts = [self.where]
        if self.request:
            parts.append(f"request {self.number} ({self.request})" if self.number else self.request)
        if self.seq is not None:
            parts.append(f"entry {self.seq}")
        if self.key:
            parts.append(f"row {self.key}")
        if self.column:
            parts.append(f"column {self.column}")
        return f"{', '.join(parts)}: {self.what}"

    def document(self) -> dict[str, Any]:
        """As JSON."""
        named = {
            "where": self.where,
            "request": self.request,
            "number": self.number,
            "seq": self.seq,
            "row": self.key,
            "column": self.column,
            "what": self.what,
        }
        return {name: value for name, value in named.items() if value not in ("", None)}


@dataclass(slots=True)
class Report:
    """A verification: what was checked, what was found, what is worth knowing."""

    findings: list[Finding] = field(default_factory=list)
    checked: dict[str, int] = field(default_factory=dict)
    """In words, with how many of it."""
    notes: list[str] = field(default_factory=list)
    more: int = 0
    """Findings beyond `MOST`."""

    def bad(self, where: str, what: str, **more: Any) -> None:
        """Something is wrong."""
        if len(self.findings) < MOST:
            self.findings.append(Finding(where=where, what=what, **more))
        else:
            self.more += 1

    def note(self, text: str) -> None:
        """Something is worth knowing, and not wrong."""
        self.notes.append(text)

    def count(self, what: str, many: int) -> None:
        """So many of it were checked."""
        self.checked[what] = self.checked.get(what, 0) + many

    @property
    def code(self) -> int:
        """The exit code: 1 if anything is wrong, 3 if only a key is not trusted, else 0."""
        if any(not each.untrusted for each in self.findings):
            return 1
        return 3 if self.findings else 0

    def document(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "good": self.code == 0,
            "code": self.code,
            "findings": [each.document() for each in self.findings],
            "more": self.more,
            "checked": self.checked,
            "notes": self.notes,
        }
