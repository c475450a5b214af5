"""What entries name: versions of processes with their files, attachments' contents, notes."""

from collections.abc import Collection
from hashlib import sha256
from pathlib import Path
from typing import Any

from engine.diagrams.compiler import compile_definition
from engine.diagrams.definition import Undeployable
from forms import read
from storage import attachments, erasing
from storage.definitions import Version, files_of
from storage.transaction import Transaction
from storage.verifying.entries import Deployment, Known
from storage.verifying.report import Progress, Report

_DEFINITIONS = (
    "SELECT place, digest, process, version, name, name_en, deployed_at, deployed_by"
    " FROM definitions ORDER BY place"
)
_ATTACHMENTS = (
    "SELECT id, sha256, name, size, media_type, uploaded_by, at, request FROM attachments"
    " ORDER BY id"
)
_NOTED = ("request", "step", "author", "at", "entry", "withdrawn_at")
_NOTES = f"SELECT id, {', '.join(_NOTED)} FROM notes ORDER BY id"  # noqa: S608 - our own names
_SAMPLE = 8 * 1024


def check_definitions(
    reader: Transaction, known: Known, report: Report, progress: Progress
) -> None:
    """Versions against the entries of their deployment, files against their digests."""
    _files(reader, report, progress)
    told = {(each.process, each.version): each for each in known.deployments}
    rows = reader.all(_DEFINITIONS)
    order = [told[row[2], row[3]].seq for row in rows if (row[2], row[3]) in told]
    if order != sorted(order):
        report.bad("definitions", "their places are not in the order of deployment")
    latest: dict[str, Version] = {}
    for count, row in enumerate(rows):
        progress("versions of processes", count, len(rows))
        key = f"{row[2]} {row[3]}"
        version = _version(reader, row, told.pop((row[2], row[3]), None), key, known, report)
        if version is not None:
            latest[version.key] = version
    for each in told.values():
        what = f"version {each.version} of {each.process} was deployed, and is not here"
        report.bad("definitions", what, request="system", seq=each.seq)
    there = {row[1] for row in rows}
    for (digest,) in reader.all("SELECT DISTINCT definition FROM definition_files"):
        if digest not in there:
            report.bad("definition_files", "no such version was deployed", key=digest)
    report.count("versions of processes", len(rows))
    if report.code != 1:
        _starts(reader, latest, report)


def _files(reader: Transaction, report: Report, progress: Progress) -> None:
    count = 0
    for digest, content in reader.stream("SELECT digest, content FROM files"):
        count += 1
        if count % 100 == 0:
            progress("files of processes", count, 0)
        if sha256(bytes(content)).hexdigest() != digest:
            report.bad("files", "its content is not what its digest says", key=digest)
    report.count("files of processes", count)


def _version(
    reader: Transaction,
    row: tuple[Any, ...],
    told: Deployment | None,
    key: str,
    known: Known,
    report: Report,
) -> Version | None:
    """Check one version; what its files say, if they can be read."""
    _, digest, process, _, name, name_en, deployed_at, deployed_by = row
    if told is None:
        if known.whole:
            report.bad("definitions", "no entry tells of its deployment", key=key)
    else:
        said = {"digest": told.digest, "deployed_by": told.by, "deployed_at": told.at}
        here = {"digest": digest, "deployed_by": deployed_by, "deployed_at": deployed_at}
        for column, value in said.items():
            # Until version 0.1 a version kept its own time where the chain's was later.
            if here[column] != value and not (column == "deployed_at" and deployed_at < value):
                what = (
                    f"it says {here[column]!r}, and entry {told.seq} of the system chain {value!r}"
                )
                report.bad("definitions", what, key=key, column=column)
    try:
        files = files_of(reader, digest)
        made = Version.of(compile_definition(files, read, key=process, deployed=True))
    except (Undeployable, ValueError, LookupError) as error:
        report.bad("definition_files", f"the version can't be read: {error}", key=key)
        return None
    if made.digest != digest:
        what = "its files are not those that were deployed: they have another digest"
        report.bad("definition_files", what, key=key)
        return None
    for column, mine, its in (("name", name, made.name), ("name_en", name_en, made.name_en)):
        if mine != its:
            what = f"it says {mine!r}, and the diagram {its!r}"
            report.bad("definitions", what, key=key, column=column)
    return made


