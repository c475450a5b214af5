"""Copies (C1): what a person was copied on, as rows of the inbox."""

from engine.ids import PersonId, RequestId, task_id
from storage.moments import moment, optional_moment
from storage.packing import unpack
from storage.queries.cursors import cursor, key
from storage.queries.filters import Filters
from storage.queries.names import Names
from storage.queries.rows import CopyRow, Page, TaskRow
from storage.reader import Reader
from storage.transaction import Row
from storage.visibility import Viewer

_COLUMNS = (
    "c.at, c.request, c.by, c.read_at, r.number, r.title, r.process, r.definition, r.requester,"
    " r.department, r.status, r.rest, r.round"
)


def copied(
    reader: Reader,
    viewer: Viewer,
    narrowed: Filters,
    *,
    oldest: bool,
    after: str | None,
    limit: int,
) -> Page[TaskRow]:
    """One page of the view `copied`."""
    where, arguments = "", [viewer.person]
    if narrowed.few is not None:
        among, argument = reader.among("c.request", narrowed.few)
        where += f" AND {among}"
        arguments.append(argument)
    if after is not None:
        where += f" AND (c.at, c.request) {'>' if oldest else '<'} (?, ?)"
        arguments.extend(key(after, (int, str)))
    order = "c.at, c.request" if oldest else "c.at DESC, c.request DESC"
    rows = reader.all(
        f"SELECT {_COLUMNS} FROM copies c CROSS JOIN requests r"  # noqa: S608
        f" WHERE c.person = ? AND r.id = c.request{where}{narrowed.sql} ORDER BY {order} LIMIT ?",
        (*arguments, *narrowed.arguments, limit + 1),
    )
    names = Names(reader)
    return Page(
        items=tuple(_copied_row(names, row, viewer.person) for row in rows[:limit]),
        next=cursor(rows[limit - 1][:2]) if len(rows) > limit else None,
    )


def copies(reader: Reader, request: str) -> tuple[CopyRow, ...]:
    """Who was copied on a request, in the order of copying."""
    rows = reader.all(
        "SELECT person, by, at, read_at FROM copies WHERE request = ? ORDER BY at, person",
        (request,),
    )
    names = Names(reader)
    return tuple(
        CopyRow(
            person=names.person(person),
            by=names.person(by),
            at=moment(at),
            read_at=optional_moment(read_at),
        )
        for person, by, at, read_at in rows
    )


def _copied_row(names: Names, row: Row, reader: str) -> TaskRow:
    at, request, by, read_at, number, title, process, definition = row[:8]
    requester, department, status, rest, round_ = row[8:]
    digest, process_name, process_name_en, _ = names.version(definition)
    return TaskRow(
        id=task_id(RequestId(request), 0),
        version="",
        request_id=RequestId(request),
        number=number,
        title=title,
        process=process,
        process_name=process_name,
        process_name_en=process_name_en,
        definition=digest,
        requester=PersonId(requester),
        requester_name=names.person(requester).name,
        department=department,
        request_status=status,
        summary=unpack(rest).get("summary", {}),
        node="",
        node_key="",
        node_name="",
        node_name_en="",
        round=round_,
        pass_=0,
        holders=(names.person(reader),),
        candidates=(),
        groups=(),
        claimed=True,
        opened_at=moment(at),
        due=None,
        status="unread" if read_at is None else "read",
        decided_at=optional_moment(read_at),
        decided_by=names.person(by),
        verdict=None,
        comment="",
        votes_approved=0,
        votes_rejected=0,
        votes_total=0,
        optional=False,
        priority="",
        on_behalf_of=None,
        kept_from=None,
        why={},
    )
