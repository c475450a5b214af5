"""Packages that somebody has laid hands on: each is caught, by both verifiers, and named."""

import copy
import json
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from engine.journal.canonical import digest, encode
from engine.proof import heads, lines, merkle
from engine.proof.archive import of_bytes
from engine.proof.package import content_digest
from tests.packages.conftest import Shelf
from tests.packages.verifiers import (
    both,
    document,
    entries_of,
    packed,
    unpacked,
    with_document,
    with_entries,
)

Files = dict[str, bytes]
Lines = list[dict[str, Any]]


def test_what_nobody_has_touched_verifies(shelf: Shelf) -> None:
    for data in (shelf.whole, shelf.older, shelf.two, shelf.narrow):
        code, report = both(data, shelf.key)
        assert (code, report.faults) == (0, [])


def test_a_package_written_again_from_its_files_is_the_same(shelf: Shelf) -> None:
    assert packed(unpacked(shelf.whole)) == shelf.whole


def caught(files: Mapping[str, bytes], shelf: Shelf, *, at: int = 0) -> None:
    """It is bad, as it lies there and by whatever manifest an attacker writes for it; the first
    bad entry is this one."""
    for each in (files, with_manifest(files)):
        code, report = both(packed(each), shelf.key)
        assert code == 1
        if at:
            first = report.first_bad_entry
            assert first is not None
            assert (first.request, first.seq) == (shelf.request, at)
            assert str(first).startswith(f"Entry {at} of ")


def with_manifest(files: Mapping[str, bytes]) -> Files:
    """The same files, and a manifest that is right about them."""
    manifest = document(files, "manifest")
    others = {n: c for n, c in files.items() if n not in ("manifest.json", "proof.json")}
    members = [of_bytes(name, content) for name, content in others.items()]
    manifest["members"] = {each.name: each.sha256 for each in members}
    manifest["content"] = content_digest(members)
    counts: dict[str, tuple[int, str]] = {}
    for line in entries_of(files):
        counts[line["chain"]] = (line["seq"], line["digest"])
    for each in manifest["requests"]:
        each["entries"], each["last"] = counts.get(each["id"], (0, ""))
    return with_document(files, "manifest", manifest)


def change_comment(found: Lines) -> None:
    found[2]["given"]["input.comment"]["value"] = "不同意"


def change_body(found: Lines) -> None:
    found[1]["body"] = found[1]["body"].replace('"approve"', '"reject"')


def change_actor(found: Lines) -> None:
    found[3]["given"]["actor.name"]["value"] = "somebody else"


def withhold(found: Lines) -> None:
    found[1]["withheld"]["input.comment"] = "00" * 32
    del found[1]["given"]["input.comment"]


def erase(found: Lines) -> None:
    found[1]["erased"]["input.comment"] = "00" * 32
    del found[1]["given"]["input.comment"]


def take_out(found: Lines) -> None:
    del found[1]


def cut_tail(found: Lines) -> None:
    del found[3:]


def cut_last(found: Lines) -> None:
    del found[-1]


def swap(found: Lines) -> None:
    found[1], found[2] = found[2], found[1]


def insert(found: Lines) -> None:
    found.insert(2, copy.deepcopy(found[1]))


def leave_nothing(found: Lines) -> None:
    found.clear()


def rename_chain(found: Lines) -> None:
    found[0]["chain"] = "another"


def count_anew(found: Lines) -> None:
    """Take one out, and let the numbers close the gap."""
    del found[1]
    for seq, line in enumerate(found, 1):
        line["seq"] = seq


CHANGES: dict[str, tuple[Callable[[Lines], None], int]] = {
    "a changed comment": (change_comment, 3),
    "a changed body": (change_body, 2),
    "a changed name": (change_actor, 4),
    "something withheld later": (withhold, 2),
    "something erased later": (erase, 2),
    "one deleted in the middle": (take_out, 2),
    "the tail deleted": (cut_tail, 4),
    "the last one deleted": (cut_last, 5),
    "two swapped": (swap, 2),
    "one inserted": (insert, 2),
    "everything truncated": (leave_nothing, 1),
    "one deleted, the others counted anew": (count_anew, 2),
}


@pytest.mark.parametrize("change", CHANGES)
def test_changed_entries_are_caught_and_the_first_is_named(shelf: Shelf, change: str) -> None:
    files = unpacked(shelf.whole)
    found = entries_of(files)
    assert len(found) == 5
    make, at = CHANGES[change]
    make(found)
    caught(with_entries(files, found), shelf, at=at)


def test_an_entry_of_another_chain_is_caught(shelf: Shelf) -> None:
    files = unpacked(shelf.whole)
    found = entries_of(files)
    rename_chain(found)
    caught(with_entries(files, found), shelf)


def test_an_attachment_swapped_is_caught(shelf: Shelf) -> None:
    files = unpacked(shelf.whole)
    (name,) = (each for each in files if each.startswith("attachments/"))
    caught({**files, name: b"another contract"}, shelf)
    renamed = {n: c for n, c in files.items() if n != name}
    renamed[f"attachments/{sha256(b'another').hexdigest()}"] = b"another"
    caught(renamed, shelf)
    caught({n: c for n, c in files.items() if n != name}, shelf)


