"""The demo organisation behind the API, on each kind of database; pages have a folder of theirs."""

from tests.api.conftest import app, as_, clock, home

__all__ = ["app", "as_", "clock", "home"]
