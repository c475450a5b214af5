"""The readable half of a package: `request.pdf`, set by typst from data alone.

Owns what the paper says and how it looks. What it says of fields and decisions comes from the
entries (`folding`), cut to what its exporter may see; texts go to typst as data, never as markup.
Imports engine, forms and storage; no page.
"""

from collections.abc import Sequence
from datetime import datetime

from storage.database import Database
from storage.reader import Reader
from web.packages.collecting import Collected
from web.packages.paper.gathering import gathered
from web.packages.paper.typesetting import typeset
from web.packages.sight import Exporter


def paper(
    reader: Reader,
    database: Database,
    collected: Sequence[Collected],
    exporter: Exporter,
    entries: str,
    at: datetime,
) -> bytes:
    """The PDF of these requests. `entries` is the digest of `entries.jsonl`, which stands on each
    page. The same input gives the same bytes."""
    requests = [gathered(reader, database, each, exporter) for each in collected]
    return typeset(requests, entries=entries, at=at, zone=database.calendar.zone)
