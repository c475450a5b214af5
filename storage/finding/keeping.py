"""Keeping what is searched: new entries in sealed order, a request's again when its title changes,
and without what was erased."""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Any

from engine.ids import SYSTEM_CHAIN
from engine.journal import Entry
from storage import following, journal
from storage.finding.rows import (
    COLUMNS,
    NOTHING,
    About,
    Row,
    head,
    index_tokens,
    requests_of,
    row_of,
)
from storage.journal import Kept
from storage.moments import micros
from storage.transaction import Transaction, marks

NAME = "found"
"""What the follower is called."""
ERASED = "erased"
"""The verb of the system chain's entry of an erasure; its body names chains, entries and paths."""
BATCH = 500
_LIST = ", ".join(COLUMNS)
_PUT = f"INSERT INTO found ({_LIST}) VALUES ({marks(len(COLUMNS))})"  # noqa: S608 - our own names
_ROW = f"SELECT {_LIST} FROM found WHERE chain = ? AND seq = ?"  # noqa: S608
_ROWS = f"SELECT {_LIST} FROM found WHERE chain = ? ORDER BY seq"  # noqa: S608
_DROP = "DELETE FROM found WHERE place = ?"
_LAST = "SELECT seq, text FROM found WHERE chain = ? ORDER BY seq DESC LIMIT 1"
_REQUEST = "SELECT number, title, process, department, status FROM requests WHERE id = ?"
_TAKEN = "SELECT 1 FROM found WHERE place = ?"
_FREE = (
    "SELECT MIN(f.place) + 1 FROM found f WHERE f.place >= ?"
    " AND NOT EXISTS (SELECT 1 FROM found g WHERE g.place = f.place + 1)"
)
_UNVEIL = "UPDATE found SET veiled = 0 WHERE chain = ? AND task = ? AND veiled = 1 AND seq < ?"
_INDEX = {
    "sqlite": "INSERT INTO search_entries (rowid, words) VALUES (?, ?)",
    "postgresql": (
        "INSERT INTO search_entries (place, words) VALUES (?, array_to_tsvector(?::text[]))"
    ),
}
_FORGET = "INSERT INTO search_entries (search_entries, rowid, words) VALUES ('delete', ?, ?)"


def take(transaction: Transaction, batch: list[tuple[int, Kept]]) -> None:
    """Take entries that are newly sealed (what the follower does)."""
    keeping = _Keeping(transaction)
    for chain, group in groupby(batch, key=lambda each: each[1].chain):
        kept = [each for _, each in group]
        if chain == SYSTEM_CHAIN:
            for each in kept:
                keeping.system(each.entry)
        else:
            keeping.of_request(chain, kept)


def renew(transaction: Transaction, chain: str) -> None:
    """Make a request's rows again from the journal as it is now: its title has changed, or
    something of it was erased. Of the system chain: `renew_entries`."""
    _Keeping(transaction).again(chain)


def renew_entries(transaction: Transaction, chain: str, numbers: Iterable[int]) -> None:
    """The same of some entries: what was erased of them is found no more."""
    if chain != SYSTEM_CHAIN:
        renew(transaction, chain)
        return
    keeping = _Keeping(transaction)
    for number in numbers:
        keeping.system_again(number)


def clear(transaction: Transaction) -> None:
    """Drop all of it; the follower begins anew."""
    if transaction.dialect == "postgresql":
        transaction.execute("TRUNCATE found, search_entries")
    else:
        transaction.execute("DELETE FROM found")
        transaction.execute("INSERT INTO search_entries (search_entries) VALUES ('delete-all')")
    following.again(transaction, NAME)


def fill_again(
    transaction: Transaction, *, progress: Callable[[int], None] = lambda done: None
) -> int:
    """Drop all of it and make it anew from the sealed entries, in the caller's transaction; how
    many. What is not sealed yet comes later, by the follower."""
    clear(transaction)
    done = 0
    while batch := journal.sealed(transaction, since=done, limit=BATCH):
        take(transaction, batch)
        done += len(batch)
        progress(done)
    if done:
        transaction.execute("INSERT INTO followers (name, idx) VALUES (?, ?)", (NAME, done))
    return done


