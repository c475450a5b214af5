"""What the parts of a unit of work share: the transaction, the caches, what was loaded."""

from typing import Any

from engine.calendars import WorkCalendar
from engine.ids import PersonId, RequestId
from engine.people.directory import Directory
from storage.definitions import Definitions
from storage.organisation import Organisation, Snapshot
from storage.transaction import Transaction

InboxRow = tuple[str, int, str, int, int, int]
"""Person (or member), opened at, request, ordinal, due, optional."""


class Base:
    """One command's view of the database."""

    def __init__(
        self,
        transaction: Transaction,
        definitions: Definitions,
        organisation: Organisation,
        calendar: WorkCalendar,
    ) -> None:
        self._transaction = transaction
        self._dialect = transaction.dialect
        self._definitions = definitions
        self._organisation = organisation
        self.calendar = calendar
        self._places: dict[str, int] = {}
        self._cold: dict[str, tuple[Any, ...]] = {}
        """By request: what it said when it was loaded or saved."""
        self._flows: dict[str, tuple[str, str]] = {}
        """By request: its flow and its answers as they were loaded or saved."""
        self._search: set[str] = set()
        """Requests whose searchable words may have changed."""
        self._shown: dict[tuple[str, int], tuple[frozenset[InboxRow], frozenset[InboxRow]]] = {}
        """By slot: its rows of the inbox and of the queue, as they stand."""
        self._held: set[tuple[RequestId, PersonId]] = set()
        """(request, person) known to be marked as having held a task."""
        self._notices: list[tuple[Any, ...]] = []
        """Written together at the end."""
        self._recording = True
        self._snapshot: Snapshot | None = None
        self.callable: frozenset[str] = frozenset()
        """The hosts that this system may call (`Database.callable`)."""

    @property
    def directory(self) -> Directory:
        """The organisation as of this transaction."""
        return self.organisation

    @property
    def organisation(self) -> Snapshot:
        """The same, with what only storage asks."""
        if self._snapshot is None:
            self._snapshot = self._organisation.current(self._transaction)
        return self._snapshot

    @property
    def transaction(self) -> Transaction:
        """For what storage itself adds to a command: deployments, the organisation, accounts."""
        return self._transaction

    def _place(self, request: RequestId) -> int:
        """The request's place in the order of lists."""
        if request not in self._places:
            found = self._transaction.value("SELECT place FROM requests WHERE id = ?", (request,))
            if found is None:
                raise KeyError(request)
            self._places[request] = found
        return self._places[request]
