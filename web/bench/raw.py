"""The measure of everything: one small row, durably committed, with the pragmas that we use."""

import sqlite3
from pathlib import Path

from storage.database import PRAGMAS

_INSERT = "INSERT INTO votes (request, person, verdict) VALUES (?, ?, ?)"


class Raw:
    """A table and a cursor, nothing between them."""

    def __init__(self, folder: Path) -> None:
        self._connection = sqlite3.connect(folder / "raw.db", isolation_level=None)
        for pragma in PRAGMAS:
            self._connection.execute(f"PRAGMA {pragma}")
        self._cursor = self._connection.cursor()
        self._cursor.execute(
            "CREATE TABLE votes (id INTEGER PRIMARY KEY, request TEXT, person TEXT, verdict TEXT)"
        )

    def commit(self) -> None:
        """One row, for good."""
        execute = self._cursor.execute
        execute("BEGIN IMMEDIATE")
        execute(_INSERT, ("5gbwwhyyldbf6", "signer.001", "approved"))
        execute("COMMIT")

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()
