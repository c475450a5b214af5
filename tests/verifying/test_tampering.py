"""`verify --database` on homes that somebody with every right to the database has changed: each
change is told, at the entry or row where it was made."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from engine.ids import PersonId
from engine.journal import Entry, Sealed, seal
from engine.proof.heads import public_of, sign
from storage import Database, attachments, definitions, journal, leaves, sealing, verifying
from storage.backup import backup
from storage.keys import Keys
from storage.restore import restore
from storage.transaction import Transaction
from storage.verifying import Report
from tests.support.tampering import put, rewrite, saying, unguard
from tests.verifying.homes import NOW

Tamper = Callable[[Transaction], object]


def verified(home: Database, keys: Keys, *, quick: bool = True) -> Report:
    """A new process looks, that remembers nothing of before."""
    fresh = Database(home.url, home.home)
    try:
        return verifying.verify(fresh, keys, quick=quick)
    finally:
        fresh.close()


def told(report: Report) -> list[str]:
    """What was found, without the triggers that tampering takes away."""
    return [str(each) for each in report.findings if each.where != "triggers"]


def test_a_home_that_nobody_changed_is_good(home: Database, keys: Keys) -> None:
    report = verified(home, keys, quick=False)
    assert told(report) == []
    assert report.code == 0
    with home.read() as reader:
        entries = reader.value("SELECT COUNT(*) FROM journal")
    assert report.checked["entries"] == report.checked["leaves"] == entries
    assert report.checked["heads"] == report.checked["lines of the heads file"] == 2
    assert report.checked["derived rows"] > 200
    assert report.notes == []


def test_triggers_that_were_dropped_are_named(home: Database, keys: Keys) -> None:
    with home.write() as transaction:
        unguard(transaction)
    report = verified(home, keys)
    named = {each.what.partition(" ")[0] for each in report.findings}
    assert {"journal_is_never_changed", "journal_is_erased_by_account"} <= named
    assert len(named) == report.checked["triggers"]
    assert report.code == 1


def delete(chain: str, seq: int) -> Tamper:
    return lambda t: t.execute("DELETE FROM journal WHERE chain = ? AND seq = ?", (chain, seq))


def swap(transaction: Transaction) -> None:
    """Two entries of a chain change places, digests and all."""
    for old, new in ((1, 900), (2, 1), (900, 2)):
        transaction.execute("UPDATE journal SET seq = ? WHERE chain = 'r1' AND seq = ?", (new, old))


def exchanged(transaction: Transaction) -> None:
    """Two entries change places, and the chain is sealed anew."""
    first, second = (each.entry for each in journal.kept_entries(transaction, "r1")[:2])
    head = put(transaction, replace(second, seq=1), b"", at=1)
    put(transaction, replace(first, seq=2, at=second.at), head, at=2)
    rewrite(transaction, "r1", 3, lambda entry: entry)


def insert(transaction: Transaction) -> None:
    """An entry more in the middle, and the chain sealed anew after it."""
    kept = journal.kept_entries(transaction, "r1")
    last = kept[-1].entry
    journal.keep(transaction, _sealed_after(kept[-1], replace(last, seq=last.seq + 1)))
    rewrite(transaction, "r1", 2, saying(verb="comment"))


def append(transaction: Transaction) -> None:
    """An entry more at the end: sealed by nobody, and nothing follows from it."""
    last = journal.kept_entries(transaction, "r1")[-1]
    entry = replace(last.entry, seq=last.seq + 1)
    journal.keep(transaction, _sealed_after(last, entry))


def _sealed_after(kept: journal.Kept, entry: Entry) -> Sealed:
    return seal(entry, kept.digest, b"\1" * 16)


ENTRIES: dict[str, tuple[Tamper, str]] = {
    "changed": (
        lambda t: put(t, journal.kept_entries(t, "r1")[1].entry, b"", at=2),
        "request 总27-001 (r1), entry 2: the entry's digest does not follow",
    ),
    "changed, sealed anew": (
        lambda t: rewrite(t, "r1", 1, saying(actor="gm")),
        "request 总27-001 (r1), entry 1: it was sealed with another digest",
    ),
    "deleted in the middle": (delete("r1", 2), "(r1), entry 2: entry 2 is missing"),
    "first deleted": (delete("r1", 1), "(r1), entry 1: entry 1 is missing"),
    "tail deleted": (delete("r1", 3), "entry 3, row"),
    "swapped": (swap, "request 总27-001 (r1), entry 1: "),
    "swapped, sealed anew": (exchanged, "request 总27-001 (r1), entry 1: "),
    "inserted, sealed anew": (insert, "(r1), entry 2: it was sealed with another digest"),
    "time changed": (
        lambda t: t.execute("UPDATE journal SET at = at + 1 WHERE chain = 'r1' AND seq = 2"),
        "(r1), entry 2: ",
    ),
    "moved to another chain": (
        lambda t: t.execute("UPDATE journal SET chain = 'r9' WHERE chain = 'r1'"),
        "r9, entry 1: ",
    ),
    "erased without an account": (
        lambda t: journal.erase(t, "r1", 1, ["input.answers.phone"]),
        "r1, entry 1: input.answers.phone was erased without an account of it",
    ),
    "everything truncated": (
        lambda t: [t.execute(f"DELETE FROM {name}") for name in ("journal", "leaves", "tree")],
        "the tree has 0",
    ),
}


@pytest.mark.parametrize("how", ENTRIES)
def test_what_was_done_to_entries_is_told(how: str, home: Database, keys: Keys) -> None:
    tamper, says = ENTRIES[how]
    with home.write() as transaction:
        unguard(transaction)
        tamper(transaction)
    report = verified(home, keys)
    assert report.code == 1
    assert says in told(report)[0] if how != "everything truncated" else says in str(told(report))


def test_an_entry_that_was_added_at_the_end_is_told(home: Database, keys: Keys) -> None:
    """No head holds it yet, but nothing of it stands in the request."""
    with home.write() as transaction:
        append(transaction)
    report = verified(home, keys, quick=False)
    assert report.checked["entries not yet sealed"] == 1
    assert report.code == 1
    assert "r1" in told(report)[0]


def set_back(transaction: Transaction, size: int) -> None:
    """The database as it was when the tree had so many leaves; every trace of later is gone."""
    position = transaction.value("SELECT position FROM leaves WHERE idx = ?", (size - 1,))
    transaction.execute("DELETE FROM journal WHERE position > ?", (position,))
    transaction.execute("DELETE FROM leaves WHERE idx >= ?", (size,))
    for level in range(9):
        transaction.execute(
            "DELETE FROM tree WHERE level = ? AND (idx + 1) * ? > ?", (level, 2**level, size)
        )
    transaction.execute("DELETE FROM heads WHERE size > ?", (size,))
    transaction.execute("DELETE FROM erasures")


def test_a_database_that_was_set_back_is_told_by_the_file_of_heads(
    home: Database, keys: Keys
) -> None:
    """Everything in it fits together; only the file knows a larger head."""
    with home.write() as transaction:
        unguard(transaction)
        size = transaction.value("SELECT MIN(size) FROM heads")
        set_back(transaction, size)
    report = verified(home, keys)
    assert report.code == 1
    assert any(f"only {size} entries are here" in each for each in told(report))
    # And with an empty database it is the same.
    with home.write() as transaction:
        for name in ("journal", "leaves", "tree", "heads", "log"):
            transaction.execute(f"DELETE FROM {name}")
    report = verified(home, keys)
    assert any("heads file" in each for each in told(report))


def other_key(home: Database, *, head: str = "last", file: bool = False) -> Ed25519PrivateKey:
    """Somebody signs the last head anew, with a key of his own."""
    private = Ed25519PrivateKey.generate()
    with home.write() as transaction:
        unguard(transaction)
        last = sealing.latest_head(transaction)
        assert last is not None
        new = sign(
            private, log=last.log, epoch=last.epoch, size=last.size, root=last.root, at=last.at
        )
        transaction.execute(
            "UPDATE heads SET key = ?, signature = ? WHERE ordinal ="
            " (SELECT MAX(ordinal) FROM heads)",
            (new.key, new.signature),
        )
        public = public_of(private).hex()
        transaction.execute(
            "INSERT INTO log (name, value) VALUES (?, ?)", (f"key.{new.key}", public)
        )
    if file:
        lines = home.heads.read_bytes().splitlines(keepends=True)
        home.heads.write_bytes(b"".join(lines[:-1]) + new.line())
    return private


def test_a_head_signed_with_another_key_is_told(home: Database, keys: Keys) -> None:
    other_key(home)
    report = verified(home, keys)
    assert report.code == 1
    assert "heads, row 2: the file of heads does not have this head" in told(report)


def test_where_the_file_of_heads_was_changed_too_the_key_is_not_trusted(
    home: Database, keys: Keys
) -> None:
    """Whoever has the database and the file, but not the key: exit code 3, if he forgot nothing."""
    triggers = _triggers(home)
    other_key(home, file=True)
    _give_back(home, triggers)
    report = verified(home, keys)
    assert report.code == 3
    assert "which was not told to be trusted" in told(report)[0]


def _triggers(home: Database) -> list[str]:
    if home.dialect == "postgresql":
        sql = "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
    else:
        sql = "SELECT sql FROM sqlite_master WHERE type = 'trigger'"
    with home.read() as reader:
        return [row[0] for row in reader.all(sql)]


def _give_back(home: Database, triggers: list[str]) -> None:
    with home.write() as transaction:
        for sql in triggers:
            transaction.execute(sql)


def test_a_head_that_was_replaced_is_told(home: Database, keys: Keys) -> None:
    """By one over fewer entries, by the real key: the file still knows the other one."""
    private = keys.current()
    assert private is not None
    with home.write() as transaction:
        unguard(transaction)
        last = sealing.latest_head(transaction)
        assert last is not None
        root = leaves.root_at(transaction, last.size - 1)
        new = sign(
            private, log=last.log, epoch=last.epoch, size=last.size - 1, root=root, at=last.at
        )
        transaction.execute(
            "UPDATE heads SET size = ?, root = ?, signature = ? WHERE ordinal ="
            " (SELECT MAX(ordinal) FROM heads)",
            (new.size, root, new.signature),
        )
    assert "the file of heads does not have this head" in str(told(verified(home, keys)))


def test_keys_that_are_not_told_to_be_trusted_are_named(home: Database, keys: Keys) -> None:
    report = verifying.verify(home, keys, trusted=["ab" * 32], quick=True)
    assert report.code == 3
    assert all(each.untrusted for each in report.findings)


def test_an_attachment_that_was_swapped_is_told(home: Database, keys: Keys) -> None:
    with home.read() as reader:
        rows = reader.all("SELECT id, sha256 FROM attachments WHERE request = 'r1'")
    ((id, digest),) = rows
    attachments.path(home.home, bytes(digest).hex()).write_bytes(b"another")
    assert told(verified(home, keys)) == [
        f"attachments, r1, entry 1, row {id}: of the attachment's content the file was changed"
    ]
    attachments.path(home.home, bytes(digest).hex()).unlink()
    assert "the file is missing" in told(verified(home, keys))[0]


def test_an_attachments_row_that_names_another_content_is_told(home: Database, keys: Keys) -> None:
    with home.write() as transaction:
        other = transaction.value("SELECT sha256 FROM attachments WHERE request = 'r2'")
        transaction.execute("UPDATE attachments SET sha256 = ? WHERE request = 'r1'", (other,))
    (only,) = told(verified(home, keys))
    assert "column sha256" in only


def test_a_definitions_file_that_was_changed_is_told(home: Database, keys: Keys) -> None:
    with home.write() as transaction:
        transaction.execute(
            "UPDATE files SET content = ? WHERE digest ="
            " (SELECT file FROM definition_files WHERE name = 'ask.form')",
            (b'{"type": "default", "id": "ask", "components": []}',),
        )
    found = told(verified(home, keys))
    assert "files, row" in found[0]
    assert "its files are not those that were deployed" in found[1]


def test_a_version_that_was_put_under_another_name_is_told(home: Database, keys: Keys) -> None:
    """A file more, with its right digest: the version's own digest is another."""
    with home.write() as transaction:
        digest = transaction.value("SELECT digest FROM definitions WHERE process = 'all'")
        kept = definitions.files_of(transaction, digest)
        assert set(kept) == {"all.bpmn", "ask.form"}
        some = transaction.value("SELECT MIN(digest) FROM files")
        transaction.execute(
            "INSERT INTO definition_files (definition, name, file) VALUES (?, 'x.csv', ?)",
            (digest, some),
        )
    assert "its files are not those that were deployed" in str(told(verified(home, keys)))


