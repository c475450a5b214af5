"""`engine.UnitOfWork` over a database: one transaction, its parts by topic.

Owns the rows that commands read and write, and the projections kept with them (inbox, queue,
involvement, search). Imports engine and the storage modules below it; never web.
"""

from storage.search import refresh
from storage.unit_of_work.answering import Answering
from storage.unit_of_work.coupling import Coupling
from storage.unit_of_work.externals import Externals
from storage.unit_of_work.nodes import Nodes
from storage.unit_of_work.recording import Recording
from storage.unit_of_work.requests import Requests
from storage.unit_of_work.slots import Slots
from storage.unit_of_work.waiting import Waiting

__all__ = ["DatabaseUnitOfWork"]


class DatabaseUnitOfWork(
    Requests, Nodes, Slots, Coupling, Externals, Waiting, Answering, Recording
):
    """One command's transaction. Made by `Database.unit_of_work`."""

    def complete(self) -> None:
        """Write what was put off to the end: notices, and words for search."""
        self._deliver()
        for request in sorted(self._search):
            refresh(self._transaction, request, self._definitions, self.directory)
        self._search.clear()

    def commit(self) -> None:
        """Keep everything, for good."""
        self.complete()
        self._transaction.finish()
