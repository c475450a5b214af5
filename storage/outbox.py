"""The outbox: notices to be sent by mail, at least once, each with a key of its own."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.ids import PersonId, RequestId, task_id
from storage.moments import micros, moment
from storage.packing import unpack
from storage.transaction import Transaction

LEASE = timedelta(minutes=5)
"""For so long nobody else tries what one sender has taken."""
FIRST_PAUSE = timedelta(minutes=1)
MOST_ATTEMPTS = 10
"""After so many failures a message is given up; the notice stays on its person's page."""

_TAKE = (
    "SELECT request, ordinal, person, at, kind, task, text, attempts FROM notices"
    " WHERE send_at <= ? ORDER BY send_at LIMIT ?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message to send."""

    key: str
    """The same at every attempt, for the receiver to drop repeats by."""
    request: RequestId
    ordinal: int
    person: PersonId
    kind: str
    task: str | None
    text: str
    text_en: str
    at: datetime
    attempts: int


def take(transaction: Transaction, now: datetime, limit: int = 50) -> list[Message]:
    """Messages to send now; they are this sender's for `LEASE`."""
    lock = " FOR UPDATE SKIP LOCKED" if transaction.dialect == "postgresql" else ""
    rows = transaction.all(_TAKE + lock, (micros(now), limit))
    until = micros(now + LEASE)
    transaction.many(
        "UPDATE notices SET send_at = ?, attempts = attempts + 1 WHERE request = ? AND ordinal = ?",
        [(until, row[0], row[1]) for row in rows],
    )
    found = []
    for request, ordinal, person, at, kind, task, text, attempts in rows:
        zh, en = unpack(text)
        found.append(
            Message(
                key=f"{request}-{ordinal}",
                request=RequestId(request),
                ordinal=ordinal,
                person=PersonId(person),
                kind=kind,
                task=None if task is None else task_id(RequestId(request), task),
                text=zh,
                text_en=en,
                at=moment(at),
                attempts=attempts + 1,
            )
        )
    return found


def sent(transaction: Transaction, message: Message) -> None:
    """It has left, or there is nowhere to send it to."""
    transaction.execute(
        "UPDATE notices SET send_at = NULL WHERE request = ? AND ordinal = ?",
        (message.request, message.ordinal),
    )


def failed(transaction: Transaction, message: Message, now: datetime) -> datetime | None:
    """It could not be sent: when it is tried again (each pause is twice the one before); None if
    it is given up."""
    if message.attempts >= MOST_ATTEMPTS:
        sent(transaction, message)
        return None
    again = now + FIRST_PAUSE * (1 << (message.attempts - 1))
    transaction.execute(
        "UPDATE notices SET send_at = ? WHERE request = ? AND ordinal = ?",
        (micros(again), message.request, message.ordinal),
    )
    return again