PROJECTIONS = {
    "who has decided": ("UPDATE slots SET decided_by = 'gm' WHERE request = 'r1' AND ordinal ="
                        " (SELECT MIN(ordinal) FROM slots WHERE decided_by = 'risk.manager')",
                        "slots", "decided_by"),
    "how a request stands": ("UPDATE requests SET status = 'completed' WHERE id = 'r2'",
                             "requests", "status"),
    "whose superior": ("UPDATE people SET superiors = '[]' WHERE id = 'card.officer'",
                       "people", "superiors"),
    "an owner more": ("INSERT INTO owners (process, person) VALUES ('all', 'gm')", "owners", ""),
    "an owner less": ("DELETE FROM owners WHERE process = 'all'", "owners", ""),
    "a task less": ("DELETE FROM inbox WHERE request = 'r1'", "inbox", ""),
    "a task in another inbox": ("UPDATE inbox SET person = 'auditor' WHERE person = 'gm'",
                                "inbox", ""),
    "a department's head": ("UPDATE departments SET head = 'gm' WHERE name = '卡部'",
                            "departments", "head"),
    "a counter": ("UPDATE counters SET value = value + 1", "counters", "value"),
    "a timer": ("UPDATE timers SET due = due + 1 WHERE request = 'r1'", "timers", "due"),
    "a verdict": ("UPDATE nodes SET verdict = 'approved' WHERE request = 'r1'", "nodes",
                  "verdict"),
    "a substitution": ("UPDATE substitutions SET substitute = 'gm.secretary' WHERE id = 's1'",
                       "substitutions", "substitute"),
    "a rule of two": ("DELETE FROM release_rules", "release_rules", ""),
}  # fmt: skip


