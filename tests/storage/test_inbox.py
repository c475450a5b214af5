"""The inbox and the queue say what the slots say, whatever happened to these."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.diagrams.definition import Definition
from engine.ids import PersonId, RequestId
from engine.requests import Incident
from storage import Database, queries, snoozing
from storage.moments import NEVER, micros
from storage.unit_of_work.inbox import CROWD, NOBODY
from storage.visibility import Viewer
from tests.storage.test_unit_of_work import a_node, a_request, a_slot

NOW = datetime(2030, 1, 15, 1, 0, tzinfo=UTC)
PEOPLE = [PersonId(f"p{number}") for number in range(4)]
MANY = [PersonId(f"m{number:02d}") for number in range(CROWD + 5)]
ANN, BEN = PersonId("ann"), PersonId("ben")

people = st.lists(st.sampled_from(PEOPLE), max_size=3, unique=True)
changes = st.fixed_dictionaries(
    {
        "status": st.sampled_from(["open", "open", "waiting", "approved", "cancelled"]),
        "holders": people,
        "candidates": people | st.sampled_from([MANY, MANY[:-1]]),
        "due": st.sampled_from([None, NOW, NOW + timedelta(days=1)]),
        "opened_at": st.sampled_from([None, NOW, NOW + timedelta(hours=1)]),
        "optional": st.booleans(),
    }
)
steps = st.lists(
    st.tuples(st.integers(1, 4), changes, st.sampled_from(["same", "next", "roll back"])),
    min_size=1,
    max_size=12,
)


def expected(database: Database, request: RequestId) -> tuple[set[Any], set[Any], set[PersonId]]:
    """Who holds and who may claim, by the slots alone; a crowd by its members."""
    inbox: set[Any] = set()
    queue: set[Any] = set()
    held: set[PersonId] = set()
    with database.unit_of_work() as work:
        for slot in work.slots(request):
            held.update(slot.holders)
            if slot.status != "open" or slot.opened_at is None:
                continue
            due = NEVER if slot.due is None else micros(slot.due)
            row = (micros(slot.opened_at), slot.ordinal, due, int(slot.optional))
            inbox.update((person, *row) for person in slot.holders)
            if not slot.holders:
                queue.update((person, *row) for person in slot.candidates or [NOBODY])
    return inbox, queue, held


def listed(database: Database, request: RequestId) -> tuple[set[Any], set[Any]]:
    with database.read() as reader:
        inbox = reader.all(
            "SELECT person, opened_at, ordinal, due, optional FROM inbox WHERE request = ?",
            (request,),
        )
        queue: list[Any] = []
        for member, *row in reader.all(
            "SELECT member, opened_at, ordinal, due, optional FROM queue WHERE request = ?",
            (request,),
        ):
            crowd = reader.all("SELECT person FROM crowds WHERE crowd = ?", (member,))
            queue.extend((person, *row) for (person,) in crowd or [(member,)])
    assert len(inbox) == len(set(inbox))
    assert len(queue) == len(set(queue))
    return set(inbox), set(queue)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_the_lists_follow_any_history(
    database: Database, definition: Definition, history: list[tuple[int, dict[str, Any], str]]
) -> None:
    request = RequestId(uuid4().hex[:13])
    with database.unit_of_work() as work:
        work.add_request(a_request(definition, request))
        work.add_slots([a_slot(1, request=request, signer=None, holders=[])])
        work.commit()
    known = {1}
    everybody: set[PersonId] = set()
    remaining = list(history)
    while remaining:
        with database.unit_of_work() as work:
            tried = set(known)
            while remaining:
                ordinal, change, then = remaining.pop(0)
                if ordinal in tried:
                    slot = work.slot(request, ordinal)
                    assert slot is not None
                    for name, value in change.items():
                        setattr(slot, name, value)
                    work.save_slots([slot])
                else:
                    work.add_slots([a_slot(ordinal, request=request, **change)])
                    tried.add(ordinal)
                if then != "same":
                    break
            if then != "roll back":
                work.commit()
                known = tried
        inbox, queue, held = expected(database, request)
        assert listed(database, request) == (inbox, queue)
        everybody |= held
    with database.unit_of_work() as work:
        assert everybody <= set(work.participants(request))


@pytest.fixture
def working(database: Database, definition: Definition) -> Database:
    """Ann holds three tasks of r1, r2, r3 (that of r2 is an offer); of r4 a crowd may claim one."""
    with database.unit_of_work() as work:
        for number in (1, 2, 3, 4):
            request = RequestId(f"r{number}")
            title = f"采购第{number}批电脑"
            work.add_request(
                a_request(definition, request, status="running", title=title, requester=BEN)
            )
            opened = NOW + timedelta(minutes=number)
            work.add_node(a_node(request=request, total=2, approved=1))
            mine: dict[str, Any] = {"signer": ANN, "holders": [ANN]}
            if number == 4:
                mine = {"signer": None, "holders": [], "candidates": [*MANY, ANN]}
            work.add_slots(
                [
                    a_slot(
                        request=request,
                        opened_at=opened,
                        due=NOW - timedelta(days=number) if number != 3 else None,
                        optional=number == 2,
                        **mine,
                    )
                ]
            )
        work.commit()
    return database


def ids(page: queries.Page[queries.TaskRow]) -> list[str]:
    return [row.id for row in page.items]


def test_a_list_is_read_page_by_page_in_each_order(working: Database) -> None:
    ann = Viewer(person=ANN)
    with working.read() as reader:
        for sort, order in (
            ("newest", ["r3-1", "r2-1", "r1-1"]),
            ("oldest", ["r1-1", "r2-1", "r3-1"]),
            ("due", ["r2-1", "r1-1", "r3-1"]),
        ):
            found: list[str] = []
            cursor = None
            while True:
                page = queries.tasks(reader, ann, "todo", sort=sort, cursor=cursor, limit=1)  # type: ignore[arg-type]
                found += ids(page)
                cursor = page.next
                if cursor is None:
                    break
            assert found == order
        with pytest.raises(queries.BadCursor):
            queries.tasks(reader, ann, "todo", cursor="nonsense")
        with pytest.raises(queries.BadCursor):
            queries.tasks(
                reader,
                ann,
                "todo",
                sort="due",
                cursor=queries.tasks(reader, ann, "todo", limit=1).next,
            )


def test_a_row_says_what_a_list_shows(working: Database) -> None:
    with working.read() as reader:
        row = queries.tasks(reader, Viewer(person=ANN), "todo", request="r1").items[0]
        assert queries.task(reader, row.id) == row
        assert queries.task(reader, "r1-9") is None
        assert queries.task(reader, "nonsense") is None
        assert queries.open_tasks(reader, "r1") == (row,)
    assert (row.title, row.process_name, row.node_name) == ("采购第1批电脑", "请假", "看")
    assert [holder.id for holder in row.holders] == [ANN]
    assert (row.votes_approved, row.votes_total, row.claimed) == (1, 2, True)


def test_what_is_put_off_is_hidden_until_then_from_him_alone(working: Database) -> None:
    later = NOW + timedelta(hours=2)
    with working.write() as transaction:
        snoozing.put_off(transaction, "r2-1", ANN, later, NOW)
    ann = Viewer(person=ANN)
    with working.read() as reader:
        for sort in ("newest", "due"):
            found = queries.tasks(reader, ann, "todo", sort=sort, now=NOW)
            assert sorted(ids(found)) == ["r1-1", "r3-1"]
        assert ids(queries.tasks(reader, ann, "todo", q="电脑", now=NOW)) == ["r3-1", "r1-1"]
        assert ids(queries.tasks(reader, ann, "snoozed", now=NOW)) == ["r2-1"]
        assert len(ids(queries.tasks(reader, ann, "todo", now=later))) == 3
        assert ids(queries.tasks(reader, ann, "snoozed", now=later)) == []
        counts = queries.task_counts(reader, ann, NOW)
        assert (counts["snoozed"], counts["overdue"]) == (1, 1)
        assert snoozing.put_off_until(reader, "r2-1", ANN, NOW) == later
        assert snoozing.put_off_until(reader, "r2-1", BEN, NOW) is None
    with working.write() as transaction:
        snoozing.put_off(transaction, "r2-1", ANN, None, NOW)
    with working.read() as reader:
        assert len(ids(queries.tasks(reader, ann, "todo", now=NOW))) == 3


def test_counts_leave_offers_out(working: Database) -> None:
    with working.read() as reader:
        counted = {"todo": 2, "group": 1, "copied_unread": 0, "overdue": 1, "snoozed": 0}
        assert queries.task_counts(reader, Viewer(person=ANN), NOW) == counted
        assert queries.task_counts(reader, Viewer(person=MANY[3]), NOW)["group"] == 1
        assert queries.task_counts(reader, Viewer(person=BEN), NOW)["todo"] == 0


def test_lists_are_narrowed_by_request_process_and_words(working: Database) -> None:
    ann = Viewer(person=ANN)
    with working.read() as reader:
        assert ids(queries.tasks(reader, ann, "todo", request="r2")) == ["r2-1"]
        assert ids(queries.tasks(reader, ann, "group", request="r4")) == ["r4-1"]
        assert ids(queries.tasks(reader, ann, "todo", request="r4")) == []
        assert ids(queries.tasks(reader, ann, "todo", process="other")) == []
        assert ids(queries.tasks(reader, ann, "todo", q="第3批")) == ["r3-1"]
        assert ids(queries.tasks(reader, ann, "todo", q="电脑")) == ["r3-1", "r2-1", "r1-1"]
        assert ids(queries.tasks(reader, ann, "group", q="电脑")) == ["r4-1"]
        assert ids(queries.tasks(reader, ann, "todo", q="!?")) == []


def test_what_was_decided_and_copied_is_listed(working: Database) -> None:
    with working.unit_of_work() as work:
        slot = work.slot(RequestId("r1"), 1)
        assert slot is not None
        slot.status, slot.decided_by, slot.decided_at = "approved", ANN, NOW
        work.save_slots([slot])
        work.copy(RequestId("r2"), [MANY[0]], BEN, NOW)
        work.commit()
    with working.read() as reader:
        assert ids(queries.tasks(reader, Viewer(person=ANN), "done")) == ["r1-1"]
        assert ids(queries.tasks(reader, Viewer(person=ANN), "done", q="第1批")) == ["r1-1"]
        copied = queries.tasks(reader, Viewer(person=MANY[0]), "copied").items
        assert [(row.id, row.status) for row in copied] == [("r2-0", "unread")]
        assert ids(queries.tasks(reader, Viewer(person=MANY[0]), "copied", q="第3批")) == []


def test_a_slot_that_nobody_holds_is_an_incident(working: Database) -> None:
    """V7: it blocks, and an administrator sees it."""
    with working.unit_of_work() as work:
        slot = a_slot(2, request=RequestId("r1"), signer=None, holders=[])
        work.add_slots([slot])
        work.commit()
    admin = Viewer(person=PersonId("admin"), role="administrator")
    with working.read() as reader:
        (older,) = queries.unheld(reader, admin)
        assert (older.kind, older.task_id, older.id) == ("people", "r1-2", "")
    with working.unit_of_work() as work:
        incident = Incident(
            request=slot.request,
            ordinal=1,
            key=f"people:{slot.node_key}",
            node=slot.node,
            kind="people",
            message="nobody",
            at=NOW,
        )
        work.put_incident(incident)
        work.commit()
    with working.read() as reader:
        (found,) = queries.incidents(reader, admin).items
        assert (found.kind, found.task_id, found.id) == ("people", "r1-2", "r1-i1")
        assert queries.unheld(reader, admin) == ()
        assert queries.incidents(reader, Viewer(person=ANN)).items == ()
