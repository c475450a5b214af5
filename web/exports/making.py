"""Making an export: into a file of its own, an entry that says so, and only then is it given out.

However many requests it has, one is held at a time; the file lies on the disk until it is sent.
"""

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any, Literal

from engine.journal.entry import stamp
from storage import Database, journal, queries, sealing
from storage.keys import Keys
from storage.reader import Reader
from web.exports import choosing, sheets, xes
from web.exports.choosing import Chosen
from web.exports.documents import Exporter, Seen

Format = Literal["json", "csv", "xes"]
FORMATS: tuple[Format, ...] = ("json", "csv", "xes")
MEDIA = {"json": "application/json", "csv": "text/csv", "xes": "application/xml"}
SCHEMA = "countersign-export-1"
"""What a JSON export says of its own shape; a change that old readers stumble over counts it up."""
NAMED_MOST = 1000
"""An entry names the requests up to so many; of more it has the number, and the file's digest."""
PRIVATE = ("q", "requester")
"""Filters that may say something of a person: they can be erased from the entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What the file is to be like."""

    format: Format = "json"
    rows: Literal["entries", "tasks"] = "entries"
    """CSV: a row for each entry, or for each signer's place."""
    lifecycle: xes.Lifecycle = "complete"
    """XES: see web.exports.xes."""

    def stated(self) -> dict[str, str]:
        """What of it is said."""
        match self.format:
            case "csv":
                return {"rows": self.rows}
            case "xes":
                return {"lifecycle": self.lifecycle}
        return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """An export that its entry tells of. `file` stands at its beginning, and is gone when it is
    closed."""

    file: IO[bytes]
    size: int
    requests: int
    left_out: int
    """Requests that matched and have not come to an end of their diagram (XES)."""
    sha256: str
    format: Format


def make(
    database: Database,
    exporter: Exporter,
    chosen: Chosen,
    shape: Shape,
    now: datetime,
    *,
    keys: Keys,
) -> Made:
    """Write what was chosen into a file, and record that it was exported. Where `keys` has the
    private one, what was done until now is sealed first."""
    _seal_first(database, keys, now)
    file = tempfile.TemporaryFile(prefix="countersign-export-")  # noqa: SIM115 - Made owns it
    try:
        with database.read() as reader:
            written = _Writing(reader, exporter, chosen, shape, now)
            written.into(file)
        made = _made(file, written, shape)
        _record(database, exporter, chosen, shape, made, written.ids, now)
    except BaseException:
        file.close()
        raise
    return made


def _seal_first(database: Database, keys: Keys, now: datetime) -> None:
    # An export without a seal is none the less one: the file says how far the log is sealed, and
    # the scheduler tells of what is wrong.
    with suppress(sealing.KeyRefused, sealing.HeadsDisagree, sealing.TreeDamaged, OSError):
        sealing.seal(database, keys, now)


def _sealed(reader: Reader) -> dict[str, Any] | None:
    """The newest signed head, and whether all there is stands under it; None: nothing is sealed."""
    state = sealing.state(reader)
    if state.head is None:
        return None
    head = state.head.document()
    told = {name: head[name] for name in ("log", "size", "root", "at", "key")}
    return {**told, "all": state.waiting_since is None}


