"""A restored backup goes on sealing: what was sealed after it is lost, and not contradicted."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from shutil import copy

import pytest

from engine.ids import PersonId
from engine.proof.heads import sign
from storage import Database, heads_file, journal, leaves, migrate, sealing
from storage.backup import backup
from storage.keys import Keys
from storage.rebuilding import rebuild
from storage.restore import restore
from tests.proof.conftest import NOW, all_sealed, assert_whole, write

ADMIN = PersonId("admin")
LATER = NOW + timedelta(days=1)


@pytest.fixture(params=["sqlite", "postgresql"])
def other(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database of either kind, in a home of its own."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    other = Database(url.replace("countersign.db", "other.db"), tmp_path / "other")
    yield other
    other.close()


def _restored(database: Database, other: Database, keys: Keys) -> None:
    """Sealed, backed up with entries that wait, and sealed on; then the backup is brought back."""
    write(database, "r1", 7)
    all_sealed(database, keys, 7)
    write(database, "r2", 4)
    backup(database, database.home / "kept.zip", NOW)
    write(database, "r3", 6)
    all_sealed(database, keys, 17)
    restore(other, database.home / "kept.zip", at=LATER, by=ADMIN)


def test_the_log_goes_on_in_a_new_epoch(database: Database, other: Database, keys: Keys) -> None:
    _restored(database, other, keys)
    head = all_sealed(other, keys, 12, LATER)
    write(other, "r4", 5)
    all_sealed(other, keys, 17, LATER)
    heads = assert_whole(other)
    assert (heads[0].epoch, heads[0].size) == (0, 7)
    assert heads[-1].epoch == head.epoch == 1
    assert len({each.log for each in heads}) == 1
    with other.read() as reader:
        last = journal.entries(reader, "system")[-1]
        assert last.body["verb"] == "restore"
        assert (last.body["epoch"], last.body["sealed"]) == (1, leaves.began(reader, 1))
        assert last.body["log"] == head.log
        assert leaves.began(reader, 1) == 7
    assert heads_file.read_all(other.heads) == (heads, 0)


def test_lost_heads_stay_in_their_file_and_are_known_as_lost(
    database: Database, other: Database, keys: Keys
) -> None:
    """The heads file is on another disk, and knows more than the backup."""
    _restored(database, other, keys)
    before, _ = heads_file.read_all(database.heads)
    lost = [head for head in before if head.size > 7]
    assert lost
    other.heads = other.home / "kept" / "heads.jsonl"
    other.heads.parent.mkdir(parents=True)
    copy(database.heads, other.heads)
    all_sealed(other, keys, 12, LATER)
    write(other, "r4", 9)
    all_sealed(other, keys, 21, LATER)
    heads = assert_whole(other)
    found, others = heads_file.read_all(other.heads)
    assert (found[: len(before)], others) == (before, 0)
    assert [head for head in found if head not in lost] == heads
    assert not set(lost) & set(heads)


def test_a_head_that_an_old_epoch_has_signed_otherwise_is_no_loss(
    database: Database, other: Database, keys: Keys
) -> None:
    """Of what the backup has, the old heads have to fit; and of a restoration it must know."""
    _restored(database, other, keys)
    private = keys.current()
    assert private is not None
    with database.read() as reader:
        newest = sealing.latest_head(reader)
    assert newest is not None
    for epoch, size, says in ((0, 5, "not the one that was signed"), (2, 5, "restoration 2")):
        forged = sign(
            private, log=newest.log, epoch=epoch, size=size, root=newest.root, at=newest.at
        )
        other.heads = other.home / f"forged{epoch}.jsonl"
        other.heads.write_bytes(forged.line())
        with pytest.raises(sealing.HeadsDisagree, match=says):
            all_sealed(other, keys, 12, LATER)


def test_a_backup_of_a_backup_is_the_next_epoch(
    sqlite_home: Database, sqlite_url: str, keys: Keys, tmp_path: Path
) -> None:
    database = sqlite_home
    write(database, "r1", 3)
    for epoch in (1, 2, 3):
        all_sealed(database, keys, 3, NOW + timedelta(days=epoch))
        write(database, "r1", 2)
        file = tmp_path / f"{epoch}.zip"
        backup(database, file, NOW)
        database.close()
        url = sqlite_url.replace("countersign.db", f"{epoch}.db")
        database = Database(url, tmp_path / str(epoch))
        restore(database, file, at=NOW, by=ADMIN)
    all_sealed(database, keys, 12, NOW + timedelta(days=4))
    heads = assert_whole(database)
    assert [head.epoch for head in heads] == [0, 1, 2, 3]
    database.close()


def test_a_restored_home_that_was_never_sealed_begins_its_own_log(
    database: Database, other: Database, keys: Keys
) -> None:
    write(database, "r1", 3)
    backup(database, database.home / "kept.zip", NOW)
    restore(other, database.home / "kept.zip", at=LATER, by=ADMIN)
    head = all_sealed(other, keys, 4, LATER)
    assert (head.epoch, head.size) == (0, 4)
    with other.read() as reader:
        assert "epoch" not in journal.entries(reader, "system")[-1].body
    assert_whole(other)


def test_sealing_goes_on_after_a_rebuild(database: Database, keys: Keys) -> None:
    with database.write() as transaction:
        for _ in range(3):
            journal.record(transaction, at=NOW, body={"verb": "x"}, particulars={})
    all_sealed(database, keys, 3)
    rebuild(database, NOW)
    all_sealed(database, keys, 4)
    assert_whole(database)


def test_a_database_of_before_is_sealed_from_its_beginning(
    database_url: str, tmp_path: Path, keys: Keys
) -> None:
    """Whoever comes from a version without a sealer has all his entries sealed."""
    database = Database(database_url, tmp_path)
    migrate(database, to="0011")
    write(database, "r1", 5)
    migrate(database)
    all_sealed(database, keys, 5)
    assert_whole(database)
    database.close()
