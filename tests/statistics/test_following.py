"""With the sealer: every entry is taken once, whoever else runs; a rebuild makes the same again."""

from random import Random

import pytest

from storage import Database, time_spent
from storage.rebuilding import rebuild
from storage.verifying import derived
from storage.verifying.report import Report
from tests.statistics.oracle import counted, kept
from tests.statistics.sealing import AT, sealed
from tests.statistics.test_time_spent import live, walked
from tests.workflows.organised import organise


@pytest.fixture
def lived(database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A database in which people did things; nothing is sealed."""
    organise(database)
    live(walked("work-order", 3), database, Random(0), monkeypatch, following=False)
    return database


def test_only_what_is_sealed_is_counted_and_once(lived: Database) -> None:
    assert time_spent.follow(lived) == 0
    assert kept(lived) == ({}, [])
    sealed(lived)
    assert time_spent.follow(lived) > 10
    assert kept(lived) == counted(lived)
    assert time_spent.follow(lived) == 0
    assert kept(lived) == counted(lived)


def test_a_rebuild_makes_them_again_as_far_as_they_were(lived: Database) -> None:
    rebuild(lived, AT)
    assert kept(lived) == ({}, [])  # nothing had been taken
    sealed(lived)
    time_spent.follow(lived)
    with lived.write() as transaction:
        for table in time_spent.TABLES:
            transaction.execute(f"DELETE FROM {table}")
    rebuild(lived, AT)
    assert kept(lived) == counted(lived)
    sealed(lived)  # the rebuild's own entry
    assert time_spent.follow(lived) >= 1
    assert kept(lived) == counted(lived)


def test_a_follower_that_fails_takes_nothing(
    lived: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed(lived)
    real, calls = time_spent.Taking.take, []

    def failing(self: time_spent.Taking, entries: object) -> None:
        real(self, entries)  # type: ignore[arg-type]
        calls.append(1)
        if len(calls) == 1:
            raise OSError("the disk is full")

    monkeypatch.setattr(time_spent.Taking, "take", failing)
    with pytest.raises(OSError, match="disk"):
        time_spent.follow(lived)
    assert kept(lived) == ({}, [])
    time_spent.follow(lived)
    assert kept(lived) == counted(lived)


def test_numbers_that_came_bit_by_bit_are_verified(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row by row those of a rebuild: what was counted and is no more leaves no row behind."""

    def follow() -> None:
        sealed(database)
        time_spent.follow(database)

    organise(database)
    walk = walked("document-access", 11)
    live(walk, database, Random(4), monkeypatch, following=False, meanwhile=follow)
    follow()
    report = Report()
    with database.read() as reader:
        derived.check(database, reader, report, lambda *_: None)
    assert not [each for each in report.findings if each.where in time_spent.TABLES]
    assert kept(database) == counted(database)
