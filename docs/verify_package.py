"""Verify an evidence package of Countersign: python verify_package.py FILE FINGERPRINT…

Needs Python 3.11 and `cryptography`; packages.md has the format. It ends with 0: whole, by
a key that was named; 1: something is wrong, and what; 2: no package; 3: whole, by another key.
"""

import json
import re
import struct
import sys
import zlib
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

TOPS = rb"(attachments/|entries\.jsonl|forms/|manifest\.json|process/|proof\.json|request)"
dumps = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode

def must(holds, what):
    if not holds:
        raise ValueError(what)
def sha(data): return sha256(data).digest()
def node(left, right): return sha(b"\x01" + left + right)
def text(value): return value.encode("utf-8", "surrogatepass")
def canonical(value): return text(dumps(value))
def digest(*parts): return sha(b"".join(len(part).to_bytes(8, "big") + part for part in parts))
def parse(data, what):
    value = json.loads(data)
    must(canonical(value) + b"\n" == data, f"{what} is not JSON in its one form")
    return value
def unzip(data):  # the file has to be the very one that its members give
    members, at = {}, 0
    while data[at : at + 4] == b"PK\x03\x04":
        size, named = struct.unpack("<18xL4xH2x", data[at : at + 30])
        begin = at + 30 + named
        members[data[at + 30 : begin].decode()] = data[begin : begin + size]
        at = begin + size
    local, central, count, at = [], [], len(members), 0
    for name in sorted(members, key=str.encode):
        content, coded = members[name], name.encode()
        size, flags = len(content), 0 if coded.isascii() else 0x800
        said = (20, flags, 0, 0, 33, zlib.crc32(content), size, size, len(coded), 0)
        common, place = struct.pack("<5H3L2H", *said), struct.pack("<3H2L", 0, 0, 0, 0x81A40000, at)
        local += [b"PK\x03\x04", common, coded, content]
        central += [b"PK\x01\x02\x14\x03", common, place, coded]
        at += 30 + len(coded) + size
    said = (0, 0, count, count, sum(map(len, central)), at, 0)
    made = b"".join([*local, *central, struct.pack("<4s4H2LH", b"PK\x05\x06", *said)])
    must(made == data, "the file's bytes are not those of its members")
    return members
def climb(place, last, before, after, path):  # RFC 9162, 2.1.3.2 and 2.1.4.2
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
    must(type(index) is int and 0 <= index < head["size"], "a place outside of the tree")
    leaf = sha(b"\x00" + bytes.fromhex(line["digest"]))
    made = climb(index, head["size"] - 1, leaf, leaf, map(bytes.fromhex, path))
    must(made[1].hex() == head["root"], "it is not in the tree that the head signs")
def continued(old, new, path):
    steps, roots = [bytes.fromhex(s) for s in path], [bytes.fromhex(h["root"]) for h in (old, new)]
    place, last = old["size"] - 1, new["size"] - 1
    if place == last:
        return not path and roots[0] == roots[1]
    steps = steps if old["size"] & place else [roots[0], *steps]
    while place % 2:
        place, last = place >> 1, last >> 1
    return 0 <= place < last and climb(place, last, *steps[:1] * 2, steps[1:]) == roots
def signed(head, keys):
    key, given = bytes.fromhex(keys[head["key"]]), bytes.fromhex(head["signature"])
    must(sha(key).hex() == head["key"], "a key is not the one that its fingerprint names")
    said = canonical({name: value for name, value in head.items() if name != "signature"})
    Ed25519PublicKey.from_public_bytes(key).verify(given, b"countersign-head-1\n" + said)
