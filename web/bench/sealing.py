"""What sealing costs others: how long the sealer holds SQLite's write lock, and how much it gets
done."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from os import urandom
from pathlib import Path
from time import perf_counter

from engine.journal import Entry, seal
from storage import Database, journal, migrate, sealing
from storage.keys import Keys
from storage.transaction import Transaction

AT = datetime(2026, 1, 1, tzinfo=UTC)
CHAIN = 7
"""Entries of a chain, as an approval among five has them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """What was measured."""

    leaves_per_second: float
    """Of a history that was never sealed, in full batches."""
    longest_hold: float
    """Milliseconds for which others could not write, at a batch of 500 entries."""
    usual_seal: float
    """Milliseconds of a whole seal of ten new entries, its two waits for the disk included."""
    usual_hold: float
    """Milliseconds for which that held up others, at the longest."""
    bytes_per_entry: float
    """By how much the file has grown for each entry."""


class _Timed(Database):
    """A database that notes how long each write holds the others up."""

    def __init__(self, url: str, home: Path) -> None:
        super().__init__(url, home)
        self.held: list[float] = []

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """A write; timed from when it has the lock until it is on the disk."""
        with super().write() as transaction:
            began = perf_counter()
            yield transaction
        self.held.append((perf_counter() - began) * 1000)


def measure(folder: Path, entries: int) -> Sealed:
    """Seal so many entries at once, then ten at a time."""
    database = _Timed(f"sqlite:///{folder / 'sealing.db'}", folder)
    migrate(database)
    keys = Keys(folder / "keys")
    keys.ensure(AT)
    _fill(database, 0, entries)
    before = _size(database)
    database.held.clear()
    began = perf_counter()
    sealing.seal(database, keys, AT)
    took = perf_counter() - began
    longest, grown = max(database.held), _size(database) - before
    seals, holds = [], []
    for number in range(30):
        _fill(database, entries + number * 10, 10)
        database.held.clear()
        began = perf_counter()
        sealing.seal(database, keys, AT)
        seals.append((perf_counter() - began) * 1000)
        holds.append(max(database.held))
    database.close()
    (folder / "sealing.db").unlink()
    return Sealed(
        leaves_per_second=entries / took,
        longest_hold=longest,
        usual_seal=sorted(seals)[len(seals) // 2],
        usual_hold=sorted(holds)[len(holds) // 2],
        bytes_per_entry=grown / entries,
    )


def _fill(database: Database, first: int, count: int) -> None:
    """Entries as they are kept, of chains as long as an approval's, each with some text."""
    head = b""
    for begin in range(first, first + count, 1000):
        with database.write() as transaction:
            for number in range(begin, min(begin + 1000, first + count)):
                chain, seq = divmod(number, CHAIN)
                entry = Entry(
                    chain=f"bench{chain:011x}",
                    seq=seq + 1,
                    at=AT,
                    body={"verb": "approve", "shown": "0a" * 32, "did": ["vote"] * 5},
                    particulars={"input.comment": "同意", "actor.name": "安"},
                )
                made = seal(entry, head if seq else b"", urandom(16))
                journal.keep(transaction, made)
                head = made.digest


def _size(database: Database) -> int:
    with database.read() as reader:
        pages, free = (
            int(reader.value(f"PRAGMA {name}")) for name in ("page_count", "freelist_count")
        )
        return (pages - free) * int(reader.value("PRAGMA page_size"))