@pytest.mark.parametrize("start", ["process/", "forms/", "request.pdf"])
def test_another_file_swapped_is_caught(shelf: Shelf, start: str) -> None:
    files = unpacked(shelf.whole)
    name = next(each for each in files if each.startswith(start))
    caught({**files, name: files[name] + b" "}, shelf)
    caught({n: c for n, c in files.items() if n != name}, shelf)


def test_a_file_put_in_is_caught(shelf: Shelf) -> None:
    caught({**unpacked(shelf.whole), "process/note.txt": b"believe me"}, shelf)
    caught({**unpacked(shelf.whole), "zzz": b""}, shelf)


@pytest.mark.parametrize("name", ["title", "number", "id"])
def test_a_manifest_that_names_the_request_otherwise_is_caught(shelf: Shelf, name: str) -> None:
    files = unpacked(shelf.whole)
    manifest = document(files, "manifest")
    manifest["requests"][0][name] = "something else"
    caught(with_document(files, "manifest", manifest), shelf)


def signed(head: dict[str, Any], key: Ed25519PrivateKey, **other: Any) -> dict[str, Any]:
    """The head with other words, signed by this key."""
    found = {**heads.read_head(head).document(), **other}
    read = heads.read_head({**found, "signature": "00" * 64})
    made = heads.sign(
        key, log=read.log, epoch=read.epoch, size=read.size, root=read.root, at=read.at
    )
    return made.document()


def test_a_head_signed_with_another_key_is_not_trusted(shelf: Shelf) -> None:
    """Its key is named honestly: all fits, but by a key that nobody said to trust."""
    key, files = Ed25519PrivateKey.generate(), unpacked(shelf.whole)
    proof = document(files, "proof")
    proof["head"] = signed(proof["head"], key)
    proof["heads"], proof["consistency"] = [], []
    public = heads.public_of(key)
    proof["keys"] = {heads.fingerprint(public): public.hex()}
    data = packed(with_document(files, "proof", proof))
    assert both(data, shelf.key)[0] == 3
    assert both(data, shelf.key, heads.fingerprint(public))[0] == 0


def test_a_head_signed_with_another_key_under_the_old_name_is_caught(shelf: Shelf) -> None:
    key, files = Ed25519PrivateKey.generate(), unpacked(shelf.whole)
    proof = document(files, "proof")
    proof["head"] = {**signed(proof["head"], key), "key": shelf.key}
    caught(with_document(files, "proof", proof), shelf)
    proof["keys"][shelf.key] = heads.public_of(key).hex()
    caught(with_document(files, "proof", proof), shelf)


@pytest.mark.parametrize("name", ["size", "at", "epoch", "root", "log"])
def test_a_head_that_says_something_else_is_caught(shelf: Shelf, name: str) -> None:
    files = unpacked(shelf.whole)
    proof = document(files, "proof")
    other = {"size": 7, "at": "2020-01-01T00:00:00.000000+00:00", "epoch": 1}
    proof["head"][name] = other.get(name, "00" * (16 if name == "log" else 32))
    caught(with_document(files, "proof", proof), shelf)


def test_older_heads_that_say_something_else_are_caught(shelf: Shelf) -> None:
    files = unpacked(shelf.whole)
    proof = document(files, "proof")
    assert proof["heads"]
    changed = copy.deepcopy(proof)
    changed["consistency"][0][0] = "00" * 32
    caught(with_document(files, "proof", changed), shelf)
    changed = copy.deepcopy(proof)
    changed["heads"][0]["root"] = "00" * 32
    caught(with_document(files, "proof", changed), shelf)
    changed = copy.deepcopy(proof)
    changed["consistency"] = []
    caught(with_document(files, "proof", changed), shelf)


def forged(files: Mapping[str, bytes]) -> tuple[Files, dict[str, Any]]:
    """Everything that can be recomputed without a key: a rejection instead of an approval, with
    leaves, digests, chain, manifest and the export's entry to fit; and the new proof, unsigned."""
    found, previous = entries_of(files), b""
    for line in found:
        if line["seq"] == 3:
            line["given"]["input.comment"]["value"] = "不同意"
        body = json.loads(line["body"])
        leaves = {
            path: lines.leaf(bytes.fromhex(each["salt"]), path, each["value"])
            for path, each in line["given"].items()
        }
        leaves |= {path: bytes.fromhex(leaf) for path, leaf in line["withheld"].items()}
        parts = [part for path in sorted(leaves) for part in (path.encode(), leaves[path])]
        body["private"] = digest(lines.ROOT, *parts).hex()
        line["body"], line["previous"] = encode(body).decode(), previous.hex()
        previous = digest(lines.ENTRY, previous, line["body"].encode())
        line["digest"] = previous.hex()
    files = with_manifest(with_entries(files, found))
    manifest, proof = document(files, "manifest"), document(files, "proof")
    export = proof["export"]["entry"]
    body = json.loads(export["body"])
    body["content"] = manifest["content"]
    body["manifest"] = sha256(files["manifest.json"]).hexdigest()
    body["entries"] = {found[0]["chain"]: [len(found), found[-1]["digest"]]}
    export["body"] = encode(body).decode()
    export["digest"] = digest(
        lines.ENTRY, bytes.fromhex(export["previous"]), export["body"].encode()
    ).hex()
    return files, proof


