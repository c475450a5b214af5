"""Sealing everything at once, for tests of what follows."""

from datetime import UTC, datetime
from time import sleep

from storage import Database
from storage.keys import Keys
from storage.sealing import seal

AT = datetime(2031, 1, 1, tzinfo=UTC)


def sealed(database: Database) -> None:
    """All of it: on a server that others use as well, what is settled is known a moment later."""
    keys = Keys(database.home / "keys")
    keys.ensure()
    for _ in range(200):
        seal(database, keys, AT)
        with database.read() as reader:
            entries = reader.value("SELECT COUNT(*) FROM journal")
            if reader.value("SELECT COUNT(*) FROM leaves") == entries:
                return
        sleep(0.05)
    raise AssertionError("entries are left unsealed")
