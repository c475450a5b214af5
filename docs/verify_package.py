"""Verify an evidence package of Countersign: python verify_package.py FILE FINGERPRINT…

Needs Python 3.11 and `cryptography`, nothing of ours. The format stands in packages.md beside this
file. The whole file is read into memory. It ends with 0: whole, and signed by a key that was named;
1: something is wrong, and it says what; 2: no package; 3: whole, but by a key that was not named.
"""

import json
import re
import struct
import sys
import zlib
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

TOPS = rb"attachments/|entries\.jsonl|forms/|manifest\.json|process/|proof\.json|request"
BEGINS = re.compile(rb"PK\x03\x04.{26}(" + TOPS + rb")", re.DOTALL)
dumps = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode

def must(holds, what):
    if not holds:
        raise ValueError(what)

def sha(data): return sha256(data).digest()
def node(left, right): return sha(b"\x01" + left + right)
def text(value): return value.encode("utf-8", "surrogatepass")
def canonical(value): return text(dumps(value))
def digest(*parts): return sha(b"".join(len(part).to_bytes(8, "big") + part for part in parts))

def whole(number):
    must(number.strip("-").isdigit() and abs(int(number)) < 2**53, f"no number: {number[:20]}")
    return int(number)

def parse(data, what):
    value = json.loads(data, parse_float=whole, parse_int=whole, parse_constant=whole)
    must(canonical(value) + b"\n" == data, f"{what} is not JSON in its one form")
    return value

def unzip(data):
    """The members; the file has to be the very one that they give."""
    members, at = {}, 0
    while data[at : at + 4] == b"PK\x03\x04":
        size, named = struct.unpack("<18xL4xH2x", data[at : at + 30])
        begin = at + 30 + named
        members[data[at + 30 : begin].decode()] = data[begin : begin + size]
        at = begin + size
    local, central, count = [], [], len(members)
    at = 0
    for name in sorted(members, key=str.encode):
        content, coded = members[name], name.encode()
        size, flags = len(content), 0 if coded.isascii() else 0x800
        said = (20, flags, 0, 0, 33, zlib.crc32(content), size, size, len(coded), 0)
        common = struct.pack("<5H3L2H", *said)
        local += [b"PK\x03\x04", common, coded, content]
        place = struct.pack("<3H2L", 0, 0, 0, 0o100644 << 16, at)
        central += [b"PK\x01\x02\x14\x03", common, place, coded]
        at += 30 + len(coded) + size
    listed = b"".join(central)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(listed), at, 0)
    must(b"".join([*local, listed, end]) == data, "the file's bytes are not those of its members")
    return members

def climb(place, last, before, after, path):
    """Up a path of the tree: RFC 9162, 2.1.3.2 and 2.1.4.2."""
    for step in path:
        must(last > 0, "a path is too long")
        if place % 2 or place == last:
            before, after = node(step, before), node(step, after)
            while place and not place % 2:
                place, last = place >> 1, last >> 1
        else:
            after = node(after, step)
        place, last = place >> 1, last >> 1
    must(last == 0, "a path is too short")
    return [before, after]

def included(line, index, path, head):
    must(0 <= index < head["size"], "a place outside of the tree")
    leaf = sha(b"\x00" + bytes.fromhex(line["digest"]))
    return climb(index, head["size"] - 1, leaf, leaf, map(bytes.fromhex, path))[1].hex() == head["root"]

def continued(old, new, path):
    steps, roots = [bytes.fromhex(s) for s in path], [bytes.fromhex(h["root"]) for h in (old, new)]
    if old["size"] == new["size"]:
        return not path and roots[0] == roots[1]
    if old["size"] & old["size"] - 1 == 0:
        steps.insert(0, roots[0])
    place, last = old["size"] - 1, new["size"] - 1
    while place % 2:
        place, last = place >> 1, last >> 1
    return 0 < old["size"] < new["size"] and climb(place, last, *steps[:1] * 2, steps[1:]) == roots

def signed(head, keys):
    key = bytes.fromhex(keys[head["key"]])
    must(sha(key).hex() == head["key"], "a key is not the one that its fingerprint names")
    said = canonical({name: value for name, value in head.items() if name != "signature"})
    given = bytes.fromhex(head["signature"])
    Ed25519PublicKey.from_public_bytes(key).verify(given, b"countersign-head-1\n" + said)

