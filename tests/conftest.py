"""What every test can ask for: a database of either kind, a browser; and what a run must show.

A run says on how many tests each database and the browser were used. With `--complete` (as
`make test` runs it) a run that used one of them in no test has failed.
"""

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from uuid import uuid4

import hypothesis
import pytest
from playwright.sync_api import Browser, Page

from storage import Database
from tests.support import browser as browsers
from tests.support import databases, machine

KINDS = ("sqlite", "postgresql")
NEEDED = (*KINDS, "browser")
RUN_FOLDER = "COUNTERSIGN_TEST_RUN"

# The same cases each time, so that a change is not blamed for what it did not do; `make soak`
# draws others, and many.
hypothesis.settings.register_profile(
    "quick", deadline=None, max_examples=50, derandomize=True, database=None
)
hypothesis.settings.register_profile("soak", deadline=None, max_examples=5000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--complete",
        action="store_true",
        help="fail unless tests ran on SQLite, on PostgreSQL and in a browser",
    )


def pytest_configure(config: pytest.Config) -> None:
    """The process that begins the run makes its folder; workers inherit the name."""
    if not hasattr(config, "workerinput"):
        os.environ[RUN_FOLDER] = tempfile.mkdtemp(prefix="countersign-")


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        databases.stop(Path(os.environ.pop(RUN_FOLDER)))


def used(request: pytest.FixtureRequest, what: str) -> None:
    """Have this test counted among those that used the database."""
    request.node.user_properties.append(("used", what))


def pytest_runtest_setup(item: pytest.Item) -> None:
    if "browser" in getattr(item, "fixturenames", ()):
        item.user_properties.append(("used", "browser"))


def _uses(reports: list[object]) -> Counter[str]:
    passed: Counter[str] = Counter()
    for report in reports:
        if isinstance(report, pytest.TestReport) and report.when == "call":
            passed.update({str(what) for name, what in report.user_properties if name == "used"})
    return passed


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    ran = _uses([*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")])
    told = ", ".join(f"{ran[what]} on {what}" for what in KINDS)
    terminalreporter.write_sep("-", f"tests run: {told}, {ran['browser']} in a browser")
    for what in _unused(terminalreporter):
        terminalreporter.write_line(f"FAILED: no test used {what}; a complete run must.", red=True)


def _unused(reporter: pytest.TerminalReporter) -> list[str]:
    if not reporter.config.getoption("complete"):
        return []
    ran = _uses([*reporter.getreports("passed"), *reporter.getreports("failed")])
    return [what for what in NEEDED if not ran[what]]


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if isinstance(reporter, pytest.TerminalReporter) and _unused(reporter):
        session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def run_folder() -> Path:
    """One folder for all workers of this run."""
    return Path(os.environ[RUN_FOLDER])


@pytest.fixture(scope="session")
def postgresql(run_folder: Path) -> databases.Server:
    """The run's PostgreSQL server."""
    try:
        return databases.server(run_folder)
    except machine.Missing as sentence:
        pytest.fail(str(sentence), pytrace=False)


@pytest.fixture
def sqlite_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an SQLite file that isn't there yet."""
    used(request, "sqlite")
    return f"sqlite:///{tmp_path / 'countersign.db'}"


@pytest.fixture
def postgresql_url(request: pytest.FixtureRequest, postgresql: databases.Server) -> Iterator[str]:
    """The address of a new and empty PostgreSQL database."""
    used(request, "postgresql")
    name = f"test_{uuid4().hex}"
    yield postgresql.create(name)
    postgresql.drop(name)


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest) -> str:
    """An SQLAlchemy address of a new and empty database: the test runs on each kind."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def sqlite_home(request: pytest.FixtureRequest, run_folder: Path, tmp_path: Path) -> Database:
    """A database in a file of its own, with this version's tables."""
    used(request, "sqlite")
    template = run_folder / "template.db"
    databases.once(run_folder, "sqlite", lambda: databases.lay_out(f"sqlite:///{template}"))
    shutil.copy(template, tmp_path / "countersign.db")
    return Database(f"sqlite:///{tmp_path / 'countersign.db'}", tmp_path)


@pytest.fixture
def postgresql_home(
    request: pytest.FixtureRequest, postgresql: databases.Server, run_folder: Path, tmp_path: Path
) -> Iterator[Database]:
    """A database on the run's server, with this version's tables."""
    used(request, "postgresql")
    make = partial(postgresql.create, "template")
    databases.once(run_folder, "postgresql", lambda: databases.lay_out(make()))
    name = f"test_{uuid4().hex}"
    yield Database(postgresql.create(name, "template"), tmp_path)
    postgresql.drop(name)


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database with this version's tables and nothing in them: the test runs on each kind."""
    database: Database = request.getfixturevalue(f"{request.param}_home")
    yield database
    database.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The worker's browser."""
    try:
        machine.browser()
    except machine.Missing as sentence:
        pytest.fail(str(sentence), pytrace=False)
    with browsers.launched() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a visitor who reads Chinese; a script's or the console's error fails the test."""
    troubles = browsers.Troubles()
    context = browsers.visitor(browser)
    context.on("page", troubles.watch)
    yield context.new_page()
    context.close()
    assert not troubles.sentences
