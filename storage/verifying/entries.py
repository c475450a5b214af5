"""Every chain from its first entry: digests, numbers, particulars, what the columns say again."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from engine.ids import SYSTEM_CHAIN
from engine.journal import Particulars, verify
from engine.journal.canonical import decode
from engine.journal.entry import stamp
from storage import erasing, journal, notes
from storage.moments import moment
from storage.packing import Unreadable, unpack_bytes
from storage.transaction import Transaction
from storage.verifying.report import Progress, Report

_ROWS = (
    "SELECT j.position, j.chain, j.seq, j.at, j.body, j.particulars, j.digest, j.xid,"
    " l.idx, l.position, l.digest, l.xid"
    " FROM journal j LEFT JOIN leaves l ON l.position = j.position ORDER BY j.chain, j.seq"
)
_DOMAIN_FAULT = "the row says another place or time than the entry itself"


@dataclass(slots=True)
class Deployment:
    """What an entry says of a version that was deployed."""

    seq: int
    process: str
    version: int
    digest: str
    by: str
    at: int
    owners: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Restoration:
    """What an entry says of a backup that was restored."""

    seq: int
    taken_at: str
    log: str
    epoch: int
    """Empty, 0 and 0 where nothing had been sealed."""
    sealed: int


@dataclass(slots=True)
class Known:
    """What the journal says that other tables have to say too."""

    whole: bool = True
    """Whether no chain has a fault."""
    chains: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    """By chain: its last entry's number and digest."""
    unsealed: list[tuple[int, int, bytes]] = field(default_factory=list)
    """(transaction, position, digest) of entries without a leaf."""
    deployments: list[Deployment] = field(default_factory=list)
    restores: list["Restoration"] = field(default_factory=list)
    key: str = ""
    """The fingerprint of the key that was changed to last; empty: it never was."""
    accounts: dict[int, dict[str, Any]] = field(default_factory=dict)
    """By number in the system chain: at, by, reason, and what was erased."""
    erased: set[tuple[str, int, str]] = field(default_factory=set)
    """(chain, number, path) of every tombstone."""
    notes: dict[str, list[Any]] = field(default_factory=dict)
    """By id: request, step, author, at, entry, and when it was withdrawn (None: it was not)."""
    uploads: dict[str, tuple[str, str, str, int]] = field(default_factory=dict)
    """By attachment: its content's digest in hex, and who submitted it in which entry."""


def check(reader: Transaction, known: Known, report: Report, progress: Progress) -> None:
    """Go through every chain; the first bad entry of each is named. What the entries say is taken
    note of in `known`."""
    numbers: dict[str, Any] = dict(reader.all("SELECT id, number FROM requests"))
    total = int(reader.value("SELECT COUNT(*) FROM journal"))
    one = _Chain("")
    for count, row in enumerate(reader.stream(_ROWS), 1):
        if count % 500 == 0:
            progress("entries", count, total)
        if row[1] != one.name:
            one = _Chain(row[1])
            report.count("chains", 1)
        report.count("entries", 1)
        if one.fault:
            continue
        fault = _fault(one, row, known)
        if fault is not None:
            one.fault, known.whole = True, False
            number = numbers.get(one.name) or ""
            report.bad("journal", fault, request=one.name, number=number, seq=one.seq + 1)
    report.count("erased particulars", len(known.erased))


class _Chain:
    """How far a chain was followed."""

    __slots__ = ("at", "fault", "head", "leaf", "name", "seq", "unsealed")

    def __init__(self, name: str) -> None:
        self.name = name
        self.seq, self.head, self.at = 0, b"", -(2**62)
        self.leaf, self.unsealed, self.fault = -1, False, False


def _fault(one: _Chain, row: tuple[Any, ...], known: Known) -> str | None:
    """What is wrong with the next row of a chain; else it is taken note of."""
    position, chain, seq, at, packed, kept, digest, xid, leaf, _, leaf_digest, leaf_xid = row
    if seq != one.seq + 1:
        return f"entry {one.seq + 1} is missing; entry {seq} comes next"
    kept_at = moment(at)
    try:
        body = unpack_bytes(bytes(packed), journal.context(chain, seq, kept_at))
        particulars = unpack_bytes(bytes(kept))
    except Unreadable as error:
        return f"its bytes can't be read: {error}"
    fault = verify(one.head, body, particulars, bytes(digest))
    if fault is not None:
        return fault
    document = decode(body)
    private = Particulars.load(particulars)
    if (document.get("chain"), document.get("seq"), document.get("at")) != (
        chain, seq, stamp(kept_at),
    ):  # fmt: skip
        return _DOMAIN_FAULT
    if private.dump() != particulars:
        return "its particulars are not in their canonical form"
    if at < one.at:
        return "its time is before that of the entry before it"
    fault = _leaf_fault(one, leaf, leaf_digest, leaf_xid, xid, bytes(digest))
    if fault is not None:
        return fault
    if leaf is None:
        known.unsealed.append((xid, position, bytes(digest)))
    one.seq, one.head, one.at = seq, bytes(digest), at
    known.chains[chain] = (seq, one.head)
    _note(known, chain, seq, at, document, private)
    return None


