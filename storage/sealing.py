"""The sealer: entries move into the tree, and a key signs what the tree then is.

Any number of sealers may run, on several machines too. A head is on the disk of its file before
the database knows of it; what a crash left between the two is taken up by the next seal.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex
from time import monotonic, sleep

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from engine.proof import merkle
from engine.proof.heads import Head, fingerprint, public_of, sign, signed_by
from storage import heads_file, leaves
from storage.database import Database
from storage.heads_file import HeadsFile
from storage.keys import KeyRefused, Keys, read_public
from storage.leaves import TreeDamaged
from storage.moments import micros, moment
from storage.transaction import Row, Transaction

FRESH = timedelta(hours=1)
"""So old the newest head gets at most: an unchanged log is signed anew, as a sign of life."""
ID, KEY, PUBLIC = "id", "key", "key."
_POLL = 0.1
_COLUMNS = "epoch, size, root, at, key, signature"
_NEWEST = f"SELECT {_COLUMNS}, ordinal FROM heads ORDER BY ordinal DESC LIMIT 1"  # noqa: S608
_FROM = (
    f"SELECT {_COLUMNS}, ordinal FROM heads"  # noqa: S608
    " WHERE ordinal > ? ORDER BY ordinal LIMIT ?"
)
_COVERING = (
    f"SELECT {_COLUMNS}, ordinal FROM heads"  # noqa: S608
    " WHERE size > ? ORDER BY size, ordinal LIMIT 1"
)
_LIKE = "SELECT ordinal, signature FROM heads WHERE size = ? AND epoch = ?"
_WAITING = (
    "SELECT at FROM journal WHERE position > COALESCE("
    "(SELECT position FROM leaves WHERE idx < ? ORDER BY idx DESC LIMIT 1), 0)"
    " ORDER BY position LIMIT 1"
)
"""By position: within a moment of what the order of commits would give."""
_KEEP = (
    "INSERT INTO heads (ordinal, epoch, size, at, root, key, signature)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)


class NotSealed(Exception):
    """No signed head covers the entry yet."""


class HeadsDisagree(Exception):
    """What was signed before does not fit to what is there: nothing is signed. The message says
    what was found, in one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inclusion:
    """Where an entry stands in the tree, and its path up to the root of some size."""

    index: int
    path: list[bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How far the sealer is."""

    leaves: int
    sealed: int
    """Entries that a signed head covers."""
    head: Head | None
    waiting_since: datetime | None
    """The time of the first entry that no head covers; None: all are covered."""


def seal(database: Database, keys: Keys, at: datetime) -> Head | None:
    """Move everything settled into the tree, in short transactions, and sign what it is then.

    Returns the head that was made; None where there is nothing new to say, or no key here.

    Raises:
        KeyRefused: the key can't be used, or is not the log's.
        HeadsDisagree, TreeDamaged: history was changed; nothing is signed.
        OSError: the heads file can't be written; nothing is signed.
    """
    private = keys.current()
    if private is None:
        return None
    private = _the_logs_own(database, keys, private)
    _move_all(database)
    with heads_file.opened(database.heads) as file:
        return _sign(database, file, keys, private, at)


def _move_all(database: Database) -> None:
    try:
        while leaves.move(database):
            pass
    except leaves.OtherServer:
        leaves.take_over(database)
        while leaves.move(database):
            pass


def _the_logs_own(database: Database, keys: Keys, private: Ed25519PrivateKey) -> Ed25519PrivateKey:
    """The key that the log says is its own: a rotation that was cut off is carried to its end."""
    name = fingerprint(public_of(private))
    with database.read() as reader:
        own, log = leaves.said(reader, KEY), leaves.said(reader, ID)
    if own is None or log is None:
        with database.write() as transaction:
            leaves.lock(transaction)
            if leaves.said(transaction, ID) is None:
                leaves.say(transaction, ID, token_hex(16))
            own = leaves.said(transaction, KEY)
            if own is None:
                own = name
                leaves.say(transaction, KEY, name)
                leaves.say(transaction, PUBLIC + name, public_of(private).hex())
    if own == name:
        return private
    if keys.pending() == own:
        keys.settle()
    settled = keys.current()
    if settled is None or fingerprint(public_of(settled)) != own:
        raise KeyRefused(
            f"The key in {keys.folder} is not the one that this log is signed with ({own[:16]}…)."
            " Bring that one back; if it is lost, say `countersign key rotate --lost`."
        )
    return settled


def _sign(
    database: Database, file: HeadsFile, keys: Keys, private: Ed25519PrivateKey, at: datetime
) -> Head | None:
    if database.dialect == "postgresql":
        # Nobody waits for this transaction but other sealers, on other machines.
        with database.write() as transaction:
            leaves.lock(transaction)
            ordinal, new, made = _prepared(transaction, file, keys, private, at)
            _keep(transaction, ordinal, new)
        return made
    with database.read() as reader:
        ordinal, new, made = _prepared(reader, file, keys, private, at)
    if new:
        with database.write() as transaction:
            row = transaction.one(_NEWEST)
            if ordinal != (0 if row is None else row[-1]):
                return None  # a sealer with another file was quicker; the next seal takes ours up
            _keep(transaction, ordinal, new)
    return made


def _prepared(
    reader: Transaction, file: HeadsFile, keys: Keys, private: Ed25519PrivateKey, at: datetime
) -> tuple[int, list[Head], Head | None]:
    """The last head's ordinal, the heads that come after it, and which of them was made now: by
    then it is on the disk."""
    known = _Known(reader, keys)
    new = known.compare(file)
    before = [*new] if known.last is None else [known.last, *new]
    made = _made(reader, known, max(before, key=_size, default=None), private, at)
    if made is not None:
        file.append([made])
        new.append(made)
    return known.ordinal, new, made


def _size(head: Head) -> int:
    return head.size


def _keep(transaction: Transaction, ordinal: int, new: list[Head]) -> None:
    for place, head in enumerate(new, ordinal + 1):
        transaction.execute(_KEEP, _row(place, head))


def _made(
    reader: Transaction,
    known: "_Known",
    last: Head | None,
    private: Ed25519PrivateKey,
    at: datetime,
) -> Head | None:
    """The head that is due, after making sure that it continues the one before."""
    size, key = leaves.count(reader), fingerprint(public_of(private))
    if size == 0 or (
        last is not None
        and (last.size, last.epoch, last.key) == (size, known.epoch, key)
        and at - last.at < FRESH
    ):
        return None
    nodes = leaves.nodes_of(reader)
    root = merkle.root_of(size, nodes)
    if last is not None:
        at = max(at, last.at)
        if last.size > size:
            raise HeadsDisagree(
                f"A head over {last.size} entries was signed, and the tree has only {size}."
            )
        path = merkle.consistency_path(last.size, size, nodes)
        if not merkle.verify_consistency(last.size, size, last.root, root, path):
            raise HeadsDisagree(
                f"The tree does not continue the one of {last.size} entries that was signed."
            )
    return sign(private, log=known.log, epoch=known.epoch, size=size, root=root, at=at)


class _Known:
    """The log as the database has it, beside which the file is laid."""

    def __init__(self, reader: Transaction, keys: Keys) -> None:
        self._reader = reader
        self.log = leaves.said(reader, ID) or ""
        self.epoch = leaves.epoch_of(reader)
        row = reader.one(_NEWEST)
        self.ordinal = 0 if row is None else int(row[-1])
        self.last = None if row is None else _head(self.log, row)
        self._publics = {**keys.publics(), **publics(reader)}

    def compare(self, file: HeadsFile) -> list[Head]:
        """Add to the file what only the table has; the heads that only the file has, and that are
        ours to take up. Raises HeadsDisagree."""
        unknown: list[Head] = []
        ordinal = 0
        for head in file.from_end():
            if head is None or not self._is_ours(head):
                continue
            if (found := self._place(head)) is not None:
                ordinal = found
                break
            unknown.append(head)
        adopted = [head for head in reversed(unknown) if self._fits(head)]
        for missing in _batches(self._reader, self.log, ordinal):
            file.append(missing)
        return adopted

    def _is_ours(self, head: Head) -> bool:
        """Whether it is this log's, by a key of it: anybody can write lines."""
        public = self._publics.get(head.key)
        return head.log == self.log and public is not None and signed_by(head, public)

    def _place(self, head: Head) -> int | None:
        for ordinal, signature in self._reader.all(_LIKE, (head.size, head.epoch)):
            if bytes(signature) == head.signature:
                return int(ordinal)
        return None

    def _fits(self, head: Head) -> bool:
        """Whether a head that the table lacks is to be taken up; else it was lost with a
        restoration. Raises HeadsDisagree where it is neither."""
        size = leaves.count(self._reader)
        if head.epoch > self.epoch:
            raise HeadsDisagree(
                f"The heads file knows restoration {head.epoch}, the database only {self.epoch}."
            )
        if head.epoch < self.epoch:
            size = min(leaves.began(self._reader, head.epoch + 1), size)
            if head.size > size:
                return False
        if head.size > size:
            raise HeadsDisagree(
                f"A head over {head.size} entries was signed, and the tree has only {size}: the"
                " database is older than its heads file. If a copy of it was brought back, say"
                " `countersign seal --restored`."
            )
        if leaves.root_at(self._reader, head.size) != head.root:
            raise HeadsDisagree(
                f"The tree of the first {head.size} entries is not the one that was signed."
            )
        return head.epoch == self.epoch


def _batches(reader: Transaction, log: str, after: int) -> Iterator[list[Head]]:
    while rows := reader.all(_FROM, (after, 500)):
        yield [_head(log, row) for row in rows]
        after = rows[-1][-1]


def latest_head(reader: Transaction) -> Head | None:
    """The newest signed head."""
    row = reader.one(_NEWEST)
    return None if row is None else _head(log_id(reader), row)


def heads(reader: Transaction, *, after: int = 0, limit: int = 1000) -> list[tuple[int, Head]]:
    """Signed heads in their order, each with its ordinal, after the one of ordinal `after`."""
    log = log_id(reader)
    return [(row[-1], _head(log, row)) for row in reader.all(_FROM, (after, limit))]


def head_covering(reader: Transaction, index: int) -> Head | None:
    """The first head whose tree has leaf `index`."""
    row = reader.one(_COVERING, (index,))
    return None if row is None else _head(log_id(reader), row)


def log_id(reader: Transaction) -> str:
    """The log's id; empty before the first seal."""
    return leaves.said(reader, ID) or ""


def publics(reader: Transaction) -> dict[str, bytes]:
    """The public keys that have signed this log, by fingerprint: for processes that may not read
    the folder of keys. Whom to trust they don't say."""
    found = {}
    for name, value in reader.all("SELECT name, value FROM log WHERE name LIKE ?", (PUBLIC + "%",)):
        public = read_public(value.encode())
        if public is not None and name == PUBLIC + fingerprint(public):
            found[fingerprint(public)] = public
    return found


def state(reader: Transaction) -> State:
    """How far the sealer is, for whoever asks."""
    head = latest_head(reader)
    sealed = 0 if head is None else head.size
    waiting = reader.value(_WAITING, (sealed,))
    return State(
        leaves=leaves.count(reader),
        sealed=sealed,
        head=head,
        waiting_since=None if waiting is None else moment(waiting),
    )


def leaf_index(reader: Transaction, chain: str, seq: int) -> int | None:
    """Where an entry stands in the tree; None while it is in none."""
    index = reader.value(
        "SELECT l.idx FROM journal j JOIN leaves l ON l.position = j.position"
        " WHERE j.chain = ? AND j.seq = ?",
        (chain, seq),
    )
    return None if index is None else int(index)


def inclusion(reader: Transaction, chain: str, seq: int, size: int) -> Inclusion:
    """The proof that an entry is among the first `size`. Raises NotSealed, TreeDamaged."""
    index = leaf_index(reader, chain, seq)
    if index is None or index >= size:
        raise NotSealed(f"Entry {seq} of {chain} is not among the first {size} sealed ones.")
    path = merkle.inclusion_path(index, size, leaves.nodes_of(reader))
    return Inclusion(index=index, path=path)


def consistency(reader: Transaction, old: int, new: int) -> list[bytes]:
    """The proof that the first `old` entries begin the first `new`. Raises TreeDamaged."""
    return merkle.consistency_path(old, new, leaves.nodes_of(reader))


def sealed_by_now(
    database: Database,
    keys: Keys | None,
    at: datetime,
    chain: str,
    seq: int,
    wait: float,
    *,
    now: Callable[[], float] = monotonic,
) -> Head:
    """A head that covers the entry: made at once where the key is at hand, else waited for, for
    `wait` seconds at most. Raises NotSealed, and what `seal` raises."""
    until = now() + wait
    while True:
        if keys is not None:
            seal(database, keys, at)
        with database.read() as reader:
            index, head = leaf_index(reader, chain, seq), latest_head(reader)
        if head is not None and index is not None and index < head.size:
            return head
        if now() >= until:
            raise NotSealed(f"No signed head covers entry {seq} of {chain} yet.")
        sleep(_POLL)


def _head(log: str, row: Row) -> Head:
    epoch, size, root, at, key, signature = row[:6]
    return Head(log, epoch, size, bytes(root), moment(at), key, bytes(signature))


def _row(ordinal: int, head: Head) -> tuple[object, ...]:
    return (
        ordinal, head.epoch, head.size, micros(head.at), head.root, head.key, head.signature,
    )  # fmt: skip


__all__ = [
    "FRESH",
    "HeadsDisagree",
    "Inclusion",
    "KeyRefused",
    "NotSealed",
    "State",
    "TreeDamaged",
    "consistency",
    "head_covering",
    "heads",
    "inclusion",
    "latest_head",
    "leaf_index",
    "log_id",
    "publics",
    "seal",
    "sealed_by_now",
    "state",
]