def entry(line):
    if line["body"] is None:
        must(not (line["given"] or line["withheld"] or line["erased"]), "told in part and whole")
        return {}
    made = digest(b"countersign-entry-1", bytes.fromhex(line["previous"]), text(line["body"]))
    must(made.hex() == line["digest"], "its digest is not that of its body after the one before")
    body, leaves = json.loads(line["body"]), {}
    for path, each in line["given"].items():
        salt, value = bytes.fromhex(each["salt"]), canonical(each["value"])
        leaves[path] = digest(b"countersign-leaf-1", salt, text(path), value)
    for path, leaf in [*line["withheld"].items(), *line["erased"].items()]:
        must(path not in leaves, "a particular stands in it twice")
        leaves[path] = bytes.fromhex(leaf)
    parts = [part for path in sorted(leaves) for part in (text(path), leaves[path])]
    root = digest(b"countersign-root-1", *parts).hex()
    must(root == body["private"], "its particulars are not those that it was sealed with")
    must((body["chain"], body["seq"]) == (line["chain"], line["seq"]), "it belongs elsewhere")
    return body

def verify(data, trusted):
    members = unzip(data)
    held = {name: sha(members[name]).hex() for name in sorted(members, key=str.encode)}
    own = held.pop("manifest.json")
    del held["proof.json"]
    manifest, proof = (parse(members[name], name) for name in ("manifest.json", "proof.json"))
    must(manifest["format"] == "countersign-package-1", "another format")
    must(manifest["members"] == held, "the files are not those that the manifest names")
    must(all(n == f"attachments/{h}" for n, h in held.items() if n[:2] == "at"), "an attachment")
    head, older, export = proof["head"], proof["heads"], proof["export"]
    must(" ".join(sorted(proof)) == "consistency entries export head heads keys log", "proof")
    must(set(export) == {"entry", "index", "path"} and type(export["index"]) is int, "export")
    for each in [head, *older]:
        signed(each, proof["keys"])
    must(set(proof["keys"]) == {each["key"] for each in [head, *older]}, "other keys")
    counts, last, places = {}, {}, {}
    for raw, (index, *path) in zip(members["entries.jsonl"].splitlines(True), proof["entries"], strict=True):
        line = parse(raw, "an entry")
        chain, seq = line["chain"], line["seq"]
        try:
            entry(line)
            must(type(index) is int, "its place is no number")
            must(seq == counts.get(chain, 0) + 1, "an entry before it is missing")
            must(line["previous"] == last.get(chain, ""), "it does not follow the one before it")
            must(included(line, index, path, head), "it is not in the tree")
            must(places.get(chain, -1) < index < export["index"], "it is not in its order")
        except (ValueError, KeyError, TypeError) as wrong:
            raise ValueError(f"entry {seq} of {chain}: {wrong}") from wrong
        counts[chain], last[chain], places[chain] = seq, line["digest"], index
    body = entry(export["entry"])
    must(included(export["entry"], export["index"], export["path"], head), "the export's entry is not in the tree")
    ids = [each["id"] for each in manifest["requests"]]
    content = digest(canonical([[name, found] for name, found in held.items()])).hex()
    told = [body[name] for name in ("chain", "verb", "outcome", "format", "requests", "content", "manifest")]
    must(told == ["system", "exported", "done", "package", ids, content, own], "another export than this")
    said = {each["id"]: [each["entries"], each["last"]] for each in manifest["requests"]}
    must(body["entries"] == said == {id: [counts[id], last[id]] for id in counts}, "entries are missing")
    must(manifest["content"] == content and proof["log"] == head["log"], "another manifest or log")
    for each, path in zip(older, proof["consistency"], strict=True):
        must((each["log"], each["epoch"]) == (head["log"], head["epoch"]), "a head of another log")
        must(continued(each, head, path), "the log does not continue what was signed before")
    return 0 if head["key"] in trusted else 3

if __name__ == "__main__":
    try:
        given = open(sys.argv[1], "rb").read()
    except (IndexError, OSError) as wrong:
        sys.exit(print(wrong) or 2)
    if not BEGINS.match(given):
        sys.exit(print("This is no evidence package.") or 2)
    try:
        verdict = verify(given, sys.argv[2:])
    except Exception as wrong:
        sys.exit(print(f"Something is wrong: {type(wrong).__name__} {wrong}") or 1)
    print("Whole." if verdict == 0 else "Whole, but signed by a key that was not named.")
    sys.exit(verdict)
