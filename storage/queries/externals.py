"""What a request waits for that no person does: its external tasks."""

from engine.requests import External
from storage.reader import Reader
from storage.unit_of_work.externals import COLUMNS, external_of

_OF = f"SELECT {COLUMNS} FROM externals WHERE request = ? ORDER BY created_at, key"  # noqa: S608


def externals(reader: Reader, request: str) -> tuple[External, ...]:
    """The external tasks of a request, the oldest first."""
    return tuple(external_of(row) for row in reader.all(_OF, (request,)))
