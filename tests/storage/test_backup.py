"""A backup brings everything back, on the other kind of database too, and says that it did."""

import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.diagrams.definition import Definition
from engine.ids import PersonId
from engine.journal import Entry
from engine.requests import Flow
from storage import Database, attachments, queries
from storage.backup import backup
from storage.journal import chains, entries, first_fault
from storage.restore import NotRestorable, restore
from storage.tables import METADATA
from storage.visibility import Viewer
from tests.storage.test_unit_of_work import ANN, BEN, R, a_node, a_request, a_slot

NOW = datetime(2030, 1, 15, 1, 0, tzinfo=UTC)
ADMIN = PersonId("admin")


@pytest.fixture
def filled(database: Database, definition: Definition) -> Database:
    kept = attachments.keep(database, b"content", name="a.txt", by=ANN, at=NOW)
    (database.home / "keys").mkdir()
    (database.home / "keys" / "seal.pem").write_text("key")
    with database.unit_of_work() as work:
        work.add_request(a_request(definition, status="running", title="采购电脑"))
        work.save_flow(R, Flow(answers={"reason": "旧的坏了"}))
        work.add_node(a_node())
        work.add_slots([a_slot(answers={"x": "\ud83d"})])
        work.attach([kept.id], R)
        work.append(Entry(chain=R, seq=1, at=NOW, body={"verb": "v"}), b"")
        work.commit()
    return database


def rows(database: Database) -> dict[str, list[tuple[object, ...]]]:
    left_out = {"sessions", "idempotency", "journal", "revisions"}
    with database.read() as reader:
        return {
            table.name: sorted(reader.all(f'SELECT * FROM "{table.name}"'), key=repr)
            for table in METADATA.sorted_tables
            if table.name not in left_out
        }


def test_everything_comes_back(filled: Database, tmp_path: Path, sqlite_url: str) -> None:
    file, home = tmp_path / "backup.zip", tmp_path / "other"
    made = backup(filled, file, NOW)
    assert (made.files, made.missing) == (2, [])
    assert file.stat().st_mode & 0o077 == 0
    other = Database(sqlite_url.replace("countersign.db", "restored.db"), home)
    restored = restore(other, file, at=NOW, by=ADMIN)
    assert restored.taken_at == NOW
    assert rows(other) == rows(filled)
    with other.unit_of_work() as work:
        assert work.slot(R, 1) == a_slot(answers={"x": "\ud83d"})
    with other.read() as reader:
        assert [first_fault(reader, chain) for chain in chains(reader)] == [None, None]
        last = entries(reader, "system")[-1]
        assert (last.body["verb"], last.body["actor"]) == ("restore", "admin")
        found = queries.requests(reader, Viewer(person=ANN), "mine", q="坏了")
        assert [row.id for row in found.items] == [R]
        (row,) = queries.attachments(reader, R)
    assert attachments.damaged(home, row.sha256) is None
    assert (home / "keys" / "seal.pem").read_text() == "key"
    other.close()


def test_what_is_written_afterwards_goes_on_counting(
    filled: Database, definition: Definition, tmp_path: Path, postgresql_url: str
) -> None:
    backup(filled, tmp_path / "b", NOW)
    other = Database(postgresql_url, tmp_path / "other")
    restore(other, tmp_path / "b", at=NOW, by=ADMIN)
    with other.unit_of_work() as work:
        work.add_request(a_request(definition, "r2", requester=BEN))
        work.commit()
    other.close()


def test_nothing_is_restored_over_what_is_there(filled: Database, tmp_path: Path) -> None:
    backup(filled, tmp_path / "b", NOW)
    with pytest.raises(NotRestorable, match="empty home"):
        restore(filled, tmp_path / "b", at=NOW, by=ADMIN)


def test_a_backup_that_was_changed_is_refused(
    filled: Database, tmp_path: Path, sqlite_url: str
) -> None:
    backup(filled, tmp_path / "b", NOW)
    with zipfile.ZipFile(tmp_path / "b") as old, zipfile.ZipFile(tmp_path / "c", "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, b"[1]" if name == "tables/people.jsonl" else content)
    (tmp_path / "cut").write_bytes((tmp_path / "b").read_bytes()[:-100])
    empty = Database(sqlite_url.replace("countersign.db", "empty.db"), tmp_path / "other")
    for name, says in (("c", "was changed"), ("cut", "can't be read"), ("none", "can't be read")):
        with pytest.raises(NotRestorable, match=says):
            restore(empty, tmp_path / name, at=NOW, by=ADMIN)
    empty.close()


def test_a_missing_content_is_told(filled: Database, tmp_path: Path) -> None:
    with filled.read() as reader:
        (row,) = queries.attachments(reader, R)
    attachments.path(filled.home, row.sha256).unlink()
    assert backup(filled, tmp_path / "b", NOW).missing == [row.sha256]
