"""One journal entry: a body that is chained for ever, and particulars that the law can erase.

Format 1, final:

* `body` is canonical JSON (canonical.py). It names the chain, the number within it, the time, who
  acted in whose place and from where, the verb, the task, node, round, pass and process version,
  the outcome, what followed, and `private`, the root over the particulars.
* Particulars are what may be personal or secret: names, answers, comments, look-ups. Each is a
  leaf `sha256(salt, path, value)`, its parts length-prefixed; salt = HMAC-SHA256(secret, path).
  An erased particular leaves its leaf behind, so the root and the chain stay valid. A reader who
  may not see a value is given its leaf instead; without the salt it can't be guessed. Each answer
  has a leaf of its own, `input.answers.` and the field's name, so that one can be erased or
  withheld without the others; an entry that was opened has them together again.
* `digest = sha256("countersign-entry-1", previous digest, body)`, length-prefixed. The first entry
  of a chain follows the empty digest.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from engine.journal.canonical import decode, digest, encode

FORMAT = 1
_DOMAIN = b"countersign-entry-1"
_LEAF = b"countersign-leaf-1"
_ROOT = b"countersign-root-1"
ERASED = "erased"
ANSWERS = "input.answers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What one command left: open (with its particulars), before sealing or after reading."""

    chain: str
    seq: int
    at: datetime
    body: Mapping[str, Any]
    """Everything but `v`, `chain`, `seq`, `at` and `private`."""
    particulars: Mapping[str, Any] = field(default_factory=dict)
    """By path, e.g. `input.comment`, `actor.name`, `facts`; all answers as `input.answers`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """The erasable side of an entry: a secret, the values, and the leaves of what was erased."""

    secret: bytes
    values: Mapping[str, Any]
    erased: Mapping[str, bytes] = field(default_factory=dict)

    def leaves(self) -> list[tuple[str, bytes]]:
        """(path, leaf) in order of path."""
        return self._leaves(self._encoded())

    def _encoded(self) -> dict[str, bytes]:
        """The canonical bytes of each value."""
        return {path: encode(value) for path, value in self.values.items()}

    def _leaves(self, encoded: Mapping[str, bytes]) -> list[tuple[str, bytes]]:
        found = {path: self._leaf(path, value) for path, value in encoded.items()}
        found.update(self.erased)
        return sorted(found.items())

    def erase(self, path: str) -> "Particulars":
        """The same without the value at `path`, whose leaf stays as a tombstone (H2)."""
        values = dict(self.values)
        leaf = self._leaf(path, encode(values.pop(path)))
        return Particulars(secret=self.secret, values=values, erased={**self.erased, path: leaf})

    def root(self) -> bytes:
        """The digest that the body carries."""
        return self._root(self._encoded())

    def _root(self, encoded: Mapping[str, bytes]) -> bytes:
        leaves = self._leaves(encoded)
        return digest(_ROOT, *(part for path, leaf in leaves for part in (_plain(path), leaf)))

    def _leaf(self, path: str, value: bytes) -> bytes:
        name = _plain(path)
        return digest(_LEAF, hmac.digest(self.secret, name, "sha256"), name, value)

    def dump(self) -> bytes:
        """Bytes to keep beside the body."""
        return self._dump(self._encoded())

    def _dump(self, encoded: Mapping[str, bytes]) -> bytes:
        """Canonical as well, put together from canonical parts."""
        values = b",".join(_name(path) + b":" + encoded[path] for path in sorted(encoded))
        erased = {path: leaf.hex() for path, leaf in self.erased.items()}
        gone = b'"e":' + encode(erased) + b"," if erased else b""
        return b"{" + gone + b'"p":{' + values + b'},"s":"' + self.secret.hex().encode() + b'"}'

    def sealed(self) -> tuple[bytes, bytes]:
        """(root, dump): both in one go, each value encoded once."""
        encoded = self._encoded()
        return self._root(encoded), self._dump(encoded)

    @classmethod
    def load(cls, data: bytes) -> "Particulars":
        """The particulars that `dump` wrote."""
        document = decode(data)
        erased = {path: bytes.fromhex(leaf) for path, leaf in document.get("e", {}).items()}
        return cls(secret=bytes.fromhex(document["s"]), values=document["p"], erased=erased)


def _plain(path: str) -> bytes:
    """The bytes of a path in a digest."""
    return path.encode("utf-8", "surrogatepass")


@lru_cache(maxsize=4096)
def _name(path: str) -> bytes:
    """The canonical bytes of a path; there are few."""
    return encode(path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """An entry as it is kept: plain bytes of the body, particulars, and the chain's new digest."""

    chain: str
    seq: int
    at: datetime
    body: bytes
    particulars: bytes
    digest: bytes


def seal(entry: Entry, previous: bytes, secret: bytes) -> Sealed:
    """Seal an entry after the one whose digest is `previous` (empty for a chain's first).

    `secret` is 16 fresh random bytes; it never decides anything, so replay need not know it.
    """
    values = _apart(entry.particulars)
    root, particulars = Particulars(secret=secret, values=values).sealed()
    body = encode(
        {
            **entry.body,
            "v": FORMAT,
            "chain": entry.chain,
            "seq": entry.seq,
            "at": stamp(entry.at),
            "private": root.hex(),
        }
    )
    return Sealed(
        chain=entry.chain,
        seq=entry.seq,
        at=entry.at,
        body=body,
        particulars=particulars,
        digest=digest(_DOMAIN, previous, body),
    )


def open_entry(body: bytes, particulars: bytes) -> Entry:
    """The entry of kept bytes (unverified: see `verify`)."""
    document = decode(body)
    private = Particulars.load(particulars)
    values = dict(private.values)
    for path in private.erased:
        values[path] = {ERASED: True}
    values = _together(values)
    rest = {k: v for k, v in document.items() if k not in ("v", "chain", "seq", "at", "private")}
    return Entry(
        chain=document["chain"],
        seq=document["seq"],
        at=datetime.fromisoformat(document["at"]),
        body=rest,
        particulars=values,
    )


def _apart(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """A particular for each answer."""
    answers = values.get(ANSWERS)
    if type(answers) is not dict or not answers:
        return values
    apart = {path: value for path, value in values.items() if path != ANSWERS}
    for name, value in answers.items():
        apart[f"{ANSWERS}.{name}"] = value
    return apart


def _together(values: dict[str, Any]) -> dict[str, Any]:
    """All answers in one, as commands were given them."""
    start = f"{ANSWERS}."
    named = sorted(path for path in values if path.startswith(start))
    if named:
        values[ANSWERS] = {path[len(start) :]: values.pop(path) for path in named}
    return values


def verify(previous: bytes, body: bytes, particulars: bytes, recorded: bytes) -> str | None:
    """What is wrong with a kept entry that follows `previous`, in words; None if nothing is."""
    if digest(_DOMAIN, previous, body) != recorded:
        return "the entry's digest does not follow from the entry before it and its body"
    try:
        document = decode(body)
        root = Particulars.load(particulars).root().hex()
    except (ValueError, KeyError, TypeError, AttributeError):
        return "the entry's bytes can't be read"
    if document.get("private") != root:
        return "the particulars are not those that the entry was sealed with"
    return None


def stamp(at: datetime) -> str:
    """A UTC time to the microsecond, always the same width."""
    if at.tzinfo is not UTC:
        at = at.astimezone(UTC)
    return at.isoformat(timespec="microseconds")
