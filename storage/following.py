"""Followers: what reads entries in the order in which they were sealed, each at its own pace.

A follower's name has the number of leaves that it has taken. What it makes of them it writes in
the transaction in which its number rises, so that each entry is taken once.
"""

from collections.abc import Callable

from storage import journal
from storage.database import Database
from storage.journal import Kept
from storage.transaction import Transaction

Take = Callable[[Transaction, list[tuple[int, Kept]]], None]
"""Takes entries, each with its leaf's index, in a transaction that is committed after it."""

_PAST = "SELECT idx FROM followers WHERE name = ?"
_BEGIN = "INSERT INTO followers (name, idx) VALUES (?, 0) ON CONFLICT DO NOTHING"
_ADVANCE = "UPDATE followers SET idx = ? WHERE name = ? AND idx = ?"


def follow(
    database: Database, name: str, take: Take, *, batch: int = 500, most: int = 20_000
) -> int:
    """Give a follower the sealed entries that it has not had yet, `most` of them at most, in
    transactions of `batch`; how many it took. Of several that run at once each entry is one's."""
    taken = 0
    while taken < most:
        count = _step(database, name, take, min(batch, most - taken))
        taken += count
        if count == 0:
            break
    return taken


def past(transaction: Transaction, name: str) -> int:
    """How many leaves a follower has taken."""
    return int(transaction.value(_PAST, (name,)) or 0)


def again(transaction: Transaction, name: str) -> None:
    """Have a follower begin anew, in the transaction that empties what it made."""
    transaction.execute("DELETE FROM followers WHERE name = ?", (name,))


def _step(database: Database, name: str, take: Take, count: int) -> int:
    # What is read and unpacked is read outside of the write, which then is short.
    with database.read() as reader:
        since = past(reader, name)
        found = journal.sealed(reader, since=since, limit=count)
    if not found:
        return 0
    with database.write() as transaction:
        transaction.execute(_BEGIN, (name,))
        if transaction.execute(_ADVANCE, (found[-1][0] + 1, name, since)) != 1:
            return 0  # somebody else was here; what is left is his
        take(transaction, found)
    return len(found)