class _Writing:
    """One file being written."""

    def __init__(
        self, reader: Reader, exporter: Exporter, chosen: Chosen, shape: Shape, now: datetime
    ) -> None:
        self.reader = reader
        self.exporter = exporter
        self.chosen = chosen
        self.shape = shape
        self.head: dict[str, Any] = {
            "exported_at": stamp(now),
            "exported_by": exporter.person.id,
            "filter": chosen.stated(),
        }
        self.count = self.left_out = 0
        self.ids: list[str] = []
        """The first requests; one more than an entry names says that there are more."""

    def into(self, file: IO[bytes]) -> None:
        """Write it."""
        ways: dict[str, Callable[[IO[bytes]], None]] = {
            "json": self._json,
            "csv": self._csv,
            "xes": self._xes,
        }
        ways[self.shape.format](file)

    def _seen(self) -> Iterator[Seen]:
        for row in choosing.rows(self.reader, self.exporter.viewer, self.chosen):
            yield Seen.of(self.reader, self.exporter, row)

    def _took(self, seen: Seen) -> None:
        self.count += 1
        if len(self.ids) <= NAMED_MOST:
            self.ids.append(seen.row.id)

    def _json(self, file: IO[bytes]) -> None:
        stated = {"schema": SCHEMA, **self.head, "sealed": _sealed(self.reader)}
        head = json.dumps(stated, ensure_ascii=False)
        file.write(f'{head[:-1]},\n"requests": ['.encode())
        for seen in self._seen():
            file.write(b",\n" if self.count else b"\n")
            file.write(json.dumps(seen.document(), ensure_ascii=False).encode("utf-8", "replace"))
            self._took(seen)
        file.write(b"\n]}\n")

    def _csv(self, file: IO[bytes]) -> None:
        by_task = self.shape.rows == "tasks"
        stated = {**self.head, "filter": json.dumps(self.head["filter"], ensure_ascii=False)}
        sheet = sheets.Sheet(file, sheets.TASKS if by_task else sheets.ENTRIES, stated)
        for seen in self._seen():
            for line in seen.tasks() if by_task else seen.entries():
                sheet.add({**_named(seen), **_flat(line)})
            self._took(seen)

    def _xes(self, file: IO[bytes]) -> None:
        names = queries.Names(self.reader)
        with xes.Log(file, names, self.shape.lifecycle).written(self.head) as log:
            for seen in self._seen():
                life = seen.life()
                if self._takes(life.whole):
                    log.add(seen.row, life)
                    self._took(seen)
                else:
                    self.left_out += 1

    def _takes(self, whole: bool) -> bool:
        """Named requests and whole lifecycles are taken as they are."""
        full = self.shape.lifecycle == "full" or self.chosen.requests is not None
        return whole or full or self.chosen.unfinished


def _named(seen: Seen) -> dict[str, Any]:
    row = seen.row
    return {
        "request": row.id,
        "number": row.number,
        "process": row.process,
        "version": row.definition_version,
    }


def _flat(line: dict[str, Any]) -> dict[str, Any]:
    """An entry or task with one value a column."""
    found = dict(line)
    if "actor" in line:
        actor = line["actor"] or {}
        found |= {"actor": actor.get("id"), "actor_name": actor.get("name")}
        found["on_behalf_of"] = (line["on_behalf_of"] or {}).get("id")
    else:
        found |= {"task": line["id"], "holders": "; ".join(line["holders"])}
    return found


def _made(file: IO[bytes], written: _Writing, shape: Shape) -> Made:
    size = file.tell()
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    file.seek(0)
    return Made(
        file=file,
        size=size,
        requests=written.count,
        left_out=written.left_out,
        sha256=digest,
        format=shape.format,
    )


def _record(
    database: Database,
    exporter: Exporter,
    chosen: Chosen,
    shape: Shape,
    made: Made,
    ids: list[str],
    now: datetime,
) -> None:
    """The entry in the system chain, before a byte leaves."""
    stated = chosen.stated()
    body: dict[str, Any] = {
        "verb": "exported",
        "outcome": "done",
        "actor": exporter.person.id,
        "via": exporter.via,
        "format": shape.format,
        **shape.stated(),
        "count": made.requests,
        "filter": {name: value for name, value in stated.items() if name not in PRIVATE},
        "sha256": made.sha256,
    }
    if len(ids) <= NAMED_MOST:
        body["requests"] = ids
    if len(ids) == 1:
        body["request"] = ids[0]
    particulars = {f"input.{name}": stated[name] for name in PRIVATE if name in stated}
    if exporter.person.name:
        particulars["actor.name"] = exporter.person.name
    if exporter.origin:
        particulars["actor.origin"] = exporter.origin
    with database.write() as transaction:
        journal.record(transaction, at=now, body=body, particulars=particulars)
