"""Restoring a backup into a home that is still empty. A restored database says so by an entry."""

import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from engine.ids import PersonId
from storage import attachments, finding, journal, leaves, organisation, search
from storage.backup import FOLDERS, FORMAT, MANIFEST
from storage.database import Database
from storage.migrating import migrate, newest_first, revision
from storage.tables import METADATA
from storage.tables.rows import row_of
from storage.transaction import Transaction, marks

_DIGEST = re.compile(r"[0-9a-f]{64}")
_PLAIN_NAME = re.compile(r"[\w][\w.-]*")
_CHUNK = 1024 * 1024
_BATCH = 1000
_COUNTED = {"requests": "place", "journal": "position", "definitions": "place"}
"""Columns whose counter on PostgreSQL must go on after the rows that were put in."""


class NotRestorable(Exception):
    """The file can't be restored here; the message says why in one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was restored."""

    taken_at: datetime
    tables: dict[str, int]
    files: int


def restore(database: Database, file: Path, *, at: datetime, by: PersonId) -> Restored:
    """Bring back what the backup holds; all of the database, or nothing of it.

    Raises:
        NotRestorable: it is no whole backup of ours, or there is something here already.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = _checked(archive)
            _check_empty(database)
            migrate(database, to=manifest["revision"])
            files = _files(archive, manifest, database.home)
            tables = _load(database, archive, manifest)
    except (OSError, zipfile.BadZipFile) as error:
        raise NotRestorable(f"{file.name} can't be read as a backup.") from error
    migrate(database)
    taken_at = datetime.fromisoformat(manifest["taken_at"])
    with database.write() as transaction:
        _say_so(transaction, manifest, at=at, by=by)
        organisation.touch(transaction)
    return Restored(taken_at=taken_at, tables=tables, files=files)


def _checked(archive: zipfile.ZipFile) -> dict[str, Any]:
    try:
        manifest = json.loads(archive.read(MANIFEST))
    except (KeyError, ValueError):
        raise NotRestorable("The file is no backup of this system, or was cut off.") from None
    if manifest.get("format") != FORMAT or manifest.get("revision") not in newest_first():
        raise NotRestorable("The backup was made by a newer version of this system.")
    for name, digest in manifest["parts"].items():
        if not _safe(name) or name not in archive.NameToInfo:
            raise NotRestorable(f"The backup has no part {name}.")
        hasher = sha256()
        with archive.open(name) as part:
            while chunk := part.read(_CHUNK):
                hasher.update(chunk)
        if hasher.hexdigest() != digest:
            raise NotRestorable(f"The part {name} of the backup was changed.")
    return dict(manifest)


def _safe(name: str) -> bool:
    folder, _, rest = name.partition("/")
    if folder == "attachments":
        return _DIGEST.fullmatch(rest) is not None
    if folder == "tables":
        return rest.removesuffix(".jsonl") in METADATA.tables
    return folder in FOLDERS and _PLAIN_NAME.fullmatch(rest) is not None


def _check_empty(database: Database) -> None:
    if revision(database) is None:
        return
    with database.read() as reader:
        if reader.one("SELECT 1 FROM journal LIMIT 1"):
            raise NotRestorable("There is a database here already: restore into an empty home.")


def _files(archive: zipfile.ZipFile, manifest: dict[str, Any], home: Path) -> int:
    count = 0
    for name in manifest["parts"]:
        folder, _, rest = name.partition("/")
        if folder == "tables":
            continue
        to = attachments.path(home, rest) if folder == "attachments" else home / folder / rest
        if not to.exists():
            to.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(name) as part, to.open("xb") as file:
                to.chmod(0o600)
                while chunk := part.read(_CHUNK):
                    file.write(chunk)
        count += 1
    return count


def _load(database: Database, archive: zipfile.ZipFile, manifest: dict[str, Any]) -> dict[str, int]:
    with database.write() as transaction:
        for table in METADATA.sorted_tables:
            if table.name in manifest["tables"]:
                _fill(transaction, archive, table.name)
        transaction.execute("UPDATE notices SET send_at = NULL")
        search.index_again(transaction)
        finding.clear(transaction)
    return dict(manifest["tables"])


def _fill(transaction: Transaction, archive: zipfile.ZipFile, table: str) -> None:
    with archive.open(f"tables/{table}.jsonl") as part:
        names = json.loads(part.readline())
        insert = (
            f'INSERT INTO "{table}" ({", ".join(names)})'  # noqa: S608 - our own names
            f" VALUES ({marks(len(names))})"
        )
        # Numbers of transactions are those of the server that made them.
        xid = names.index("xid") if "xid" in names else None
        for batch in _batches(part):
            if xid is not None:
                for row in batch:
                    row[xid] = 0
            transaction.many(insert, batch)
    if transaction.dialect == "postgresql" and table in _COUNTED:
        column = _COUNTED[table]
        transaction.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'),"  # noqa: S608
            f" COALESCE((SELECT MAX({column}) FROM {table}), 0) + 1, false)"
        )


def _batches(part: Any) -> Iterator[list[list[Any]]]:
    batch = []
    for line in part:
        batch.append(row_of(line))
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _say_so(
    transaction: Transaction, manifest: dict[str, Any], *, at: datetime, by: PersonId
) -> None:
    last = transaction.one("SELECT position, digest FROM journal ORDER BY position DESC LIMIT 1")
    body = {
        "verb": "restore",
        "outcome": "done",
        "actor": by,
        "via": "command line",
        "taken_at": manifest["taken_at"],
        "last": None if last is None else [last[0], bytes(last[1]).hex()],
        **leaves.begin_epoch(transaction),
    }
    journal.record(transaction, at=at, body=body, particulars={})
