"""The inbox: what a person holds, may claim, has decided, was copied on."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from engine.ids import split_task_id
from storage.moments import micros
from storage.queries.copied import copied
from storage.queries.cursors import bounded
from storage.queries.cursors import cursor as cursor_of
from storage.queries.cursors import key as key_of
from storage.queries.filters import EVERYTHING, Filters, filters
from storage.queries.names import Names
from storage.queries.rows import Page, TaskRow
from storage.queries.task_rows import COLUMNS, PARTS, task_row
from storage.reader import Reader
from storage.transaction import Row, marks
from storage.visibility import Viewer

View = Literal["todo", "group", "done", "copied", "snoozed"]
Sort = Literal["newest", "oldest", "due"]
_SNOOZED = (
    "EXISTS (SELECT 1 FROM snoozed z WHERE z.person = i.person AND z.request = i.request"
    " AND z.ordinal = i.ordinal AND z.until > ?)"
)
"""Whether a row of the inbox is put off beyond a moment."""
_ANY_SNOOZED = "SELECT 1 FROM snoozed WHERE person = ? AND until > ? LIMIT 1"

COUNTED = 1000
"""Counts stop here: more is “999+” on a page, and costs no more than this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _List:
    """A person's list, as a range of an index."""

    source: str
    where: str
    arguments: tuple[Any, ...]
    order: tuple[str, ...]
    shape: tuple[type, ...]
    descending: bool
    own: str = ""
    """The list's own rows, without what they lead to: FROM and WHERE."""

    def after(self, cursor: str | None) -> tuple[str, list[Any]]:
        """What follows a cursor: a condition that begins with AND, and its arguments."""
        if cursor is None:
            return "", []
        comparison = "<" if self.descending else ">"
        keys = ", ".join(self.order)
        return f" AND ({keys}) {comparison} ({marks(len(self.order))})", key_of(cursor, self.shape)

    @property
    def ordered(self) -> str:
        """Its order, for ORDER BY."""
        return ", ".join(f"{name} DESC" if self.descending else name for name in self.order)


def tasks(
    reader: Reader,
    viewer: Viewer,
    view: View = "todo",
    *,
    request: str | None = None,
    q: str | None = None,
    process: str | None = None,
    sort: Sort = "newest",
    cursor: str | None = None,
    limit: int = 50,
    now: datetime | None = None,
) -> Page[TaskRow]:
    """One page of a view, by keyset: rows that come or go never shift the next page.

    `now`: what is put off beyond it is `snoozed`, not `todo`; if not given, the machine's time.

    Raises:
        BadCursor: the cursor is none of this list.
    """
    limit = bounded(limit)
    narrowed = filters(reader, request=request, process=process, q=q)
    if narrowed is None:
        return Page(items=())
    if view == "copied":
        return copied(reader, viewer, narrowed, oldest=sort == "oldest", after=cursor, limit=limit)
    lists = _lists(reader, viewer, view, sort, micros(now or datetime.now(UTC)))
    width = len(lists[0].order)
    if len(lists) > 1 and narrowed == EVERYTHING:
        rows = _merged(reader, lists, cursor, limit + 1)
    else:
        rows = [row for each in lists for row in _range(reader, each, narrowed, cursor, limit + 1)]
        rows.sort(key=lambda row: row[:width], reverse=lists[0].descending)
    names = Names(reader)
    return Page(
        items=tuple(task_row(names, row[width:]) for row in rows[:limit]),
        next=cursor_of(rows[limit - 1][:width]) if len(rows) > limit else None,
    )


def task_counts(reader: Reader, viewer: Viewer, now: datetime | None = None) -> dict[str, int]:
    """How many wait: `todo`, `group`, `copied_unread`, `overdue` (due before `now`, if not given
    before the machine's time), `snoozed`. None counts beyond `COUNTED`, nor what is only an offer;
    what is put off is overdue all the same."""
    me, at = viewer.person, micros(now or datetime.now(UTC))
    off, moments = _put_off(reader, viewer, at, hidden=True)
    group = sum(
        _count(reader, "queue WHERE member = ? AND optional = 0", (member,))
        for member in _members(reader, me)
    )
    overdue = "inbox WHERE person = ? AND due < ? AND optional = 0"
    return {
        "todo": _count(
            reader, f"inbox i WHERE i.person = ? AND i.optional = 0{off}", (me, *moments)
        ),
        "group": min(group, COUNTED),
        "copied_unread": _count(reader, "copies WHERE person = ? AND read_at IS NULL", (me,)),
        "overdue": _count(reader, overdue, (me, at)),
        "snoozed": _count(reader, f"inbox i WHERE i.person = ? AND {_SNOOZED}", (me, at))
        if moments
        else 0,
    }


def task(reader: Reader, task_id: str) -> TaskRow | None:
    """One task, whatever became of it; who may see it is asked elsewhere (`may_see`)."""
    found = split_task_id(task_id)
    if found is None:
        return None
    row = reader.one(
        f"SELECT {COLUMNS} FROM slots s {PARTS} AND s.request = ? AND s.ordinal = ?",  # noqa: S608
        found,
    )
    return None if row is None else task_row(Names(reader), row)


