"""Cold columns and journal bytes, compressed at rest with a dictionary of the words that recur.

The first byte names the format. 0: plain. 1 (the journal) and 2 (columns): the number of digests
in it (one byte), these digests (each a byte of length and its bytes), then raw deflate, by the
dictionary of that number and the context that the reader knows from other columns, of the text in
which each digest is one byte. A dictionary that has been used is never changed; a better one gets
the next number.
"""

import json
import re
import zlib
from functools import lru_cache
from typing import Any

from storage.dictionary import DICTIONARY_1, DICTIONARY_2

_PLAIN = b"\x00"
_HEX = b"\xff"
"""No text in UTF-8 begins with this byte."""
_SMALLEST = 40
"""Shorter than this, nothing is gained."""
_LEVEL, _WINDOW, _MEMORY = 9, -15, 8
_SHORT = ((600, -12, 5), (4_000, -13, 6))
"""Up to so many bytes: a window that holds them beside the dictionary, and little memory for it. A
reader with the largest window reads them all."""
_MARK = b"\x00"
"""Stands for a digest. JSON text has no such byte: it writes control characters as escapes."""
_DIGEST = re.compile(rb'"([0-9a-f]{16}(?:[0-9a-f]{16}(?:[0-9a-f]{32})?)?)"')
"""16, 32 or 64 hexadecimal digits."""
_dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


class Unreadable(ValueError):
    """Kept bytes that no format of ours explains."""


class _Format:
    """A first byte, its dictionary, and compressors that have read it: a copy of one is half the
    work of a new one."""

    __slots__ = ("dictionary", "first", "prepared")

    def __init__(self, number: int, dictionary: bytes) -> None:
        self.first = bytes([number])
        self.dictionary = dictionary
        self.prepared = [
            (size, _compressor(dictionary, window, memory)) for size, window, memory in _SHORT
        ]

    def compressor(self, size: int, context: bytes) -> Any:
        """One for so many bytes, that has read the dictionary and the context."""
        if not context:
            for most, prepared in self.prepared:
                if size <= most:
                    return prepared.copy()
        return _compressor(self.dictionary + context, _WINDOW, _MEMORY)


def _compressor(dictionary: bytes, window: int, memory: int) -> Any:
    return zlib.compressobj(
        _LEVEL, zlib.DEFLATED, window, memory, zlib.Z_DEFAULT_STRATEGY, dictionary
    )


_JOURNAL, _COLUMNS = _Format(1, DICTIONARY_1), _Format(2, DICTIONARY_2)
_FORMATS = {each.first: each for each in (_JOURNAL, _COLUMNS)}


def pack_bytes(data: bytes, context: bytes = b"", format: _Format = _JOURNAL) -> bytes:
    """The bytes as they are kept. `context` is what the reader will know before he reads."""
    if len(data) < _SMALLEST or _MARK in data:
        return _PLAIN + data
    digests = _DIGEST.findall(data)[:255]
    text = _DIGEST.sub(b'"' + _MARK + b'"', data, count=len(digests)) if digests else data
    deflate = format.compressor(len(data), context)
    apart = b"".join(bytes([len(each) // 2]) + bytes.fromhex(each.decode()) for each in digests)
    packed = b"".join(
        (format.first, bytes([len(digests)]), apart, deflate.compress(text), deflate.flush())
    )
    return packed if len(packed) <= len(data) else _PLAIN + data


def unpack_bytes(kept: bytes, context: bytes = b"") -> bytes:
    """What `pack_bytes` was given. Raises `Unreadable`."""
    if kept[:1] == _PLAIN:
        return kept[1:]
    format = _FORMATS.get(kept[:1])
    if format is None or len(kept) < 2:
        raise Unreadable(f"format {kept[:1].hex()}")
    place, digests = 2, []
    for _ in range(kept[1]):
        if place >= len(kept):
            raise Unreadable("it is cut off")
        end = place + 1 + kept[place]
        digests.append(kept[place + 1 : end].hex().encode())
        place = end
    inflate = zlib.decompressobj(_WINDOW, format.dictionary + context)
    try:
        text = inflate.decompress(kept[place:]) + inflate.flush()
    except zlib.error as error:
        raise Unreadable(str(error)) from error
    if not digests:
        return text
    parts = text.split(_MARK)
    if len(parts) != len(digests) + 1:
        raise Unreadable("its digests are not those of its text")
    return b"".join(part + digest for part, digest in zip(parts, [*digests, b""], strict=True))


def text_of(value: Any) -> str:
    """JSON without spaces, in the order of its keys as they come."""
    return _dumps(value)


def pack(value: Any) -> bytes:
    """A JSON-native value as it is kept."""
    return pack_text(text_of(value))


def pack_plain(value: Any) -> bytes:
    """The same for what is kept for a day only: not worth compressing."""
    return _PLAIN + text_of(value).encode("utf-8", "surrogatepass")


@lru_cache(maxsize=512)
def pack_text(text: str) -> bytes:
    """JSON text as it is kept. Remembered for a while: a node's notices all say the same."""
    return pack_bytes(text.encode("utf-8", "surrogatepass"), format=_COLUMNS)


def unpack_text(kept: bytes) -> str:
    """The JSON text that was packed."""
    return unpack_bytes(kept).decode("utf-8", "surrogatepass")


def unpack(kept: bytes) -> Any:
    """The value that was packed."""
    return json.loads(unpack_text(kept))


def keep_digest(digest: str) -> bytes:
    """A digest in hex as its bytes; any other text as itself. Each is marked."""
    if len(digest) >= 16:
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
