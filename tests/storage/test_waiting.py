"""What waits for its time: timers, messages to send, drafts, notices to read."""

from datetime import UTC, datetime, timedelta

import pytest

from engine.diagrams.definition import Definition
from engine.ids import PersonId, RequestId, TaskId
from engine.requests import Timer
from engine.unit_of_work import Notice
from storage import Database, drafts, outbox, queries
from storage.visibility import Viewer
from tests.storage.test_unit_of_work import a_request, a_slot

NOW = datetime(2030, 1, 15, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
R, ANN, BEN = RequestId("r1"), PersonId("ann"), PersonId("ben")


@pytest.fixture
def waiting(database: Database, definition: Definition) -> Database:
    with database.unit_of_work() as work:
        work.add_request(a_request(definition, R, title="题"))
        work.add_slots([a_slot(1, holders=[ANN]), a_slot(2, holders=[BEN])])
        for minutes in (3, 1, 2):
            due = NOW + minutes * MINUTE
            work.put_timer(Timer(request=R, key=f"t{minutes}", due=due))
        for person, kind in ((ANN, "held"), (ANN, "decided"), (BEN, "held")):
            work.notify(
                Notice(
                    person=person,
                    kind=kind,  # type: ignore[arg-type]
                    request=R,
                    task=TaskId("r1-1"),
                    text="中",
                    text_en="en",
                    at=NOW,
                )
            )
        work.commit()
    return database


def due(database: Database, at: datetime, limit: int = 9) -> list[str]:
    with database.unit_of_work() as work:
        return [timer.key for timer in work.due_timers(at, limit)]


def test_timers_come_in_the_order_of_due_time(waiting: Database) -> None:
    """X3: what fell due while the system was down fires in order of due time."""
    assert due(waiting, NOW) == []
    assert due(waiting, NOW + 2 * MINUTE) == ["t1", "t2"]
    assert due(waiting, NOW + 9 * MINUTE, limit=1) == ["t1"]


def test_a_timer_that_cannot_be_fired_holds_up_none(waiting: Database) -> None:
    at = NOW + 3 * MINUTE
    with waiting.unit_of_work() as work:
        (timer,) = work.due_timers(at, 1)
        work.put_off(timer, at)
    assert due(waiting, at) == ["t2", "t3"]
    assert due(waiting, at + 2 * MINUTE) == ["t1", "t2", "t3"]
    with waiting.unit_of_work() as work:
        work.put_timer(timer)
        work.commit()
    assert due(waiting, at) == ["t1", "t2", "t3"]


def test_what_another_scheduler_fires_is_left_to_it(postgresql_home: Database) -> None:
    with postgresql_home.write() as transaction:
        for key in ("a", "b"):
            transaction.execute("INSERT INTO timers VALUES ('r', ?, 1, 1, '', NULL, 0)", (key,))
    with postgresql_home.unit_of_work() as one:
        assert [timer.key for timer in one.due_timers(NOW, 1)] == ["a"]
        assert due(postgresql_home, NOW) == ["b"]
    postgresql_home.close()


def test_a_message_is_taken_by_one_sender_and_tried_again(waiting: Database) -> None:
    with waiting.write() as transaction:
        first, second, third = outbox.take(transaction, NOW)
        assert outbox.take(transaction, NOW) == []
        outbox.sent(transaction, first)
        again = outbox.failed(transaction, second, NOW)
        assert again == NOW + outbox.FIRST_PAUSE
    assert (third.person, third.text, third.text_en, third.task) == (BEN, "中", "en", "r1-1")
    with waiting.write() as transaction:
        (retried,) = outbox.take(transaction, again)
        assert (retried.key, retried.attempts) == (second.key, 2)
        assert outbox.failed(transaction, retried, NOW) == NOW + 2 * outbox.FIRST_PAUSE
        (unfinished,) = outbox.take(transaction, NOW + outbox.LEASE)[1:]
        assert unfinished.key == third.key


def test_a_message_is_given_up_at_last(waiting: Database) -> None:
    at = NOW
    with waiting.write() as transaction:
        for _ in range(outbox.MOST_ATTEMPTS):
            for message in outbox.take(transaction, at):
                outbox.failed(transaction, message, at)
            at += timedelta(days=1)
        assert outbox.take(transaction, at) == []


def test_notices_are_read_newest_first(waiting: Database) -> None:
    ann = Viewer(person=ANN)
    with waiting.read() as reader:
        assert queries.unread_notices(reader, ann) == 2
        first = queries.notices(reader, ann, limit=1)
        second = queries.notices(reader, ann, limit=1, cursor=first.next)
        assert [n.kind for n in (*first.items, *second.items)] == ["decided", "held"]
        assert (first.items[0].title, first.items[0].text) == ("题", "中")
        assert second.next is None
    with waiting.write() as transaction:
        ids = [first.items[0].id, "r1-3", "nonsense"]
        assert drafts.read_notices(transaction, ANN, ids, NOW) == 1
    with waiting.read() as reader:
        assert [n.kind for n in queries.notices(reader, ann, unread_only=True).items] == ["held"]
        assert queries.unread_notices(reader, ann) == 1
        assert queries.unread_notices(reader, Viewer(person=BEN)) == 1
    with waiting.write() as transaction:
        assert drafts.read_notices(transaction, ANN, None, NOW) == 1


def test_when_a_request_ends_only_what_still_matters_is_kept(waiting: Database) -> None:
    with waiting.unit_of_work() as work:
        request = work.request(R)
        assert request is not None
        request.status = "completed"
        work.save_request(request)
        assert work.timers(R) == []
        work.commit()
    with waiting.read() as reader:
        left = queries.notices(reader, Viewer(person=ANN)).items
    assert [notice.kind for notice in left] == ["decided"]


def test_each_holder_has_a_draft_of_his_own(waiting: Database) -> None:
    with waiting.write() as transaction:
        assert drafts.save_task_draft(transaction, "r1-1", ANN, {"a": "1"}, NOW)
        assert drafts.save_task_draft(transaction, "r1-1", ANN, {"a": "2"}, NOW)
        assert drafts.save_task_draft(transaction, "r1-1", BEN, {"b": "3"}, NOW + MINUTE)
        assert not drafts.save_task_draft(transaction, "r1-9", ANN, {}, NOW)
        assert not drafts.save_task_draft(transaction, "nonsense", ANN, {}, NOW)
    with waiting.unit_of_work() as work:
        assert drafts.task_draft(work.transaction, "r1-1", ANN) == {"a": "2"}
        assert work.task_draft(R, 1) == {"b": "3"}
        assert work.task_draft(R, 2) is None
        work.drop_task_draft(R, 1)
        assert work.task_draft(R, 1) is None


def test_reading_a_copy_is_recorded_once(waiting: Database) -> None:
    """C1: a reader's reading is recorded."""
    with waiting.unit_of_work() as work:
        work.copy(R, [BEN], ANN, NOW)
        work.commit()
    with waiting.write() as transaction:
        assert drafts.read_copy(transaction, BEN, R, NOW + MINUTE)
        assert not drafts.read_copy(transaction, BEN, R, NOW + 2 * MINUTE)
        assert not drafts.read_copy(transaction, ANN, R, NOW)
    with waiting.read() as reader:
        (copy,) = queries.copies(reader, R)
    assert (copy.person.id, copy.by.id, copy.read_at) == (BEN, ANN, NOW + MINUTE)
