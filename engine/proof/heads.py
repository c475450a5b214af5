"""Signed tree heads: what a key says of the whole log at a time (Ed25519)."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from engine.journal.canonical import SAFE_INTEGER, decode, encode
from engine.journal.entry import stamp

DOMAIN = b"countersign-head-1\n"
"""Stands before what is signed, so that no other signed thing passes for a head."""
_SUCCESSION = b"countersign-key-1\n"
_LOG = re.compile(r"[0-9a-f]{32}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_SIGNATURE = re.compile(r"[0-9a-f]{128}")
_NAMES = {"at", "epoch", "key", "log", "root", "signature", "size"}


@dataclass(frozen=True, slots=True)
class Head:
    """What one key said of the log at one time."""

    log: str
    """The log's id: 32 hexadecimal digits."""
    epoch: int
    """0, and one more with each restoration of a backup."""
    size: int
    """How many entries the tree has."""
    root: bytes
    at: datetime
    key: str
    """The fingerprint of the key that signed."""
    signature: bytes

    def document(self) -> dict[str, Any]:
        """The head as JSON; its canonical form is a line of the heads file."""
        return {**_stated(self), "signature": self.signature.hex()}

    def line(self) -> bytes:
        """The head as a line of the heads file, its end included."""
        return encode(self.document()) + b"\n"


def fingerprint(public: bytes) -> str:
    """What a key is named by: the SHA-256 of its 32 bytes, in hex."""
    return sha256(public).hexdigest()


def public_of(private: Ed25519PrivateKey) -> bytes:
    """The 32 bytes of a private key's public part."""
    return private.public_key().public_bytes_raw()


def statement(head: Head) -> bytes:
    """The bytes that are signed: the domain, and the canonical JSON of all but the signature."""
    return DOMAIN + encode(_stated(head))


def _stated(head: Head) -> dict[str, Any]:
    return {
        "at": stamp(head.at),
        "epoch": head.epoch,
        "key": head.key,
        "log": head.log,
        "root": head.root.hex(),
        "size": head.size,
    }


def sign(
    private: Ed25519PrivateKey, *, log: str, epoch: int, size: int, root: bytes, at: datetime
) -> Head:
    """A head, signed."""
    key = fingerprint(public_of(private))
    bare = Head(
        log=log, epoch=epoch, size=size, root=root, at=at.astimezone(UTC), key=key, signature=b""
    )
    return Head(
        log=log,
        epoch=epoch,
        size=size,
        root=root,
        at=bare.at,
        key=key,
        signature=private.sign(statement(bare)),
    )


def signed_by(head: Head, public: bytes) -> bool:
    """Whether that key signed that head."""
    return head.key == fingerprint(public) and _signed(public, head.signature, statement(head))


def succession(old: str, new: bytes, at: datetime) -> bytes:
    """The bytes with which the key `old` (a fingerprint) names the one that follows it."""
    return _SUCCESSION + encode({"at": stamp(at), "new": new.hex(), "old": old})


def succeeds(old: bytes, new: bytes, at: datetime, signature: bytes) -> bool:
    """Whether the old key named the new one as its successor then."""
    return _signed(old, signature, succession(fingerprint(old), new, at))


def _signed(public: bytes, signature: bytes, said: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, said)
    except (InvalidSignature, ValueError):
        return False
    return True


def read_head(document: Any) -> Head:
    """The head of a document. Raises ValueError with a sentence if it is none."""
    if not isinstance(document, dict) or set(document) != _NAMES:
        raise ValueError("A head has " + ", ".join(sorted(_NAMES)) + ", and nothing else.")
    for name, form in (
        ("log", _LOG),
        ("root", _DIGEST),
        ("key", _DIGEST),
        ("signature", _SIGNATURE),
    ):
        value = document[name]
        if not isinstance(value, str) or form.fullmatch(value) is None:
            raise ValueError(f"The head's {name} is not as it has to be.")
    for name in ("epoch", "size"):
        value = document[name]
        if type(value) is not int or not 0 <= value <= SAFE_INTEGER:
            raise ValueError(f"The head's {name} is no whole number.")
    return Head(
        log=document["log"],
        epoch=document["epoch"],
        size=document["size"],
        root=bytes.fromhex(document["root"]),
        at=_moment(document["at"]),
        key=document["key"],
        signature=bytes.fromhex(document["signature"]),
    )


def read_line(line: bytes) -> Head:
    """The head of a line of the heads file, which has to be in canonical form. Raises ValueError
    with a sentence."""
    try:
        document = decode(line)
    except (ValueError, RecursionError):
        raise ValueError("The line is no JSON.") from None
    head = read_head(document)
    if line.rstrip(b"\n") != encode(head.document()):
        raise ValueError("The line is not in its canonical form.")
    return head


def _moment(value: Any) -> datetime:
    try:
        at = datetime.fromisoformat(value)
        said = stamp(at) if at.tzinfo is not None else ""
    except (TypeError, ValueError, OverflowError):
        said = ""
    if said != value:
        raise ValueError("The head's time is not as it has to be.")
    return at.astimezone(UTC)
