"""The sealer: every entry in the tree, in the order of commits, under signed heads."""

from contextlib import closing
from datetime import timedelta
from time import monotonic, sleep

import pytest

from engine.ids import SYSTEM_CHAIN
from engine.proof import merkle
from engine.proof.heads import Head, signed_by
from storage import Database, heads_file, leaves, sealing
from storage.keys import Keys
from tests.proof.conftest import NOW, write


def all_sealed(database: Database, keys: Keys, count: int) -> Head:
    """The newest head, once it covers so many: on PostgreSQL the server's other transactions hold
    entries back for a while."""
    deadline = monotonic() + 30
    while monotonic() < deadline:
        sealing.seal(database, keys, NOW)
        with database.read() as reader:
            head = sealing.latest_head(reader)
        if head is not None and head.size >= count:
            return head
        sleep(0.02)
    raise AssertionError("not everything was sealed")


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
                digest = reader.value(
                    "SELECT digest FROM journal WHERE chain = ? AND seq = ?", (chain, seq)
                )
                assert merkle.verify_inclusion(
                    merkle.leaf_hash(bytes(digest)),
                    proof.index,
                    second.size,
                    proof.path,
                    second.root,
                )
        path = sealing.consistency(reader, first.size, second.size)
        assert merkle.verify_consistency(first.size, second.size, first.root, second.root, path)
        digests = [bytes(row[0]) for row in reader.all("SELECT digest FROM leaves ORDER BY idx")]
    assert merkle.root([merkle.leaf_hash(digest) for digest in digests]) == second.root
    assert heads_file.read_all(database.heads) == ([first, second], 0)
