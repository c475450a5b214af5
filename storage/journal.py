"""The journal's rows: bodies and particulars compressed at rest, hashed plain, only ever added."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from os import urandom
from typing import Any

from engine.ids import SYSTEM_CHAIN
from engine.journal import Entry, Particulars, Sealed, open_entry, seal, verify
from engine.journal.entry import stamp
from storage.indexing import index
from storage.moments import micros, moment
from storage.packing import Unreadable, pack_bytes, unpack_bytes
from storage.transaction import Transaction

_KEEP = {
    "sqlite": (
        "INSERT INTO journal (chain, seq, at, body, particulars, digest, xid)"
        " VALUES (?, ?, ?, ?, ?, ?, 0)"
    ),
    "postgresql": (
        "INSERT INTO journal (chain, seq, at, body, particulars, digest, xid)"
        " VALUES (?, ?, ?, ?, ?, ?, pg_current_xact_id()::text::bigint)"
    ),
}
_OF_CHAIN = (
    "SELECT seq, at, body, particulars FROM journal WHERE chain = ? AND seq > ? ORDER BY seq"
)
_KEPT_OF_CHAIN = (
    "SELECT position, chain, seq, at, body, particulars, digest FROM journal"
    " WHERE chain = ? ORDER BY seq"
)
_KEPT_ONE = (
    "SELECT position, chain, seq, at, body, particulars, digest FROM journal"
    " WHERE chain = ? AND seq = ?"
)
_DIGEST = "SELECT digest FROM journal WHERE chain = ? AND seq = ?"
_HEAD = "SELECT seq, digest, at FROM journal WHERE chain = ? ORDER BY seq DESC LIMIT 1"
_ERASE = "UPDATE journal SET particulars = ? WHERE chain = ? AND seq = ?"
_SEALED = (
    "SELECT l.idx, j.position, j.chain, j.seq, j.at, j.body, j.particulars, j.digest"
    " FROM leaves l JOIN journal j ON j.position = l.position"
    " WHERE l.idx >= ? AND l.idx < ? ORDER BY l.idx"
)
UNREADABLE = (Unreadable, ValueError, LookupError, TypeError, AttributeError, OverflowError)
"""What bytes that somebody has changed can fail with."""
_SYSTEM_LOCK = 0x636F756E
"""Key of PostgreSQL's advisory lock on the system chain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An entry as it lies in the journal, with its place in the order of all entries."""

    position: int
    chain: str
    seq: int
    at: datetime
    body: bytes
    particulars: bytes
    digest: bytes

    @property
    def entry(self) -> Entry:
        """The entry, opened."""
        return open_entry(self.body, self.particulars)


def keep(transaction: Transaction, sealed: Sealed) -> None:
    """Add a sealed entry. A number that its chain has already is an integrity error."""
    transaction.execute(
        _KEEP[transaction.dialect],
        (
            sealed.chain,
            sealed.seq,
            micros(sealed.at),
            pack_bytes(sealed.body, context(sealed.chain, sealed.seq, sealed.at)),
            pack_bytes(sealed.particulars),
            sealed.digest,
        ),
    )


def entries(transaction: Transaction, chain: str, *, after: int = 0) -> list[Entry]:
    """A chain's entries in order, opened."""
    return [
        open_entry(unpack_bytes(body, context(chain, seq, moment(at))), unpack_bytes(particulars))
        for seq, at, body, particulars in transaction.all(_OF_CHAIN, (chain, after))
    ]


def picked(transaction: Transaction, chain: str, numbers: Sequence[int]) -> dict[int, Entry]:
    """Some of a chain's entries, opened, by number."""
    among, argument = transaction.among("seq", list(numbers))
    rows = transaction.all(
        f"SELECT seq, at, body, particulars FROM journal WHERE chain = ? AND {among}",  # noqa: S608
        (chain, argument),
    )
    return {
        seq: open_entry(
            unpack_bytes(body, context(chain, seq, moment(at))), unpack_bytes(particulars)
        )
        for seq, at, body, particulars in rows
    }


def kept_entries(transaction: Transaction, chain: str) -> list[Kept]:
    """A chain's entries in order, as they lie there, for verification and export."""
    return [_kept(row) for row in transaction.all(_KEPT_OF_CHAIN, (chain,))]


def kept_entry(transaction: Transaction, chain: str, seq: int) -> Kept:
    """One entry as it lies there. Raises KeyError if it isn't."""
    row = transaction.one(_KEPT_ONE, (chain, seq))
    if row is None:
        raise KeyError((chain, seq))
    return _kept(row)


def recorded_digest(transaction: Transaction, chain: str, seq: int) -> bytes:
    """The digest of an entry that is there. Raises KeyError if it isn't."""
    digest = transaction.value(_DIGEST, (chain, seq))
    if digest is None:
        raise KeyError((chain, seq))
    return bytes(digest)


