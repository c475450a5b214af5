"""Handing external tasks out: the order, locks that run out, and never the same one twice."""

import multiprocessing
from collections.abc import Sequence
from datetime import datetime, timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import pytest

from engine.diagrams.definition import Definition
from engine.ids import RequestId, split_external_id, split_task_id
from engine.refusals import Changed, LockLost, Unknown
from engine.requests import External
from storage import Database
from storage.fetching import Handed, Wanted, extend, fetch, handed, topic_of
from tests.storage.conftest import NOW
from tests.storage.test_unit_of_work import a_request

R = RequestId("r1")
MINUTE = timedelta(minutes=1)


def an_external(number: int = 1, **over: Any) -> External:
    values: dict[str, Any] = {
        "request": R,
        "key": f"/charge#{number}",
        "node": "look",
        "scope": "",
        "topic": "charge",
        "created_at": NOW + timedelta(seconds=number),
    }
    return External(**values | over)


def kept(database: Database, definition: Definition, *rows: External, **over: Any) -> None:
    """A running request with these external tasks."""
    with database.unit_of_work() as work:
        work.add_request(a_request(definition, **{"status": "running"} | over))
        for row in rows:
            work.put_external(row)
        work.commit()


def fetched(
    database: Database,
    at: datetime,
    *topics: str,
    worker: str = "w",
    most: int = 10,
    lock: timedelta = MINUTE,
) -> list[Handed]:
    wanted = [Wanted(topic=topic, lock=lock) for topic in topics or ("charge",)]
    with database.write() as transaction:
        return fetch(transaction, database.definitions, worker, wanted, at, most)


def keys(found: Sequence[Handed]) -> list[str]:
    return [each.external.key for each in found]


def test_an_id_names_its_request_and_is_never_a_tasks() -> None:
    row = an_external(key="/里#1/charge#2")
    assert split_external_id(row.id) == (R, row.task)
    assert split_task_id(row.id) is None
    assert an_external(key="/里#1/charge#3").id != row.id
    for text in ("", "r1-1", "-x" + "0" * 20, "r1-x0", "r/1-x" + "0" * 20, row.id + "\n"):
        assert split_external_id(text) is None


def test_it_comes_back_as_it_was_put(database: Database, definition: Definition) -> None:
    full = an_external(
        key="/里#1/charge#2",
        scope="/里#1",
        definition="ab" * 32,
        priority=-7,
        inputs={"amount": "48.50", "items": [{"名": None}]},
        retries=2,
        not_before=NOW + MINUTE,
        error="no answer",
        given={"receipt": "r"},
    )
    plain = an_external(5, created_at=NOW - MINUTE)
    kept(database, definition, an_external(key=full.key), plain)
    with database.unit_of_work() as work:
        work.put_external(full)
        work.commit()
    with database.unit_of_work() as work:
        assert work.externals(R) == [plain, full]
        assert work.external(R, full.task) == full
        assert work.external(R, "x" + "0" * 20) is None
        work.remove_externals(R, [full.key, "/never#1"])
        assert work.externals(R) == [plain]


def test_the_greatest_priority_comes_first_then_the_oldest(
    database: Database, definition: Definition
) -> None:
    kept(
        database,
        definition,
        an_external(3),
        an_external(2, priority=5),
        an_external(1),
        an_external(4, topic="ship", priority=1),
        an_external(5, topic="other", priority=9),
    )
    found = fetched(database, NOW, "charge", "ship", most=3)
    assert keys(found) == ["/charge#2", "/charge#4", "/charge#1"]
    assert keys(fetched(database, NOW, "ship", "charge", worker="v")) == ["/charge#3"]
    assert fetched(database, NOW, "charge", "ship") == []


def test_a_lock_that_ran_out_is_handed_out_again(
    database: Database, definition: Definition
) -> None:
    kept(database, definition, an_external(), number="(30)1", title="题")
    (first,) = fetched(database, NOW, lock=timedelta(seconds=1))
    assert (first.worker, first.locked_until) == ("w", NOW + timedelta(seconds=1))
    assert (first.number, first.title, first.process, first.node_name) == (
        "(30)1",
        "题",
        "leave",
        "看",
    )
    assert fetched(database, NOW + timedelta(milliseconds=999), worker="v") == []
    (second,) = fetched(database, NOW + timedelta(seconds=1), worker="v")
    assert second.worker == "v"
    assert second.version != first.version


