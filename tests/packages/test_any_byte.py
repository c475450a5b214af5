"""One byte changed anywhere, files cut off, and files made to hurt: caught or refused, never a
crash, in bounded memory and time."""

import copy
import random
import struct
import tracemalloc
import zlib
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from engine.journal.canonical import encode
from engine.proof.package import verify
from tests.packages.conftest import Shelf
from tests.packages.verifiers import both, document, ours, packed, unpacked, with_document

MANY = max(300, settings().max_examples)
CHANGES = settings(max_examples=MANY, suppress_health_check=[HealthCheck.too_slow])


@CHANGES
@given(which=some.sampled_from(["whole", "narrow"]), data=some.data())
def test_any_byte_of_the_file_that_is_changed_is_caught(
    shelf: Shelf, which: str, data: some.DataObject
) -> None:
    genuine: bytes = getattr(shelf, which)
    at = data.draw(some.integers(0, len(genuine) - 1))
    by = data.draw(some.integers(1, 255))
    changed = genuine[:at] + bytes([genuine[at] ^ by]) + genuine[at + 1 :]
    assert both(changed, shelf.key)[0] in (1, 2)


@CHANGES
@given(which=some.sampled_from(["whole", "narrow"]), data=some.data())
def test_any_byte_of_any_of_its_files_that_is_changed_is_caught(
    shelf: Shelf, which: str, data: some.DataObject
) -> None:
    """Zipped again as it should be, so that only what is inside is wrong."""
    files = unpacked(getattr(shelf, which))
    name = data.draw(some.sampled_from(sorted(files)))
    content = files[name]
    at = data.draw(some.integers(0, len(content) - 1))
    by = data.draw(some.integers(1, 255))
    files[name] = content[:at] + bytes([content[at] ^ by]) + content[at + 1 :]
    assert both(packed(files), shelf.key)[0] == 1


def test_a_file_that_is_cut_off_anywhere_is_caught(shelf: Shelf) -> None:
    lengths = [*range(64), *random.Random(5).sample(range(len(shelf.whole)), 60)]
    for length in [*lengths, len(shelf.whole) - 1]:
        assert both(shelf.whole[:length], shelf.key)[0] in (1, 2)


def test_a_file_that_goes_on_is_caught(shelf: Shelf) -> None:
    for more in (b"\x00", b"PK\x05\x06" + bytes(18), shelf.whole):
        assert both(shelf.whole + more, shelf.key)[0] == 1
        assert both(more + shelf.whole, shelf.key)[0] in (1, 2)


@pytest.mark.parametrize(
    "data", [b"", b"PK", b"PK\x03\x04", bytes(100), b"%PDF-1.7", b"PK\x05\x06" + bytes(18)]
)
def test_what_is_no_package_is_told_so(data: bytes) -> None:
    assert both(data)[0] == 2


def test_a_package_of_nothing_but_names(shelf: Shelf) -> None:
    for names in (["manifest.json"], ["manifest.json", "proof.json", "entries.jsonl"]):
        assert both(packed(dict.fromkeys(names, b"")), shelf.key)[0] == 1


NONSENSE: list[bytes] = [
    b"",
    b"\n",
    b"{}\n",
    b"[]\n",
    b"null\n",
    b"\xff\xfe\n",
    b'"\\ud800"\n',
    b"[" * 100_000 + b"]" * 100_000 + b"\n",
    b'{"a":' * 50_000 + b"1" + b"}" * 50_000 + b"\n",
    b"NaN\n",
    b"1.5\n",
    b"1e999\n",
    b"9" * 10_000 + b"\n",
    b'{"format":"countersign-package-1"}\n',
    b'{"a":1,"a":2}\n',
    "not JSON 😀\n".encode(),
]


@pytest.mark.parametrize("name", ["manifest.json", "proof.json", "entries.jsonl"])
@pytest.mark.parametrize("content", NONSENSE, ids=lambda c: repr(c[:20]))
def test_nonsense_where_a_document_should_be_is_caught(
    shelf: Shelf, name: str, content: bytes
) -> None:
    assert both(packed({**unpacked(shelf.whole), name: content}), shelf.key)[0] == 1
    assert both(packed({name: content}), shelf.key)[0] == 1


