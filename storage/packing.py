"""Cold columns and journal bytes, compressed at rest with a dictionary of the words that recur.

The first byte names the format: 0 is plain, 1 is raw deflate with dictionary 1. A dictionary
that has been used is never changed; a better one gets the next number.
"""

import json
import zlib
from typing import Any

from storage.dictionary import DICTIONARY_1

_PLAIN = b"\x00"
_DEFLATED = b"\x01"
_HEX = b"\xff"
"""No text in UTF-8 begins with this byte."""
_SMALLEST = 24
"""Shorter than this, nothing is gained."""
_LEVEL, _WINDOW, _MEMORY = 6, -15, 8


class Unreadable(ValueError):
    """Kept bytes that no format of ours explains."""


def pack_bytes(data: bytes) -> bytes:
    """The bytes as they are kept."""
    if len(data) < _SMALLEST:
        return _PLAIN + data
    deflate = zlib.compressobj(
        _LEVEL, zlib.DEFLATED, _WINDOW, _MEMORY, zlib.Z_DEFAULT_STRATEGY, DICTIONARY_1
    )
    packed = deflate.compress(data) + deflate.flush()
    return _DEFLATED + packed if len(packed) < len(data) else _PLAIN + data


def unpack_bytes(kept: bytes) -> bytes:
    """What `pack_bytes` was given. Raises `Unreadable`."""
    if kept[:1] == _PLAIN:
        return kept[1:]
    if kept[:1] == _DEFLATED:
        inflate = zlib.decompressobj(_WINDOW, DICTIONARY_1)
        try:
            return inflate.decompress(kept[1:]) + inflate.flush()
        except zlib.error as error:
            raise Unreadable(str(error)) from error
    raise Unreadable(f"format {kept[:1].hex()}")


def text_of(value: Any) -> str:
    """JSON without spaces, in the order of its keys as they come."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def pack(value: Any) -> bytes:
    """A JSON-native value as it is kept."""
    return pack_text(text_of(value))


def pack_text(text: str) -> bytes:
    """JSON text as it is kept."""
    return pack_bytes(text.encode("utf-8", "surrogatepass"))


def unpack_text(kept: bytes) -> str:
    """The JSON text that was packed."""
    return unpack_bytes(kept).decode("utf-8", "surrogatepass")


def unpack(kept: bytes) -> Any:
    """The value that was packed."""
    return json.loads(unpack_text(kept))


def keep_digest(digest: str) -> bytes:
    """A digest in hex as its bytes; any other text as itself. Each is marked."""
    if len(digest) == 64:
        try:
            kept = bytes.fromhex(digest)
        except ValueError:
            kept = b""
        if kept.hex() == digest:
            return _HEX + kept
    return digest.encode()


def digest_of(kept: bytes) -> str:
    """The text that `keep_digest` was given."""
    return kept[1:].hex() if kept[:1] == _HEX else kept.decode()