def entry(line):  # what it says, once it is checked by itself
    if line["body"] is None:
        return must(not line["given"] | line["withheld"] | line["erased"], "told in part and whole")
    made = digest(b"countersign-entry-1", bytes.fromhex(line["previous"]), text(line["body"]))
    must(made.hex() == line["digest"], "its digest is not that of its body after the one before")
    body, leaves = json.loads(line["body"]), {}
    for path, each in line["given"].items():
        told = (bytes.fromhex(each["salt"]), text(path), canonical(each["value"]))
        leaves[path] = digest(b"countersign-leaf-1", *told)
    for path, leaf in [*line["withheld"].items(), *line["erased"].items()]:
        must(path not in leaves, "a particular stands in it twice")
        leaves[path] = bytes.fromhex(leaf)
    parts = [part for path in sorted(leaves) for part in (text(path), leaves[path])]
    must(digest(b"countersign-root-1", *parts).hex() == body["private"], "other particulars")
    must((body["chain"], body["seq"]) == (line["chain"], line["seq"]), "it belongs elsewhere")
    return body
def verify(data, trusted):  # 0 or 3; raises with what is wrong
    members = unzip(data)
    held = {name: sha(members[name]).hex() for name in sorted(members, key=str.encode)}
    own, _ = held.pop("manifest.json"), held.pop("proof.json")
    manifest, proof = (parse(members[name], name) for name in ("manifest.json", "proof.json"))
    said = (manifest["format"], manifest["members"])
    must(said == ("countersign-package-1", held), "the files are not those that the manifest names")
    must(all(n == f"attachments/{h}" for n, h in held.items() if n[:2] == "at"), "an attachment")
    head, older, export = proof["head"], proof["heads"], proof["export"]
    names = " ".join([*sorted(proof), *sorted(export)])
    must(names == "consistency entries export head heads keys log entry index path", "a proof")
    for each in [head, *older]:
        signed(each, proof["keys"])
    must(set(proof["keys"]) == {each["key"] for each in [head, *older]}, "other keys")
    counts, last, places, lines = {}, {}, {}, members["entries.jsonl"].splitlines(True)
    for raw, (index, *path) in zip(lines, proof["entries"], strict=True):
        line = parse(raw, "an entry")
        chain, seq = line["chain"], line["seq"]
        try:
            entry(line)
            must(seq == counts.get(chain, 0) + 1, "an entry before it is missing")
            must(line["previous"] == last.get(chain, ""), "it does not follow the one before it")
            included(line, index, path, head)
            must(places.get(chain, -1) < index < export["index"], "it is not in its order")
        except (ValueError, KeyError, TypeError) as wrong:
            raise ValueError(f"entry {seq} of {chain}: {wrong}") from wrong
        counts[chain], last[chain], places[chain] = seq, line["digest"], index
    body = entry(export["entry"])
    included(export["entry"], export["index"], export["path"], head)
    ids = [each["id"] for each in manifest["requests"]]
    content = digest(canonical([[name, found] for name, found in held.items()])).hex()
    told = {"chain": "system", "verb": "exported", "outcome": "done", "format": "package"}
    told |= {"requests": ids, "content": content, "manifest": own}
    must({**body, **told} == body, "another export than this")
    said = {each["id"]: [each["entries"], each["last"]] for each in manifest["requests"]}
    here = {chain: [counts[chain], last[chain]] for chain in counts}
    must(body["entries"] == said == here, "other entries than were exported")
    must(manifest["content"] == content and proof["log"] == head["log"], "another log or manifest")
    for each, path in zip(older, proof["consistency"], strict=True):
        must((each["log"], each["epoch"]) == (head["log"], head["epoch"]), "a head of another log")
        must(continued(each, head, path), "the log does not continue what was signed before")
    return 0 if head["key"] in trusted else 3
if __name__ == "__main__":
    try:
        given = open(sys.argv[1], "rb").read()
        must(re.match(rb"(?s)PK\x03\x04.{26}" + TOPS, given), "This is no evidence package.")
    except (IndexError, OSError, ValueError) as wrong:
        sys.exit(print(wrong) or 2)
    try:
        verdict = verify(given, sys.argv[2:])
    except Exception as wrong:
        sys.exit(print(f"Something is wrong: {type(wrong).__name__} {str(wrong)!a}") or 1)
    sys.exit(print("Whole.", "" if verdict == 0 else "But no key that you named.") or verdict)
