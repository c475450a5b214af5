"""The demo organisation behind the API and the pages, on each kind of database."""

from tests.api.conftest import app, as_, clock, home

__all__ = ["app", "as_", "clock", "home"]
