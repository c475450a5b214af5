"""Erasing particulars, as the law may ask: with an account of it, a tombstone and a valid chain.

Owns the rows of `erasures` and the entry `erased` of the system chain. What was made of the values
is storage.forgetting's work.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from engine.ids import PersonId
from storage import journal, organisation
from storage.moments import micros
from storage.transaction import Transaction

VERB = "erased"
"""The verb of the system chain's entry."""
ATTACHMENT = "attachment:"
"""Before the id of an upload whose content was erased; the entry is the one that submitted it."""
Where = tuple[str, int]
"""A chain, and the number of an entry in it."""
_ACCOUNT = (
    "INSERT INTO erasures (chain, seq, path, at, by, reason, entry) VALUES (?, ?, ?, ?, ?, ?, ?)"
)


def erase(
    transaction: Transaction,
    what: Mapping[Where, Iterable[str]],
    *,
    by: PersonId,
    at: datetime,
    reason: str,
    name: str = "",
    via: str = "command line",
) -> int:
    """Erase these particulars (by path) of these entries, and say so in an entry of the system
    chain; its number. A path that begins with `attachment:` is only accounted for here.

    Raises KeyError if there is no such entry or path: the transaction has to be given up.
    """
    found = {where: sorted(set(paths)) for where, paths in sorted(what.items()) if paths}
    journal.lock_system(transaction)
    at = journal.system_time(transaction, at)
    particulars = {"input.comment": reason, "actor.name": name}
    number = journal.record(
        transaction,
        at=at,
        body={
            "verb": VERB,
            "outcome": "done",
            "actor": by,
            "via": via,
            "erased": [[chain, seq, paths] for (chain, seq), paths in found.items()],
        },
        particulars={path: value for path, value in particulars.items() if value},
    )
    for (chain, seq), paths in found.items():
        transaction.many(
            _ACCOUNT, [(chain, seq, path, micros(at), by, reason, number) for path in paths]
        )
        journal.erase(
            transaction, chain, seq, [path for path in paths if not path.startswith(ATTACHMENT)]
        )
    # What is held in memory of the organisation as it was says no more what was erased.
    organisation.touch(transaction)
    return number


def accounted(transaction: Transaction) -> Iterator[tuple[str, int, str, int, str, str, int]]:
    """Every account: chain, number, path, time, by whom, why, and the entry that tells of it."""
    yield from transaction.all(
        "SELECT chain, seq, path, at, by, reason, entry FROM erasures ORDER BY chain, seq, path"
    )


def chains(transaction: Transaction) -> set[str]:
    """The chains of which something was erased."""
    return {row[0] for row in transaction.all("SELECT DISTINCT chain FROM erasures")}
