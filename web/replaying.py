"""Replay over a database: every chain, or those named, from journal and definitions alone."""

from collections.abc import Iterable, Iterator

from engine.diagrams.definition import Definition
from engine.ids import SYSTEM_CHAIN
from engine.replay import Difference, replay
from storage import Database, journal


def replayed(database: Database, chains: Iterable[str] | None = None) -> Iterator[Difference]:
    """The first difference of each chain that does not come out as it is recorded."""
    with database.read() as reader:
        names = list(chains) if chains is not None else journal.chains(reader)

        def definition(start: str) -> Definition:
            return database.definitions.beginning(reader, start)

        for name in names:
            if name != SYSTEM_CHAIN:
                found = replay(journal.entries(reader, name), definition, database.calendar)
                if found is not None:
                    yield found
