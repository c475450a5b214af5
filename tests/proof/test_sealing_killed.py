"""A sealer is killed (SIGKILL) wherever it hurts: afterwards file and table agree, and go on."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from storage import Database, heads_file, sealing
from storage.keys import Keys
from storage.rotating import rotate
from tests.proof.conftest import NOW, all_sealed, assert_whole, write

CLONE = Path(__file__).parents[2]
PROGRAM = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from storage import Database, heads_file, keys, leaves, rotating, sealing
from storage.transaction import Transaction

url, home, folder, where = sys.argv[1:]
die = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
database, held = Database(url, Path(home)), keys.Keys(Path(folder))
now = datetime(2030, 1, 15, 2, 0, tzinfo=UTC)
write, fsync, finish = os.write, os.fsync, Transaction.finish
if where == "in the line":
    def torn(handle, content):
        write(handle, content[: len(content) // 2])
        die()
    heads_file.os.write = torn
elif where == "before the disk has it":
    heads_file.os.fsync = die
elif where == "before the row":
    sealing._keep = die
elif where == "before the commit of the row":
    def last(transaction):
        if transaction.value("SELECT MAX(size) FROM heads") == 5:
            die()
        finish(transaction)
    Transaction.finish = last
elif where == "after the commit of the row":
    def last(transaction):
        finish(transaction)
        die()
    sealing_keep = sealing._keep
    def keep(transaction, *rest):
        sealing_keep(transaction, *rest)
        Transaction.finish = last
    sealing._keep = keep
elif where == "before the leaves are there":
    leaves.Transaction.finish = die
elif where == "before the new key signs":
    keys.Keys.settle = die
    rotating.rotate(database, held, now, by="admin")
elif where == "before the rotation is told":
    rotating.journal.record = die
    rotating.rotate(database, held, now, by="admin")
for _ in range(2000):
    sealing.seal(database, held, now)
"""
PLACES = [
    "in the line",
    "before the disk has it",
    "before the row",
    "before the commit of the row",
    "after the commit of the row",
    "before the leaves are there",
]


def _killed(database: Database, keys: Keys, where: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, database.url, database.home, keys.folder, where],
        cwd=CLONE,
        timeout=120,
        check=False,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == -signal.SIGKILL, ran.stderr


@pytest.mark.parametrize("where", PLACES)
def test_after_a_kill_file_and_table_agree(database: Database, keys: Keys, where: str) -> None:
    write(database, "r1", 2)
    first = all_sealed(database, keys, 2)
    write(database, "r1", 3)
    _killed(database, keys, where)
    sealed = all_sealed(database, keys, 5)
    write(database, "r1", 1)
    all_sealed(database, keys, 6)
    heads = assert_whole(database)
    found, others = heads_file.read_all(database.heads)
    assert (found, others) == (heads, 1 if where == "in the line" else 0)
    assert (heads[0], heads[-1].size) == (first, 6)
    assert sealed in heads


@pytest.mark.parametrize("where", ["before the new key signs", "before the rotation is told"])
def test_a_rotation_that_was_killed_is_all_or_nothing(
    database: Database, keys: Keys, where: str
) -> None:
    """Never does a key sign that no entry tells of, nor does the log stay without one."""
    write(database, "r1", 2)
    first = all_sealed(database, keys, 2)
    _killed(database, keys, where)
    write(database, "r1", 1)
    told = where == "before the new key signs"
    head = all_sealed(database, keys, 4 if told else 3)
    assert (head.key != first.key) is told
    with database.read() as reader:
        assert (sealing.leaf_index(reader, "system", 1) is not None) is told
    rotate(database, keys, NOW, by="admin")
    write(database, "r1", 1)
    assert all_sealed(database, keys, head.size + 2).key not in (first.key, head.key)
    assert_whole(database)
