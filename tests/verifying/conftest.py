"""The home of homes.py, made once a run on each database and copied for each test."""

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest

from storage import Database
from storage.keys import Keys
from tests.conftest import KINDS, used
from tests.support import databases
from tests.verifying import homes


def _make(url: str, folder: Path) -> None:
    folder.mkdir()
    databases.lay_out(url)
    database = Database(url, folder)
    homes.fill(database)
    database.close()


@pytest.fixture
def full_sqlite(request: pytest.FixtureRequest, run_folder: Path, tmp_path: Path) -> Database:
    used(request, "sqlite")
    folder = run_folder / "full-sqlite"
    make = partial(_make, f"sqlite:///{folder / 'countersign.db'}", folder)
    databases.once(run_folder, "full-sqlite", make)
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    return Database(f"sqlite:///{tmp_path / 'countersign.db'}", tmp_path)


@pytest.fixture
def full_postgresql(
    request: pytest.FixtureRequest, postgresql: databases.Server, run_folder: Path, tmp_path: Path
) -> Iterator[Database]:
    used(request, "postgresql")
    folder = run_folder / "full-postgresql"
    databases.once(run_folder, "full-postgresql", lambda: _make(postgresql.create("full"), folder))
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    name = f"test_{uuid4().hex}"
    yield Database(postgresql.create(name, "full"), tmp_path)
    postgresql.drop(name)


@pytest.fixture(params=KINDS)
def home(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A home that is sealed and verifies."""
    database: Database = request.getfixturevalue(f"full_{request.param}")
    yield database
    database.close()


@pytest.fixture
def keys(home: Database) -> Keys:
    """Its keys."""
    return Keys(home.home / "keys")
