"""The sealer: every entry in the tree, in the order of commits, under signed heads."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest

from engine.proof import merkle
from engine.proof.heads import signed_by
from storage import Database, heads_file, leaves, migrate, sealing
from storage.keys import Keys
from tests.proof.conftest import NOW, all_sealed, assert_whole, write


def test_every_entry_is_proved_to_be_in_the_tree_that_was_signed(
    database: Database, keys: Keys
) -> None:
    write(database, "r1", 5)
    first = all_sealed(database, keys, 5)
    write(database, "r2", 8)
    second = all_sealed(database, keys, 13)
    (public,) = keys.publics().values()
    assert signed_by(first, public)
    assert signed_by(second, public)
    with database.read() as reader:
        for chain, count in (("r1", 5), ("r2", 8)):
            for seq in range(1, count + 1):
                proof = sealing.inclusion(reader, chain, seq, second.size)
                sql = "SELECT digest FROM journal WHERE chain = ? AND seq = ?"
                leaf = merkle.leaf_hash(bytes(reader.value(sql, (chain, seq))))
                assert merkle.verify_inclusion(
                    leaf, proof.index, second.size, proof.path, second.root
                )
        covering = sealing.head_covering(reader, 4)
        assert covering is not None
        assert covering.size == first.size
        assert sealing.publics(reader) == keys.publics()
        state = sealing.state(reader)
        assert (state.sealed, state.leaves, state.waiting_since) == (13, 13, None)
        with pytest.raises(sealing.NotSealed):
            sealing.inclusion(reader, "r2", 1, first.size)
        with pytest.raises(sealing.NotSealed):
            sealing.inclusion(reader, "r9", 1, second.size)
    assert assert_whole(database)[-1] == second
    assert heads_file.read_all(database.heads)[0][-1] == second


def test_more_than_a_batch_is_moved_by_and_by(
    database: Database, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(database, "r1", 30)
    monkeypatch.setattr(leaves.move, "__defaults__", (7,))
    all_sealed(database, keys, 30)
    assert len(assert_whole(database)) == 1


def test_an_empty_log_has_no_head(database: Database, keys: Keys) -> None:
    assert sealing.seal(database, keys, NOW) is None
    with database.read() as reader:
        assert sealing.latest_head(reader) is None
        assert sealing.state(reader).sealed == 0


def test_an_unchanged_log_is_signed_anew_each_hour(database: Database, keys: Keys) -> None:
    """A sign of life; and nothing in between."""
    write(database, "r1")
    first = all_sealed(database, keys, 1)
    assert sealing.seal(database, keys, NOW + timedelta(minutes=59)) is None
    second = sealing.seal(database, keys, NOW + timedelta(hours=1))
    assert second is not None
    assert (second.size, second.root) == (first.size, first.root)
    assert second.at == NOW + timedelta(hours=1)


def test_time_never_goes_back(database: Database, keys: Keys) -> None:
    write(database, "r1")
    all_sealed(database, keys, 1)
    write(database, "r1")
    assert all_sealed(database, keys, 2, NOW - timedelta(hours=3)).at == NOW


@pytest.mark.parametrize("table", ["leaves", "tree", "heads", "stamps"])
def test_what_is_sealed_is_never_changed_or_removed(
    database: Database, keys: Keys, table: str
) -> None:
    """The database itself refuses it."""
    write(database, "r1", 4)
    all_sealed(database, keys, 4)
    with database.write() as transaction:
        transaction.execute("INSERT INTO stamps VALUES (1, 0, 'x', ?)", (b"x",))
    column = {"leaves": "seq", "tree": "level", "heads": "size", "stamps": "at"}[table]
    statements = [f"DELETE FROM {table}", f"UPDATE {table} SET {column} = 9"]
    if database.dialect == "postgresql":
        statements.append(f"TRUNCATE {table}")
    for statement in statements:
        with pytest.raises(Exception, match="never"), database.write() as transaction:
            transaction.execute(statement)
    assert_whole(database)


def test_a_process_without_the_key_waits_for_one_that_has_it(
    database: Database, keys: Keys, tmp_path: Path
) -> None:
    write(database, "r1", 2)
    none = Keys(tmp_path / "none")
    assert sealing.seal(database, none, NOW) is None
    for without in (None, none):
        with pytest.raises(sealing.NotSealed):
            sealing.sealed_by_now(database, without, NOW, "r1", 2, 0.05)
    other = Thread(target=all_sealed, args=(database, keys, 2))
    other.start()
    head = sealing.sealed_by_now(database, none, NOW, "r1", 2, 30)
    other.join()
    assert head.size == 2


def test_a_process_with_the_key_seals_at_once(database: Database, keys: Keys) -> None:
    write(database, "r1", 2)
    assert sealing.sealed_by_now(database, keys, NOW, "r1", 2, 30).size == 2
    with pytest.raises(sealing.NotSealed):
        sealing.sealed_by_now(database, keys, NOW, "r1", 3, 0)


def _triggers_off(database: Database, *tables: str) -> None:
    with database.write() as transaction:
        for table in tables:
            if database.dialect == "postgresql":
                transaction.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
            else:
                names = transaction.all(
                    "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?",
                    (table,),
                )
                for (name,) in names:
                    transaction.execute(f"DROP TRIGGER {name}")


TAMPERED: dict[str, str] = {
    "an inner node": "UPDATE tree SET hash = (SELECT hash FROM tree WHERE level = 1 AND idx = 1)"
    " WHERE level = 2 AND idx = 0",
    "a leaf": "UPDATE leaves SET digest = (SELECT digest FROM leaves WHERE idx = 0) WHERE idx = 4",
    "a head's root": "UPDATE heads SET root = (SELECT digest FROM leaves WHERE idx = 0)",
    "a node is gone": "DELETE FROM tree WHERE level = 2",
    "the end is gone": "DELETE FROM leaves WHERE idx >= 3",
}


@pytest.mark.parametrize("how", TAMPERED)
def test_nothing_is_signed_over_a_tree_that_was_changed(
    database: Database, keys: Keys, how: str
) -> None:
    write(database, "r1", 5)
    all_sealed(database, keys, 5)
    _triggers_off(database, "leaves", "tree", "heads")
    with database.write() as transaction:
        transaction.execute(TAMPERED[how])
    write(database, "r1", 2)
    before = database.heads.read_bytes()
    with pytest.raises((sealing.HeadsDisagree, sealing.TreeDamaged)):
        all_sealed(database, keys, 7)
    assert database.heads.read_bytes() == before


Damage = Callable[[Path], object]


def _garbage(file: Path) -> None:
    with file.open("ab") as opened:
        opened.write(b'no head\n{"at":1}\n\n\xff\xfe\nlong' + b"x" * 200_000 + b"\n")


def _torn(file: Path) -> None:
    content = file.read_bytes()
    with file.open("ab") as opened:
        opened.write(content[:100])


@pytest.mark.parametrize(
    ("damage", "others"),
    [
        (_garbage, 4),
        (_torn, 1),
        (Path.unlink, 0),
        (lambda file: file.write_bytes(b""), 0),
        (lambda file: file.write_bytes(file.read_bytes()[:-50]), 1),
    ],
    ids=["garbage", "torn", "gone", "empty", "cut"],
)
def test_a_heads_file_that_was_damaged_is_filled_again(
    database: Database, keys: Keys, damage: Damage, others: int
) -> None:
    """What a crash tore, or somebody has added, stays and is passed over."""
    for count in (2, 4):
        write(database, "r1", 2)
        all_sealed(database, keys, count)
    damage(database.heads)
    write(database, "r1", 2)
    all_sealed(database, keys, 6)
    assert heads_file.read_all(database.heads) == (assert_whole(database), others)


def test_a_file_that_cannot_be_written_holds_up_signing(
    database: Database, keys: Keys, tmp_path: Path
) -> None:
    """Nothing is signed without it; sealing is tried on, and goes on when it can."""
    write(database, "r1", 2)
    (tmp_path / "no folder").write_text("a file")
    database.heads = tmp_path / "no folder" / "heads.jsonl"
    for _ in range(2):
        with pytest.raises(OSError, match="no folder"):
            sealing.seal(database, keys, NOW)
    with database.read() as reader:
        assert sealing.latest_head(reader) is None
        assert sealing.state(reader).waiting_since == NOW
    (tmp_path / "no folder").unlink()
    all_sealed(database, keys, 2)
    assert heads_file.read_all(database.heads) == (assert_whole(database), 0)


def test_a_disk_that_is_full_leaves_a_torn_line_and_no_head(
    database: Database, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(database, "r1", 2)
    really = heads_file.os.write  # type: ignore[attr-defined]
    written: list[int] = []

    def full(handle: int, content: bytes) -> int:
        if written:
            raise OSError(28, "No space left on device")
        written.append(really(handle, content[:40]))
        return 40

    monkeypatch.setattr("storage.heads_file.os.write", full)
    with pytest.raises(OSError, match="No space"):
        all_sealed(database, keys, 2)
    monkeypatch.undo()
    all_sealed(database, keys, 2)
    assert heads_file.read_all(database.heads) == (assert_whole(database), 1)


def test_a_database_older_than_its_heads_file_is_not_signed(
    sqlite_home: Database, keys: Keys, tmp_path: Path
) -> None:
    """Whoever puts back an old copy to be rid of entries is told of; it needs an act to go on."""
    write(sqlite_home, "r1", 3)
    all_sealed(sqlite_home, keys, 3)
    copy = tmp_path / "copy.db"
    with sqlite_home._cursor() as cursor:
        cursor.execute("VACUUM INTO ?", (str(copy),))
    write(sqlite_home, "r1", 2)
    all_sealed(sqlite_home, keys, 5)
    old = Database(f"sqlite:///{copy}", tmp_path)
    with pytest.raises(sealing.HeadsDisagree, match="older than its heads file"):
        sealing.seal(old, keys, NOW)
    write(old, "r2", 4)
    with pytest.raises(sealing.HeadsDisagree, match="not the one that was signed"):
        sealing.seal(old, keys, NOW)
    old.close()


def test_another_logs_heads_in_the_file_are_let_be(
    sqlite_home: Database, keys: Keys, tmp_path: Path, sqlite_url: str
) -> None:
    write(sqlite_home, "r1", 3)
    all_sealed(sqlite_home, keys, 3)
    other = Database(sqlite_url.replace("countersign.db", "other.db"), tmp_path / "other")
    migrate(other)
    other.heads = sqlite_home.heads
    write(other, "r1", 1)
    all_sealed(other, keys, 1)
    write(sqlite_home, "r1", 1)
    all_sealed(sqlite_home, keys, 4)
    heads, others = heads_file.read_all(other.heads)
    assert ([head.size for head in heads], others) == ([3, 1, 4], 0)
    assert len({head.log for head in heads}) == 2
    other.close()
