"""The demo organisation with the demo's requests, laid out once a run and copied for each test."""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext
from werkzeug.serving import make_server

from storage import Database
from tests.conftest import used
from tests.pages.visitors import Visitor, application, session_of
from tests.support import browser as browsers
from tests.support import databases
from web.cli import demo

Visit = Callable[..., Visitor]


def _lay_out(home: Path) -> None:
    home.mkdir(parents=True)
    databases.lay_out(f"sqlite:///{home / 'countersign.db'}")
    database = Database(f"sqlite:///{home / 'countersign.db'}", home)
    demo.organise(database)
    demo.deploy_all(database)
    demo.play_requests(database)
    database.close()


@pytest.fixture
def home(request: pytest.FixtureRequest, run_folder: Path, tmp_path: Path) -> Iterator[Database]:
    """A database with the demo in it, of this test alone."""
    used(request, "sqlite")
    template = run_folder / "demo-home"
    databases.once(run_folder, "demo-home", lambda: _lay_out(template))
    shutil.copytree(template, tmp_path / "home")
    database = Database(f"sqlite:///{tmp_path / 'home' / 'countersign.db'}", tmp_path / "home")
    yield database
    database.close()


@pytest.fixture
def app(home: Database) -> Flask:
    """The application over it."""
    return application(home)


@pytest.fixture
def visit(app: Flask, home: Database) -> Visit:
    """A person at the pages, by his id, perhaps in English."""
    return lambda person, language="zh": Visitor(app, home, person, language)


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Where the application is served, for a browser."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


Seat = Callable[..., AbstractContextManager[BrowserContext]]


@pytest.fixture
def seat(
    request: pytest.FixtureRequest, browser: Browser, app: Flask, home: Database, address: str
) -> Seat:
    """A browser at which a person is signed in: language, width, dark."""
    used(request, "browser")

    @contextmanager
    def sit(person: str, **looks: object) -> Iterator[BrowserContext]:
        context = browsers.visitor(browser, **looks)  # type: ignore[arg-type]
        cookie = {"name": "countersign", "value": session_of(home, person), "url": address}
        context.add_cookies([cookie])  # type: ignore[list-item]
        yield context
        context.close()

    return sit
