"""The outbox of calls to other systems: at least once, each with a key of its own."""

from dataclasses import dataclass
from datetime import datetime

from engine.ids import RequestId
from storage.moments import micros
from storage.outbox import FIRST_PAUSE, LEASE, MOST_ATTEMPTS
from storage.packing import unpack_text
from storage.transaction import Transaction

_TAKE = (
    "SELECT request, ordinal, url, payload, attempts FROM posts"
    " WHERE send_at <= ? ORDER BY send_at LIMIT ?"
)
_MARK = "UPDATE posts SET send_at = ?, attempts = ? WHERE request = ? AND ordinal = ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call to make."""

    request: RequestId
    ordinal: int
    url: str
    payload: str
    attempts: int

    @property
    def key(self) -> str:
        """The same at every attempt, for the receiver to drop repeats by."""
        return f"{self.request}-w{self.ordinal}"


def take(transaction: Transaction, now: datetime, limit: int = 50) -> list[Call]:
    """Calls to make now; they are this sender's for `LEASE`."""
    lock = " FOR UPDATE SKIP LOCKED" if transaction.dialect == "postgresql" else ""
    rows = transaction.all(_TAKE + lock, (micros(now), limit))
    until = micros(now + LEASE)
    transaction.many(_MARK, [(until, row[4] + 1, row[0], row[1]) for row in rows])
    return [
        Call(
            request=RequestId(request),
            ordinal=ordinal,
            url=url,
            payload=unpack_text(payload),
            attempts=attempts + 1,
        )
        for request, ordinal, url, payload, attempts in rows
    ]


def sent(transaction: Transaction, call: Call) -> None:
    """It has left, or is given up."""
    transaction.execute(_MARK, (None, call.attempts, call.request, call.ordinal))


def failed(transaction: Transaction, call: Call, now: datetime) -> datetime | None:
    """It could not be made: when it is tried again (each pause is twice the one before); None if
    it is given up."""
    if call.attempts >= MOST_ATTEMPTS:
        sent(transaction, call)
        return None
    again = now + FIRST_PAUSE * (1 << (call.attempts - 1))
    transaction.execute(_MARK, (micros(again), call.attempts, call.request, call.ordinal))
    return again
