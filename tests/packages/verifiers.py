"""Both verifiers, ours and the one-file script of docs/, held against each other."""

import io
import json
import re
from collections.abc import Iterable, Mapping
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from engine.journal.canonical import encode
from engine.proof.archive import NotAPackage, of_bytes, read, write
from engine.proof.package import verify
from engine.proof.report import EXIT, Report

SCRIPT = Path(__file__).parents[2] / "docs" / "verify_package.py"


def _script() -> Any:
    spec = spec_from_file_location("verify_package", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SCRIPTED = _script()


def ours(data: bytes, keys: Iterable[str]) -> tuple[int, Report]:
    """Exit code and report of `countersign verify`."""
    try:
        report = verify(io.BytesIO(data), frozenset(keys))
    except NotAPackage:
        return 2, Report()
    return EXIT[report.verdict], report


def scripts(data: bytes, keys: Iterable[str]) -> int:
    """Exit code of the script."""
    if not re.match(rb"(?s)PK\x03\x04.{26}" + SCRIPTED.TOPS, data):
        return 2
    try:
        return int(SCRIPTED.verify(data, list(keys)))
    except Exception:
        return 1


def both(data: bytes, *keys: str) -> tuple[int, Report]:
    """What both say of a package; they have to agree."""
    code, report = ours(data, keys)
    other = scripts(data, keys)
    assert code == other, f"{code}, but the script says {other}: {report.faults}"
    return code, report


def unpacked(data: bytes) -> dict[str, bytes]:
    """The files of a package."""
    members = read(io.BytesIO(data)).members
    return {name: member.open().read() for name, member in members.items()}


def packed(files: Mapping[str, bytes]) -> bytes:
    """A package of these files."""
    out = io.BytesIO()
    write(out, [of_bytes(name, content) for name, content in files.items()])
    return out.getvalue()


def entries_of(files: Mapping[str, bytes]) -> list[dict[str, Any]]:
    """The entries of a package's files."""
    return [json.loads(line) for line in files["entries.jsonl"].splitlines()]


def with_entries(
    files: Mapping[str, bytes], lines: Iterable[Mapping[str, Any]]
) -> dict[str, bytes]:
    """The same files with other entries."""
    return {**files, "entries.jsonl": b"".join(encode(line) + b"\n" for line in lines)}


def document(files: Mapping[str, bytes], name: str) -> Any:
    """A document of a package's files."""
    return json.loads(files[f"{name}.json"])


def with_document(files: Mapping[str, bytes], name: str, content: Any) -> dict[str, bytes]:
    """The same files with another manifest or proof."""
    return {**files, f"{name}.json": encode(content) + b"\n"}