def test_whoever_recomputes_everything_but_has_no_key_is_caught(shelf: Shelf) -> None:
    files, proof = forged(unpacked(shelf.whole))
    caught(with_document(files, "proof", proof), shelf, at=3)


def test_whoever_has_a_key_of_his_own_is_not_trusted(shelf: Shelf) -> None:
    """A consistent package, out of his own log."""
    files, proof = forged(unpacked(shelf.whole))
    found = [*entries_of(files), proof["export"]["entry"]]
    leaves = [merkle.leaf_hash(bytes.fromhex(line["digest"])) for line in found]
    levels = {(0, at): leaf for at, leaf in enumerate(leaves)}
    levels |= {(level, at): made for level, at, made in merkle.grown(0, leaves, _none)}
    count = len(leaves)

    def nodes(level: int, index: int) -> bytes:
        return levels[level, index]

    paths = [
        [at, *(step.hex() for step in merkle.inclusion_path(at, count, nodes))]
        for at in range(count)
    ]
    key = Ed25519PrivateKey.generate()
    public = heads.public_of(key)
    root = merkle.root_of(count, nodes).hex()
    proof["head"] = signed(proof["head"], key, size=count, root=root)
    proof["keys"] = {heads.fingerprint(public): public.hex()}
    proof["entries"], (index, *path) = paths[:-1], paths[-1]
    proof["export"] |= {"index": index, "path": path}
    proof["heads"], proof["consistency"] = [], []
    data = packed(with_document(files, "proof", proof))
    code, report = both(data, shelf.key)
    assert (code, report.faults) == (3, [])
    assert both(data, heads.fingerprint(public))[0] == 0, "his own verifier would believe him"


def _none(level: int, index: int) -> bytes:
    raise AssertionError("there is nothing before")


def test_an_older_package_is_what_it_was_and_no_more(shelf: Shelf) -> None:
    """By itself it is genuine, and says of when; with the newer one's proof or claims it is not."""
    code, report = both(shelf.older, shelf.key)
    assert code == 0
    assert report.requests[0]["entries"] == 4
    older, newer = unpacked(shelf.older), unpacked(shelf.whole)
    assert report.made_at < document(newer, "manifest")["made_at"]
    for name in ("manifest.json", "proof.json", "entries.jsonl", "request.pdf"):
        caught({**older, name: newer[name]}, shelf)
        caught({**newer, name: older[name]}, shelf)
    later = document(older, "manifest")
    later["made_at"] = document(newer, "manifest")["made_at"]
    caught(with_document(older, "manifest", later), shelf)


def test_the_export_of_another_package_is_caught(shelf: Shelf) -> None:
    files, other = unpacked(shelf.whole), unpacked(shelf.narrow)
    proof, others = document(files, "proof"), document(other, "proof")
    proof["export"] = others["export"]
    caught(with_document(files, "proof", proof), shelf)
    others["export"] = document(files, "proof")["export"]
    caught(with_document(files, "proof", others), shelf)


def test_one_of_two_requests_taken_out_is_caught(shelf: Shelf) -> None:
    files = unpacked(shelf.two)
    found, proof = entries_of(files), document(files, "proof")
    kept = [at for at, line in enumerate(found) if line["chain"] == shelf.request]
    manifest = document(files, "manifest")
    manifest["requests"] = [e for e in manifest["requests"] if e["id"] == shelf.request]
    proof["entries"] = [proof["entries"][at] for at in kept]
    cut = with_document(with_entries(files, [found[at] for at in kept]), "manifest", manifest)
    caught(with_document(cut, "proof", proof), shelf)


def test_a_narrow_package_shows_no_more_by_being_changed(shelf: Shelf) -> None:
    files = unpacked(shelf.narrow)
    found = entries_of(files)
    told = next(line for line in found if line["body"] is None)
    told["part"]["body"]["actor"] = "somebody.else"
    caught(with_entries(files, found), shelf)
    found = entries_of(files)
    held = next(line for line in found if line["withheld"])
    path, _ = held["withheld"].popitem()
    held["given"][path] = {"salt": "00" * 32, "value": "a guess"}
    caught(with_entries(files, found), shelf)


def test_a_package_zipped_by_another_hand_is_caught_and_still_read(shelf: Shelf) -> None:
    import io
    import zipfile

    files = unpacked(shelf.whole)
    found = entries_of(files)
    change_comment(found)
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        for content, at in ((files, 0), (with_entries(files, found), 3)):
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w", method) as archive:
                for name, data in content.items():
                    archive.writestr(name, data)
            code, report = both(out.getvalue(), shelf.key)
            assert code == 1
            assert (report.first_bad_entry.seq if report.first_bad_entry else 0) == at
