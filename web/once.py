"""What is no command of a request takes effect once as well, however often it is called under its
key (K1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.ids import PersonId
from engine.refusals import KeyReused
from engine.unit_of_work import UnitOfWork
from storage.transaction import Transaction
from storage.unit_of_work import DatabaseUnitOfWork
from web.door import Door


@dataclass(frozen=True, slots=True, kw_only=True)
class Once:
    """One call of a person: its key, if it has one, and the digest of what it says."""

    person: PersonId
    key: str | None = None
    body: str = ""

    def before(self, uow: UnitOfWork) -> Mapping[str, Any] | None:
        """What the same call has come to before; None: it has not been carried out yet. A second
        call under the key waits here until the first one's transaction has ended.

        Raises:
            KeyReused: the key was another call's.
        """
        known = None if self.key is None else uow.answered(self.person, self.key)
        if known is not None and known[0] != self.body:
            raise KeyReused()
        return None if known is None else known[1]

    def remember(self, uow: UnitOfWork, outcome: Mapping[str, Any], door: Door) -> None:
        """Keep what it has come to, in the same transaction."""
        if self.key is not None:
            uow.remember(self.person, self.key, self.body, outcome, door.clock())


def over(transaction: Transaction, door: Door) -> DatabaseUnitOfWork:
    """A unit of work within a transaction that is no command's."""
    database = door.database
    return DatabaseUnitOfWork(
        transaction, database.definitions, database.organisation, database.calendar
    )
