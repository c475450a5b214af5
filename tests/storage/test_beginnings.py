"""Processes that begin by themselves, at a time, on somebody's behalf."""

from datetime import UTC, datetime, timedelta

import pytest

import forms
from engine.diagrams.compiler import compile_definition
from engine.diagrams.definition import Definition
from engine.ids import PersonId
from storage import Database
from storage.definitions import deploy
from storage.organisation_files import read_file
from storage.organising import import_file
from tests.engine.live import chain, process, task
from tests.engine.test_timers import timer
from tests.support.cast import ORGANISATION
from tests.workflows.test_rebuilding import rebuilt_equal
from web.beginning import begin_due
from web.door import Door
from web.replaying import replayed

NOW = datetime(2030, 1, 15, 1, 0, tzinfo=UTC)


def begins(text: str, who: str = "gm", kind: str = "timeCycle") -> Definition:
    said = (
        "<bpmn:extensionElements><camunda:properties>"
        f'<camunda:property name="start.as" value="{who}"/>'
        "</camunda:properties></bpmn:extensionElements>"
        if who
        else ""
    )
    start = f'<bpmn:startEvent id="s">{said}{timer(kind, text)}</bpmn:startEvent>'
    work = task("work", assignee="${initiator}")
    data = process("daily", start, work, '<bpmn:endEvent id="e"/>', chain("s", "work", "e"))
    return compile_definition({"daily.bpmn": data}, forms.read)


class Scheduled:
    """A home whose clock is turned."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = NOW
        self.door = Door(database, lambda: self.now)
        with database.write() as transaction:
            file = read_file(ORGANISATION.read_bytes(), ORGANISATION.name)
            import_file(transaction, file, by=PersonId("admin"), by_name="", at=NOW)

    def deploy(self, definition: Definition) -> None:
        with self.database.write() as transaction:
            deploy(transaction, definition, by=PersonId("owner"), at=self.now)

    def after(self, **time: int) -> int:
        self.now += timedelta(**time)
        return begin_due(self.door)

    def begun(self) -> list[tuple[str, str]]:
        with self.database.read() as reader:
            rows = reader.all("SELECT requester, status FROM requests ORDER BY place")
            return [(row[0], row[1]) for row in rows]


@pytest.fixture
def home(database: Database) -> Scheduled:
    return Scheduled(database)


def test_it_begins_as_often_as_it_says_each_time_once(home: Scheduled) -> None:
    home.deploy(begins("R3/P1D"))
    assert home.after(hours=1) == 0
    assert [home.after(hours=12) for _ in range(9)] == [0, 1, 0, 1, 0, 1, 0, 0, 0]
    assert home.begun() == [("gm", "running")] * 3
    assert list(replayed(home.database)) == []
    rebuilt_equal(home.database)
    assert home.after(days=3) == 0


def test_what_was_missed_comes_as_one(home: Scheduled) -> None:
    home.deploy(begins("R/PT1H"))
    assert home.after(minutes=1) == 0
    assert home.after(days=2) == 1
    assert home.after(minutes=1) == 0
    assert home.after(hours=1) == 1


def test_two_schedulers_begin_it_once(home: Scheduled) -> None:
    home.deploy(begins("R1/P1D"))
    home.after(minutes=1)
    home.now += timedelta(days=1)
    other = Door(home.database, lambda: home.now)
    assert begin_due(home.door) + begin_due(other) == 1
    assert len(home.begun()) == 1


def test_a_new_version_s_times_take_the_place_of_the_old_ones(home: Scheduled) -> None:
    home.deploy(begins("R/P1D"))
    home.after(minutes=1)
    home.deploy(begins("2030-03-01T00:00:00Z", kind="timeDate"))
    assert home.after(days=3) == 0
    assert home.after(days=60) == 1
    assert home.after(days=60) == 0


def test_nobody_or_somebody_unknown_begins_nothing(home: Scheduled) -> None:
    home.deploy(begins("R/P1D", who=""))
    assert home.after(minutes=1) == 0
    assert home.after(days=3) == 0
    home.deploy(begins("R/P1D", who="nobody.here"))
    assert home.after(minutes=1) == 0
    assert home.after(days=3) == 0
    assert home.begun() == []
