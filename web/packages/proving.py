"""A package's proof: the head that covers its export, and every entry's path up to that head."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from engine.ids import SYSTEM_CHAIN
from engine.journal import Particulars
from engine.journal.canonical import encode
from engine.proof import lines, merkle
from engine.proof.heads import Head
from engine.proof.lines import Line
from storage import journal, leaves, sealing
from storage.database import Database
from storage.keys import KeyRefused, Keys
from storage.reader import Reader
from web.packages.collecting import Collected
from web.packages.refusing import NotSealedYet, Unprovable

NO_SEAL = (
    "未生成凭证包：本次导出尚未有签名封存。签名由调度进程完成，请确认其正在运行，然后重试。",
    "No package is made: no signed head covers the export yet. The scheduler signs heads; see that"
    " one is running, and try again.",
)


def prove(
    database: Database,
    keys: Keys,
    collected: Sequence[Collected],
    seq: int,
    *,
    clock: Callable[[], datetime],
    wait: float,
) -> tuple[Head, bytes]:
    """Have the entry `seq` of the system chain sealed; the head, and the bytes of the proof.

    Raises:
        NotSealedYet: nobody has sealed it in time.
        Unprovable: the log is not what was signed before.
    """
    try:
        head = sealing.sealed_by_now(database, keys, clock(), SYSTEM_CHAIN, seq, wait)
        with database.read() as reader:
            document = _document(reader, keys, collected, seq, head)
    except sealing.NotSealed as late:
        raise NotSealedYet(*NO_SEAL) from late
    except (KeyRefused, sealing.HeadsDisagree, sealing.TreeDamaged) as wrong:
        raise Unprovable(
            f"未生成凭证包：已签名的记录与现有的不符（{wrong}）。",
            f"No package is made: {wrong}",
        ) from wrong
    return head, encode(document) + b"\n"


def _document(
    reader: Reader, keys: Keys, collected: Sequence[Collected], seq: int, head: Head
) -> dict[str, Any]:
    nodes = leaves.nodes_of(reader)

    def path(chain: str, number: int) -> tuple[int, list[str]]:
        index = sealing.leaf_index(reader, chain, number)
        if index is None:
            raise sealing.NotSealed(f"entry {number} of {chain} is in no tree")
        found = merkle.inclusion_path(index, head.size, nodes)
        return index, [each.hex() for each in found]

    entries = [path(each.row.id, kept.seq) for each in collected for kept in each.history]
    index, up = path(SYSTEM_CHAIN, seq)
    older = _older(reader, head, [place for place, _ in entries])
    known = {**keys.publics(), **sealing.publics(reader)}
    return {
        "log": head.log,
        "head": head.document(),
        "keys": {each.key: known[each.key].hex() for each in (head, *older)},
        "export": {"entry": _export(reader, seq).document(), "index": index, "path": up},
        "entries": [[place, *hashes] for place, hashes in entries],
        "heads": [each.document() for each in older],
        "consistency": [
            [step.hex() for step in merkle.consistency_path(each.size, head.size, nodes)]
            for each in older
        ],
    }


def _older(reader: Reader, head: Head, places: Sequence[int]) -> list[Head]:
    """The heads that first covered the first and the last of the entries: what was signed then,
    wherever it was kept, is the beginning of what is signed now."""
    found: dict[int, Head] = {}
    for place in (min(places), max(places)):
        older = sealing.head_covering(reader, place)
        if older is not None and older.epoch == head.epoch and older.size < head.size:
            found[older.size] = older
    return [found[size] for size in sorted(found)]


def _export(reader: Reader, seq: int) -> Line:
    """The entry of the export, without the address that it came from."""
    kept = journal.kept_entry(reader, SYSTEM_CHAIN, seq)
    previous = journal.recorded_digest(reader, SYSTEM_CHAIN, seq - 1) if seq > 1 else b""
    whole = Particulars.load(kept.particulars)
    given, withheld = {}, {}
    for path, value in whole.values.items():
        salt = lines.salt(whole.secret, path)
        if path == "actor.name":
            given[path] = (salt, value)
        else:
            withheld[path] = lines.leaf(salt, path, value)
    return Line(
        chain=kept.chain,
        seq=kept.seq,
        previous=previous,
        digest=kept.digest,
        body=kept.body,
        given=given,
        withheld=withheld,
        erased=dict(whole.erased),
    )
