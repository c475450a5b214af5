"""A database of either kind, keys in a folder of its own, and entries to seal."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.journal import Entry
from storage import Database
from storage.keys import Keys

NOW = datetime(2030, 1, 15, 1, 0, tzinfo=UTC)


def write(database: Database, chain: str, count: int = 1, *, after: int = 0) -> None:
    """So many entries of a chain, each in a transaction of its own."""
    with database.read() as reader:
        row = reader.one(
            "SELECT seq, digest FROM journal WHERE chain = ? ORDER BY seq DESC LIMIT 1", (chain,)
        )
    seq, head = (after, b"") if row is None else (row[0], bytes(row[1]))
    for number in range(seq + 1, seq + count + 1):
        with database.unit_of_work() as work:
            entry = Entry(chain=chain, seq=number, at=NOW, body={"verb": "v", "n": number})
            head = work.append(entry, head)
            work.commit()


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    """A folder with a key in it."""
    keys = Keys(tmp_path / "keys")
    keys.ensure(NOW)
    return keys