class _Keeping:
    """Writes the rows of one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._next: dict[int, int] = {}
        """The next place that is free after one, as far as this transaction knows."""

    def system(self, entry: Entry) -> None:
        """An entry of the system chain; one that tells of an erasure has it carried out here."""
        self._put(entry, self._named(entry))
        for chain, number, *_ in entry.body.get("erased", ()) if _erases(entry) else ():
            if chain == SYSTEM_CHAIN:
                self.system_again(number)
            else:
                self.again(chain)

    def system_again(self, number: int) -> None:
        """An entry of the system chain as it is now."""
        row = self._transaction.one(_ROW, (SYSTEM_CHAIN, number))
        found = journal.picked(self._transaction, SYSTEM_CHAIN, [number]).get(number)
        if row is not None and found is not None:
            old = _row(row)
            self._drop(old, requests_of(found))
            self._put(found, self._named(found), place=old.place)

    def of_request(self, chain: str, kept: Sequence[Kept]) -> None:
        """The next entries of a request; nothing of one that is a draft."""
        about, draft = self._about(chain)
        if draft:
            return
        last = self._transaction.one(_LAST, (chain,))
        if last is not None and last[0] >= kept[-1].seq:
            return
        known = (0, head(about)) if last is None else (last[0], last[1].partition("\n")[0])
        if known != (kept[0].seq - 1, head(about)):
            self.again(chain, until=kept[-1].seq)
            return
        for each in kept:
            self._put(each.entry, about)

    def again(self, chain: str, *, until: int | None = None) -> None:
        """All rows of a request, up to the entry that was sealed last."""
        old = [_row(each) for each in self._transaction.all(_ROWS, (chain,))]
        if until is None:
            until = old[-1].seq if old else 0
        places = {row.seq: row.place for row in old}
        for row in old:
            self._drop(row, [chain])
        about, draft = self._about(chain)
        for entry in () if draft else journal.entries(self._transaction, chain):
            if entry.seq <= until:
                self._put(entry, about, place=places.get(entry.seq))

    def _named(self, entry: Entry) -> About:
        """What is known of the one request that an entry of the system chain names."""
        requests = requests_of(entry)
        return self._about(requests[0])[0] if len(requests) == 1 else NOTHING

    def _about(self, request: str) -> tuple[About, bool]:
        """What is known of a request, and whether nobody but its maker may know of it."""
        row = self._transaction.one(_REQUEST, (request,))
        if row is None:
            return NOTHING, True
        number, title, process, department, status = row
        about = About(number=number or "", title=title, process=process, department=department)
        return about, status == "draft"

    def _put(self, entry: Entry, about: About, *, place: int | None = None) -> None:
        at = micros(entry.at)
        row = row_of(entry, self._place(at) if place is None else place, at, about)
        transaction = self._transaction
        transaction.execute(_PUT, row.values)
        words = self._tokens(row, requests_of(entry))
        transaction.execute(_INDEX[transaction.dialect], (row.place, words))
        if row.verb == "take-effect" and row.task:
            transaction.execute(_UNVEIL, (row.chain, row.task, row.seq))

    def _drop(self, row: Row, requests: Sequence[str]) -> None:
        transaction = self._transaction
        if transaction.dialect == "sqlite":
            transaction.execute(_FORGET, (row.place, self._tokens(row, requests)))
        else:
            transaction.execute("DELETE FROM search_entries WHERE place = ?", (row.place,))
        transaction.execute(_DROP, (row.place,))

    def _tokens(self, row: Row, requests: Sequence[str]) -> Any:
        sqlite = self._transaction.dialect == "sqlite"
        found = index_tokens(row, requests, single=sqlite)
        return " ".join(found) if sqlite else found

    def _place(self, at: int) -> int:
        """A place of its own in the order of time: the millisecond, or the next that is free."""
        wanted = at // 1000
        place = self._next.get(wanted, wanted)
        if self._transaction.one(_TAKEN, (place,)):
            place = int(self._transaction.value(_FREE, (place,)))
        self._next[wanted] = place + 1
        return place


def _row(values: Sequence[Any]) -> Row:
    return Row(**dict(zip(COLUMNS, values, strict=True)))


def _erases(entry: Entry) -> bool:
    return entry.body.get("verb") == ERASED and entry.body.get("outcome") == "done"