@pytest.mark.parametrize("what", PROJECTIONS)
def test_what_was_done_to_projections_is_told(what: str, home: Database, keys: Keys) -> None:
    """The table, the row and the column of the first difference."""
    statement, table, column = PROJECTIONS[what]
    with home.write() as transaction:
        assert transaction.execute(statement) > 0
    report = verified(home, keys, quick=False)
    assert report.code == 1
    found = [each for each in report.findings if each.where == table]
    assert found, told(report)
    assert found[0].column == column
    assert found[0].key


def test_unsealed_entries_are_counted_and_said(home: Database, keys: Keys) -> None:
    with home.write() as transaction:
        body = {"verb": "v", "outcome": "done", "actor": "gm"}
        journal.record(transaction, at=NOW + timedelta(days=30), body=body, particulars={})
    report = verified(home, keys)
    assert report.code == 0
    assert report.checked["entries not yet sealed"] == 1
    assert "not sealed yet" in report.notes[0]


def test_a_head_that_a_crash_kept_from_the_database_is_no_finding(
    home: Database, keys: Keys
) -> None:
    """It is on the disk first: the entries that it holds are here."""
    with home.write() as transaction:
        body = {"verb": "v", "outcome": "done", "actor": "gm"}
        at = NOW + timedelta(days=30)
        journal.record(transaction, at=at, body=body, particulars={})
    with home.read() as reader:
        before = reader.all("SELECT ordinal FROM heads")
    sealing_home = Database(home.url, home.home)
    for hour in range(99):
        sealing.seal(sealing_home, keys, at + timedelta(hours=hour))
        with sealing_home.read() as reader:
            if sealing.state(reader).sealed == reader.value("SELECT COUNT(*) FROM journal"):
                break
    with sealing_home.write() as transaction:
        unguard(transaction)
        transaction.execute("DELETE FROM heads WHERE ordinal > ?", (len(before),))
    sealing_home.close()
    assert told(verified(home, keys)) == []


