"""Which requests an export takes: the ones that were named, or every one that filters let through;
and how the file says so."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from engine.journal.entry import stamp
from storage import queries
from storage.queries import RequestRow
from storage.queries.requests import View
from storage.reader import Reader
from storage.visibility import Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What was asked for. Nothing said: every request that the exporter may see."""

    requests: tuple[str, ...] | None = None
    """Ids of those that were named; None: none was, the filters choose."""
    view: View = "all"
    process: str = ""
    status: str = ""
    outcome: str = ""
    """An outcome, or the id or name of the end event that gave it."""
    requester: str = ""
    department: str = ""
    q: str = ""
    since: datetime | None = None
    """Submitted then or later."""
    until: datetime | None = None
    """Submitted before."""
    unfinished: bool = False
    """An event log of complete events: also requests that have not come to an end of their
    diagram."""

    def stated(self) -> dict[str, Any]:
        """The filter as files and entries state it: what was said, and nothing else."""
        found: dict[str, Any] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name == "requests" or value in ("", None, False):
                continue
            if field.name != "view" or value != "all":
                found[field.name] = stamp(value) if isinstance(value, datetime) else value
        if self.requests is not None:
            found["named"] = len(self.requests)
        return found


def moment_of(text: str, zone: tzinfo, *, end: bool = False) -> datetime:
    """A date, or a date-time with its offset, as a moment; a date means the whole day in `zone`:
    its beginning, or with `end` that of the day after.

    Raises:
        ValueError: it is neither.
    """
    if len(text) == 10:
        day = date.fromisoformat(text) + timedelta(days=1 if end else 0)
        return datetime.combine(day, time(), zone).astimezone(UTC)
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(text)
    return found.astimezone(UTC)


def rows(reader: Reader, viewer: Viewer, chosen: Chosen) -> Iterator[RequestRow]:
    """The requests, the oldest first, whose content the viewer may see; never a draft."""
    if chosen.requests is not None:
        named = (queries.request(reader, viewer, id) for id in chosen.requests)
        found: Iterator[RequestRow] = (row for row in named if row is not None)
    else:
        found = queries.every_request(
            reader,
            viewer,
            chosen.view,
            status=chosen.status,
            process=chosen.process,
            q=chosen.q,
            requester=chosen.requester,
            department=chosen.department,
            since=chosen.since,
            until=chosen.until,
        )
    for row in found:
        if row.status == "draft" or not _came_to(row, chosen.outcome):
            continue
        if viewer.role != "administrator" or queries.may_see(reader, viewer, row.id) == "all":
            yield row


def _came_to(row: RequestRow, outcome: str) -> bool:
    if not outcome:
        return True
    if isinstance(row.outcome, Mapping):
        return outcome in (row.outcome.get("id"), row.outcome.get("name"))
    return bool(row.outcome == outcome)
