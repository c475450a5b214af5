"""The tree over all entries: its leaves, its nodes, its signed heads, and the file of heads."""

import re
from collections.abc import Mapping
from datetime import UTC
from pathlib import Path

from engine.journal.entry import stamp
from engine.proof import merkle
from engine.proof.heads import Head, fingerprint, read_line, signed_by
from storage import leaves
from storage.moments import moment
from storage.transaction import Transaction
from storage.verifying.entries import Known, in_order
from storage.verifying.report import Progress, Report

_LEAVES = (
    "SELECT l.idx, l.position, l.chain, l.seq, l.digest, j.chain, j.seq"
    " FROM leaves l LEFT JOIN journal j ON j.position = l.position ORDER BY l.idx"
)
_TREE = "SELECT level, idx, hash FROM tree ORDER BY level, idx"
_HEADS = "SELECT ordinal, epoch, size, at, root, key, signature FROM heads ORDER BY ordinal"
_HASH = merkle.HASH_BYTES
LOG_ID, EPOCH, KEY = "id", "epoch", "key"
"""Names of rows of the table `log`."""
_FREE = frozenset({leaves.FLOOR, leaves.BEHIND})
"""Names of rows with which the sealer only finds its way."""


class Tree:
    """The hashes of every complete subtree, level by level, made from the leaves."""

    def __init__(self) -> None:
        self._levels: list[bytearray] = [bytearray()]
        self.size = 0

    def add(self, leaf: bytes) -> None:
        """One more leaf's hash."""
        self._levels[0] += leaf
        self.size += 1
        level, index, made = 0, self.size - 1, leaf
        while index % 2:
            made = merkle.node_hash(self.node(level, index - 1), made)
            level, index = level + 1, index // 2
            if level == len(self._levels):
                self._levels.append(bytearray())
            self._levels[level] += made

    def node(self, level: int, index: int) -> bytes:
        """The hash of a complete subtree."""
        return bytes(self._levels[level][index * _HASH : (index + 1) * _HASH])

    def root(self, size: int) -> bytes:
        """The root of the first so many leaves."""
        return merkle.root_of(size, self.node)

    def nodes(self) -> int:
        """How many nodes there are above the leaves."""
        return sum(len(level) for level in self._levels[1:]) // _HASH

    def has(self, level: int, index: int) -> bool:
        """Whether there is such a complete subtree."""
        return 0 < level < len(self._levels) and 0 <= index < len(self._levels[level]) // _HASH


def check(
    reader: Transaction,
    known: Known,
    report: Report,
    progress: Progress,
    *,
    file: tuple[Path, bytes | None],
    keys: Mapping[str, bytes],
    trusted: frozenset[str],
) -> None:
    """Check leaves, tree, heads and the file of heads. `keys`: public keys by fingerprint."""
    tree = _leaves(reader, report, progress)
    _nodes(reader, tree, report)
    log: dict[str, str] = dict(reader.all("SELECT name, value FROM log"))
    heads = _heads(reader, log, report)
    _grown(heads, tree, report)
    _unsealed(known, report)
    for digest in in_order(known, _whole(log.get(leaves.FLOOR))):
        tree.add(merkle.leaf_hash(digest))
    extra = _file(file, heads, log, report)
    _extra(extra, log, tree, report)
    _signatures([*heads, *extra], keys, trusted, report)
    _epochs(log, known, report)
    _log_keys(log, heads, known, report)


def _leaves(reader: Transaction, report: Report, progress: Progress) -> Tree:
    tree = Tree()
    total = int(reader.value("SELECT COUNT(*) FROM leaves"))
    fault = False
    for idx, position, chain, seq, digest, its_chain, its_seq in reader.stream(_LEAVES):
        if tree.size % 1000 == 0:
            progress("leaves", tree.size, total)
        what = None
        if idx != tree.size:
            what = f"leaf {tree.size} is missing"
        elif its_chain is None:
            what = f"there is no entry at its position {position}"
        elif (its_chain, its_seq) != (chain, seq):
            what = f"the entry at its position is entry {its_seq} of {its_chain}"
        if what is not None and not fault:
            fault = True
            report.bad("leaves", what, request=chain, seq=seq, key=str(idx))
        tree.add(merkle.leaf_hash(bytes(digest)))
    report.count("leaves", tree.size)
    return tree


