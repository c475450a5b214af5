"""Several sealers and many writers at once: each entry once, in the order of commits, none lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event

from engine.journal import Entry
from storage import Database, heads_file, journal, sealing
from storage.following import again, follow, past
from storage.journal import Kept
from storage.keys import Keys
from storage.transaction import Transaction
from tests.proof.conftest import NOW, all_sealed, assert_whole, write

WRITERS, EACH = 4, 25


def test_several_sealers_and_many_writers(database: Database, keys: Keys, tmp_path: Path) -> None:
    """Sealers of one machine share the heads file; another machine's has its own (PostgreSQL)."""
    machines = [Database(database.url, tmp_path) for _ in range(3)]
    if database.dialect == "postgresql":
        machines[2].heads = tmp_path / "elsewhere" / "heads.jsonl"
    done = Event()

    def sealer(machine: Database) -> None:
        while not done.is_set():
            sealing.seal(machine, keys, NOW)

    with ThreadPoolExecutor(WRITERS + 3) as pool:
        sealers = [pool.submit(sealer, machine) for machine in machines]
        writers = [pool.submit(write, database, f"r{n}", EACH) for n in range(WRITERS)]
        for writer in writers:
            writer.result()
        done.set()
        for each in sealers:
            each.result()
    all_sealed(machines[2], keys, WRITERS * EACH)
    all_sealed(machines[0], keys, WRITERS * EACH)
    sealing.seal(machines[0], keys, NOW)
    heads = assert_whole(database)
    assert heads[-1].size == WRITERS * EACH
    for machine in machines:
        found, others = heads_file.read_all(machine.heads)
        assert ({head.signature for head in found}, others) == ({h.signature for h in heads}, 0)
        machine.close()


def test_an_entry_that_commits_late_is_not_passed_over(
    postgresql_home: Database, keys: Keys
) -> None:
    """PostgreSQL: a lower position, committed after higher ones were there to be sealed."""
    with closing(postgresql_home) as database:
        write(database, "before", 2)
        all_sealed(database, keys, 2)
        with database.unit_of_work() as slow:
            slow.append(Entry(chain="slow", seq=1, at=NOW, body={"verb": "v"}), b"")
            write(database, "quick", 3)
            assert sealing.seal(database, keys, NOW) is None
            with database.read() as reader:
                assert sealing.leaf_index(reader, "quick", 3) is None
            slow.commit()
        all_sealed(database, keys, 6)
        assert_whole(database)


def test_a_position_that_was_taken_early_is_not_passed_over(
    postgresql_home: Database, keys: Keys
) -> None:
    """PostgreSQL: an entry that is committed after higher positions were sealed."""
    with closing(postgresql_home) as database:
        with database.write() as transaction:
            sequence = "SELECT nextval(pg_get_serial_sequence('journal', 'position'))"
            early = transaction.value(sequence)
        write(database, "quick", 3)
        all_sealed(database, keys, 3)
        with database.write() as transaction:
            transaction.execute(
                "INSERT INTO journal (position, chain, seq, at, body, particulars, digest, xid)"
                " SELECT ?, 'late', 1, at, body, particulars, digest,"
                " pg_current_xact_id()::text::bigint FROM journal LIMIT 1",
                (early,),
            )
        write(database, "quick", 1)
        all_sealed(database, keys, 5)
        with database.read() as reader:
            assert sealing.leaf_index(reader, "late", 1) == 3
            assert reader.value("SELECT position FROM leaves WHERE idx = 3") == early
        assert_whole(database)


def test_a_database_that_comes_to_another_server_is_sealed_on(
    postgresql_home: Database, keys: Keys
) -> None:
    """PostgreSQL: the new server's numbers of transactions are lower than those in the journal, as
    after a dump was loaded elsewhere; some of what came was not sealed yet."""
    with closing(postgresql_home) as database:
        write(database, "old", 6)
        all_sealed(database, keys, 6)
        with database.write() as transaction:
            for table in ("journal", "leaves"):
                transaction.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
                transaction.execute(f"UPDATE {table} SET xid = xid + 1000000")
            transaction.execute(
                "INSERT INTO journal (chain, seq, at, body, particulars, digest, xid)"
                " SELECT 'late', seq, at, body, particulars, digest, xid - 5 FROM journal"
                " WHERE seq <= 3"
            )
        write(database, "new", 4)
        all_sealed(database, keys, 13)
        write(database, "new", 4)
        all_sealed(database, keys, 17)
        assert_whole(database)


class _Taken:
    """A follower that remembers, in a table and a list, what it was given."""

    def __init__(self) -> None:
        self.given: list[tuple[int, str, int]] = []

    def take(self, transaction: Transaction, found: list[tuple[int, Kept]]) -> None:
        for index, kept in found:
            transaction.execute(
                "INSERT INTO counters (name, value) VALUES (?, ?)", (f"t{index}", index)
            )
            self.given.append((index, kept.chain, kept.seq))


def test_a_follower_is_given_each_entry_once_and_in_order(database: Database, keys: Keys) -> None:
    write(database, "r1", 12)
    all_sealed(database, keys, 12)
    taken = _Taken()
    assert follow(database, "f", taken.take, batch=5, most=7) == 7
    assert follow(database, "f", taken.take, batch=5) == 5
    assert follow(database, "f", taken.take) == 0
    assert taken.given == [(n, "r1", n + 1) for n in range(12)]
    with database.write() as transaction:
        assert past(transaction, "f") == 12
        again(transaction, "f")
        assert past(transaction, "f") == 0


def test_of_several_that_follow_at_once_one_takes_an_entry(database: Database, keys: Keys) -> None:
    write(database, "r1", 60)
    all_sealed(database, keys, 60)
    taken = _Taken()
    machines = [Database(database.url, database.home) for _ in range(4)]

    def through(machine: Database) -> int:
        return sum(follow(machine, "f", taken.take, batch=3) for _ in range(40))

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(through, machines)) == 60
    with database.read() as reader:
        assert reader.value("SELECT COUNT(*) FROM counters") == 60
        assert past(reader, "f") == 60
    for machine in machines:
        machine.close()


def test_a_follower_that_fails_is_given_the_same_again(database: Database, keys: Keys) -> None:
    write(database, "r1", 4)
    all_sealed(database, keys, 4)
    taken = _Taken()
    fails = [True]

    def once(transaction: Transaction, found: list[tuple[int, Kept]]) -> None:
        taken.take(transaction, found)
        if fails.pop() if fails else False:
            raise ValueError("not now")

    take: Callable[[Transaction, list[tuple[int, Kept]]], None] = once
    try:
        follow(database, "f", take)
    except ValueError:
        taken.given.clear()
    assert follow(database, "f", take) == 4
    with database.read() as reader:
        assert reader.value("SELECT COUNT(*) FROM counters") == 4
        assert [index for index, _ in journal.sealed(reader, since=1, limit=2)] == [1, 2]
