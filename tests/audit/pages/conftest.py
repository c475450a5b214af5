"""The demo's pages, as other tests of pages have them, with everything sealed and indexed."""

import pytest

from storage import Database
from tests.audit.following import followed
from tests.pages.conftest import address, app, home, seat, visit

__all__ = ["address", "app", "home", "indexed", "seat", "visit"]


@pytest.fixture
def indexed(home: Database) -> Database:
    """The demo, with all its entries found."""
    followed(home)
    return home
