"""What a package holds of one request: entries, attachments, process versions, as one may see it.

Before anything is taken the request's chain is checked, and compared with what was sealed of it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.diagrams.compiler import digest_of
from engine.diagrams.definition import Definition
from engine.journal.canonical import encode
from storage import attachments, journal, queries
from storage.journal import Kept
from storage.reader import Reader
from web.api.disclosure import Disclosure, disclosure
from web.packages.refusing import Unprovable
from web.packages.sight import Exporter, Sight, undecided


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """One request, checked and cut to what its exporter may see."""

    row: queries.RequestRow
    history: tuple[Kept, ...]
    sight: Sight
    files: tuple[queries.AttachmentRow, ...]
    """The attachments whose content he is given."""
    left_out: tuple[str, ...]
    """Digests of those that he may not see."""
    missing: tuple[str, ...]
    """Digests of those whose content is not there any more."""
    versions: Mapping[str, Definition]
    """By digest: every process version that its entries are about."""

    @property
    def last(self) -> Kept:
        """Its last entry."""
        return self.history[-1]

    def lines(self) -> Iterator[bytes]:
        """Its entries, a line each."""
        previous = b""
        for kept in self.history:
            yield encode(self.sight.line(kept, previous).document()) + b"\n"
            previous = kept.digest

    def document(self) -> dict[str, Any]:
        """It as the manifest names it."""
        listed = [
            {"id": each.id, "name": each.name, "sha256": each.sha256, "size": each.size}
            for each in self.files
        ]
        return {
            "id": self.row.id,
            "number": self.row.number,
            "title": self.row.title,
            "process": self.row.definition,
            "entries": len(self.history),
            "last": self.last.digest.hex(),
            "attachments": listed,
            "left_out": list(self.left_out),
            "missing": list(self.missing),
        }


def collect(reader: Reader, home: Path, request: str, exporter: Exporter) -> Collected:
    """Gather a request that the exporter may see.

    Raises:
        Unprovable: it is a draft or not his to see, or what is kept of it was tampered with.
    """
    row = queries.request(reader, exporter.viewer, request)
    if row is None or queries.may_see(reader, exporter.viewer, request) != "all":
        raise Unprovable(
            f"没有可以导出的申请 {request}。",
            f"There is no request {request} that could be exported.",
        )
    named = f"{row.number} ({row.id})" if row.number else row.id
    _check_chain(reader, request, named)
    history = tuple(queries.kept_history(reader, request))
    shown = disclosure(reader, exporter.viewer, row)
    visible = None if exporter.everything else _visible(reader, row, exporter, shown)
    versions = queries.Versions.of_request(reader, row.definition)
    sight = Sight(
        everything=exporter.everything,
        shown=shown,
        files=visible,
        undecided=undecided(history, exporter),
        version=versions.beginning,
    )
    files, left_out, missing = _files(reader, home, row, history, sight, named)
    return Collected(
        row=row,
        history=history,
        sight=sight,
        files=files,
        left_out=left_out,
        missing=missing,
        versions=_versions(versions, history, named),
    )


def _check_chain(reader: Reader, request: str, named: str) -> None:
    """The chain in itself, then against what was sealed of it."""
    try:
        fault = journal.first_fault(reader, request)
    except (ValueError, TypeError, LookupError, OverflowError):
        fault = _first_unreadable(reader, request)
    if fault is not None:
        seq, what = fault
        raise Unprovable(
            f"未生成凭证包：日志遭到篡改，{named} 的第 {seq} 条有误（{what}）。",
            f"No package is made: the journal was tampered with. Entry {seq} of {named}: {what}.",
        )
    rows = reader.all("SELECT seq, digest FROM journal WHERE chain = ?", (request,))
    kept = {int(seq): bytes(digest) for seq, digest in rows}
    sealed = reader.all("SELECT seq, digest FROM leaves WHERE chain = ? ORDER BY seq", (request,))
    for seq, digest in sealed:
        if kept.get(seq) != bytes(digest):
            gone = seq not in kept
            raise Unprovable(
                f"未生成凭证包：日志遭到篡改，{named} 的第 {seq} 条"
                f"{'已不在' if gone else '与封存的不一致'}。",
                "No package is made: the journal was tampered with. Entry"
                f" {seq} of {named} {'is missing' if gone else 'is not the one'} that was sealed.",
            )


def _first_unreadable(reader: Reader, request: str) -> tuple[int, str]:
    """Where the bytes of a chain can't be read any more."""
    seq = 0
    for (seq,) in reader.all("SELECT seq FROM journal WHERE chain = ? ORDER BY seq", (request,)):
        try:
            journal.kept_entry(reader, request, seq).entry.body["verb"]
        except (ValueError, TypeError, LookupError, OverflowError):
            break
    return seq, "its bytes can't be read"


