"""Entries move into the Merkle tree in the order of commits, a batch a transaction.

On SQLite that order is the positions'. On PostgreSQL a lower position can be committed later; so
an entry moves only when no transaction runs any more that is older than its own, in the order of
these transactions. What a restored backup brought lies below `floor`: it moves first, by position.
"""

from engine.proof.merkle import Nodes, grown, leaf_hash, root_of
from storage.database import Database
from storage.transaction import Row, Transaction

BATCH = 500
"""Leaves a transaction: some milliseconds of SQLite's write lock."""
_LOCK = 0x7365616C
"""Key of PostgreSQL's advisory lock on the tree and its heads."""

_LAST = "SELECT idx, xid, position FROM leaves ORDER BY idx DESC LIMIT 1"
_BEHIND = (
    "SELECT j.xid, j.position, j.chain, j.seq, j.digest FROM journal j WHERE j.position <= ?"
    " AND NOT EXISTS (SELECT 1 FROM leaves l WHERE l.position = j.position)"
    " ORDER BY j.position LIMIT ?"
)
_SETTLED = {
    "sqlite": (
        "SELECT j.xid, j.position, j.chain, j.seq, j.digest FROM journal j"
        " WHERE j.position > ? ORDER BY j.position LIMIT ?"
    ),
    "postgresql": (
        "SELECT j.xid, j.position, j.chain, j.seq, j.digest FROM journal j"
        " WHERE (j.xid, j.position) > (?, ?) AND j.position > ?"
        " AND j.xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
        " ORDER BY j.xid, j.position LIMIT ?"
    ),
}
_LEAF = "INSERT INTO leaves (idx, position, chain, seq, digest, xid) VALUES (?, ?, ?, ?, ?, ?)"
_NODE = "INSERT INTO tree (level, idx, hash) VALUES (?, ?, ?)"
_SET = (
    "INSERT INTO log (name, value) VALUES (?, ?)"
    " ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)
FLOOR, BEHIND = "floor", "behind"


class TreeDamaged(Exception):
    """A part of the tree is not there, or not what it was; the message says which."""


def lock(transaction: Transaction) -> None:
    """Hold tree and heads until the transaction ends; on SQLite every writer does."""
    if transaction.dialect == "postgresql":
        transaction.execute("SELECT pg_advisory_xact_lock(?)", (_LOCK,))


def said(transaction: Transaction, name: str) -> str | None:
    """What the log says of itself under a name."""
    value: str | None = transaction.value("SELECT value FROM log WHERE name = ?", (name,))
    return value


def say(transaction: Transaction, name: str, value: str) -> None:
    """Have the log say it from now on."""
    transaction.execute(_SET, (name, value))


def count(transaction: Transaction) -> int:
    """How many leaves the tree has."""
    return int(transaction.value("SELECT COALESCE(MAX(idx) + 1, 0) FROM leaves"))


def nodes_of(transaction: Transaction) -> Nodes:
    """The tree's complete subtrees, each asked of the database once."""
    known: dict[tuple[int, int], bytes] = {}

    def node(level: int, index: int) -> bytes:
        place = (level, index)
        if place not in known:
            known[place] = _node(transaction, level, index)
        return known[place]

    return node


def _node(transaction: Transaction, level: int, index: int) -> bytes:
    if level == 0:
        found = transaction.value("SELECT digest FROM leaves WHERE idx = ?", (index,))
    else:
        found = transaction.value(
            "SELECT hash FROM tree WHERE level = ? AND idx = ?", (level, index)
        )
    if found is None:
        raise TreeDamaged(f"The tree has no node {index} at level {level}.")
    return bytes(found) if level else leaf_hash(bytes(found))


def root_at(transaction: Transaction, size: int) -> bytes:
    """The root over the first `size` leaves. Raises TreeDamaged."""
    return root_of(size, nodes_of(transaction))


def move(database: Database, batch: int = BATCH) -> int:
    """Move one batch of settled entries into the tree; 0: there is none.

    All reading is done before the write begins. Where another sealer was quicker, nothing is
    written, and the next call sees what is left.
    """
    with database.read() as reader:
        size, rows = _settled(reader, batch)
        signed = int(reader.value("SELECT COALESCE(MAX(size), 0) FROM heads"))
        if signed > size:
            raise TreeDamaged(f"A head over {signed} entries was signed, and there are {size}.")
        hashes = [leaf_hash(bytes(row[4])) for row in rows]
        made = list(grown(size, hashes, nodes_of(reader)))
        behind = said(reader, BEHIND)
    if not rows and not behind:
        return 0
    with database.write() as transaction:
        lock(transaction)
        if count(transaction) != size:
            return len(rows)
        if not rows:
            transaction.execute("DELETE FROM log WHERE name = ?", (BEHIND,))
            return 1
        leaves = [
            (size + place, position, chain, seq, digest, xid)
            for place, (xid, position, chain, seq, digest) in enumerate(rows)
        ]
        transaction.many(_LEAF, leaves)
        if made:
            transaction.many(_NODE, made)
    return len(rows)


def _settled(reader: Transaction, limit: int) -> tuple[int, list[Row]]:
    """The tree's size, and the entries that come next in it."""
    last = reader.one(_LAST)
    size, xid, position = (0, 0, 0) if last is None else (last[0] + 1, last[1], last[2])
    floor = int(said(reader, FLOOR) or 0)
    if said(reader, BEHIND):
        return size, reader.all(_BEHIND, (floor, limit))
    if position <= floor:
        xid, position = 0, floor
    _notice_other_server(reader, xid)
    if reader.dialect == "sqlite":
        return size, reader.all(_SETTLED["sqlite"], (position, limit))
    return size, reader.all(_SETTLED["postgresql"], (xid, position, floor, limit))


class OtherServer(Exception):
    """The database has come to another PostgreSQL server, which numbers transactions anew."""


def _notice_other_server(reader: Transaction, xid: int) -> None:
    if reader.dialect == "postgresql" and xid:
        next_one = reader.value("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        if xid >= next_one:
            raise OtherServer


def begin_again(transaction: Transaction) -> None:
    """All that is in the journal now is history of another server, or of a restored backup: it
    moves into the tree first, in the order of positions."""
    floor = "SELECT COALESCE(MAX(position), 0) FROM journal"
    say(transaction, FLOOR, str(transaction.value(floor)))
    say(transaction, BEHIND, "1")


def take_over(database: Database) -> None:
    """Go on after the database has come to another PostgreSQL server.

    What that server has numbered itself is told from what came by its number.
    """
    with database.write() as transaction:
        lock(transaction)
        floor = transaction.value(
            "SELECT GREATEST((SELECT COALESCE(MAX(position), 0) FROM leaves),"
            " (SELECT COALESCE(MAX(position), 0) FROM journal"
            "  WHERE xid >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint))"
        )
        say(transaction, FLOOR, str(floor))
        say(transaction, BEHIND, "1")


def epoch_of(transaction: Transaction) -> int:
    """How often this log was restored from a backup."""
    return int(said(transaction, "epoch") or 0)


def began(transaction: Transaction, epoch: int) -> int:
    """How many leaves an epoch began with."""
    return int(said(transaction, f"began.{epoch}") or 0)


def begin_epoch(transaction: Transaction) -> dict[str, object]:
    """A backup has been restored: heads of what was sealed after it are lost, not contradicted.

    Returns what the entry that tells of it says of the log; empty where nothing was sealed yet.
    """
    log = said(transaction, "id")
    if log is None:
        return {}
    begin_again(transaction)
    epoch, size = epoch_of(transaction) + 1, count(transaction)
    say(transaction, "epoch", str(epoch))
    say(transaction, f"began.{epoch}", str(size))
    return {"log": log, "epoch": epoch, "sealed": size}