def open_tasks(reader: Reader, request: str) -> tuple[TaskRow, ...]:
    """The tasks of a request that are open, in order."""
    rows = reader.all(
        f"SELECT {COLUMNS} FROM slots s {PARTS} AND s.request = ? AND s.status = 'open'"  # noqa: S608
        " ORDER BY s.ordinal",
        (request,),
    )
    names = Names(reader)
    return tuple(task_row(names, row) for row in rows)


def _lists(reader: Reader, viewer: Viewer, view: View, sort: Sort, now: int) -> list[_List]:
    if view == "done":
        return [
            _List(
                source="slots s",
                where="s.decided_by = ?",
                arguments=(viewer.person,),
                order=("s.decided_at", "s.request", "s.ordinal"),
                shape=(int, str, int),
                descending=sort != "oldest",
            )
        ]
    order: tuple[str, ...] = ("i.opened_at", "i.request", "i.ordinal")
    shape: tuple[type, ...] = (int, str, int)
    if sort == "due":
        order, shape = ("i.due", *order), (int, *shape)
    mine = view in ("todo", "snoozed")
    table, column = ("inbox", "person") if mine else ("queue", "member")
    off, moments = _put_off(reader, viewer, now, hidden=view == "todo") if mine else ("", ())
    return [
        _List(
            source=f"{table} i CROSS JOIN slots s",
            where=f"i.{column} = ?{off} AND s.request = i.request AND s.ordinal = i.ordinal",
            arguments=(member, *moments),
            order=order,
            shape=shape,
            descending=sort == "newest",
            own=f"{table} i WHERE i.{column} = ?{off}",
        )
        for member in ([viewer.person] if mine else _members(reader, viewer.person))
    ]


def _put_off(
    reader: Reader, viewer: Viewer, now: int, *, hidden: bool
) -> tuple[str, tuple[int, ...]]:
    """A condition on rows of the inbox, with its arguments: those that are put off, or (`hidden`)
    the others. Who has put nothing off pays nothing for it."""
    if not hidden:
        return f" AND {_SNOOZED}", (now,)
    if reader.one(_ANY_SNOOZED, (viewer.person, now)) is None:
        return "", ()
    return f" AND NOT {_SNOOZED}", (now,)


def _members(reader: Reader, person: str) -> list[str]:
    """Under which names the person's queue is kept: his own, and those of his crowds."""
    crowds = reader.all("SELECT crowd FROM crowds WHERE person = ?", (person,))
    return [person, *(row[0] for row in crowds)]


def _range(
    reader: Reader, each: _List, narrowed: Filters, after: str | None, limit: int
) -> list[Row]:
    keys = ", ".join(each.order)
    source, where, arguments = each.source, each.where, list(each.arguments)
    if narrowed.few is not None:
        # From the few requests to their slots, and from these to the list's rows by full key.
        source = " CROSS JOIN ".join(reversed(source.split(" CROSS JOIN ")))
        among, argument = reader.among("s.request", narrowed.few)
        where += f" AND {among}"
        arguments.append(argument)
        if each.source != "slots s":
            where += " AND i.opened_at = s.opened_at AND s.status = 'open'"
    following, key = each.after(after)
    return reader.all(
        f"SELECT {keys}, {COLUMNS} FROM {source} {PARTS}"  # noqa: S608
        f" AND {where}{following}{narrowed.sql} ORDER BY {each.ordered} LIMIT ?",
        (*arguments, *key, *narrowed.arguments, limit),
    )


def _merged(reader: Reader, lists: list[_List], after: str | None, limit: int) -> list[Row]:
    """Several lists as one: the first keys of each, of these the first, and only then what they
    lead to."""
    keys: list[Row] = []
    for each in lists:
        following, key = each.after(after)
        keys += reader.all(
            f"SELECT {', '.join(each.order)} FROM {each.own}{following}"  # noqa: S608
            f" ORDER BY {each.ordered} LIMIT ?",
            (*each.arguments, *key, limit),
        )
    keys.sort(reverse=lists[0].descending)
    keys = keys[:limit]
    if not keys:
        return []
    first, others = "(CAST(? AS TEXT), CAST(? AS BIGINT))", ", (?, ?)" * (len(keys) - 1)
    found = reader.all(
        f"WITH k (request, ordinal) AS (VALUES {first}{others})"  # noqa: S608
        f" SELECT {COLUMNS} FROM k CROSS JOIN slots s {PARTS}"
        " AND s.request = k.request AND s.ordinal = k.ordinal",
        [part for key in keys for part in key[-2:]],
    )
    rows = {row[:2]: row for row in found}
    return [(*key, *rows[key[-2:]]) for key in keys]


def _count(reader: Reader, what: str, arguments: tuple[Any, ...]) -> int:
    sql = f"SELECT COUNT(*) FROM (SELECT 1 FROM {what} LIMIT {COUNTED}) AS c"  # noqa: S608
    return int(reader.value(sql, arguments))
