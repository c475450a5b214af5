"""What narrows a list: a request, a process, a status, words to search for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from storage.moments import micros
from storage.reader import Reader
from storage.search import contained, find

FEW = 2000
"""With fewer requests found than this, a list is made from them; with more, the list is gone
through in its own order until the page is full."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Conditions on `requests r`, beginning with AND; or the few requests that are left."""

    sql: str = ""
    arguments: tuple[Any, ...] = ()
    few: tuple[str, ...] | None = None
    """Ids of the only requests that can be in the list; None: any."""


EVERYTHING = Filters()


def filters(
    reader: Reader,
    *,
    request: str | None = None,
    process: str | None = None,
    statuses: Sequence[str] = (),
    q: str | None = None,
) -> Filters | None:
    """The conditions; None where nothing can be found (words without a letter or digit)."""
    sql, arguments = "", []
    if process:
        sql += " AND r.process = ?"
        arguments.append(process)
    if statuses:
        among, argument = reader.among("r.status", statuses)
        sql += f" AND {among}"
        arguments.append(argument)
    few: tuple[str, ...] | None = None if request is None else (request,)
    if q is not None and q.strip():
        found = find(reader, q, FEW)
        if found is None:
            return None
        if len(found) < FEW:
            few = tuple(found if few is None else set(found).intersection(few))
        else:
            checks, words = contained(reader, q)
            sql += f" AND EXISTS (SELECT 1 FROM searched w WHERE w.place = r.place AND {checks})"  # noqa: S608
            arguments.extend(words)
    return Filters(sql=sql, arguments=tuple(arguments), few=few)


def further(
    found: Filters,
    *,
    requester: str = "",
    department: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> Filters:
    """The same, narrowed by who asked, where, and when it was submitted: in [since, until)."""
    checks: dict[str, Any] = {
        "r.requester = ?": requester,
        "r.department = ?": department,
        "r.submitted_at >= ?": micros(since) if since is not None else "",
        "r.submitted_at < ?": micros(until) if until is not None else "",
    }
    kept = {check: value for check, value in checks.items() if value != ""}
    return replace(
        found,
        sql=found.sql + "".join(f" AND {check}" for check in kept),
        arguments=(*found.arguments, *kept.values()),
    )
