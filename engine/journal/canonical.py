"""Canonical bytes of JSON-native values, and length-prefixed digests over them."""

import json
from hashlib import sha256
from typing import Any

SAFE_INTEGER = 2**53 - 1


_dumps = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, check_circular=False
).encode


class NotCanonical(ValueError):
    """A value that has no canonical form: a float, a huge integer, a non-text key."""


def encode(value: Any) -> bytes:
    """UTF-8 JSON with sorted keys and no spaces.

    Floats are refused (decimals are carried as text), and so are integers beyond 2^53, which
    other languages' readers would change.
    """
    _check(value)
    return _dumps(value).encode("utf-8", "surrogatepass")


def decode(data: bytes) -> Any:
    """The value of canonical bytes."""
    return json.loads(data)


def digest(*parts: bytes) -> bytes:
    """SHA-256 over the parts, each with its length (8 bytes, big-endian) before it, so that no
    two different lists of parts have the same input."""
    hasher = sha256()
    for part in parts:
        hasher.update(len(part).to_bytes(8, "big"))
        hasher.update(part)
    return hasher.digest()


def _check(value: Any) -> None:
    kind = type(value)
    if kind is dict:
        for key, item in value.items():
            if type(key) is not str:
                raise NotCanonical(f"the key {key!r} is not text")
            # Texts are most of what there is: they are passed without a call.
            if type(item) is not str:
                _check(item)
    elif kind is list or kind is tuple:
        for item in value:
            if type(item) is not str:
                _check(item)
    elif kind is int:
        if not -SAFE_INTEGER <= value <= SAFE_INTEGER:
            raise NotCanonical(f"the integer {value} is too large; carry it as text")
    elif not (kind is str or kind is bool or value is None):
        raise NotCanonical(f"a {kind.__name__} has no canonical form")