def _visible(
    reader: Reader, row: queries.RequestRow, exporter: Exporter, shown: Disclosure
) -> frozenset[str] | None:
    """The ids of the attachments that stand in fields which he is shown, and of his own."""
    if not shown.hidden:
        return None
    flow = queries.flow(reader, row.id)
    values = [shown.values(flow.answers)]
    values += [shown.values(scope) for scope in flow.scopes.values()]
    values += [shown.values(slot.answers) for slot in queries.slots(reader, row.id)]
    own = (
        each.id
        for each in queries.attachments(reader, row.id)
        if each.uploaded_by.id == exporter.viewer.person
    )
    return frozenset([*own, *(text for each in values for text in _texts(each))])


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def _files(
    reader: Reader,
    home: Path,
    row: queries.RequestRow,
    history: tuple[Kept, ...],
    sight: Sight,
    named: str,
) -> tuple[tuple[queries.AttachmentRow, ...], tuple[str, ...], tuple[str, ...]]:
    """The attachments that entries name: those to give, and the digests of the others."""
    rows = {each.id: each for each in queries.attachments(reader, row.id)}
    given: dict[str, queries.AttachmentRow] = {}
    left_out, missing = set(), set()
    for kept in history:
        files = kept.entry.particulars.get("input.files")
        for id, digest in files.items() if isinstance(files, Mapping) else ():
            if not isinstance(digest, str):
                continue  # erased: {"erased": true}
            told = kept.seq not in sight.undecided and (sight.files is None or id in sight.files)
            if not told:
                left_out.add(digest)
            elif id not in rows or not attachments.path(home, digest).is_file():
                missing.add(digest)
            elif rows[id].sha256 != digest or attachments.damaged(home, digest):
                raise Unprovable(
                    f"未生成凭证包：{named} 的附件 {rows[id].name} 与第 {kept.seq} 条所记不一致。",
                    f"No package is made: the attachment {rows[id].name} of {named} is not the"
                    f" one that entry {kept.seq} names.",
                )
            else:
                given[id] = rows[id]
    shown = {each.sha256 for each in given.values()}
    return tuple(given.values()), tuple(sorted(left_out - shown)), tuple(sorted(missing - shown))


def _versions(
    versions: queries.Versions, history: tuple[Kept, ...], named: str
) -> dict[str, Definition]:
    """The versions that entries are about, each with the files that give its digest."""
    found = {versions.own.digest: versions.own}
    for kept in history:
        body = kept.entry.body
        for start in (body.get("process"), body.get("called")):
            if not start or any(digest.startswith(start) for digest in found):
                continue
            try:
                version = versions.beginning(start)
            except KeyError:
                raise Unprovable(
                    f"未生成凭证包：{named} 的第 {kept.seq} 条所记的流程版本 {start} 已不在。",
                    f"No package is made: the process version {start} that entry {kept.seq} of"
                    f" {named} names is not there.",
                ) from None
            found[version.digest] = version
    for digest, version in found.items():
        if digest not in (digest_of(version.files), digest_of(version.files, version.key)):
            raise Unprovable(
                f"未生成凭证包：{named} 的流程版本 {digest[:16]} 的文件已非部署时的文件。",
                f"No package is made: the files of the process version {digest[:16]} of {named}"
                " are not those that were deployed.",
            )
    return found