def _leaf_fault(
    one: _Chain, leaf: Any, leaf_digest: Any, leaf_xid: Any, xid: int, digest: bytes
) -> str | None:
    """What is wrong with an entry's leaf. Entries are sealed in the order of their chain."""
    if leaf is None:
        one.unsealed = True
        return None
    if bytes(leaf_digest) != digest:
        return "it was sealed with another digest"
    if leaf_xid != xid:
        return "it was sealed as part of another transaction"
    if one.unsealed or leaf <= one.leaf:
        return "it was sealed before an entry that comes before it"
    one.leaf = leaf
    return None


def _note(
    known: Known, chain: str, seq: int, at: int, body: dict[str, Any], private: Particulars
) -> None:
    known.erased.update((chain, seq, path) for path in private.erased)
    files = private.values.get("input.files")
    if isinstance(files, dict):
        for id, digest in files.items():
            known.uploads.setdefault(id, (digest, body["actor"], chain, seq))
    if chain != SYSTEM_CHAIN:
        return
    match body.get("verb"):
        case "deploy":
            known.deployments.append(
                Deployment(
                    seq=seq, process=body["process"], version=body["version"],
                    digest=body["definition"], by=body["actor"], at=at,
                    owners=tuple(body.get("owners", ())),
                )
            )  # fmt: skip
        case "restore":
            known.restores.append(
                Restoration(
                    seq=seq, taken_at=body["taken_at"], log=body.get("log", ""),
                    epoch=body.get("epoch", 0), sealed=body.get("sealed", 0),
                )
            )  # fmt: skip
        case notes.MADE:
            step = body.get("step", 0)
            known.notes[body["note"]] = [body["request"], step, body["actor"], at, seq, None]
        case notes.WITHDRAWN if body["note"] in known.notes:
            known.notes[body["note"]][-1] = at
        case "key.rotated":
            known.key = body["new"]
        case erasing.VERB:
            known.accounts[seq] = {
                "at": at,
                "by": body["actor"],
                "reason": private.values.get("input.comment", ""),
                "paths": {
                    (chain, number, path)
                    for chain, number, paths in body["erased"]
                    for path in paths
                },
            }


def check_accounts(reader: Transaction, known: Known, report: Report) -> set[tuple[str, int, str]]:
    """Each erasure has its account, and each account its entry; what was accounted for."""
    told: set[tuple[str, int, str]] = set()
    for chain, seq, path, at, by, reason, entry in erasing.accounted(reader):
        account = known.accounts.get(entry)
        where = {"request": chain, "seq": seq, "key": path}
        told.add((chain, seq, path))
        if account is None or (chain, seq, path) not in account["paths"]:
            what = f"entry {entry} of the system chain does not tell of this erasure"
            report.bad("erasures", what, **where)
        elif account["at"] != at:
            report.bad("erasures", "its entry gives another time", column="at", **where)
        elif account["by"] != by:
            report.bad("erasures", "somebody else did it, says its entry", column="by", **where)
        elif reason != account["reason"] and ("system", entry, "input.comment") not in known.erased:
            report.bad("erasures", "its entry gives another reason", column="reason", **where)
        if not path.startswith(erasing.ATTACHMENT) and (chain, seq, path) not in known.erased:
            report.bad("erasures", "nothing was erased there", **where)
    for chain, seq, path in sorted(known.erased - told):
        what = f"{path} was erased without an account of it"
        report.bad("journal", what, request=chain, seq=seq)
    missing = {each for account in known.accounts.values() for each in account["paths"]} - told
    for chain, seq, path in sorted(missing):
        what = "the system chain tells of an erasure of which there is no account"
        report.bad("erasures", what, request=chain, seq=seq, key=path)
    report.count("accounts of erasure", len(told))
    return told


def in_order(known: Known, floor: int) -> Iterator[bytes]:
    """The digests of entries that are not sealed yet, in the order in which they will be: first
    those up to the position `floor`, then by transaction."""

    def place(each: tuple[int, int, bytes]) -> tuple[bool, int, int]:
        xid, position, _ = each
        return (False, 0, position) if position <= floor else (True, xid, position)

    for _, _, digest in sorted(known.unsealed, key=place):
        yield digest