def lock_system(transaction: Transaction) -> None:
    """Hold the system chain until the transaction ends; on SQLite every writer does."""
    if transaction.dialect == "postgresql":
        transaction.execute("SELECT pg_advisory_xact_lock(?)", (_SYSTEM_LOCK,))


def system_time(transaction: Transaction, at: datetime) -> datetime:
    """The time of an entry that is added to the system chain now: none comes before the entry
    before it, however the clocks of two machines stand (H1)."""
    last = transaction.one(_HEAD, (SYSTEM_CHAIN,))
    return at if last is None else max(at, moment(last[2]))


def record(
    transaction: Transaction,
    *,
    at: datetime,
    body: Mapping[str, Any],
    particulars: Mapping[str, Any],
) -> int:
    """Add an entry to the system chain, as part of the change that it tells of; its number."""
    lock_system(transaction)
    head = transaction.one(_HEAD, (SYSTEM_CHAIN,))
    seq, previous, last = (0, b"", None) if head is None else head
    when = at if last is None else max(at, moment(last))
    entry = Entry(chain=SYSTEM_CHAIN, seq=seq + 1, at=when, body=body, particulars=particulars)
    keep(transaction, seal(entry, bytes(previous), urandom(16)))
    index(transaction, entry)
    return int(seq) + 1


def chains(transaction: Transaction) -> list[str]:
    """Every chain, in the order of its first entry."""
    rows = transaction.all("SELECT chain FROM journal WHERE seq = 1 ORDER BY position")
    return [row[0] for row in rows]


def in_order(transaction: Transaction, *, after: int = 0, batch: int = 500) -> Iterator[Kept]:
    """Every entry of every chain, in the order in which they were written, batch by batch."""
    while True:
        rows = transaction.all(
            "SELECT position, chain, seq, at, body, particulars, digest FROM journal"
            " WHERE position > ? ORDER BY position LIMIT ?",
            (after, batch),
        )
        for row in rows:
            yield _kept(row)
        if len(rows) < batch:
            return
        after = rows[-1][0]


def sealed(transaction: Transaction, *, since: int, limit: int) -> list[tuple[int, Kept]]:
    """Entries in the order in which they were sealed, that of commits, from leaf `since` on, each
    with its leaf's index."""
    rows = transaction.all(_SEALED, (since, since + limit))
    return [(row[0], _kept(row[1:])) for row in rows]


def erase(transaction: Transaction, chain: str, seq: int, paths: Iterable[str]) -> None:
    """Erase particulars for good, as the law may ask: their leaves stay as tombstones (H2).

    The account of it comes before (storage.erasing): the database refuses an erasure without one.
    Raises KeyError if there is no such entry or path.
    """
    row = transaction.one(
        "SELECT particulars FROM journal WHERE chain = ? AND seq = ?", (chain, seq)
    )
    if row is None:
        raise KeyError((chain, seq))
    left = Particulars.load(unpack_bytes(row[0]))
    for path in paths:
        left = left.erase(path)
    transaction.execute(_ERASE, (pack_bytes(left.dump()), chain, seq))


def first_fault(transaction: Transaction, chain: str) -> tuple[int, str] | None:
    """The number of the first bad entry of a chain and what is wrong with it; None if none is."""
    previous, expected = b"", 1
    for row in transaction.all(_KEPT_OF_CHAIN, (chain,)):
        if row[2] != expected:
            return expected, "the entry is missing"
        try:
            kept = _kept(row)
            fault = verify(previous, kept.body, kept.particulars, kept.digest)
            if fault is None and (kept.entry.chain, kept.entry.seq) != (chain, kept.seq):
                fault = "the entry says another place than the one where it lies"
        except UNREADABLE:
            return expected, "the entry's bytes can't be read"
        if fault is not None:
            return kept.seq, fault
        previous, expected = kept.digest, expected + 1
    return None


def readable(transaction: Transaction, chain: str) -> list[Entry]:
    """A chain's entries in order, up to the first that can't be read."""
    found = []
    for row in transaction.all(_KEPT_OF_CHAIN, (chain,)):
        try:
            found.append(_kept(row).entry)
        except UNREADABLE:
            break
    return found


def context(chain: str, seq: int, at: datetime) -> bytes:
    """What a body says again of the columns beside it."""
    return f'","at":"{stamp(at)}","chain":"{chain}","seq":{seq},"task":"{chain}-'.encode()


def _kept(row: tuple[Any, ...]) -> Kept:
    at = moment(row[3])
    return Kept(
        position=row[0],
        chain=row[1],
        seq=row[2],
        at=at,
        body=unpack_bytes(row[4], context(row[1], row[2], at)),
        particulars=unpack_bytes(row[5]),
        digest=bytes(row[6]),
    )
