"""A house on each kind of database; and packages made once, to tamper with."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from storage import Database
from tests.packages.made import House
from tests.support import databases


@pytest.fixture
def house(database: Database) -> House:
    """People, a process, and keys."""
    return House.of(database)


@pytest.fixture
def small(sqlite_home: Database) -> House:
    """The same on SQLite alone, where the database does not matter."""
    return House.of(sqlite_home)


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """Genuine packages of one house."""

    request: str
    key: str
    whole: bytes
    """One request, by the command line."""
    older: bytes
    """The same request, taken before its last decision."""
    two: bytes
    """Two requests."""
    narrow: bytes
    """The first request, as its first signer may see it."""


@pytest.fixture(scope="session")
def shelf(run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    """Packages that nobody has touched."""
    template, folder = run_folder / "template.db", tmp_path_factory.mktemp("shelf")
    databases.once(run_folder, "sqlite", lambda: databases.lay_out(f"sqlite:///{template}"))
    shutil.copy(template, folder / "countersign.db")
    database = Database(f"sqlite:///{folder / 'countersign.db'}", folder)
    house = House.of(database)
    waits = house.asked(topic="another")
    house.package(waits["id"])
    ended, narrow = house.ended(), house.who("gm")
    before = house.package(ended["id"])
    house.by("business.officer").post(f"/requests/{ended['id']}/comment", {"comment": "后记"}).ok()
    yield Shelf(
        request=ended["id"],
        key=house.key,
        whole=house.package(ended["id"]),
        older=before,
        two=house.package(waits["id"], ended["id"]),
        narrow=house.package(ended["id"], exporter=narrow),
    )
    database.close()
