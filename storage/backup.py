"""Backup and restore: the database, the attachments and the home's keys and heads, in one file.

The file is a ZIP of one snapshot: a JSON line for each row of each table (so that what SQLite
saved PostgreSQL can restore), the contents of attachments, the files of `keys` and `heads`, and
last a manifest with the SHA-256 of every part.
"""

import json
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Any

from storage import attachments
from storage.database import Database
from storage.migrating import revision
from storage.tables import METADATA
from storage.tables.rows import line_of
from storage.transaction import Transaction

FORMAT = 1
MANIFEST = "manifest.json"
FOLDERS = ("keys", "heads")
"""Folders of the home that are part of a backup, beside the attachments."""
LEFT_OUT = frozenset({"sessions", "idempotency", "found"})
"""A restored backup signs nobody in, and answers nobody's repeated call; what auditors search is
filled again in the background."""
_CHUNK = 1024 * 1024


@dataclass(slots=True)
class Backup:
    """What a backup holds."""

    taken_at: datetime
    revision: str
    tables: dict[str, int] = field(default_factory=dict)
    """Rows by table."""
    files: int = 0
    missing: list[str] = field(default_factory=list)
    """Digests of attachments whose content was not there."""
    parts: dict[str, str] = field(default_factory=dict)
    """Name of a part -> SHA-256."""


def backup(database: Database, file: Path, at: datetime) -> Backup:
    """Write a backup of what is there now; nobody has to stop working meanwhile.

    Raises:
        OSError: the file can't be written; an old one of the name is still there.
    """
    made = Backup(taken_at=at, revision=revision(database) or "")
    temporary = file.with_name(f".{file.name}.{token_hex(4)}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with (
            os.fdopen(handle, "wb") as raw,
            zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive,
        ):
            with database.read() as reader:
                digests = _tables(reader, archive, made)
            _attachments(database.home, archive, made, digests)
            for folder in FOLDERS:
                _folder(database.home / folder, archive, made)
            archive.writestr(MANIFEST, _manifest(made))
        temporary.replace(file)
    finally:
        temporary.unlink(missing_ok=True)
    return made


def _tables(reader: Transaction, archive: zipfile.ZipFile, made: Backup) -> list[str]:
    for table in METADATA.sorted_tables:
        if table.name not in LEFT_OUT:
            names = [column.name for column in table.columns]
            sql = f'SELECT {", ".join(names)} FROM "{table.name}"'  # noqa: S608 - our own names
            made.tables[table.name] = 0

            def lines(sql: str = sql, names: list[str] = names, name: str = table.name) -> Any:
                yield (json.dumps(names) + "\n").encode()
                for row in reader.stream(sql):
                    made.tables[name] += 1
                    yield line_of(row)

            _part(archive, made, f"tables/{table.name}.jsonl", lines())
    rows = reader.all("SELECT DISTINCT sha256 FROM attachments")
    return sorted(bytes(row[0]).hex() for row in rows)


def _attachments(home: Path, archive: zipfile.ZipFile, made: Backup, digests: list[str]) -> None:
    for digest in digests:
        try:
            with attachments.opened(home, digest) as content:
                chunks = iter(partial(content.read, _CHUNK), b"")
                _part(archive, made, f"attachments/{digest}", chunks)
        except attachments.Missing:
            made.missing.append(digest)
        else:
            made.files += 1


def _folder(folder: Path, archive: zipfile.ZipFile, made: Backup) -> None:
    if folder.is_dir():
        for path in sorted(folder.iterdir()):
            if path.is_file():
                _part(archive, made, f"{folder.name}/{path.name}", iter([path.read_bytes()]))
                made.files += 1


def _part(archive: zipfile.ZipFile, made: Backup, name: str, content: Iterator[bytes]) -> None:
    hasher = sha256()
    with archive.open(name, "w", force_zip64=True) as part:
        for chunk in content:
            hasher.update(chunk)
            part.write(chunk)
    made.parts[name] = hasher.hexdigest()


def _manifest(made: Backup) -> str:
    return json.dumps(
        {
            "format": FORMAT,
            "taken_at": made.taken_at.astimezone(UTC).isoformat(),
            "revision": made.revision,
            "tables": made.tables,
            "missing": made.missing,
            "parts": made.parts,
        },
        indent=1,
    )
