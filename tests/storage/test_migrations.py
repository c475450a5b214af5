"""What the migrations make is what the code knows."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from storage import Database, migrate
from storage.migrating import is_current, newest
from storage.tables import METADATA

ONE_SIDED = ("search_", "ix_journal_xid_position")
"""What only one kind of database has."""


def test_the_migrations_equal_the_models(database: Database) -> None:
    with database.engine() as engine, engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_name": lambda name, _type, _parents: not str(name).startswith(ONE_SIDED),
            },
        )
        assert compare_metadata(context, METADATA) == []


def test_an_empty_database_is_brought_up_by_whoever_comes_first(
    database_url: str, tmp_path: Path
) -> None:
    one, two = Database(database_url, tmp_path), Database(database_url, tmp_path)
    assert not is_current(one)
    with ThreadPoolExecutor() as pool:
        list(pool.map(migrate, [one, two, one, two]))
    assert is_current(one)
    migrate(two)
    with one.read() as reader:
        assert reader.value("SELECT version_num FROM alembic_version") == newest()
    one.close()
    two.close()


def test_every_table_of_sqlite_is_strict(sqlite_home: Database) -> None:
    with sqlite_home.read() as reader:
        strict = reader.all("SELECT name, strict FROM pragma_table_list WHERE schema = 'main'")
    found = {name: bool(is_strict) for name, is_strict in strict}
    assert all(found[name] for name in METADATA.tables)
