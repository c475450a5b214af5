"""One line of a package's `entries.jsonl`: an entry with as much of it as may be shown.

`body` is the entry's own bytes as text. `given` has particulars with their salts, `withheld` and
`erased` have the leaves of the others. Where the body itself would tell what its reader may not
know, it is null and `part` says what may be told: the digest still stands in chain and tree.
"""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.journal.canonical import decode, digest, encode

ENTRY = b"countersign-entry-1"
LEAF = b"countersign-leaf-1"
ROOT = b"countersign-root-1"
_NAMES = {"body", "chain", "digest", "erased", "given", "previous", "seq", "withheld"}
_HEX = re.compile(r"(?:[0-9a-f]{2})*")
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An entry as a package has it."""

    chain: str
    seq: int
    previous: bytes
    """The digest of the entry before it; empty for a chain's first."""
    digest: bytes
    body: bytes | None
    given: Mapping[str, tuple[bytes, Any]] = field(default_factory=dict)
    """By path: salt and value."""
    withheld: Mapping[str, bytes] = field(default_factory=dict)
    erased: Mapping[str, bytes] = field(default_factory=dict)
    part: Mapping[str, Any] | None = None
    """What may be told of an entry whose body may not be shown."""

    def document(self) -> dict[str, Any]:
        """The line as JSON."""
        found: dict[str, Any] = {
            "chain": self.chain,
            "seq": self.seq,
            "previous": self.previous.hex(),
            "digest": self.digest.hex(),
            "body": None if self.body is None else _text(self.body),
            "given": {
                path: {"salt": salt.hex(), "value": value}
                for path, (salt, value) in self.given.items()
            },
            "withheld": {path: leaf.hex() for path, leaf in self.withheld.items()},
            "erased": {path: leaf.hex() for path, leaf in self.erased.items()},
        }
        if self.part is not None:
            found["part"] = dict(self.part)
        return found

    def told(self) -> Mapping[str, Any]:
        """The body, or the part of it that may be told. Raises ValueError if it is none."""
        if self.body is None:
            return (self.part or {}).get("body") or {}
        document = decode(self.body)
        if not isinstance(document, dict):
            raise ValueError("the entry's body is no object")
        return document


def salt(secret: bytes, path: str) -> bytes:
    """The salt of one particular of the entry with this secret."""
    return hmac.digest(secret, _bytes(path), "sha256")


def leaf(salt: bytes, path: str, value: Any) -> bytes:
    """The leaf of one particular."""
    return digest(LEAF, salt, _bytes(path), encode(value))


def read(document: Any) -> Line:
    """The line of a document. Raises ValueError with what is wrong."""
    if not isinstance(document, dict) or not _NAMES <= set(document) <= {*_NAMES, "part"}:
        raise ValueError("an entry's line does not have the parts that it has to have")
    body, part, seq = document["body"], document.get("part"), document["seq"]
    if (part is None) != ("part" not in document) or (body is None) != (part is not None):
        raise ValueError("an entry's line has either a body or a part of it")
    if not isinstance(document["chain"], str) or type(seq) is not int or seq < 1:
        raise ValueError("an entry's line names no chain and number")
    if not (body is None or isinstance(body, str)) or not (part is None or _is_part(part)):
        raise ValueError("an entry's body is no text")
    previous = document["previous"]
    return Line(
        chain=document["chain"],
        seq=seq,
        previous=b"" if previous == "" else _hashed(previous),
        digest=_hashed(document["digest"]),
        body=None if body is None else _bytes(body),
        given={path: _given(each) for path, each in _object(document["given"]).items()},
        withheld={path: _hashed(each) for path, each in _object(document["withheld"]).items()},
        erased={path: _hashed(each) for path, each in _object(document["erased"]).items()},
        part=part,
    )


def fault_of(line: Line) -> str | None:
    """What is wrong with an entry by itself, in words; None if nothing is."""
    if line.body is None:
        none = not (line.given or line.withheld or line.erased)
        return None if none else "an entry that is told in part has particulars"
    if digest(ENTRY, line.previous, line.body) != line.digest:
        return "its digest does not follow from the entry before it and its body"
    document = line.told()
    if (document.get("chain"), document.get("seq")) != (line.chain, line.seq):
        return "its body names another place than the one where it stands"
    leaves = {path: leaf(salt, path, value) for path, (salt, value) in line.given.items()}
    for others in (line.withheld, line.erased):
        if not leaves.keys().isdisjoint(others):
            return "a particular stands in it twice"
        leaves.update(others)
    parts = [part for path in sorted(leaves) for part in (_bytes(path), leaves[path])]
    if digest(ROOT, *parts).hex() != document.get("private"):
        return "its particulars are not those that it was sealed with"
    return None


def _is_part(part: Any) -> bool:
    return (
        isinstance(part, dict)
        and set(part) == {"body", "particulars"}
        and isinstance(part["body"], dict)
        and isinstance(part["particulars"], dict)
    )


def _given(each: Any) -> tuple[bytes, Any]:
    if not isinstance(each, dict) or set(each) != {"salt", "value"}:
        raise ValueError("a particular has a salt and a value")
    salt = each["salt"]
    if not isinstance(salt, str) or _HEX.fullmatch(salt) is None:
        raise ValueError("a particular's salt is no digest")
    return bytes.fromhex(salt), each["value"]


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("an entry's particulars are no object")
    return value


def _hashed(value: Any) -> bytes:
    if not isinstance(value, str) or _DIGEST.fullmatch(value) is None:
        raise ValueError("a digest is not 64 hexadecimal digits")
    return bytes.fromhex(value)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass")
