"""Numbers as a CSV file: a row for each part of the period and each desk; an entry says that it was
taken."""

import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.ids import PersonId
from engine.journal.entry import stamp
from engine.statistics import MEASURES, NODES, PROCESSES
from engine.statistics.figures import Period, Sums
from storage import Database, journal
from storage.queries import statistics
from storage.reader import Reader
from web.exports.sheets import STATED, Sheet
from web.numbers.asking import Asked
from web.numbers.reporting import NOTHING, Report, part_of, report

_COUNTS = tuple(dict.fromkeys((*PROCESSES, *NODES)))
_LENGTHS = tuple(
    f"{name}_{told}" for name in MEASURES["nodes"] for told in ("n", "mean", "median", "p90")
)
COLUMNS = (
    "since", "until", "process", "version", "node", "name", *_COUNTS, *_LENGTHS, *STATED,
)  # fmt: skip
"""Lengths in seconds. `node` empty: the process's requests as a whole; what does not apply to a row
is empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taker:
    """Who takes the file, and from where."""

    person: PersonId
    name: str
    via: str
    origin: str = ""


def make(database: Database, process: str, asked: Asked, taker: Taker, now: datetime) -> bytes:
    """The file; that it was taken, and with which filter, is an entry of the system chain. Raises
    what `report` raises."""
    with database.read() as reader:
        told = report(reader, process, asked, now)
        content = _content(reader, told, taker, now)
    body: dict[str, Any] = {
        "verb": "exported",
        "outcome": "done",
        "actor": taker.person,
        "via": taker.via,
        "format": "csv",
        "rows": "statistics",
        "process": process,
        "filter": asked.stated(),
        "requests": [],
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    particulars = {"actor.name": taker.name, "actor.origin": taker.origin}
    with database.write() as transaction:
        journal.record(
            transaction,
            at=now,
            body=body,
            particulars={path: value for path, value in particulars.items() if value},
        )
    return content


def _content(reader: Reader, told: Report, taker: Taker, now: datetime) -> bytes:
    stated = {
        "exported_at": stamp(now),
        "exported_by": taker.person,
        "filter": json.dumps(told.asked.stated()),
    }
    file = io.BytesIO()
    sheet = Sheet(file, COLUMNS, stated)
    for row in _rows(reader, told):
        sheet.add(row)
    return file.getvalue()


def _rows(reader: Reader, told: Report) -> Iterator[dict[str, Any]]:
    asked, key = told.asked, told.definition.key
    nodes = statistics.node_numbers(
        reader,
        key,
        asked.period,
        version=asked.version,
        part=part_of(asked.period, asked.by),
    )
    for period, sums in told.series:
        start = period.since.toordinal()
        yield _row(told, period, "", told.definition.name, sums, PROCESSES, "processes")
        for desk in told.desks:
            found = nodes.get((start, desk.id), NOTHING)
            if not found.empty:
                yield _row(told, period, desk.id, desk.name, found, NODES, "nodes")


def _row(
    told: Report,
    period: Period,
    node: str,
    name: str,
    sums: Sums,
    counts: tuple[str, ...],
    table: Any,
) -> dict[str, Any]:
    row: dict[str, Any] = {
        "since": period.since.isoformat(),
        "until": period.until.isoformat(),
        "process": told.definition.key,
        "version": told.asked.version,
        "node": node,
        "name": name,
        **{each: sums[each] for each in counts},
    }
    for measure in MEASURES[table]:
        found = sums.length(measure)
        for what in ("n", "mean", "median", "p90"):
            row[f"{measure}_{what}"] = getattr(found, what)
    return row
