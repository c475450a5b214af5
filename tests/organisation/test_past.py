"""The organisation as of any past moment is what it was then: after whatever changes, after a
rebuild, after a restore."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.actor import Actor
from engine.ids import PersonId
from storage import (
    Database,
    erasing,
    handing_over,
    journal,
    migrate,
    organisation,
    organising,
    past,
    reorganising,
    standing_in,
)
from storage.backup import backup
from storage.handing_over import Handover
from storage.organisation import Snapshot
from storage.organisation_files import read_file
from storage.rebuilding import rebuild
from storage.restore import restore
from storage.standing_in import Kept

FIRST = datetime(2030, 1, 1, tzinfo=UTC)
BY = Actor(id=PersonId("admin"), name="管", via="page")
PEOPLE = tuple(f"p{n}" for n in range(8))
UNITS, GROUPS, POSTS = ("甲部", "乙部", "丙部"), ("g1", "g2"), ("lead", "clerk")


def shown(snapshot: Snapshot, at: datetime) -> Any:
    """What a snapshot says of a moment, to be compared: those substitutions that still count."""
    return (
        snapshot.people,
        snapshot.units,
        snapshot.groups,
        snapshot.posts,
        {
            person: kept
            for person, found in snapshot.substitutions.items()
            if (kept := [each for each in found if each.until > at])
        },
        snapshot.heirs,
    )


class Life:
    """An organisation that is changed at random, remembered as it was after each change."""

    def __init__(self, database: Database, seed: int) -> None:
        self.database = database
        self.random = random.Random(seed)
        self.at = FIRST
        self.kept: list[tuple[datetime, Any]] = []
        self.numbers = iter(range(10**6))
        self.done: set[str] = set()

    def live(self, steps: int) -> None:
        for _ in range(steps):
            self.at += timedelta(minutes=self.random.randint(1, 5_000))
            name = self.random.choice(
                ["person", "person", "person", "unit", "rename", "remove", "post", "away", "back",
                 "leave", "file"]
            )  # fmt: skip
            with self.database.write() as transaction:
                journal.lock_system(transaction)
                snapshot = organisation.read(transaction)
                if getattr(self, name)(transaction, snapshot):
                    self.done.add(name)
                organisation.touch(transaction)
            with self.database.read() as reader:
                now = self.database.organisation.current(reader)
            self.kept.append((self.at, shown(now, self.at)))

    def _some(self, among: Any, most: int = 2) -> list[str]:
        among = sorted(among)
        return self.random.sample(among, min(len(among), self.random.randint(0, most)))

    def _change(
        self, transaction: Any, snapshot: Snapshot, table: str, key: str, **said: Any
    ) -> bool:
        old = organising.rows_of(snapshot)[table].get(key)
        change = organising.difference(table, key, old, said)
        if change is not None:
            organising.record(transaction, change, BY, self.at)
        return change is not None

    def person(self, transaction: Any, snapshot: Snapshot) -> bool:
        id = self.random.choice(PEOPLE)
        return self._change(
            transaction, snapshot, "people", id,
            name=self.random.choice("安本陈丁"),
            department=self.random.choice(["", *snapshot.units]),
            posts=self._some(POSTS), groups=self._some(snapshot.groups),
            superior=self._some({*snapshot.people} - {id}),
            active=self.random.random() < 0.8,
            role=self.random.choice(["", "", "auditor", "administrator"]),
        )  # fmt: skip

    def unit(self, transaction: Any, snapshot: Snapshot) -> bool:
        return self._change(
            transaction, snapshot, "departments", self.random.choice(UNITS),
            name_en=self.random.choice(["", "One"]), short=self.random.choice("甲乙"),
            head=self.random.choice(["", *snapshot.people]),
            free=self.random.choice([[], ["2030-05-02"]]),
        )  # fmt: skip

    def rename(self, transaction: Any, snapshot: Snapshot) -> bool:
        free = sorted({*UNITS, "丁部"} - {*snapshot.units})
        if not snapshot.units or not free:
            return False
        old, new = self.random.choice(sorted(snapshot.units)), self.random.choice(free)
        row = organising.rows_of(snapshot)["departments"][old]
        change = organising.difference("departments", new, row, {"name": new})
        assert change is not None
        reorganising.rename(transaction, snapshot, old, change, BY, self.at)
        return True

    def remove(self, transaction: Any, snapshot: Snapshot) -> bool:
        table = self.random.choice(["departments", "groups", "posts"])
        for key in organising.rows_of(snapshot)[table]:
            if not reorganising.inside(snapshot, table, key):
                reorganising.remove(transaction, snapshot, table, key, BY, self.at)
                return True
        return False

    def post(self, transaction: Any, snapshot: Snapshot) -> bool:
        name = self.random.choice(["组长", "文员"])
        return self._change(
            transaction, snapshot, "posts", self.random.choice(POSTS), name=name, name_en=""
        )

    def away(self, transaction: Any, snapshot: Snapshot) -> bool:
        if len(snapshot.people) < 2:
            return False
        person, other = self.random.sample(sorted(snapshot.people), 2)
        since = self.at + timedelta(minutes=self.random.randint(-100, 9_000))
        new = Kept(
            id=f"s{next(self.numbers)}", person=PersonId(person), substitute=PersonId(other),
            since=since, until=since + timedelta(minutes=self.random.randint(200, 20_000)),
            processes=(), made_by=BY.id, made_at=self.at,
        )  # fmt: skip
        if new.until <= self.at or standing_in.overlapping(transaction, new):
            return False
        standing_in.begin(transaction, new, BY, self.at)
        return True

    def back(self, transaction: Any, snapshot: Snapshot) -> bool:
        ids = [each.id for found in snapshot.substitutions.values() for each in found]
        return bool(ids) and standing_in.cancel(transaction, self.random.choice(ids), BY, self.at)

    def leave(self, transaction: Any, snapshot: Snapshot) -> bool:
        if len(snapshot.people) < 2:
            return False
        person, heir = self.random.sample(sorted(snapshot.people), 2)
        new = Handover(
            id=f"h{next(self.numbers)}", person=PersonId(person), heir=PersonId(heir), comment="走",
            moved={}, made_by=BY.id, made_at=self.at,
        )  # fmt: skip
        handing_over.begin(transaction, new, self.at)
        ids = iter(lambda: f"s{next(self.numbers)}", "")
        moved = handing_over.move_substitutions(transaction, new, BY, self.at, ids)
        handing_over.finish(transaction, new, {"tasks": [], "substitutions": moved}, BY, self.at)
        return True

    def file(self, transaction: Any, snapshot: Snapshot) -> bool:
        unit, group = self.random.choice(UNITS), self.random.choice(GROUPS)
        text = (
            f"departments: [{{name: {unit}}}]\ngroups: [{{name: {group}}}]\n"
            f"people: [{{id: {self.random.choice(PEOPLE)}, name: 新, department: {unit}}},"
            " {id: root, name: 根, role: administrator}]\n"
        )
        file = read_file(text.encode(), "o.yaml")
        return bool(
            organising.import_file(transaction, file, by=BY.id, by_name=BY.name, at=self.at)
        )

    def check(self, database: Database) -> None:
        """What is told of each moment, and of those just before, is what was so."""
        with database.read() as reader:
            for index, (at, then) in enumerate(self.kept):
                assert shown(past.as_of(reader, at), at) == then, f"after change {index}"
                if index:
                    before = at - timedelta(microseconds=1)
                    found = past.as_of(reader, before)
                    was = self.kept[index - 1][1]
                    assert shown(found, before)[:4] == was[:4]
            assert past.as_of(reader, FIRST - timedelta(days=1)) == Snapshot(people={})


@pytest.fixture
def elsewhere(database: Database, tmp_path: Path) -> Iterator[Database]:
    """An empty home of the kind that takes a backup."""
    other = Database(f"sqlite:///{tmp_path / 'other.db'}", tmp_path / "other")
    yield other
    other.close()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_each_moment_is_as_it_was(database: Database, elsewhere: Database, seed: int) -> None:
    life = Life(database, seed)
    life.live(120)
    life.check(database)
    rebuild(database, life.at + timedelta(days=1))
    life.check(database)
    file = database.home / "backup.zip"
    backup(database, file, life.at)
    restore(elsewhere, file, at=life.at + timedelta(days=2), by=PersonId("admin"))
    life.check(elsewhere)
    wanted = {"person", "unit", "rename", "remove", "post", "away", "back", "leave", "file"}
    assert life.done == wanted, "every kind of change took place"


def test_what_was_recorded_before_there_was_an_index_is_found(database: Database) -> None:
    life = Life(database, 4)
    life.live(30)
    with database.write() as transaction:
        before = transaction.all("SELECT * FROM organisation_changes ORDER BY seq, kind, subject")
        transaction.execute("DELETE FROM organisation_changes")
        past.fill(transaction)
        assert before == transaction.all(
            "SELECT * FROM organisation_changes ORDER BY seq, kind, subject"
        )
        assert past.fill(transaction) == 0
    life.check(database)
    migrate(database)


def test_what_was_erased_is_told_no_more(database: Database) -> None:
    """H2: the past goes by the id, as soon as the row is erased."""
    text = "people: [{id: ann, name: 安, email: a@example.com}, {id: ben, name: 本}]"
    with database.write() as transaction:
        file = read_file(text.encode(), "o.yaml")
        organising.import_file(transaction, file, by=BY.id, by_name="", at=FIRST)
    with database.read() as reader:
        assert past.as_of(reader, FIRST).people["ann"].email == "a@example.com"
        (told,) = past.history(reader, table="people", key="ann")
    paths = ["row", "changed.name", "changed.email"]
    with database.write() as transaction:
        what = {("system", told.seq): paths}
        erasing.erase(transaction, what, by=BY.id, at=FIRST, reason="x")
    with database.read() as reader:
        found = past.as_of(reader, FIRST).people
        assert (found["ann"].name, found["ann"].email) == ("ann", "")
        assert found["ben"].name == "本"
        (told,) = past.history(reader, table="people", key="ann")
        assert {field for field, _, _ in told.fields}.isdisjoint({"name", "email"})


def test_a_home_of_before_is_indexed_when_it_is_brought_up_to_date(
    database_url: str, tmp_path: Path
) -> None:
    """Its entries know the tables of then; the past is there after the migration."""
    old = Database(database_url, tmp_path)
    migrate(old)
    life = Life(old, 5)
    life.live(40)
    with old.read() as reader:
        before = reader.all("SELECT * FROM organisation_changes ORDER BY seq, kind, subject")
    with old.write() as transaction:  # as before revision 0018
        transaction.execute("DROP TABLE organisation_changes")
        transaction.execute("DROP TABLE named_posts")
        transaction.execute("ALTER TABLE departments DROP COLUMN name_en")
        transaction.execute("ALTER TABLE departments DROP COLUMN former")
        transaction.execute("DROP INDEX ix_leaves_chain_seq")  # of 0019
        transaction.execute("UPDATE alembic_version SET version_num = '0017'")
    migrate(old)
    with old.read() as reader:
        after = reader.all("SELECT * FROM organisation_changes ORDER BY seq, kind, subject")
        at, then = life.kept[-1]
        assert shown(past.as_of(reader, at), at) == then
    assert after == before
    old.close()
