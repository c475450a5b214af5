"""Numbers are gapless and unique when many submit at once from several processes."""

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from storage import Database

PROCESSES, EACH = 4, 50


def take(address: str, home: str) -> list[int]:
    """In another process: numbers, every fifth of them given back by a roll-back."""
    database = Database(address, Path(home))
    taken = []
    for turn in range(EACH + EACH // 5):
        with database.unit_of_work() as work:
            number = work.next_number("({yy})卡字")
            if turn % 6 != 5:
                work.commit()
                taken.append(number)
    database.close()
    return taken


def test_numbers_are_gapless_across_processes(database: Database) -> None:
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        runs = [pool.submit(take, database.url, str(database.home)) for _ in range(PROCESSES)]
        taken = [number for run in runs for number in run.result(timeout=120)]
    assert sorted(taken) == list(range(1, PROCESSES * EACH + 1))


def test_counters_do_not_know_each_other(database: Database) -> None:
    with database.unit_of_work() as work:
        assert [work.next_number(name) for name in ("a", "b", "a")] == [1, 1, 2]


def test_threads_share_a_database(database: Database) -> None:
    def count(_: int) -> int:
        def work(unit: object) -> int:
            number = unit.next_number("n")  # type: ignore[attr-defined]
            unit.commit()  # type: ignore[attr-defined]
            return int(number)

        return database.run(work)

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(count, range(60))) == list(range(1, 61))
