"""Making a package: check, gather, have the export sealed, write the file.

The order is what makes it whole: every file but the proof is ready before the entry of the export
is written, which names their digests and what each request's chain had come to; only then is the
log sealed, so that the head vouches for that entry as well.
"""

import io
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from engine.journal.canonical import encode
from engine.journal.entry import stamp
from engine.proof.archive import Member, TooLarge, member, of_bytes, write
from engine.proof.documents import ENTRIES, FORMAT, MANIFEST, MOST_DOCUMENT, PAPER, PROOF
from engine.proof.package import content_digest, verify
from storage import Database, attachments, journal
from storage.keys import Keys
from storage.reader import Reader
from web.packages.collecting import Collected, collect
from web.packages.paper import paper
from web.packages.proving import prove
from web.packages.refusing import Unprovable
from web.packages.sight import Exporter

MOST_ENTRIES = 20_000
"""Of all the requests of one package; their proofs are one document."""
WAIT = 8.0
"""Seconds to wait for another process's seal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A package that was made."""

    requests: tuple[str, ...]
    entries: int
    key: str
    """The fingerprint of the key that signed its head."""


def make(
    database: Database,
    keys: Keys,
    requests: Sequence[str],
    exporter: Exporter,
    *,
    clock: Callable[[], datetime],
    out: BinaryIO,
    wait: float | None = None,
) -> Made:
    """Write a package of these requests, in this order. That it was done is an entry.

    Raises:
        Unprovable: there can be none; nothing that was written is one.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="countersign-")))
        at = clock()
        with database.read() as reader:
            collected = _collected(reader, database, requests, exporter)
            members = _members(reader, database, collected, exporter, folder, at)
        try:
            members.append(_manifest(members, collected, at))
            seq = _record(database, exporter, collected, members, at)
            head, proof = prove(database, keys, collected, seq, clock=clock, wait=_wait(wait))
            if len(proof) > MOST_DOCUMENT:
                raise TooLarge(f"the proof of {len(collected)} requests is too long")
            write(out, [*members, of_bytes(PROOF, proof)])
            _check_made(out, head.key)
        except TooLarge as large:
            raise _too_much(str(large)) from large
    return Made(
        requests=tuple(requests),
        entries=sum(len(each.history) for each in collected),
        key=head.key,
    )


def _wait(asked: float | None) -> float:
    return WAIT if asked is None else asked


def _collected(
    reader: Reader, database: Database, requests: Sequence[str], exporter: Exporter
) -> list[Collected]:
    found: list[Collected] = []
    count = 0
    for request in dict.fromkeys(requests):
        found.append(collect(reader, database.home, request, exporter))
        count += len(found[-1].history)
        if count > MOST_ENTRIES:
            raise _too_much(f"it would have more than {MOST_ENTRIES} entries")
    if not found:
        raise Unprovable(
            "未生成凭证包：其中没有申请。", "No package is made: there is no request in it."
        )
    return found


def _members(
    reader: Reader,
    database: Database,
    collected: Sequence[Collected],
    exporter: Exporter,
    folder: Path,
    at: datetime,
) -> list[Member]:
    """Every file but manifest and proof."""
    entries = folder / ENTRIES
    with entries.open("wb") as file:
        for each in collected:
            file.writelines(each.lines())
    found = {ENTRIES: _of_file(ENTRIES, entries)}
    for each in collected:
        for attached in each.files:
            name = f"attachments/{attached.sha256}"
            if name not in found:
                path = attachments.path(database.home, attached.sha256)
                found[name] = _of_file(name, path)
        for digest, definition in each.versions.items():
            for file_name, content in definition.files.items():
                kind = "forms" if file_name.endswith(".form") else "process"
                name = f"{kind}/{digest}/{file_name}"
                found[name] = of_bytes(name, content)
    drawn = paper(reader, database, collected, exporter, found[ENTRIES].sha256, at)
    return [*found.values(), of_bytes(PAPER, drawn)]


def _of_file(name: str, path: Path) -> Member:
    return member(name, lambda: path.open("rb"))


def _manifest(members: Sequence[Member], collected: Sequence[Collected], at: datetime) -> Member:
    processes = {
        digest: definition.key
        for each in collected
        for digest, definition in each.versions.items()
    }
    document = {
        "format": FORMAT,
        "made_at": stamp(at),
        "software": f"countersign {version('countersign')}",
        "requests": [each.document() for each in collected],
        "processes": processes,
        "members": {each.name: each.sha256 for each in members},
        "content": content_digest(members),
    }
    return of_bytes(MANIFEST, encode(document) + b"\n")


def _record(
    database: Database,
    exporter: Exporter,
    collected: Sequence[Collected],
    members: Sequence[Member],
    at: datetime,
) -> int:
    """The entry of the export: what was exported, to whom, and every file's digest."""
    particulars = {"actor.name": exporter.name, "actor.origin": exporter.origin}
    held = next(each for each in members if each.name == MANIFEST)
    with database.write() as transaction:
        return journal.record(
            transaction,
            at=at,
            body={
                "verb": "exported",
                "outcome": "done",
                "actor": exporter.viewer.person,
                "via": exporter.via,
                "format": "package",
                "requests": [each.row.id for each in collected],
                "entries": {
                    each.row.id: [len(each.history), each.last.digest.hex()] for each in collected
                },
                "content": content_digest(members),
                "manifest": held.sha256,
            },
            particulars={path: text for path, text in particulars.items() if text},
        )


def _too_much(why: str) -> Unprovable:
    return Unprovable(
        f"未生成凭证包：内容过多（{why}），请减少一次导出的申请。",
        f"No package is made: {why}; export fewer requests at once.",
    )


def _check_made(out: BinaryIO, key: str) -> None:
    """A package that its own verifier finds fault with is given to nobody."""
    out.seek(0)
    report = verify(out, {key})
    out.seek(0, io.SEEK_END)
    if report.verdict != "good":
        wrong = str(report.first_bad_entry or report.faults[0])
        raise Unprovable(
            f"未生成凭证包：现有数据与已签名的记录不符（{wrong}）。",
            f"No package is made: what is kept is not what was signed. {wrong}",
        )
