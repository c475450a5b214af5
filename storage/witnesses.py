"""What was sent of the log to others: which head, when, and the time stamps that came back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from engine.proof.heads import Head
from storage import leaves, sealing
from storage.database import Database
from storage.moments import micros, moment
from storage.transaction import Transaction

OFTEN = timedelta(hours=1)
"""A log that grows is sent no more often than this."""
_KEEP = "INSERT INTO stamps (ordinal, at, authority, token) VALUES (?, ?, ?, ?)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A time stamp over a head: its response as the authority sent it (RFC 3161, DER)."""

    ordinal: int
    head: Head
    at: datetime
    authority: str
    token: bytes


def witness(
    database: Database, name: str, now: datetime, zone: ZoneInfo, send: Callable[[int, Head], None]
) -> Head | None:
    """Send the newest head, if it is time: the log has grown and an hour has passed since the last
    one, or it is the first of a day (which closes the day before). The head that was sent.

    Of several schedulers one sends. What `send` raises is passed on, and it is tried again.
    """
    with database.read() as reader:
        before, found = leaves.said(reader, name), _newest(reader)
    if found is None or not _due(before, found[1], now, zone):
        return None
    if not _claimed(database, name, before, f"{found[1].size} {micros(now)}"):
        return None
    try:
        send(*found)
    except Exception:
        with database.write() as transaction:
            leaves.lock(transaction)
            if before is None:
                transaction.execute("DELETE FROM log WHERE name = ?", (name,))
            else:
                leaves.say(transaction, name, before)
        raise
    return found[1]


def _newest(reader: Transaction) -> tuple[int, Head] | None:
    ordinal = int(reader.value("SELECT COALESCE(MAX(ordinal), 0) FROM heads"))
    found = sealing.heads(reader, after=ordinal - 1, limit=1) if ordinal else []
    return found[0] if found else None


def _due(before: str | None, head: Head, now: datetime, zone: ZoneInfo) -> bool:
    if before is None:
        return True
    size, _, at = before.partition(" ")
    last = moment(int(at))
    if _day(now, zone) > _day(last, zone):
        return True
    return head.size != int(size) and now - last >= OFTEN


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


def _claimed(database: Database, name: str, before: str | None, now: str) -> bool:
    with database.write() as transaction:
        leaves.lock(transaction)
        if leaves.said(transaction, name) != before:
            return False
        leaves.say(transaction, name, now)
    return True


def keep_stamp(
    transaction: Transaction, ordinal: int, *, at: datetime, authority: str, token: bytes
) -> None:
    """Keep a time stamp over the head of that ordinal; one that has a stamp keeps it."""
    if transaction.one("SELECT 1 FROM stamps WHERE ordinal = ?", (ordinal,)) is None:
        transaction.execute(_KEEP, (ordinal, micros(at), authority, token))


def stamps(reader: Transaction, *, after: int = 0, limit: int = 1000) -> list[Stamp]:
    """Time stamps in the order of their heads."""
    rows = reader.all(
        "SELECT ordinal, at, authority, token FROM stamps WHERE ordinal > ?"
        " ORDER BY ordinal LIMIT ?",
        (after, limit),
    )
    return [
        Stamp(
            ordinal=ordinal,
            head=sealing.heads(reader, after=ordinal - 1, limit=1)[0][1],
            at=moment(at),
            authority=authority,
            token=bytes(token),
        )
        for ordinal, at, authority, token in rows
    ]
