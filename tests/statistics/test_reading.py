"""Reading the numbers: by ranges of an index on both databases, added up right, in little time."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from time import perf_counter

import pytest

from engine.statistics.figures import BYS, Period, Sums, end_of, start_of
from storage import Database
from storage.queries import statistics
from tests.statistics import many
from web.numbers.asking import usual_by
from web.numbers.reporting import part_of, series

TASKS = 20_000
WHOLE = Period(since=many.LAST - timedelta(many.DAYS - 1), until=many.LAST)


@pytest.fixture
def filled(database: Database) -> Database:
    """Numbers of many tasks, of two processes."""
    many.fill(database, TASKS)
    many.fill(database, 500, process="small", seed=2)
    if database.dialect == "postgresql":
        with database.write() as transaction:
            transaction.execute("ANALYZE")
    return database


def plan(database: Database, sql: str) -> str:
    with database.read() as reader:
        if database.dialect == "sqlite":
            return " ".join(str(row[-1]) for row in reader.all(f"EXPLAIN QUERY PLAN {sql}"))
        reader.execute("SET LOCAL enable_seqscan = off")  # these tables are small
        return " ".join(str(row[0]) for row in reader.all(f"EXPLAIN {sql}"))


@pytest.mark.parametrize(
    ("sql", "index"),
    [
        ("SELECT * FROM spent_nodes WHERE process = 'big' AND day BETWEEN 1 AND 9", "day"),
        ("SELECT * FROM spent_processes WHERE process = 'big' AND day BETWEEN 1 AND 9", "day"),
        ("SELECT * FROM spent_departments WHERE process = 'big' AND day BETWEEN 1 AND 9", "day"),
        ("SELECT COUNT(*) FROM spent_open WHERE process = 'big' AND due < 9", "spent_open_due"),
        (
            "SELECT since FROM spent_open WHERE process = 'big' ORDER BY since LIMIT 9",
            "spent_open_since",
        ),
    ],
)
def test_each_read_is_a_range_of_an_index(filled: Database, sql: str, index: str) -> None:
    found = plan(filled, sql)
    assert "Seq Scan" not in found
    assert "SCAN spent" not in found
    assert index in found
    assert "Sort" not in found
    assert "TEMP B-TREE" not in found


def test_parts_add_up_to_the_whole(filled: Database) -> None:
    with filled.read() as reader:
        whole = statistics.node_numbers(reader, many.PROCESS, WHOLE)
        by_version = [
            statistics.node_numbers(reader, many.PROCESS, WHOLE, version=version)
            for version in (1, 2, 3)
        ]
        by_part = {
            by: statistics.node_numbers(reader, many.PROCESS, WHOLE, part=part_of(WHOLE, by))
            for by in BYS
        }
        one = statistics.node_numbers(reader, many.PROCESS, WHOLE, node="desk3")
    assert sum(sums["entered"] for sums in whole.values()) == TASKS
    assert one == {(0, "desk3"): whole[0, "desk3"]}
    for node in ("desk0", "desk19"):
        for found in [
            [each[0, node] for each in by_version],
            *(
                [sums for (_, name), sums in parts.items() if name == node]
                for parts in by_part.values()
            ),
        ]:
            together = Sums()
            for sums in found:
                together.add(sums.amounts)
            assert together == whole[0, node]
            assert together.length("took").n == whole[0, node]["timed"]


def test_every_part_of_a_period_is_there(filled: Database) -> None:
    period = Period(since=date(2029, 11, 15), until=date(2030, 1, 3))
    for by in BYS:
        with filled.read() as reader:
            found = series(
                period,
                by,
                lambda part, reader=reader: statistics.process_numbers(  # type: ignore[misc]
                    reader, many.PROCESS, period, part=part
                ),
            )
            whole = statistics.process_numbers(reader, many.PROCESS, period)[0]
        assert found[0][0].since == period.since
        assert found[-1][0].until == period.until
        for (one, _), (two, _) in pairwise(found):
            assert two.since == one.until + timedelta(1) == start_of(two.since, by)
            assert one.until == end_of(one.since, by)
        assert sum(sums["started"] for _, sums in found) == whole["started"]


def test_what_is_open_is_counted_and_the_oldest_named(filled: Database) -> None:
    now = datetime(2030, 1, 15, tzinfo=UTC)
    with filled.read() as reader:
        by_node = statistics.open_now(reader, many.PROCESS, now)
        whole = statistics.open_in(reader, many.PROCESS, now)
        small = statistics.open_in(reader, "small", now)
        nothing = statistics.open_in(reader, "nothing", now)
        other_version = statistics.open_now(reader, many.PROCESS, now, version=1)
    assert whole.open == sum(each.open for each in by_node.values()) == TASKS // 50
    assert whole.late == sum(each.late for each in by_node.values()) > 0
    assert whole.since == min(each.since for each in by_node.values() if each.since)
    assert small.open == 10
    assert (nothing.open, nothing.late, nothing.since) == (0, 0, None)
    assert other_version == {}


def test_it_takes_little_time(filled: Database) -> None:
    """A fiftieth of a million tasks; `python -m tests.statistics.many` measures the million."""
    for name, run in many.reads(filled).items():
        began = perf_counter()
        run()
        assert perf_counter() - began < 1, name


def test_the_usual_parts_are_few() -> None:
    for days in (1, 31, 32, 90, 200, 201, 365, 1_100, 1_101, 3_660):
        period = Period(since=date(2030, 1, 1) - timedelta(days - 1), until=date(2030, 1, 1))
        assert 1 <= len(period.parts(usual_by(period))) <= 43
