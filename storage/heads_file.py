"""The heads file: one line a head, only ever added to, on the disk before the database knows of it.

A line that a crash tore is ended by the next one and stays: whoever reads passes over what is no
head. Lines are read from the end, so that the file may be as long as it likes.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.proof.heads import Head, read_line

_CHUNK = 64 * 1024
_LONGEST = 4096
"""No head's line is as long; a longer one is none."""


class HeadsFile:
    """The open file, which this process alone writes until it lets go."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    def from_end(self) -> Iterator[Head | None]:
        """The file's heads, the last one first; None for a line that is none."""
        for line in self._lines():
            try:
                yield read_line(line)
            except ValueError:
                yield None

    def append(self, heads: list[Head]) -> None:
        """Add heads, and wait until the disk has them. Raises OSError."""
        size = os.fstat(self._handle).st_size
        content = b"".join(head.line() for head in heads)
        if size and os.pread(self._handle, 1, size - 1) != b"\n":
            content = b"\n" + content
        while content:
            content = content[os.write(self._handle, content) :]
        os.fsync(self._handle)

    def _lines(self) -> Iterator[bytes]:
        """Lines without their ends, the last one first; empty ones are passed over."""
        end, rest = os.fstat(self._handle).st_size, b""
        while end:
            start = max(0, end - _CHUNK)
            rest = os.pread(self._handle, end - start, start) + rest
            end = start
            first, *lines = rest.split(b"\n")
            if end == 0:
                lines.insert(0, first)
            yield from (line for line in reversed(lines) if line)
            rest = first if end else b""
            if len(rest) > _LONGEST:
                rest = b"?" * (_LONGEST + 1)  # of a line without an end only that it is one


@contextmanager
def opened(path: Path) -> Iterator[HeadsFile]:
    """The file, made where there is none, and nobody else's meanwhile.

    Raises OSError where it can't be opened for writing.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if os.fstat(handle).st_size == 0:
            folder = os.open(path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        yield HeadsFile(handle)
    finally:
        os.close(handle)


def read_all(path: Path) -> tuple[list[Head], int]:
    """Every head of a file in its order, and how many lines are none. Raises OSError."""
    heads, others = [], 0
    with path.open("rb") as file:
        for line in file:
            try:
                heads.append(read_line(line))
            except ValueError:
                others += bool(line.strip())
    return heads, others
