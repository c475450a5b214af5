"""Numbers of a million tasks, as the follower would have left them; and how long it takes to read
them: `python -m tests.statistics.many [tasks] [postgresql-address]`.

Two years, one process of twenty desks in three versions: all of it in one process is the worst
case, since every read is of one process. Lengths are drawn from what approvals are like: most
within hours, some within weeks.
"""

import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from time import perf_counter

from engine.ids import PersonId
from engine.statistics import spread
from engine.statistics.figures import Period, start_of
from storage import Database, migrate
from storage.moments import micros
from storage.queries import statistics
from storage.time_spent import FIELDS
from storage.visibility import Viewer

PROCESS, NODES, DAYS, VERSIONS = "big", 20, 730, 3
LAST = date(2030, 1, 15)
DEPARTMENTS = ("产品部", "技术部", "风险部", "财务部", "客服部", "运营部", "办公室", "市场部")


def fill(database: Database, tasks: int, *, process: str = PROCESS, seed: int = 1) -> None:
    """Put the day rows of so many tasks there, and one in fifty as open."""
    random = Random(seed)
    nodes: dict[tuple[int, int, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    processes: dict[tuple[int, int], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    departments: dict[tuple[int, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    lengths = [int(random.lognormvariate(10, 1.6)) for _ in range(20_011)]
    for task in range(tasks):
        day = LAST.toordinal() - random.randrange(DAYS)
        version = 1 + (LAST.toordinal() - day < 400) + (LAST.toordinal() - day < 120)
        one = nodes[day, version, f"desk{task % NODES}"]
        one["entered"] += 1
        one[random.choice(("approved", "approved", "done", "rejected", "returned"))] += 1
        one["timed"] += 1
        wait, rest = lengths[task % 20_011], lengths[(task * 7) % 20_011]
        for name, length in (("wait", wait), ("took", wait + rest)):
            for measure, seconds in ((name, length), (f"{name}_working", length * 9 // 24)):
                one[f"{measure}_sum"] += seconds
                one[f"{measure}_spread"] += spread.one(seconds)
        if task % 3 == 0:
            one["promised"] += 1
        if task % 9 == 0:
            one["late"] += 1
            one["late_by_sum"] += rest
            one["late_by_spread"] += spread.one(rest)
        given = departments[day, DEPARTMENTS[task % len(DEPARTMENTS)]]
        given["given"] += 1
        given["decided"] += 1
        if task % 10 == 0:
            whole = processes[day, version]
            whole["started"] += 1
            whole["finished"] += 1
            whole["rounds"] += 1 + (task % 70 == 0)
            for measure, seconds in (("took", wait * 9), ("took_working", wait * 3)):
                whole[f"{measure}_sum"] += seconds
                whole[f"{measure}_spread"] += spread.one(seconds)
    _write(database, process, nodes, processes, departments)
    _open(database, process, tasks // 50, random)


def _write(database, process, nodes, processes, departments) -> None:  # type: ignore[no-untyped-def]
    with database.write() as transaction:
        for table, keys, rows in (
            ("nodes", ("process", "day", "version", "name"), nodes),
            ("processes", ("process", "day", "version"), processes),
            ("departments", ("process", "day", "name"), departments),
        ):
            names = (*keys, *FIELDS[table])  # type: ignore[index]
            marks = ", ".join("?" * len(names))
            put = f"INSERT INTO spent_{table} ({', '.join(names)}) VALUES ({marks})"
            transaction.many(
                put,
                [
                    (process, *key, *(_kept(name, row[name]) for name in FIELDS[table]))  # type: ignore[index]
                    for key, row in rows.items()
                ],
            )


def _kept(name: str, value: int) -> int | bytes:
    return spread.dump(value) if name.endswith("_spread") else value


def _open(database: Database, process: str, count: int, random: Random) -> None:
    last = datetime.combine(LAST, datetime.min.time(), UTC)
    rows = []
    for number in range(count):
        since = last - timedelta(seconds=random.randrange(60 * 86_400))
        due = since + timedelta(seconds=random.randrange(70 * 86_400))
        id = f"{process}-{number:07}"
        rows.append((id, "/n#1", process, 3, f"desk{number % NODES}", micros(since), micros(due)))
    with database.write() as transaction:
        transaction.many("INSERT INTO spent_open VALUES (?, ?, ?, ?, ?, ?, ?)", rows)


def reads(database: Database, process: str = PROCESS) -> dict[str, Callable[[], object]]:
    """What the page and the API ask, by name."""
    now = datetime.combine(LAST, datetime.min.time(), UTC)
    viewer = Viewer(person=PersonId("auditor"), role="auditor")
    whole = Period(since=LAST - timedelta(DAYS - 1), until=LAST)
    quarter = Period(since=LAST - timedelta(89), until=LAST)

    def week(day: int) -> int:
        return start_of(date.fromordinal(day), "week").toordinal()

    def asked(ask: Callable[..., object], *given: object, **more: object) -> Callable[[], object]:
        def run() -> object:
            with database.read() as reader:
                return ask(reader, *given, **more)

        return run

    return {
        "nodes, two years": asked(statistics.node_numbers, process, whole),
        "nodes, two years by week": asked(statistics.node_numbers, process, whole, part=week),
        "nodes, ninety days": asked(statistics.node_numbers, process, quarter),
        "one node, two years by week": asked(
            statistics.node_numbers, process, whole, node="desk3", part=week
        ),
        "one version, two years": asked(statistics.node_numbers, process, whole, version=3),
        "requests, two years by week": asked(statistics.process_numbers, process, whole, part=week),
        "departments, two years": asked(statistics.department_numbers, process, whole),
        "open now, by desk": asked(statistics.open_now, process, now),
        "open and overdue": asked(statistics.open_in, process, now),
        "oldest open": asked(statistics.oldest_open, viewer, process, 20),
    }


def say(line: str) -> None:
    """Tell it at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Fill, read each three times, tell the best."""
    tasks = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[2] if len(sys.argv) > 2 else f"sqlite:///{folder}/countersign.db"
        database = Database(url, Path(folder))
        migrate(database)
        began = perf_counter()
        fill(database, tasks)
        if database.dialect == "postgresql":
            with database.write() as transaction:
                transaction.execute("ANALYZE")
        say(f"{tasks} tasks filled in {perf_counter() - began:.1f} s, {database.dialect}")
        for name, run in reads(database).items():
            times = []
            for _ in range(3):
                began = perf_counter()
                run()
                times.append((perf_counter() - began) * 1000)
            say(f"{name}: {min(times):.0f} ms (first {times[0]:.0f})")
        database.close()


if __name__ == "__main__":
    main()
