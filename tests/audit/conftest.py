"""The demo organisation with a request or two, behind API and pages, on each kind of database."""

from collections.abc import Callable

import pytest
from flask import Flask

from storage import Database
from tests.api.callers import Caller, Clock, application
from tests.workflows.organised import organise

As = Callable[[str], Caller]


@pytest.fixture
def clock() -> Clock:
    """The time, which stands still."""
    return Clock()


@pytest.fixture
def home(database: Database) -> Database:
    """A database with people and processes."""
    return organise(database)


@pytest.fixture
def app(home: Database, clock: Clock) -> Flask:
    """The application."""
    return application(home, clock)


@pytest.fixture
def as_(app: Flask, home: Database) -> As:
    """A person who calls the API, by his id."""
    return lambda person: Caller(app, home, person)
