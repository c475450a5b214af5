"""Who reads another's history: an entry of the system chain, once in ten minutes a person, request
and way of reading."""

from datetime import datetime, timedelta

from engine.case import Actor
from storage import journal
from storage.moments import micros
from storage.transaction import Transaction
from storage.visibility import Viewer, may_claim

VERB = "read"
AGAIN = timedelta(minutes=10)
"""Reading on within this time is the same reading."""
_REQUESTER = "SELECT requester FROM requests WHERE id = ?"
_INVOLVED = "SELECT 1 FROM involved WHERE request = ? AND person = ?"
_LATELY = "SELECT 1 FROM readings WHERE person = ? AND request = ? AND what = ? AND at > ?"
_PUT = (
    "INSERT INTO readings (person, request, what, at) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (person, request, what) DO UPDATE SET at = excluded.at"
    " WHERE readings.at <= ?"
)


def watches(transaction: Transaction, viewer: Viewer, request: str) -> bool:
    """Whether a request is another's to this viewer: he neither made it, nor held or holds a task
    of it, nor was copied."""
    row = transaction.one(_REQUESTER, (request,))
    return (
        row is not None
        and row[0] != viewer.person
        and transaction.one(_INVOLVED, (request, viewer.person)) is None
        and not may_claim(transaction, viewer.person, request)
    )


def lately(transaction: Transaction, person: str, request: str, what: str, at: datetime) -> bool:
    """Whether this reading stands in the journal already."""
    since = micros(at - AGAIN)
    return transaction.one(_LATELY, (person, request, what, since)) is not None


def record(transaction: Transaction, by: Actor, request: str, what: str, at: datetime) -> bool:
    """Record a reading; whether it was, since another call may just have done so."""
    journal.lock_system(transaction)
    if not transaction.execute(_PUT, (by.id, request, what, micros(at), micros(at - AGAIN))):
        return False
    particulars = {"actor.name": by.name, "actor.origin": by.origin}
    journal.record(
        transaction,
        at=at,
        body={
            "verb": VERB,
            "outcome": "done",
            "actor": by.id,
            "via": by.via,
            "request": request,
            "what": what,
        },
        particulars={name: value for name, value in particulars.items() if value},
    )
    return True