def _starts(reader: Transaction, latest: dict[str, Version], report: Report) -> None:
    """Messages and signals that start a process: those that its latest version names."""
    expected = {
        (version.key, kind, name)
        for version in latest.values()
        for kind, name in version.starts
        if kind in ("message", "signal")
    }
    there = set(reader.all("SELECT process, kind, name FROM starts"))
    for each in sorted(expected ^ there):
        what = "it is missing" if each in expected else "no version that is in force says so"
        report.bad("starts", what, key=", ".join(each))
    report.count("starts by message or signal", len(there))


def check_attachments(
    reader: Transaction,
    home: Path,
    known: Known,
    told: Collection[tuple[str, int, str]],
    report: Report,
    progress: Progress,
) -> None:
    """Uploads that were submitted against their entries, contents against their digests."""
    erased = {path.removeprefix(erasing.ATTACHMENT) for *_, path in told}
    rows = reader.all(_ATTACHMENTS)
    known_good: dict[str, tuple[str | None, int, bytes]] = {}
    submitted = dict(known.uploads)
    for count, row in enumerate(rows):
        progress("attachments", count, len(rows))
        id, digest = row[0], bytes(row[1]).hex()
        upload = submitted.pop(id, None)
        _attached(row, digest, upload, id in erased, report)
        if id in erased:
            continue
        if digest not in known_good:
            known_good[digest] = _content(home, digest)
        damage, size, head = known_good[digest]
        if damage is not None:
            seq = None if upload is None else upload[3]
            chain = "" if upload is None else upload[2]
            what = f"of the attachment's content {damage}"
            report.bad("attachments", what, key=id, request=chain, seq=seq)
        elif size != row[3]:
            report.bad("attachments", f"it has {size} bytes", key=id, column="size")
        elif attachments.media_type(head, row[2]) != row[4]:
            what = f"its content is of another type than {row[4]!r}"
            report.bad("attachments", what, key=id, column="media_type")
    for id, (_, _, chain, seq) in sorted(submitted.items()):
        report.bad(
            "attachments", "it was submitted, and is not here", key=id, request=chain, seq=seq
        )
    report.count("attachments", len(rows))
    report.count("attachments' contents", len(known_good))


def _attached(
    row: tuple[Any, ...],
    digest: str,
    upload: tuple[str, str, str, int] | None,
    erased: bool,
    report: Report,
) -> None:
    """Compare an upload with the entry that submitted it first."""
    id, _, name, _, _, by, _, request = row
    where: dict[str, Any] = {"key": id}
    if upload is None:
        if request is not None:
            what = "no entry tells that it was submitted with the request"
            report.bad("attachments", what, column="request", **where)
        return
    said, actor, chain, seq = upload
    where.update(request=chain, seq=seq)
    for column, here, its in (
        ("sha256", digest, said),
        ("request", request, chain),
        ("uploaded_by", by, actor),
    ):
        if here != its:
            what = f"it says {here!r}, and the entry {its!r}"
            report.bad("attachments", what, column=column, **where)
    if erased and name != attachments.ERASED_NAME:
        report.bad("attachments", "it was erased, and still has its name", column="name", **where)


def _content(home: Path, digest: str) -> tuple[str | None, int, bytes]:
    """What is wrong with a content (None: nothing), its size, and its beginning."""
    damage = attachments.damaged(home, digest)
    if damage is not None:
        return damage, 0, b""
    path = attachments.path(home, digest)
    with path.open("rb") as file:
        return None, path.stat().st_size, file.read(_SAMPLE)


def check_notes(reader: Transaction, known: Known, report: Report) -> None:
    """Where auditors' notes stand, against the entries that have their texts."""
    told = dict(known.notes)
    rows = reader.all(_NOTES)
    for id, *here in rows:
        its = told.pop(id, None)
        if its is None:
            if known.whole:
                report.bad("notes", "no entry tells of it", key=id, request=here[0])
            continue
        for column, mine, other in zip(_NOTED, here, its, strict=True):
            if mine != other:
                what = f"it says {mine!r}, and its entry {other!r}"
                report.bad("notes", what, key=id, column=column, request=its[0])
                break
    for id, its in sorted(told.items()):
        report.bad("notes", "it is not here", key=id, request="system", seq=its[4])
    report.count("auditors' notes", len(rows))
