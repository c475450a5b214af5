"""The package's container: a ZIP of which one set of members gives one sequence of bytes.

Members in the order of their names' bytes, stored as they are, dated 1980-01-01, without extras:
whoever has the members can write the file again and compare, so that no byte of it is free.
"""

import io
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from struct import Struct, error
from typing import Any, BinaryIO, Protocol

MOST_BYTES = 2**32 - 2
"""The size of a file and of a member: what a plain ZIP can say."""
MOST_MEMBERS = 10_000
MOST_INFLATED = 256 * 1024 * 1024
"""What is read of members that somebody compressed, all together: ours never are."""
CHUNK = 1024 * 1024

_LOCAL = Struct("<4s5H3L2H")
_CENTRAL = Struct("<4s6H3L5H2L")
_END = Struct("<4s4H2LH")
_STARTS = re.compile(
    rb"PK\x03\x04.{26}(attachments/|entries\.jsonl|forms/|manifest\.json|process/|proof\.json|request)",
    re.DOTALL,
)
_DATE = 1 << 5 | 1
_MODE = 0o100644 << 16
_UTF8 = 0x800
_PLAIN = _UTF8 | 0b110
"""Flags that change nothing of how a member is read."""


class NotAPackage(Exception):
    """The file does not begin as a package does; the message says so in a sentence."""


class TooLarge(Exception):
    """More than a package can hold; the message says of what."""


class Sink(Protocol):
    """Where bytes go."""

    def write(self, data: bytes, /) -> Any:
        """Take them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One file within a package."""

    name: str
    size: int
    crc: int
    sha256: str
    open: Callable[[], BinaryIO]
    """Its content, from the start."""


def member(name: str, opener: Callable[[], BinaryIO], limit: int = MOST_BYTES) -> Member:
    """A member over a content, which is read through once. Raises `TooLarge`."""
    hasher, crc, size = sha256(), 0, 0
    with opener() as content:
        while chunk := content.read(CHUNK):
            hasher.update(chunk)
            crc = zlib.crc32(chunk, crc)
            size += len(chunk)
            if size > limit:
                raise TooLarge(f"{name} is larger than {limit} bytes")
    return Member(name=name, size=size, crc=crc, sha256=hasher.hexdigest(), open=opener)


def of_bytes(name: str, content: bytes) -> Member:
    """A member over bytes at hand."""
    return member(name, lambda: io.BytesIO(content))


