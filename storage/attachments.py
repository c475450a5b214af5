"""Attachments: content by its SHA-256 in a directory of the home, rows under ids of their own.

Knowing a digest gives nothing: files are reached by the random id of an upload alone.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path, PurePosixPath
from secrets import token_hex, token_urlsafe
from typing import BinaryIO

import puremagic

from engine.ids import PersonId
from storage.database import Database
from storage.moments import micros

MOST_BYTES = 25 * 1024 * 1024
"""The size limit of one attachment, unless another is given."""
LONGEST_NAME = 200
UNKNOWN_TYPE = "application/octet-stream"
ERASED_NAME = "erased"
"""The name of an attachment that was erased."""
_CHUNK = 1024 * 1024
_HEAD = 8 * 1024
"""Bytes from which the type is told."""
_TEXT = "text/plain"
_SCRIPTS = ("javascript", "ecmascript")
"""Types that a page of ours would run if somebody got it to load them: text like any other."""


class TooLarge(Exception):
    """The file is larger than is allowed; the message gives the limit in words."""


class Missing(Exception):
    """The content of an attachment is not where it should be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An upload that was kept."""

    id: str
    sha256: str
    name: str
    size: int
    media_type: str


def folder(home: Path) -> Path:
    """Where the contents of a home's attachments lie."""
    return home / "attachments"


def path(home: Path, digest: str) -> Path:
    """Where the content of this SHA-256 (hexadecimal) lies."""
    return folder(home) / digest[:2] / digest


def keep(
    database: Database,
    source: BinaryIO | bytes,
    *,
    name: str,
    by: PersonId,
    at: datetime,
    most: int = MOST_BYTES,
) -> Kept:
    """Keep an upload: its uploader's until it is submitted with a request.

    Raises:
        TooLarge: it has more than `most` bytes; nothing was kept.
    """
    stream = BytesIO(source) if isinstance(source, bytes) else source
    digest, size, head = _store(database.home, stream, most)
    kept = Kept(
        id=token_urlsafe(16),
        sha256=digest,
        name=plain_name(name),
        size=size,
        media_type=media_type(head, name),
    )
    with database.write() as transaction:
        transaction.execute(
            "INSERT INTO attachments"
            " (id, sha256, name, size, media_type, uploaded_by, at, request)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, NULL)",
            (kept.id, bytes.fromhex(digest), kept.name, size, kept.media_type, by, micros(at)),
        )
    return kept


@contextmanager
def opened(home: Path, digest: str) -> Iterator[BinaryIO]:
    """The content of this SHA-256. Raises `Missing`."""
    try:
        file = path(home, digest).open("rb")
    except FileNotFoundError as error:
        raise Missing(digest) from error
    with file:
        yield file


def damaged(home: Path, digest: str) -> str | None:
    """What is wrong with a content, in words; None if it is there and as it was."""
    hasher = sha256()
    try:
        with opened(home, digest) as file:
            while chunk := file.read(_CHUNK):
                hasher.update(chunk)
    except Missing:
        return "the file is missing"
    return None if hasher.hexdigest() == digest else "the file was changed"


def plain_name(name: str) -> str:
    """A file's name without folders or control characters; never empty."""
    last = PurePosixPath(name.replace("\\", "/")).name
    shown = "".join(char for char in last if char.isprintable()).strip(" .")
    if len(shown) > LONGEST_NAME:
        stem, dot, suffix = shown.rpartition(".")
        keeps = dot and len(suffix) < 20
        shown = f"{stem[: LONGEST_NAME - 21]}.{suffix}" if keeps else shown[:LONGEST_NAME]
    return shown or "file"


def media_type(head: bytes, name: str) -> str:
    """The type by content; what is nothing but text is plain text, whatever its name says."""
    try:
        found = puremagic.from_string(head, mime=True, filename=plain_name(name))
    except (puremagic.PureError, ValueError):
        found = ""
    if "/" in found and not found.startswith("text/") and not found.endswith(_SCRIPTS):
        return str(found)
    return _TEXT if _is_text(head) else UNKNOWN_TYPE


def _is_text(head: bytes) -> bool:
    if not head or b"\x00" in head:
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > len(head) - 4  # a character cut in two by the end of the sample
    return True


def _store(home: Path, stream: BinaryIO, most: int) -> tuple[str, int, bytes]:
    """Write to a temporary file, then rename: a content is there whole or not at all."""
    incoming = folder(home) / "incoming"
    incoming.mkdir(parents=True, exist_ok=True)
    temporary = incoming / token_hex(16)
    hasher, size, head = sha256(), 0, b""
    try:
        with temporary.open("xb") as file:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                if size > most:
                    raise TooLarge(f"{most // (1024 * 1024)} MB")
                if len(head) < _HEAD:
                    head += chunk[: _HEAD - len(head)]
                hasher.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        _settle(temporary, path(home, hasher.hexdigest()))
    finally:
        with suppress(FileNotFoundError):
            temporary.unlink()
    return hasher.hexdigest(), size, head


def _settle(temporary: Path, final: Path) -> None:
    if final.exists():
        return
    final.parent.mkdir(parents=True, exist_ok=True)
    temporary.chmod(0o600)
    temporary.replace(final)
    # The name must survive a power cut as the row that refers to it will.
    if os.name == "nt":  # which can't open a folder, and does not need to
        return
    handle = os.open(final.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Attachments:
    """The same for those who have whole contents in hand: stories, demo data."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, content: bytes, *, name: str, by: PersonId, at: datetime) -> str:
        """Keep a content; its id. Raises `TooLarge`."""
        return keep(self._database, content, name=name, by=by, at=at).id