def test_the_file_of_heads_is_compared_line_by_line(home: Database, keys: Keys) -> None:
    lines = home.heads.read_bytes().splitlines(keepends=True)
    home.heads.write_bytes(lines[1] + b"torn {")
    found = verified(home, keys)
    assert told(found) == ["heads, row 1: the file of heads does not have this head"]
    assert "1 lines of the heads file are no heads" in found.notes[0]
    home.heads.unlink()
    assert "is missing, though heads were signed" in str(told(verified(home, keys)))


def test_a_restored_backup_says_so(home: Database, keys: Keys, tmp_path: Path) -> None:
    file = tmp_path / "kept.zip"
    backup(home, file, NOW)
    other = tmp_path / "other"
    other.mkdir()
    restored = Database(f"sqlite:///{other / 'countersign.db'}", other)
    restore(restored, file, at=NOW + timedelta(days=60), by=PersonId("admin"))
    report = verified(restored, Keys(other / "keys"), quick=False)
    assert told(report) == []
    assert report.checked["restorations"] == 1
    assert any("A backup of" in note for note in report.notes)
    with restored.write() as transaction:
        transaction.execute("UPDATE log SET value = '7' WHERE name = 'epoch'")
    assert "log, row epoch" in str(told(verified(restored, Keys(other / "keys"))))
    restored.close()
