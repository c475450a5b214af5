"""What stands in a package beside its entries: attachments and process versions, by digest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from engine.proof.archive import CHUNK, Member
from engine.proof.documents import Manifest
from engine.proof.lines import Line
from engine.proof.report import Report

ATTACHMENTS = "attachments/"
FOLDERS = ("process/", "forms/")
_FILES = "input.files"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """What one entry names beside itself."""

    request: str
    seq: int
    files: tuple[str, ...]
    """The digests of its attachments."""
    silent: bool
    """Whether it may name attachments that its reader is not told of."""
    runs: tuple[str, ...]
    """The process versions that it is about, by the beginnings of their digests."""


def mention(line: Line) -> Mention:
    """What a line names."""
    return Mention(
        request=line.chain,
        seq=line.seq,
        files=_named(line),
        silent=line.body is None or _FILES in line.withheld or _FILES in line.erased,
        runs=_runs(line),
    )


def check_attachments(
    report: Report, members: Mapping[str, Member], manifest: Manifest, told: Sequence[Mention]
) -> None:
    """Each content is the one that its name, the manifest and the entries say."""
    here = {name.removeprefix(ATTACHMENTS): m for name, m in _under(members, ATTACHMENTS).items()}
    for digest, held in here.items():
        if held.sha256 != digest:
            report.fault("attachments", f"the attachment {digest!a} is not what its name says")
    listed, without = _listed(manifest)
    if set(here) != set(listed):
        report.fault("attachments", "the attachments are not those that the manifest lists")
    for digest, size in listed.items():
        if digest in here and here[digest].size != size:
            report.fault("attachments", f"the attachment {digest} is of another size than listed")
    named = {digest for each in told for digest in each.files}
    for each in told:
        for digest in each.files:
            if digest not in here and digest not in without:
                what = f"its attachment {digest!a} is not there"
                report.fault("attachments", what, request=each.request, seq=each.seq)
    if not any(each.silent for each in told):
        for digest in sorted(set(here) - named):
            report.fault("attachments", f"no entry names the attachment {digest!a}")
    said = f"{len(here)} contents are those that were attached; {len(without)} are named only"
    report.checked("attachments", len(here), said)


def check_processes(
    report: Report, members: Mapping[str, Member], manifest: Manifest, told: Sequence[Mention]
) -> None:
    """Each version's files give its digest, and each entry's version is there."""
    versions: dict[str, dict[str, Member]] = {}
    for folder in FOLDERS:
        for name, held in _under(members, folder).items():
            digest, _, file = name.removeprefix(folder).partition("/")
            if file in versions.setdefault(digest, {}):
                report.fault("process", f"the version {digest!a} has a file twice")
            versions[digest][file] = held
    for digest, files in versions.items():
        if digest not in (_digest(files, ""), _digest(files, manifest.processes.get(digest, ""))):
            report.fault("process", f"the files of the version {digest!a} do not give its digest")
    if set(versions) != set(manifest.processes):
        report.fault("process", "the versions are not those that the manifest names")
    for each in told:
        for start in each.runs:
            if not any(digest.startswith(start) for digest in versions):
                what = f"the process version {start!a} that it names is not there"
                report.fault("process", what, request=each.request, seq=each.seq)
    count = sum(len(files) for files in versions.values())
    said = f"{count} files give the digests of the {len(versions)} versions that entries name"
    report.checked("process", len(versions), said)


def _under(members: Mapping[str, Member], folder: str) -> dict[str, Member]:
    return {name: held for name, held in members.items() if name.startswith(folder)}


def _listed(manifest: Manifest) -> tuple[dict[str, int], set[str]]:
    """Size by digest of what the manifest lists, and the digests of what it leaves out."""
    listed: dict[str, int] = {}
    without: set[str] = set()
    for request in manifest.requests:
        for each in request["attachments"]:
            if isinstance(each, dict) and isinstance(each.get("sha256"), str):
                listed[each["sha256"]] = each.get("size", -1)
        without.update(
            each for each in [*request["left_out"], *request["missing"]] if isinstance(each, str)
        )
    return listed, without


def _named(line: Line) -> tuple[str, ...]:
    files: Any = None
    if _FILES in line.given:
        files = line.given[_FILES][1]
    elif line.part is not None:
        files = line.part["particulars"].get(_FILES)
    found = files.values() if isinstance(files, dict) else ()
    return tuple(each for each in found if isinstance(each, str))


def _runs(line: Line) -> tuple[str, ...]:
    try:
        told = line.told()
    except (ValueError, RecursionError):
        return ()
    found = (told.get("process"), told.get("called"))
    return tuple(each for each in found if isinstance(each, str) and each)


def _digest(files: Mapping[str, Member], key: str) -> str:
    """A version's digest: over the names and contents of its files, then the process's key."""
    hasher = sha256()
    for name in sorted(files):
        encoded = name.encode()
        hasher.update(len(encoded).to_bytes(8, "big") + encoded)
        hasher.update(files[name].size.to_bytes(8, "big"))
        with files[name].open() as content:
            while chunk := content.read(CHUNK):
                hasher.update(chunk)
    if key:
        hasher.update(len(key.encode()).to_bytes(8, "big") + key.encode())
    return hasher.hexdigest()
