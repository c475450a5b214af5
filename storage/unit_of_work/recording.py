"""The journal as commands write it, and the definitions that they run by."""

from os import urandom

from engine.diagrams.definition import Definition
from engine.ids import RequestId
from engine.journal import Entry, seal
from storage import journal
from storage.unit_of_work.base import Base


class Recording(Base):
    """Appends to chains and reads them."""

    def definition(self, digest: str) -> Definition:
        """The compiled version of this digest. Raises KeyError if there is none."""
        return self._definitions.get(self._transaction, digest)

    def latest(self, process: str) -> Definition | None:
        """The version that a new request of this process starts with."""
        return self._definitions.latest(self._transaction, process)

    def called(self, process: str, binding: str, version: str, of: str) -> Definition | None:
        """The version of `process` that the version of digest `of` calls."""
        return self._definitions.called(self._transaction, process, binding, version, of)

    def append(self, entry: Entry, previous: bytes) -> bytes:
        """Seal and keep; the chain's new digest. While a rebuild runs, the entry is there
        already and its digest is the one recorded."""
        if not self._recording:
            return journal.recorded_digest(self._transaction, entry.chain, entry.seq)
        sealed = seal(entry, previous, urandom(16))
        journal.keep(self._transaction, sealed)
        return sealed.digest

    def entries(self, chain: str, *, after: int = 0) -> list[Entry]:
        """A chain's entries in order, opened."""
        return journal.entries(self._transaction, chain, after=after)

    def stop_recording(self) -> None:
        """From now on `append` writes nothing: a rebuild executes what the journal has."""
        self._recording = False

    def taken(self, request: RequestId) -> bool:
        """Whether there is a request of this id."""
        return self._transaction.one("SELECT 1 FROM requests WHERE id = ?", (request,)) is not None