def _nodes(reader: Transaction, tree: Tree, report: Report) -> None:
    found = 0
    for level, idx, kept in reader.stream(_TREE):
        found += 1
        if not tree.has(level, idx) or tree.node(level, idx) != bytes(kept):
            what = "it is not the hash of the subtree below it"
            report.bad("tree", what, key=f"{level}, {idx}")
            return
    if found != tree.nodes():
        report.bad("tree", f"it has {found} nodes where there are {tree.nodes()}")
    report.count("tree nodes", found)


def _heads(reader: Transaction, log: Mapping[str, str], report: Report) -> list[Head]:
    heads: list[Head] = []
    for place, row in enumerate(reader.all(_HEADS), 1):
        ordinal, epoch, size, at, root, key, signature = row
        if ordinal != place:
            report.bad("heads", f"head {place} is missing", key=str(ordinal))
        try:
            when = moment(at).astimezone(UTC)
        except OverflowError:
            report.bad("heads", "its time is none", key=str(ordinal), column="at")
            continue
        heads.append(
            Head(
                log=log.get(LOG_ID, ""), epoch=epoch, size=size, root=bytes(root), at=when,
                key=key, signature=bytes(signature),
            )
        )  # fmt: skip
    return heads


def _unsealed(known: Known, report: Report) -> None:
    count = len(known.unsealed)
    report.count("entries not yet sealed", count)
    if count:
        report.note(
            f"{count} entries are not sealed yet: nothing but their chains protects them"
            " until the next head is signed."
        )


def _signatures(
    heads: list[Head], keys: Mapping[str, bytes], trusted: frozenset[str], report: Report
) -> None:
    strangers: set[str] = set()
    for head in heads:
        where = {"key": f"of {head.size} entries"}
        public = keys.get(head.key)
        if public is None or fingerprint(public) != head.key:
            if head.key not in strangers:
                what = f"it is signed by the key {head.key}, which is not among the known ones"
                report.bad("heads", what, untrusted=True, **where)
            strangers.add(head.key)
        elif not signed_by(head, public):
            report.bad("heads", "its signature is not that of its key", **where)
        elif head.key not in trusted and head.key not in strangers:
            strangers.add(head.key)
            what = f"it is signed by the key {head.key}, which was not told to be trusted"
            report.bad("heads", what, untrusted=True, **where)
    report.count("signatures", len(heads))


def _grown(heads: list[Head], tree: Tree, report: Report) -> None:
    """Each head is that of the first so many leaves, and so the beginning of the next one."""
    before: Head | None = None
    for place, head in enumerate(heads, 1):
        where = {"key": str(place)}
        if head.size > tree.size:
            what = f"it was signed over {head.size} entries; the tree has {tree.size}"
            report.bad("heads", what, column="size", **where)
        elif tree.root(head.size) != head.root:
            what = f"its root is not that of the first {head.size} entries"
            report.bad("heads", what, column="root", **where)
        if before is not None and (head.epoch, head.size) < (before.epoch, before.size):
            report.bad("heads", "it is smaller than the head before it", **where)
        before = head
    report.count("heads", len(heads))


