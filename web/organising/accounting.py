"""Whether somebody can sign in, as an administrator has it."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from engine.ids import PersonId
from engine.refusals import NamesHimself, Unknown
from storage import accounts, journal, organisation
from storage.organisation import Snapshot
from storage.organising import tell
from storage.reader import Reader
from storage.transaction import Transaction
from web.organising.doing import Desk, stay_administered
from web.security.passwords import hashed

LENGTH = 12
"""Bytes of a password that is given: sixteen characters to read out once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """Who can sign in, read once for a list."""

    with_password: frozenset[str]
    disabled: frozenset[str]
    to_change: frozenset[str]

    @classmethod
    def of_reader(cls, reader: Reader) -> "Accounts":
        """Everybody's."""
        rows = reader.all(
            "SELECT person, password_hash IS NOT NULL, disabled, must_change FROM accounts"
        )
        return cls(
            with_password=frozenset(row[0] for row in rows if row[1]),
            disabled=frozenset(row[0] for row in rows if row[2]),
            to_change=frozenset(row[0] for row in rows if row[1] and row[3]),
        )

    def state(self, person: str) -> str:
        """`disabled`, `none` (no password), `once` (one that he has to change), or `ready`."""
        if person in self.disabled:
            return "disabled"
        if person not in self.with_password:
            return "none"
        return "once" if person in self.to_change else "ready"


def close_account(desk: Desk, person: str) -> None:
    """Nobody signs in as this person from now on; sessions and tokens die at once.

    Raises:
        NotYours, Unknown, LastAdministrator. NamesHimself: an administrator his own.
    """
    with _about(desk, person, "user.disabled") as (transaction, snapshot):
        if person == desk.me.id:
            raise NamesHimself()
        stay_administered(transaction, snapshot, {*map(str, snapshot.administrators())} - {person})
        accounts.disable(transaction, PersonId(person), desk.door.clock())


def open_account(desk: Desk, person: str) -> None:
    """He may sign in again; old sessions and tokens stay dead.

    Raises:
        NotYours, Unknown.
    """
    with _about(desk, person, "user.enabled") as (transaction, _):
        accounts.enable(transaction, PersonId(person))


def new_password(desk: Desk, person: str) -> str:
    """A password for once, told only now: he has to choose his own when he signs in with it; what
    was signed in is signed out.

    Raises:
        NotYours, Unknown.
    """
    password = secrets.token_urlsafe(LENGTH)
    kept = hashed(password)
    with _about(desk, person, "password.changed") as (transaction, _):
        accounts.set_password(
            transaction, PersonId(person), kept, desk.door.clock(), must_change=True
        )
    return password


@contextmanager
def _about(desk: Desk, person: str, verb: str) -> Iterator[tuple[Transaction, Snapshot]]:
    """A change of a person's account, with its entry."""
    desk.administers(verb, subject=person)
    with desk.door.database.write() as transaction:
        journal.lock_system(transaction)
        snapshot = organisation.read(transaction)
        if person not in snapshot.people:
            raise Unknown()
        yield transaction, snapshot
        tell(transaction, verb, desk.by, desk.door.clock(), {"subject": person}, {})
