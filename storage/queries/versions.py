"""The definitions that one request runs: its own, and those of the processes that it calls."""

from collections.abc import Iterable
from typing import Protocol

from engine.diagrams.definition import Definition
from storage.reader import Reader


class InScope(Protocol):
    """A row that says which version the scope it stands in runs."""

    definition: str
    """Its digest; empty: the request's own."""


class Versions:
    """Finds the version in whose words a row speaks; ids of nodes mean nothing without it."""

    __slots__ = ("_reader", "own")

    def __init__(self, reader: Reader, own: Definition) -> None:
        self._reader = reader
        self.own = own

    @classmethod
    def of_request(cls, reader: Reader, definition: str) -> "Versions":
        """By the digest of the request's own version."""
        return cls(reader, reader.definitions.get(reader, definition))

    def of(self, row: InScope | None) -> Definition:
        """The version of a node, slot, token or incident; the request's own without one."""
        return self.at(row.definition) if row is not None else self.own

    def at(self, digest: str) -> Definition:
        """The version of this digest, "" for the request's own."""
        return self._reader.definitions.get(self._reader, digest) if digest else self.own

    def beginning(self, start: str) -> Definition:
        """The version whose digest begins so, as entries name it, "" for the request's own."""
        return self._reader.definitions.beginning(self._reader, start) if start else self.own

    def all(self, rows: Iterable[InScope]) -> tuple[Definition, ...]:
        """The request's own and every called one that these rows name, each once."""
        digests = dict.fromkeys(row.definition for row in rows)
        return (self.own, *(self.at(digest) for digest in digests if digest))
