"""Called processes, incidents, messages and signals on both databases: kept, rebuilt, replayed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import forms
from engine.case import Actor
from engine.commands.base import Command
from engine.commands.complete import Complete
from engine.commands.publish import Broadcast, Publish
from engine.commands.retry import Retry
from engine.commands.submit import Submit
from engine.diagrams.compiler import compile_definition
from engine.diagrams.definition import Definition
from engine.handle import Outcome, handle
from engine.ids import PersonId, RequestId, incident_id, split_incident_id
from engine.refusals import NobodyWaits, NotYours
from engine.requests import Incident, Subscription
from storage import Database
from storage.definitions import deploy
from storage.organisation_files import read_file
from storage.organising import import_file
from tests.engine.live import chain, process, task
from tests.engine.test_events import HEARS, PLAIN, WAITS, diagram, event
from tests.support.cast import ORGANISATION
from tests.workflows.test_rebuilding import rebuilt_equal

NOW = datetime(2030, 1, 15, 1, 0, tzinfo=UTC)
R = RequestId("r1")
ADMIN = Actor(id=PersonId("admin"), override=True)
START, END = '<bpmn:startEvent id="s"/>', '<bpmn:endEvent id="e"/>'


def compiled(data: bytes) -> Definition:
    return compile_definition({"p.bpmn": data}, forms.read)


def calls(binding: str = "") -> Definition:
    call = f'<bpmn:callActivity id="c" calledElement="inner"{binding}/>'
    return compiled(process("outer", START, call, END, chain("s", "c", "e")))


def inner(name: str) -> Definition:
    """A version of the called process: its task's name tells which."""
    work = task(name, assignee="gm", copy__to="${readers}")
    return compiled(process("inner", START, work, END, chain("s", name, "e")))


@pytest.fixture
def home(database: Database) -> Database:
    with database.write() as transaction:
        file = read_file(ORGANISATION.read_bytes(), ORGANISATION.name)
        import_file(transaction, file, by=PersonId("admin"), by_name="", at=NOW)
    return database


@pytest.fixture
def put(home: Database) -> Callable[..., None]:
    """Deploy, a day later each time."""
    days = iter(range(1000))

    def together(*definitions: Definition) -> None:
        at = NOW + timedelta(days=next(days))
        with home.write() as transaction:
            for definition in definitions:
                deploy(transaction, definition, by=PersonId("owner"), at=at)

    return together


