"""Sealing everything, and having the search follow it."""

from datetime import UTC, datetime
from time import sleep

from storage import Database, finding
from storage.following import follow
from storage.keys import Keys
from storage.sealing import seal

AT = datetime(2031, 1, 1, tzinfo=UTC)


def followed(database: Database) -> None:
    """All of it: on a server that others use as well, what is settled is known a moment later."""
    keys = Keys(database.home / "keys")
    keys.ensure()
    for _ in range(200):
        seal(database, keys, AT)
        follow(database, finding.NAME, finding.take)
        with database.read() as reader:
            if not finding.indexed(reader).behind:
                return
        sleep(0.05)
    raise AssertionError("entries are left behind")
