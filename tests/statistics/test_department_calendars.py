"""Working time at a desk is counted in its department's calendar as it was when the desk ended: a
later change of the calendar changes nothing, and a rebuild comes to the same."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import forms
from engine.commands.complete import Complete
from engine.commands.submit import Submit
from engine.diagrams.compiler import compile_definition
from engine.ids import PersonId, RequestId
from storage import Database, definitions, time_spent
from storage.organisation_files import read_file
from storage.organising import import_file
from storage.rebuilding import rebuild
from tests.engine.live import actor, chain, process, task
from tests.statistics.oracle import kept
from tests.statistics.sealing import AT, sealed
from tests.workflows.organised import organise
from web.door import Door

MONDAY = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
"""09:00 in Shanghai."""
DIAGRAM = process(
    "p",
    '<bpmn:startEvent id="s"/>',
    task("work", assignee="tech.lead"),
    '<bpmn:endEvent id="e"/>',
    chain("s", "work", "e"),
)
NO_TUESDAY = "departments: [{name: 技术部, free: ['2026-11-03']}]"
NO_WEDNESDAY = "departments: [{name: 技术部, free: ['2026-11-04']}]"


def arrange(database: Database, text: str, at: datetime) -> None:
    with database.write() as transaction:
        file = read_file(text.encode(), "calendar.yaml")
        import_file(transaction, file, by=PersonId("admin"), by_name="", at=at)


def worked(database: Database, request: str, start: datetime, days: int) -> None:
    """A request whose one desk is open for some days."""

    def at(moment: datetime) -> Callable[[], datetime]:
        return lambda: moment

    id = RequestId(request)
    new = Submit(actor=actor("card.officer"), request=id, process="p", answers={})
    Door(database, at(start)).handle(new)
    done = Complete(actor=actor("tech.lead"), request=id, ordinal=1)
    Door(database, at(start + timedelta(days=days))).handle(done)


def hours(database: Database) -> int:
    with database.read() as reader:
        found = reader.value("SELECT SUM(took_working_sum) FROM spent_nodes")
    return int(found) // 3600


def test_the_departments_own_days_count_as_they_were(database: Database) -> None:
    organise(database)
    with database.write() as transaction:
        definition = compile_definition({"p.bpmn": DIAGRAM}, forms.read)
        definitions.deploy(transaction, definition, by=PersonId("owner"), at=MONDAY)
    arrange(database, NO_TUESDAY, MONDAY - timedelta(days=3))
    worked(database, "one", MONDAY, 3)  # Monday to Thursday, without Tuesday
    sealed(database)
    time_spent.follow(database)
    assert hours(database) == 18
    arrange(database, NO_WEDNESDAY, MONDAY + timedelta(days=10))
    worked(database, "two", MONDAY + timedelta(days=14), 2)
    sealed(database)
    time_spent.follow(database)
    assert hours(database) == 18 + 18
    before = kept(database)
    rebuild(database, AT)
    assert kept(database) == before
