"""A database of either kind, keys in a folder of its own, and entries to seal."""

from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from time import monotonic, sleep

import pytest

from engine.journal import Entry
from engine.proof.heads import Head
from engine.proof.merkle import leaf_hash, root, verify_consistency
from storage import Database, sealing
from storage.keys import Keys

NOW = datetime(2030, 1, 15, 1, 0, tzinfo=UTC)


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    """A folder with a key in it."""
    keys = Keys(tmp_path / "keys")
    keys.ensure(NOW)
    return keys


def write(database: Database, chain: str, count: int = 1) -> None:
    """So many entries of a chain, each in a transaction of its own."""
    with database.read() as reader:
        row = reader.one(
            "SELECT seq, digest FROM journal WHERE chain = ? ORDER BY seq DESC LIMIT 1", (chain,)
        )
    seq, head = (0, b"") if row is None else (row[0], bytes(row[1]))
    for number in range(seq + 1, seq + count + 1):
        with database.unit_of_work() as work:
            entry = Entry(chain=chain, seq=number, at=NOW, body={"verb": "v", "n": number})
            head = work.append(entry, head)
            work.commit()


def all_sealed(database: Database, keys: Keys, count: int, at: datetime = NOW) -> Head:
    """The newest head, once it covers so many: on PostgreSQL the transactions of the server's other
    databases hold entries back for a while."""
    deadline = monotonic() + 30
    while monotonic() < deadline:
        sealing.seal(database, keys, at)
        with database.read() as reader:
            head = sealing.latest_head(reader)
        if head is not None and head.size >= count:
            return head
        sleep(0.02)
    raise AssertionError("not everything was sealed")


def assert_whole(database: Database) -> list[Head]:
    """Every entry is one leaf, and every head is the root over the first of them; the heads."""
    with database.read() as reader:
        entries = reader.all("SELECT position, chain, seq, digest, xid FROM journal")
        leaves = reader.all("SELECT position, chain, seq, digest, xid FROM leaves ORDER BY idx")
        indices = [row[0] for row in reader.all("SELECT idx FROM leaves ORDER BY idx")]
        heads = [head for _, head in sealing.heads(reader)]
    assert sorted(map(repr, leaves)) == sorted(map(repr, entries))
    assert indices == list(range(len(entries)))
    hashes = [leaf_hash(bytes(row[3])) for row in leaves]
    seen: dict[str, int] = {}
    for _, chain, seq, *_ in leaves:
        assert seq == seen.get(chain, 0) + 1, "a chain's entries stand in their order"
        seen[chain] = seq
    for head in heads:
        assert head.root == root(hashes[: head.size])
    for old, new in pairwise(heads):
        assert (old.at, old.size, old.epoch) <= (new.at, new.size, new.epoch)
        with database.read() as reader:
            path = sealing.consistency(reader, old.size, new.size)
        assert verify_consistency(old.size, new.size, old.root, new.root, path)
    return heads
