"""Histories to keep: chains with the files of their processes, one set for each release, which all
later engines replay (tests/histories/README.md). `python -m tests.support.histories VERSION`."""

import json
import lzma
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import forms
from engine.diagrams.compiler import compile_definition
from engine.diagrams.definition import Definition
from engine.journal import Entry, open_entry, seal, verify
from engine.journal.canonical import digest

DOMAIN = b"countersign-entry-1"
FOLDER = Path(__file__).parents[1] / "histories"
WALKS = 6
"""Random walks of each process."""
STEPS = 25


@dataclass(frozen=True, slots=True)
class Histories:
    """A stored set."""

    chains: Mapping[str, list[tuple[bytes, bytes]]]
    """By name: bodies and particulars, as they lie in a journal."""
    ends: Mapping[str, str]
    """The last digest of each."""
    files: Mapping[str, Mapping[str, bytes]]
    """By a definition's digest: its files."""
    keys: Mapping[str, str]
    """By a definition's digest: its process."""

    def entries(self, name: str) -> list[Entry]:
        """A chain, opened, after its digests were checked."""
        head, opened = b"", []
        for body, particulars in self.chains[name]:
            now = digest(DOMAIN, head, body)
            assert verify(head, body, particulars, now) is None
            head = now
            opened.append(open_entry(body, particulars))
        assert head.hex() == self.ends[name]
        return opened

    def definition(self, start: str) -> Definition:
        """The definition whose digest begins so."""
        return _compiled(self, next(each for each in self.files if each.startswith(start)))

    def __hash__(self) -> int:
        return id(self)


@cache
def _compiled(of: Histories, of_files: str) -> Definition:
    key = of.keys[of_files]
    return compile_definition(of.files[of_files], forms.read, key=key, deployed=True)


def load(file: Path) -> Histories:
    """A stored set."""
    document = json.loads(lzma.decompress(file.read_bytes()))
    contents = {name: text.encode() for name, text in document["contents"].items()}
    return Histories(
        chains={
            name: [(body.encode(), kept.encode()) for body, kept in rows]
            for name, rows in document["chains"].items()
        },
        ends=document["ends"],
        files={
            whole: {name: contents[content] for name, content in each["files"].items()}
            for whole, each in document["definitions"].items()
        },
        keys={whole: each["key"] for whole, each in document["definitions"].items()},
    )


def _played() -> Iterator[tuple[str, list[Entry]]]:
    """Every story of every shipped process."""
    from tests.workflows.in_memory import MemoryStage
    from tests.workflows.organised import WORKFLOWS, keys, shipped
    from web.stories import play_on, read_story

    for path in sorted(WORKFLOWS.glob("*/stories/*.yaml")):
        stage = MemoryStage({key: shipped(key) for key in keys()})
        play_on(read_story(path), stage)
        yield from _chains(f"{path.parents[1].name}/{path.stem}", stage.shelf.journal)


def _chains(name: str, written: Iterable[Entry]) -> Iterator[tuple[str, list[Entry]]]:
    chains: dict[str, list[Entry]] = {}
    for entry in written:
        chains.setdefault(entry.chain, []).append(entry)
    for chain, entries in chains.items():
        yield f"{name}/{chain}", entries


def _walked() -> Iterator[tuple[str, list[Entry]]]:
    """Random lives, whatever people might do."""
    from tests.workflows.organised import keys
    from tests.workflows.test_walks import walked

    for key in keys():
        for seed in range(WALKS):
            walk = walked(key, Random(f"{key}{seed}").getrandbits(32), STEPS)
            yield from _chains(f"walk/{key}/{seed}", walk.stage.shelf.journal)


def write(version: str) -> Path:
    """Make a release's set; the same each time, since every secret is made of its entry's place."""
    from tests.workflows.organised import files_of, keys, shipped

    chains: dict[str, list[tuple[str, str]]] = {}
    ends: dict[str, str] = {}
    for name, entries in (*_played(), *_walked()):
        head = b""
        rows = chains.setdefault(name, [])
        for entry in entries:
            made = seal(entry, head, sha256(f"{name} {entry.seq}".encode()).digest()[:16])
            rows.append((made.body.decode(), made.particulars.decode()))
            head = made.digest
        ends[name] = head.hex()
    contents: dict[str, str] = {}
    definitions: dict[str, Any] = {}
    for key in keys():
        named = {}
        for name, content in files_of(key).items():
            named[name] = sha256(content).hexdigest()
            contents[named[name]] = content.decode()
        definitions[shipped(key).digest] = {"key": key, "files": named}
    document = {
        "version": version, "chains": chains, "ends": ends, "definitions": definitions,
        "contents": contents,
    }  # fmt: skip
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    file = FOLDER / version / "histories.json.xz"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))
    return file


if __name__ == "__main__":
    sys.stdout.write(f"{write(sys.argv[1])}\n")