class Played:
    """Commands on a database, a minute apart."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = NOW + timedelta(days=1000)

    def do(self, command: Command) -> Outcome:
        self.now += timedelta(minutes=1)
        return self.database.run(lambda work: handle(command, work, self.now))

    def submit(self, process: str, id: str = "r1", **answers: Any) -> RequestId:
        asks = Actor(id=PersonId("card.officer"))
        self.do(Submit(actor=asks, request=RequestId(id), process=process, answers=answers))
        return RequestId(id)

    def open(self, id: str = "r1") -> list[str]:
        with self.database.unit_of_work() as work:
            return [slot.node for slot in work.slots(RequestId(id), status="open")]

    def incidents(self, id: str = "r1") -> list[Incident]:
        with self.database.unit_of_work() as work:
            return work.incidents(RequestId(id))


@pytest.mark.parametrize(
    ("binding", "asked"),
    [
        ("", "third"),
        (' camunda:calledElementBinding="deployment"', "second"),
        (' camunda:calledElementBinding="version" camunda:calledElementVersion="1"', "first"),
    ],
)
def test_which_version_is_called(
    home: Database, put: Callable[..., None], binding: str, asked: str
) -> None:
    put(inner("first"))
    put(calls(binding), inner("second"))
    put(inner("third"))
    played = Played(home)
    played.submit("outer")
    assert played.open() == [asked]
    with home.unit_of_work() as work:
        (slot,) = work.slots(R)
        (node,) = work.nodes(R)
        assert slot.definition == node.definition == inner(asked).digest
        assert work.slot(R, 1) == slot
        assert work.node(R, "/c#1/" + asked + "#1") == node
    rebuilt_equal(home)


def test_what_is_not_deployed_is_an_incident_until_it_is(
    home: Database, put: Callable[..., None]
) -> None:
    put(calls())
    played = Played(home)
    played.submit("outer", readers="auditor")
    (incident,) = played.incidents()
    assert (incident.kind, incident.node, incident.definition) == ("call", "c", "")
    rebuilt_equal(home)
    put(inner("work"))
    played.do(Retry(actor=ADMIN, request=R, incident=1))
    assert played.open() == ["work"]
    (copied,) = played.incidents()
    assert (copied.ordinal, copied.node, copied.definition) == (2, "work", inner("work").digest)
    rebuilt_equal(home)
    assert played.incidents() == [copied]
    again = Retry(actor=ADMIN, request=R, incident=2, variables={"readers": "auditor"})
    played.do(again)
    assert played.incidents() == []
    played.do(Complete(actor=Actor(id=PersonId("gm")), request=R, ordinal=1))
    with home.unit_of_work() as work:
        request = work.request(R)
        assert request is not None
        assert (request.status, request.ends) == ("completed", ["e"])
    rebuilt_equal(home)


def test_rows_come_back_and_the_ids_of_incidents_are_read() -> None:
    assert split_incident_id(incident_id(R, 12)) == (R, 12)
    for bad in ("r1", "r1-12", "r1-i", "r1-i0", "r1-i01", "-i1", "r1-ix", "r1-i" + "9" * 20):
        assert split_incident_id(bad) is None


def test_an_incident_is_put_again_and_removed(home: Database, put: Callable[..., None]) -> None:
    put(calls())
    Played(home).submit("outer")
    with home.unit_of_work() as work:
        (first,) = work.incidents(R)
        later = replace(first, message="另一个原因", tries=3, at=NOW, kind="limit")
        work.put_incident(later)
        assert work.incidents(R) == [later]
        work.remove_incidents(R, [1, 2])
        assert work.incidents(R) == []


def test_who_waits_comes_in_the_order_of_beginning(
    home: Database, put: Callable[..., None]
) -> None:
    put(compiled(WAITS), compiled(PLAIN), compiled(HEARS))
    played = Played(home)
    ids = [played.submit("waits", id, order=key) for id, key in (("z", "A"), ("a", "B"))]
    ids.append(played.submit("plain", "m"))
    played.submit("hears", "h")
    with home.unit_of_work() as work:
        rows = work.waiting("message", "paid", limit=9)
        assert [(row.request, row.correlation) for row in rows] == [
            ("z", "A"), ("a", "B"), ("m", "")
        ]  # fmt: skip
        assert rows[0] == Subscription(
            request=RequestId("z"), key="/hear#1", kind="message", name="paid", correlation="A"
        )
        assert work.waiting("message", "paid", limit=1) == rows[:1]
        assert work.waiting("message", "paid", limit=9, correlation="B") == rows[1:2]
        assert work.waiting("message", "paid", limit=9, request=RequestId("m")) == rows[2:]
        assert work.waiting("signal", "paid", limit=9) == []
        assert len(work.waiting("signal", "stop", limit=9)) == 1
    rebuilt_equal(home)
    paid = {"sum": 1}
    played.do(Publish(actor=ADMIN, message="paid", correlation="B", variables=paid, new=R))
    played.do(Broadcast(actor=ADMIN, signal="stop", new=R))
    assert (played.open("a"), played.open("h"), played.open("z")) == (["work"], ["after"], [])
    with home.unit_of_work() as work:
        assert [row.request for row in work.waiting("message", "paid", limit=9)] == ["z", "m"]
        assert work.waiting("signal", "stop", limit=9) == []
    rebuilt_equal(home)


def test_the_latest_version_says_what_starts_it(home: Database, put: Callable[..., None]) -> None:
    def begins(kind: str, name: str) -> Definition:
        begun, work = event("startEvent", "s", kind, name), task("work", assignee="gm")
        root = f'<bpmn:{kind} id="{kind}_{name}" name="{name}"/>'
        return compiled(diagram("begins", begun, work, END, chain("s", "work", "e"), roots=root))

    played = Played(home)
    put(begins("message", "paid"))
    outcome = played.do(Publish(actor=ADMIN, message="paid", new=R))
    assert outcome.result["started"] == [R]
    put(begins("signal", "stop"))
    with pytest.raises(NobodyWaits):
        played.do(Publish(actor=ADMIN, message="paid", new=RequestId("r2")))
    outcome = played.do(Broadcast(actor=ADMIN, signal="stop", new=RequestId("r3")))
    assert played.open(outcome.result["started"][0]) == ["work"]
    rebuilt_equal(home)


def test_owners_send_to_their_own_processes(home: Database, put: Callable[..., None]) -> None:
    put(compiled(PLAIN))
    played = Played(home)
    played.submit("plain")
    for who, refused in (("gm", NotYours), ("card.officer", NotYours)):
        with pytest.raises(refused):
            played.do(Publish(actor=Actor(id=PersonId(who)), message="paid", new=RequestId("n")))
    played.do(Publish(actor=Actor(id=PersonId("owner")), message="paid", new=RequestId("n")))
    assert played.open() == ["work"]
