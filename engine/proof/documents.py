"""A package's two documents of JSON, read strictly: `manifest.json` and `proof.json`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.journal.canonical import decode, encode
from engine.proof import lines
from engine.proof.archive import Member
from engine.proof.heads import Head, read_head
from engine.proof.lines import Line

FORMAT = "countersign-package-1"
MANIFEST, PROOF, ENTRIES, PAPER = "manifest.json", "proof.json", "entries.jsonl", "request.pdf"
MOST_DOCUMENT = 64 * 1024 * 1024
"""Bytes of a document or a line; a package that needs more is not made."""
_HASH = re.compile(r"[0-9a-f]{64}")
_MANIFEST = {"content", "format", "made_at", "members", "processes", "requests", "software"}
_REQUEST = {
    "attachments", "entries", "id", "last", "left_out", "missing", "number", "process", "title",
}  # fmt: skip
_PROOF = {"consistency", "entries", "export", "head", "heads", "keys", "log"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """Where a leaf stands in the tree, and the hashes up to the root."""

    index: int
    hashes: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a package says that it holds."""

    made_at: str
    software: str
    requests: tuple[Mapping[str, Any], ...]
    content: str
    members: Mapping[str, str]
    processes: Mapping[str, str]
    """Digest of a version -> the key of its process."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What shows that entries and export stand in the log that a head signs."""

    head: Head
    keys: Mapping[str, bytes]
    export: Line
    export_path: Path
    entries: tuple[Path, ...]
    heads: tuple[Head, ...]
    consistency: tuple[tuple[bytes, ...], ...]


def document_of(member: Member) -> Any:
    """The JSON of a member in its one form. Raises ValueError with what is wrong."""
    if member.size > MOST_DOCUMENT:
        raise ValueError(f"{member.name} is larger than it may be")
    with member.open() as content:
        data = content.read(member.size)
    return canonical(data, member.name)


def canonical(data: bytes, name: str) -> Any:
    """The JSON of bytes which are canonical, with a line's end. Raises ValueError."""
    try:
        found = decode(data)
        if encode(found) + b"\n" == data:
            return found
    except (ValueError, RecursionError):
        pass
    raise ValueError(f"{name} is not JSON in its canonical form")


def manifest_of(found: Any) -> Manifest:
    """The manifest of a document. Raises ValueError with what is wrong."""
    _shaped(found, _MANIFEST, "the manifest")
    if found["format"] != FORMAT:
        raise ValueError(f"the package is of another format than {FORMAT}")
    requests = found["requests"]
    if not isinstance(requests, list) or not requests:
        raise ValueError("the manifest names no request")
    for each in requests:
        _shaped(each, _REQUEST, "a request of the manifest")
        _is(each["id"], str, "a request's id")
        _is(each["entries"], int, "a request's number of entries")
        _is(each["process"], str, "a request's process")
        for name in ("left_out", "missing", "attachments"):
            _is(each[name], list, f"a request's {name}")
        if each["number"] is not None:
            _is(each["number"], str, "a request's number")
    for name in ("members", "processes"):
        _is(found[name], dict, f"the manifest's {name}")
        for each in found[name].values():
            _is(each, str, f"the manifest's {name}")
    for name in ("content", "made_at", "software"):
        _is(found[name], str, f"the manifest's {name}")
    return Manifest(
        made_at=found["made_at"],
        software=found["software"],
        requests=tuple(requests),
        content=found["content"],
        members=found["members"],
        processes=found["processes"],
    )


def proof_of(found: Any) -> Proof:
    """The proof of a document. Raises ValueError with what is wrong."""
    _shaped(found, _PROOF, "the proof")
    _shaped(found["export"], {"entry", "index", "path"}, "the proof's export")
    for name in ("consistency", "entries", "heads"):
        _is(found[name], list, f"the proof's {name}")
    _is(found["keys"], dict, "the proof's keys")
    head = read_head(found["head"])
    if found["log"] != head.log:
        raise ValueError("the proof is of another log than its head")
    export = found["export"]
    _is(export["path"], list, "the path of the export's entry")
    return Proof(
        head=head,
        keys={name: _hash(public) for name, public in found["keys"].items()},
        export=lines.read(export["entry"]),
        export_path=_path([export["index"], *export["path"]]),
        entries=tuple(_path(each) for each in found["entries"]),
        heads=tuple(read_head(each) for each in found["heads"]),
        consistency=tuple(_hashes(each) for each in found["consistency"]),
    )


def _path(found: Any) -> Path:
    if not isinstance(found, list) or not found or type(found[0]) is not int or found[0] < 0:
        raise ValueError("a path of the proof does not begin with its place")
    return Path(index=found[0], hashes=_hashes(found[1:]))


def _hashes(found: Any) -> tuple[bytes, ...]:
    _is(found, list, "a path of the proof")
    return tuple(_hash(each) for each in found)


def _hash(found: Any) -> bytes:
    if not isinstance(found, str) or _HASH.fullmatch(found) is None:
        raise ValueError("a hash of the proof is not 64 hexadecimal digits")
    return bytes.fromhex(found)


def _shaped(found: Any, names: set[str], what: str) -> None:
    if not isinstance(found, dict) or set(found) != names:
        raise ValueError(f"{what} does not have the parts that it has to have")


def _is(found: Any, kind: type, what: str) -> None:
    if type(found) is not kind:
        raise ValueError(f"{what} is not as it has to be")
