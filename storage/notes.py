"""Auditors' notes on a request or on one of its entries: only added, and withdrawn by their author.

The text is a particular of the note's entry in the system chain, and stands nowhere else: it can be
erased as the law may ask, and is never changed. Who may read and write notes is asked before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.case import Actor
from engine.ids import SYSTEM_CHAIN, PersonId, RequestId
from storage import journal
from storage.moments import micros, moment, optional_moment
from storage.transaction import Transaction

MADE, WITHDRAWN = "note", "note.withdrawn"
LONGEST = 4_000
"""Characters of a note."""
_COLUMNS = "id, request, step, author, at, entry, withdrawn_at"
_OF_REQUEST = f"SELECT {_COLUMNS} FROM notes WHERE request = ? ORDER BY at, entry"  # noqa: S608
_ONE = f"SELECT {_COLUMNS} FROM notes WHERE id = ?"  # noqa: S608
_PUT = "INSERT INTO notes (id, request, step, author, at, entry) VALUES (?, ?, ?, ?, ?, ?)"
_WITHDRAW = "UPDATE notes SET withdrawn_at = ? WHERE id = ? AND withdrawn_at IS NULL"
_STEP = "SELECT 1 FROM journal WHERE chain = ? AND seq = ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A note; `text` is None where it was erased by law."""

    id: str
    request: RequestId
    step: int
    """The number of the entry that it is about; 0: the request as a whole."""
    author: PersonId
    at: datetime
    entry: int
    """Its entry in the system chain."""
    withdrawn_at: datetime | None
    text: str | None


def of_request(transaction: Transaction, request: str) -> tuple[Note, ...]:
    """Every note on a request, the oldest first, those that were withdrawn among them."""
    return _notes(transaction, transaction.all(_OF_REQUEST, (request,)))


def one(transaction: Transaction, id: str) -> Note | None:
    """A note, if there is one of this id."""
    found = _notes(transaction, transaction.all(_ONE, (id,)))
    return found[0] if found else None


def has_step(transaction: Transaction, request: str, step: int) -> bool:
    """Whether there is an entry of this number; 0 is the request itself."""
    return step == 0 or transaction.one(_STEP, (request, step)) is not None


def add(
    transaction: Transaction,
    id: str,
    request: str,
    text: str,
    *,
    step: int,
    by: Actor,
    at: datetime,
) -> None:
    """Keep a note, with the time of its entry."""
    journal.lock_system(transaction)
    at = journal.system_time(transaction, at)
    body = {"note": id, "request": request, **({"step": step} if step else {})}
    entry = _record(transaction, MADE, by, at, body, {"input.comment": text})
    transaction.execute(_PUT, (id, request, step, by.id, micros(at), entry))


def withdraw(transaction: Transaction, note: Note, *, by: Actor, at: datetime) -> bool:
    """Withdraw a note; it stays, as withdrawn. Whether it was not yet."""
    journal.lock_system(transaction)
    at = journal.system_time(transaction, at)
    if not transaction.execute(_WITHDRAW, (micros(at), note.id)):
        return False
    body = {"note": note.id, "request": note.request}
    _record(transaction, WITHDRAWN, by, at, body, {})
    return True


def _record(
    transaction: Transaction,
    verb: str,
    by: Actor,
    at: datetime,
    body: Mapping[str, Any],
    said: Mapping[str, Any],
) -> int:
    private = {"actor.name": by.name, "actor.origin": by.origin, **said}
    return journal.record(
        transaction,
        at=at,
        body={"verb": verb, "outcome": "done", "actor": by.id, "via": by.via, **body},
        particulars={name: value for name, value in private.items() if value},
    )


def _notes(transaction: Transaction, rows: Sequence[Sequence[Any]]) -> tuple[Note, ...]:
    numbers = [row[5] for row in rows]
    entries = journal.picked(transaction, SYSTEM_CHAIN, numbers) if numbers else {}
    found = []
    for id, request, step, author, at, entry, withdrawn_at in rows:
        text = entries[entry].particulars.get("input.comment")
        found.append(
            Note(
                id=id,
                request=RequestId(request),
                step=step,
                author=PersonId(author),
                at=moment(at),
                entry=entry,
                withdrawn_at=optional_moment(withdrawn_at),
                text=text if isinstance(text, str) else None,
            )
        )
    return tuple(found)
