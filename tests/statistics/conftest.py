"""The demo organisation with lives that were lived, sealed and counted."""

from random import Random

import pytest

from storage import Database, time_spent
from tests.pages.conftest import address, app, home, seat, visit
from tests.statistics.sealing import sealed
from tests.statistics.test_time_spent import live, walked
from tests.workflows.organised import organise

__all__ = ["address", "app", "home", "seat", "visit"]


@pytest.fixture
def counted_home(database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A database whose numbers are up to date."""
    organise(database)
    live(walked("work-order", 3), database, Random(0), monkeypatch, following=False)
    sealed(database)
    time_spent.follow(database)
    return database