def _file(
    file: tuple[Path, bytes | None], heads: list[Head], log: Mapping[str, str], report: Report
) -> list[Head]:
    """Compare the file of heads with the table; the heads that only the file has."""
    path, content = file
    if content is None:
        if heads:
            report.bad("heads file", f"{path} is missing, though heads were signed")
        return []
    lines = content.splitlines(keepends=True)
    written: list[Head] = []
    torn = 0
    for place, line in enumerate(lines, 1):
        try:
            head = read_line(line)
        except ValueError:
            torn += 1
            continue
        if head.log != log.get(LOG_ID):
            report.bad("heads file", "the head is of another log", key=f"line {place}")
            continue
        written.append(head)
    if torn:
        report.note(f"{torn} lines of the heads file are no heads (a crash can tear one).")
    known, there = set(written), set(heads)
    for place, head in enumerate(heads, 1):
        if head not in known:
            report.bad("heads", "the file of heads does not have this head", key=str(place))
    report.count("lines of the heads file", len(lines))
    return [head for head in written if head not in there]


def _extra(extra: list[Head], log: Mapping[str, str], tree: Tree, report: Report) -> None:
    """What the file knows and the table does not: a head whose signer was cut off before he could
    keep it; what a restored backup did not have; or that the database was set back."""
    epoch, lost, only = _whole(log.get(EPOCH)), 0, 0
    for head in extra:
        said = f"a head of {head.size} entries, signed at {stamp(head.at)}"
        if head.epoch < epoch and head.size > _whole(log.get(f"began.{head.epoch + 1}")):
            lost = max(lost, head.size)
        elif head.size > tree.size:
            what = f"the heads file knows {said}, and only {tree.size} entries are here"
            report.bad("journal", f"{what}: what came last was removed")
        elif tree.root(head.size) != head.root:
            report.bad("journal", f"the heads file knows {said}, and the entries here are others")
        else:
            only += 1
    if only:
        report.note(
            f"{only} heads stand in the file alone (a crash can do that); they fit what is here."
        )
    if lost:
        report.note(
            f"Before a backup was restored up to {lost} entries had been sealed;"
            " those that the backup did not have are not here."
        )


def _epochs(log: Mapping[str, str], known: Known, report: Report) -> None:
    """The log's epoch rises with each restoration, of which an entry tells."""
    told = {f"began.{each.epoch}": str(each.sealed) for each in known.restores if each.epoch}
    if told:
        told[EPOCH] = str(max(each.epoch for each in known.restores))
        told[LOG_ID] = known.restores[-1].log
    for name in sorted(told) if known.whole else ():
        if log.get(name) != told[name]:
            what = f"it says {log.get(name)!r}, and the entry of the restoration {told[name]!r}"
            report.bad("log", what, key=name)
    for name in sorted(log):
        known_name = name in (LOG_ID, KEY) or name in _FREE or name.startswith("key.")
        if known.whole and name not in told and not known_name:
            report.bad("log", "no entry tells of it", key=name)
    for each in known.restores:
        report.note(
            f"A backup of {each.taken_at} was restored (entry {each.seq} of the system chain):"
            " what had been done after it was taken is not here."
        )
    report.count("restorations", len(known.restores))


def _log_keys(log: Mapping[str, str], heads: list[Head], known: Known, report: Report) -> None:
    """The log names the keys that sign it by what they are."""
    for name, value in sorted(log.items()):
        if name.startswith("key."):
            if not _is_key(value) or fingerprint(bytes.fromhex(value)) != name[4:]:
                report.bad("log", "it is not the key that it is named by", key=name)
            elif name[4:] not in {head.key for head in heads} | {known.key, log.get(KEY)}:
                report.bad("log", "no head is signed by this key", key=name)
    signs = known.key or (heads[0].key if heads else log.get(KEY, ""))
    if known.whole and log and log.get(KEY) != signs:
        report.bad("log", f"it is not the key that signs since its last change, {signs}", key=KEY)
    for name in sorted({signs, *(head.key for head in heads)} if log else ()):
        if f"key.{name}" not in log:
            report.bad("log", f"it lacks the key {name}", key=f"key.{name}")


def _is_key(value: str) -> bool:
    return re.fullmatch(r"[0-9a-f]{64}", value) is not None


def _whole(value: str | None) -> int:
    return int(value) if value is not None and value.isdecimal() else 0
