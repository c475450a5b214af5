"""One chain, checked: its digests, its end, and that a signed head holds what is sealed of it."""

from dataclasses import dataclass
from typing import Literal

from engine.proof.heads import Head, signed_by
from engine.proof.merkle import leaf_hash, verify_inclusion
from storage import journal, sealing
from storage.leaves import TreeDamaged
from storage.transaction import Transaction

Fault = Literal["chain", "end", "head", "tree"]
"""`chain`: an entry does not follow from the one before it, or is missing. `end`: the request knows
of more entries than there are, or more of it were sealed. `head`: no key signed the newest head.
`tree`: the head does not hold the entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a check of one chain has found."""

    entries: int
    """How many there are."""
    fault: Fault | None = None
    bad: int = 0
    """The first bad entry; 0: none, or it is the head that is bad."""
    why: str = ""
    """What is wrong with it, in words."""
    sealed: int = 0
    """The first so many entries are held by the signed head; the others are not sealed yet."""
    head: Head | None = None
    own_key: bool = False
    """Whether the head's key is one that was given to check with; else only the database names
    it, and who can change the one can change the other."""


_SEALED = (
    "SELECT MAX(j.seq) FROM journal j JOIN leaves l ON l.position = j.position"
    " WHERE j.chain = ? AND l.idx < ?"
)
_LAST = "SELECT MAX(seq) FROM journal WHERE chain = ?"
_KNOWN = "SELECT seq FROM requests WHERE id = ?"
_LEAF = "SELECT MAX(seq) FROM leaves WHERE chain = ?"


def check(reader: Transaction, chain: str, publics: dict[str, bytes]) -> Checked:
    """Check a chain. `publics` are the keys that are trusted, by fingerprint."""
    entries = int(reader.value(_LAST, (chain,)) or 0)
    fault = journal.first_fault(reader, chain)
    if fault is not None:
        return Checked(entries=entries, fault="chain", bad=fault[0], why=fault[1])
    known = max(int(reader.value(sql, (chain,)) or 0) for sql in (_KNOWN, _LEAF))
    if known > entries:
        return Checked(entries=entries, fault="end", bad=entries + 1, why="the entry is missing")
    head = sealing.latest_head(reader)
    if head is None:
        return Checked(entries=entries)
    return _held(reader, chain, entries, head, publics)


def _held(
    reader: Transaction, chain: str, entries: int, head: Head, publics: dict[str, bytes]
) -> Checked:
    """Whether the head is signed, and holds the last entry that is sealed: the chain binds those
    before it to that one."""
    own_key = head.key in publics
    public = publics.get(head.key) or sealing.publics(reader).get(head.key)
    if public is None or not signed_by(head, public):
        return Checked(
            entries=entries,
            fault="head",
            why="the newest head is not signed by the key that it names",
            head=head,
        )
    sealed = int(reader.value(_SEALED, (chain, head.size)) or 0)
    bad = 0
    if sealed:
        try:
            proof = sealing.inclusion(reader, chain, sealed, head.size)
            leaf = leaf_hash(journal.recorded_digest(reader, chain, sealed))
            held = verify_inclusion(leaf, proof.index, head.size, proof.path, head.root)
        except (TreeDamaged, sealing.NotSealed):
            held = False
        bad = 0 if held else _first_not_held(reader, chain, sealed, head)
    return Checked(
        entries=entries,
        fault="tree" if bad else None,
        bad=bad,
        why="the signed head does not hold the entry" if bad else "",
        sealed=0 if bad else sealed,
        head=head,
        own_key=own_key,
    )


def _first_not_held(reader: Transaction, chain: str, last: int, head: Head) -> int:
    """The first entry that the head does not hold."""
    for seq in range(1, last):
        try:
            proof = sealing.inclusion(reader, chain, seq, head.size)
        except (TreeDamaged, sealing.NotSealed):
            return seq
        leaf = leaf_hash(journal.recorded_digest(reader, chain, seq))
        if not verify_inclusion(leaf, proof.index, head.size, proof.path, head.root):
            return seq
    return last
