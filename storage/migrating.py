"""Bringing a database to the tables that this version knows. Run by `init` and `serve`."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event
from sqlalchemy.engine import Connection

from storage import past
from storage.database import Database
from storage.transaction import Transaction

FOLDER = Path(__file__).parent / "migrations"
_LOCK = 0x6D696772
"""Key of PostgreSQL's advisory lock on migrating."""


def migrate(database: Database, *, to: str = "head") -> None:
    """Run what is missing (up to the revision `to`), all of it or nothing; safe when several
    processes start at once."""
    with database.engine() as engine:
        if database.dialect == "sqlite":
            event.listen(engine, "connect", _by_hand)
            event.listen(engine, "begin", _begin_immediate)
        with engine.connect() as connection, connection.begin():
            if database.dialect == "postgresql":
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            if _revision(connection) != newest():
                command.upgrade(_config(connection), to)
                if to == "head":
                    cursor = connection.connection.cursor()
                    past.fill(Transaction(cursor, database.dialect))


def newest() -> str | None:
    """The revision that this version's tables are of."""
    return ScriptDirectory(str(FOLDER)).get_current_head()


def newest_first() -> list[str]:
    """Every revision that this version knows how to come from."""
    return [script.revision for script in ScriptDirectory(str(FOLDER)).walk_revisions()]


def revision(database: Database) -> str | None:
    """The revision of a database's tables; None if it has none yet."""
    with database.engine() as engine, engine.connect() as connection:
        return _revision(connection)


def is_newer(database: Database) -> bool:
    """Whether its tables are of a revision that this version has never heard of."""
    found = revision(database)
    return found is not None and found not in newest_first()


def is_current(database: Database) -> bool:
    """Whether the database has the tables of this version."""
    return revision(database) == newest()


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _by_hand(connection: Any, _record: Any) -> None:
    # The driver would end a transaction before each CREATE TABLE.
    connection.isolation_level = None
    connection.execute("PRAGMA busy_timeout=30000")


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
