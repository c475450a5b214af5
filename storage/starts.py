"""What starts the latest version of a process beside people: messages and signals, by name."""

from collections.abc import Iterable

from storage.transaction import Transaction

_FORGET = "DELETE FROM starts WHERE process = ?"
_ADD = "INSERT INTO starts (process, kind, name) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"


def keep_starts(transaction: Transaction, process: str, starts: Iterable[tuple[str, str]]) -> None:
    """Keep (kind, name) of the start events of a version that now is the latest."""
    transaction.execute(_FORGET, (process,))
    rows = [(process, kind, name) for kind, name in starts if kind in ("message", "signal")]
    if rows:
        transaction.many(_ADD, rows)
