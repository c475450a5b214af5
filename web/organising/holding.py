"""What a person holds now, in numbers."""

from dataclasses import dataclass

from storage import standing_in
from storage.reader import Reader

_RUNNING = (
    "SELECT COUNT(*) FROM requests WHERE requester = ?"
    " AND status IN ('running', 'returned', 'suspended')"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """How much hangs on somebody."""

    tasks: int
    """In his inbox."""
    claimable: int
    """Tasks of his groups and places whose turn has not come, besides."""
    requests: int
    """His own that still run."""
    processes: tuple[str, ...]
    """Keys of processes that belong to him."""

    @classmethod
    def of(cls, reader: Reader, person: str) -> "Holding":
        """Of this person, now."""
        tasks = int(reader.value("SELECT COUNT(*) FROM inbox WHERE person = ?", (person,)))
        owned = reader.all(
            "SELECT process FROM owners WHERE person = ? ORDER BY process", (person,)
        )
        return cls(
            tasks=tasks,
            claimable=len(standing_in.held_tasks(reader, person)) - tasks,
            requests=int(reader.value(_RUNNING, (person,))),
            processes=tuple(row[0] for row in owned),
        )