def write(out: Sink, members: Sequence[Member]) -> None:
    """Write the one file that these members give. Raises `TooLarge`."""
    placed = sorted(members, key=lambda each: each.name.encode())
    at, directory = 0, []
    if len(placed) > MOST_MEMBERS:
        raise TooLarge(f"a package holds at most {MOST_MEMBERS} files")
    for each in placed:
        name = each.name.encode()
        flags = 0 if name.isascii() else _UTF8
        common = (flags, 0, 0, _DATE, each.crc, each.size, each.size, len(name), 0)
        if at + _LOCAL.size + len(name) + each.size > MOST_BYTES:
            raise TooLarge("a package holds at most 4 GB")
        directory.append(
            _CENTRAL.pack(b"PK\x01\x02", 3 << 8 | 20, 20, *common, 0, 0, 0, _MODE, at) + name
        )
        out.write(_LOCAL.pack(b"PK\x03\x04", 20, *common) + name)
        with each.open() as content:
            while chunk := content.read(CHUNK):
                out.write(chunk)
        at += _LOCAL.size + len(name) + each.size
    listed = b"".join(directory)
    out.write(listed)
    count = len(placed)
    out.write(_END.pack(b"PK\x05\x06", 0, 0, count, count, len(listed), at, 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What could be read of a file."""

    members: dict[str, Member]
    faults: tuple[str, ...]
    """What is wrong with the file as a container, in words; none: it is the canonical one."""


def read(file: BinaryIO) -> Contents:
    """The members of a package, also of one that was written by another hand, which is a fault.

    No more is held in memory than a chunk. Raises `NotAPackage`.
    """
    if _STARTS.match(file.read(64)) is None:
        raise NotAPackage("The file is no evidence package.")
    members: dict[str, Member] = {}
    faults: list[str] = []
    try:
        for each in _walk(file):
            if each.name in members:
                faults.append(f"the file holds {_said(each.name)} twice")
            members.setdefault(each.name, each)
    except _Damaged as damaged:
        faults.append(str(damaged))
    if not faults and not _is_canonical(file, members):
        faults.append("the file's own bytes are not those that its members give")
    return Contents(members=members, faults=tuple(faults))


class _Damaged(Exception):
    """The walk can't go on; says where and why."""


def _walk(file: BinaryIO) -> Iterator[Member]:
    """Every member, from one local header to the next."""
    length = file.seek(0, io.SEEK_END)
    at, inflated, count = 0, 0, 0
    while True:
        file.seek(at)
        head = file.read(_LOCAL.size)
        if head[:4] == b"PK\x01\x02":
            return
        try:
            mark, _, flags, method, *_, packed, size, named, extra = _LOCAL.unpack(head)
        except error:
            raise _Damaged(f"the file is cut off at byte {at}") from None
        start = at + _LOCAL.size + named + extra
        count += 1
        if mark != b"PK\x03\x04" or flags & ~_PLAIN or method not in (0, 8) or count > MOST_MEMBERS:
            raise _Damaged(f"the file can't be read on from byte {at}")
        if start + packed > length:
            raise _Damaged(f"the file is cut off at byte {length}")
        try:
            name = file.read(named).decode()
        except UnicodeDecodeError:
            raise _Damaged(f"the name at byte {at} is no text") from None
        if method == 0 and packed != size:
            raise _Damaged(f"{_said(name)} says two sizes")
        if method == 8:
            inflated += size
            if inflated > MOST_INFLATED:
                raise _Damaged(f"{_said(name)} would be larger than it may be")
        yield _found(file, name, start, packed, size, method)
        at = start + packed


def _found(file: BinaryIO, name: str, start: int, packed: int, size: int, method: int) -> Member:
    """A member as it lies in the file."""

    def opener() -> BinaryIO:
        raw: io.RawIOBase = _Part(file, start, packed)
        if method == 8:
            raw = _Inflated(raw, size)
        return io.BufferedReader(raw, 64 * 1024)

    try:
        return member(name, opener)
    except zlib.error:
        raise _Damaged(f"{_said(name)} can't be decompressed") from None


class _Part(io.RawIOBase):
    """A stretch of a file, read by its own position."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        self._file, self._at, self._left = file, start, size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._file.seek(self._at)
        chunk = self._file.read(min(len(buffer), self._left))
        buffer[: len(chunk)] = chunk
        self._at, self._left = self._at + len(chunk), self._left - len(chunk)
        return len(chunk)


class _Inflated(io.RawIOBase):
    """What somebody compressed, to the size that it says and not a byte more."""

    def __init__(self, packed: io.RawIOBase, size: int) -> None:
        self._packed, self._left = packed, size
        self._inflate = zlib.decompressobj(-zlib.MAX_WBITS)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        most = min(len(buffer), self._left)
        while most and not self._inflate.eof:
            more = self._inflate.unconsumed_tail or self._packed.read(64 * 1024) or b""
            chunk = self._inflate.decompress(more, most)
            if chunk:
                buffer[: len(chunk)] = chunk
                self._left -= len(chunk)
                return len(chunk)
            if not more:
                break
        return 0


def _is_canonical(file: BinaryIO, members: dict[str, Member]) -> bool:
    """Whether the members give this very file."""
    same = _Same(file)
    try:
        write(same, list(members.values()))
    except (_Differs, TooLarge):
        return False
    return same.at == file.seek(0, io.SEEK_END)


class _Differs(Exception):
    """What would be written is not what is there."""


class _Same:
    """A sink that compares what it is given with a file."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self.at = file, 0

    def write(self, data: bytes) -> None:
        self._file.seek(self.at)
        if self._file.read(len(data)) != data:
            raise _Differs
        self.at += len(data)


def _said(name: str) -> str:
    """A member's name in a sentence, whatever it holds."""
    shown = name if len(name) <= 120 else f"{name[:120]}…"
    return "“" + "".join(char if char.isprintable() else "�" for char in shown) + "”"