VALUES: list[Any] = [None, True, 0, -1, 2**53 - 1, "", "x", "00" * 32, "\ud800", [], {}, [[]]]
VALUES += [{"a": None}, [0, "00"]]


@CHANGES
@given(name=some.sampled_from(["manifest", "proof"]), data=some.data())
def test_any_value_put_anywhere_in_a_document_is_caught(
    shelf: Shelf, name: str, data: some.DataObject
) -> None:
    files = unpacked(shelf.whole)
    found = document(files, name)
    before, places = encode(found), list(places_in(found))
    within, key = places[data.draw(some.integers(0, len(places) - 1))]
    within[key] = copy.deepcopy(data.draw(some.sampled_from(VALUES)))
    if encode(found) != before:
        assert both(packed(with_document(files, name, found)), shelf.key)[0] == 1


def places_in(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of a document where another value could stand."""
    keys = list(value) if isinstance(value, dict) else list(range(len(value)))
    for key in keys:
        yield value, key
        if isinstance(value[key], dict | list):
            yield from places_in(value[key])


def local(
    name: bytes, content: bytes, *, method: int, size: int, packed: int | None = None
) -> bytes:
    """A local header and a content, whatever they say of each other."""
    stored = len(content) if packed is None else packed
    said = (20, 0, method, 0, 33, zlib.crc32(content), stored, size, len(name), 0)
    return struct.pack("<4s5H3L2H", b"PK\x03\x04", *said) + name + content


def deflated(content: bytes) -> bytes:
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    return deflate.compress(content) + deflate.flush()


BOMBS = {
    "a bomb that says its size": local(
        b"entries.jsonl", deflated(bytes(300 * 2**20)), method=8, size=300 * 2**20
    ),
    "a bomb that says less": local(
        b"entries.jsonl", deflated(bytes(300 * 2**20)), method=8, size=1000
    ),
    "a thousand bombs": b"".join(
        local(b"entries.jsonl%d" % at, deflated(bytes(2**20)), method=8, size=2**20)
        for at in range(1000)
    ),
    "sizes beyond the file": local(
        b"entries.jsonl", b"x", method=0, size=2**32 - 1, packed=2**32 - 1
    ),
    "many empty files": b"".join(
        local(b"entries.jsonl%d" % at, b"", method=0, size=0) for at in range(20_000)
    ),
    "another method": local(b"entries.jsonl", b"x", method=99, size=1),
    "broken deflate": local(b"entries.jsonl", b"\xff" * 50, method=8, size=50),
    "a name that is no text": local(b"process/\xff\xfe", b"", method=0, size=0),
    "one endless line": local(b"entries.jsonl", b"x" * 2**20, method=0, size=2**20),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_file_made_to_hurt_is_refused_at_once(bomb: str) -> None:
    began = perf_counter()
    tracemalloc.start()
    try:
        code, report = ours(BOMBS[bomb], ["00" * 32])
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert code == 1
    assert report.faults
    assert most < 64 * 2**20
    assert perf_counter() - began < 20


def test_a_large_package_is_read_a_piece_at_a_time(shelf: Shelf, tmp_path: Path) -> None:
    path = tmp_path / "package.zip"
    large = {"attachments/" + "0" * 64: bytes(64 * 2**20)}
    path.write_bytes(packed({**unpacked(shelf.whole), **large}))
    del large
    tracemalloc.start()
    try:
        with path.open("rb") as file:
            report = verify(file, [shelf.key])
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert report.verdict == "bad"
    assert most < 16 * 2**20


def test_every_sentence_can_be_shown(shelf: Shelf) -> None:
    """Whatever stands in a file, what is said of it has nothing that a terminal obeys."""
    files = unpacked(shelf.whole)
    manifest = document(files, "manifest")
    manifest["requests"][0]["number"] = "\x1b[2J\x07"
    for each in (
        {**with_document(files, "manifest", manifest), "entries.jsonl": b"\n"},
        {**files, "process/\x1b[31m/x": b""},
        {**files, "attachments/\x1b]0;x\x07": b""},
    ):
        _, report = both(packed(each), shelf.key)
        said = " ".join(
            [*(str(fault) for fault in report.faults), *(c.said for c in report.checks)]
        )
        assert all(char.isprintable() for char in said), said