def test_what_failed_is_left_alone_for_a_while_and_what_gave_up_for_good(
    database: Database, definition: Definition
) -> None:
    kept(
        database,
        definition,
        an_external(1, retries=2, not_before=NOW + MINUTE, error="busy"),
        an_external(2, retries=0, error="gone"),
    )
    assert fetched(database, NOW) == []
    (again,) = fetched(database, NOW + MINUTE)
    assert (again.external.key, again.external.retries, again.external.error) == (
        "/charge#1",
        2,
        "busy",
    )


@pytest.mark.parametrize("status", ["suspended", "returned", "completed"])
def test_only_a_running_request_hands_anything_out(
    database: Database, definition: Definition, status: str
) -> None:
    kept(database, definition, an_external(), status=status)
    assert fetched(database, NOW) == []


def test_who_has_it_can_keep_it_longer(database: Database, definition: Definition) -> None:
    row = an_external()
    kept(database, definition, row)
    id = (R, row.task)
    with database.write() as transaction, pytest.raises(LockLost):
        extend(transaction, database.definitions, id, "w", NOW)
    (first,) = fetched(database, NOW)
    with database.write() as transaction:
        longer = extend(
            transaction, database.definitions, id, "w", NOW + 9 * MINUTE, version=first.version
        )
    assert (longer.locked_until, longer.version) == (NOW + 9 * MINUTE, first.version)
    assert fetched(database, NOW + 8 * MINUTE, worker="v") == []
    with database.write() as transaction:
        with pytest.raises(LockLost, match="w has fetched it"):
            extend(transaction, database.definitions, id, "v", NOW)
        with pytest.raises(Changed):
            extend(transaction, database.definitions, id, "w", NOW, version="0")
        with pytest.raises(Unknown):
            extend(transaction, database.definitions, (R, "x" + "0" * 20), "w", NOW)
    (other,) = fetched(database, NOW + 9 * MINUTE, worker="v")
    with database.write() as transaction, pytest.raises(LockLost, match="v has fetched it"):
        extend(transaction, database.definitions, id, "w", NOW + 20 * MINUTE)
    with database.read() as reader:
        assert handed(reader, database.definitions, id) == other
        assert topic_of(reader, id) == "charge"
        assert topic_of(reader, (RequestId("r2"), row.task)) is None


def test_writing_it_anew_takes_it_from_its_worker(
    database: Database, definition: Definition
) -> None:
    row = an_external()
    kept(database, definition, row)
    fetched(database, NOW)
    with database.unit_of_work() as work:
        assert work.external_lock(R, row.task) == ("w", 1)
        work.put_external(row)
        assert work.external_lock(R, row.task) == ("", 2)
        work.commit()
    assert len(fetched(database, NOW)) == 1


def test_processes_that_fetch_at_once_never_get_the_same(
    database: Database, definition: Definition
) -> None:
    """Four workers, each a process of its own, three tasks a bite, every bite at one moment."""
    kept(database, definition, *(an_external(number) for number in range(4 * 3 * BITES)))
    context = multiprocessing.get_context("spawn")
    barrier, results = context.Barrier(4), context.Queue()
    workers = [
        context.Process(target=_bite, args=(database.url, database.home, f"w{n}", barrier, results))
        for n in range(4)
    ]
    for each in workers:
        each.start()
    found = dict(results.get(timeout=120) for _ in workers)
    for each in workers:
        each.join(timeout=60)
        assert each.exitcode == 0
    assert {worker: len(got) for worker, got in found.items()} == {
        f"w{n}": 3 * BITES for n in range(4)
    }
    assert len({key for got in found.values() for key in got}) == 4 * 3 * BITES
    assert fetched(database, NOW + MINUTE) == []


BITES = 8


def _bite(url: str, home: Path, worker: str, barrier: Barrier, results: Any) -> None:
    database = Database(url, home)
    got: list[str] = []
    for _ in range(BITES):
        barrier.wait(timeout=60)
        got += keys(fetched(database, NOW + MINUTE, worker=worker, most=3))
    database.close()
    results.put((worker, got))
