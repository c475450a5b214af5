"""What a person was told, newest first."""

from engine.ids import RequestId, task_id
from storage.moments import moment, optional_moment
from storage.packing import unpack
from storage.queries.cursors import bounded
from storage.queries.cursors import cursor as cursor_of
from storage.queries.cursors import key as key_of
from storage.queries.rows import NoticeRow, Page
from storage.queries.tasks import COUNTED
from storage.reader import Reader
from storage.transaction import Row
from storage.visibility import Viewer

_COLUMNS = "n.at, n.request, n.ordinal, n.kind, r.number, r.title, n.task, n.text, n.read_at"


def notices(
    reader: Reader,
    viewer: Viewer,
    *,
    unread_only: bool = False,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[NoticeRow]:
    """One page of a person's notices.

    Raises:
        BadCursor: the cursor is none of this list.
    """
    limit = bounded(limit)
    where, arguments = "n.person = ?", [viewer.person]
    if unread_only:
        where += " AND n.read_at IS NULL"
    if cursor is not None:
        where += " AND (n.at, n.request, n.ordinal) < (?, ?, ?)"
        arguments.extend(key_of(cursor, (int, str, int)))
    rows = reader.all(
        f"SELECT {_COLUMNS} FROM notices n LEFT JOIN requests r ON r.id = n.request"  # noqa: S608
        f" WHERE {where} ORDER BY n.at DESC, n.request DESC, n.ordinal DESC LIMIT ?",
        (*arguments, limit + 1),
    )
    return Page(
        items=tuple(_notice(row) for row in rows[:limit]),
        next=cursor_of(rows[limit - 1][:3]) if len(rows) > limit else None,
    )


def unread_notices(reader: Reader, viewer: Viewer) -> int:
    """How many of the person's last `COUNTED` notices he has not read."""
    found = reader.value(
        "SELECT COUNT(*) FROM (SELECT read_at FROM notices WHERE person = ?"  # noqa: S608
        f" ORDER BY at DESC LIMIT {COUNTED}) AS n WHERE read_at IS NULL",
        (viewer.person,),
    )
    return int(found)


def _notice(row: Row) -> NoticeRow:
    at, request, ordinal, kind, number, title, task, text, read_at = row
    zh, en = unpack(text)
    return NoticeRow(
        id=f"{request}-{ordinal}",
        kind=kind,
        request_id=RequestId(request),
        number=number,
        title=title or "",
        task_id=None if task is None else task_id(RequestId(request), task),
        text=zh,
        text_en=en,
        at=moment(at),
        read_at=optional_moment(read_at),
    )
