"""Lists of requests, each branch of what one may see read in the order of its index."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Literal

from engine.ids import PersonId, RequestId
from engine.requests import ENDED
from storage.moments import moment, optional_moment
from storage.packing import unpack
from storage.queries.cursors import MOST, bounded
from storage.queries.cursors import cursor as cursor_of
from storage.queries.cursors import key as key_of
from storage.queries.filters import Filters, filters, further
from storage.queries.names import Names
from storage.queries.rows import OpenAt, Page, RegisterRow, RequestRow
from storage.reader import Reader
from storage.transaction import Row
from storage.unit_of_work.requests import flow_of
from storage.unit_of_work.slots import COLUMNS as SLOT_COLUMNS
from storage.unit_of_work.slots import slot_of
from storage.visibility import Branch, Sight, Viewer, involved_in, sight, visible

View = Literal["mine", "involved", "all"]
Sort = Literal["newest", "oldest"]

COLUMNS = (
    "r.place, r.id, r.number, r.process, r.definition, r.version, r.title, r.requester,"
    " r.department, r.status, r.round, r.created_at, r.submitted_at, r.ended_at, r.decided, r.rest"
)


def requests(
    reader: Reader,
    viewer: Viewer,
    view: View = "mine",
    *,
    status: str | Iterable[str] | None = None,
    process: str | None = None,
    q: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
    sort: Sort = "newest",
) -> Page[RequestRow]:
    """One page of the requests that one made (`mine`), had a task or copy of (`involved`), or may
    see (`all`); drafts only in `mine`. In `all` an administrator's rows have no content: no title,
    no summary.

    Raises:
        BadCursor: the cursor is none of this list.
    """
    limit = bounded(limit)
    statuses = [status] if isinstance(status, str) and status else list(status or ())
    narrowed = filters(reader, process=process, statuses=statuses, q=q)
    if narrowed is None:
        return Page(items=())
    oldest = sort == "oldest"
    rows = _rows(reader, _branches(viewer, view, narrowed), narrowed, view, cursor, limit, oldest)
    names = Names(reader)
    items = with_open(reader, names, [request_row(names, row) for row in rows[:limit]])
    if view == "all" and viewer.role == "administrator":
        items = tuple(_as_seen(reader, viewer, item) for item in items)
    return Page(items=items, next=cursor_of(rows[limit - 1][:1]) if len(rows) > limit else None)


def every_request(
    reader: Reader,
    viewer: Viewer,
    view: View = "all",
    *,
    status: str = "",
    process: str = "",
    q: str = "",
    requester: str = "",
    department: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> Iterator[RequestRow]:
    """Every request of the view that has been submitted, the oldest first, a page at a time, so
    that however many there are, few are held; an administrator's rows have their content."""
    narrowed = filters(reader, process=process, statuses=[status] if status else (), q=q)
    if narrowed is None:
        return
    narrowed = further(
        narrowed, requester=requester, department=department, since=since, until=until
    )
    narrowed = replace(narrowed, sql=f"{narrowed.sql} AND r.status <> 'draft'")
    branches, names, after = _branches(viewer, view, narrowed), Names(reader), None
    while True:
        rows = _rows(reader, branches, narrowed, view, after, MOST, True)
        for row in rows[:MOST]:
            yield request_row(names, row)
        if len(rows) <= MOST:
            return
        after = cursor_of(rows[MOST - 1][:1])


def request(reader: Reader, viewer: Viewer, id: str) -> RequestRow | None:
    """One request; None also for what the viewer may not know of."""
    seen = sight(reader, viewer, id)
    if seen == "no":
        return None
    row = reader.one(f"SELECT {COLUMNS} FROM requests r WHERE r.id = ?", (id,))  # noqa: S608
    if row is None:
        return None
    names = Names(reader)
    found = with_open(reader, names, [request_row(names, row)])[0]
    return found if seen == "all" else state_only(found)


def may_see(reader: Reader, viewer: Viewer, id: str) -> Sight:
    """What the viewer may see of a request: nothing, its existence and state, or all."""
    return sight(reader, viewer, id)


def registers(
    reader: Reader, viewer: Viewer, process: str, *, limit: int = 2000
) -> tuple[RegisterRow, ...]:
    """A process's submitted requests that the viewer may see, newest first, with variables."""
    narrowed = Filters(
        sql=" AND r.process = ? AND r.submitted_at IS NOT NULL", arguments=(process,)
    )
    rows = _rows(reader, visible(viewer), narrowed, "all", None, limit, False)[:limit]
    names = Names(reader)
    found = with_open(reader, names, [request_row(names, row) for row in rows])
    among, argument = reader.among("request", [row.id for row in found])
    sql = f"SELECT request, flow FROM flows WHERE {among}"  # noqa: S608
    flows: dict[str, bytes] = dict(reader.all(sql, (argument,)))
    return tuple(
        RegisterRow(
            request=row,
            variables=flow_of(flows[row.id]).scopes.get("", {}).get("values", {})
            if row.id in flows
            else {},
        )
        for row in found
    )


def request_row(names: Names, row: Row) -> RequestRow:
    """The row of `COLUMNS`, without its open tasks."""
    digest, process_name, process_name_en, definition_version = names.version(row[4])
    rest = unpack(row[15])
    return RequestRow(
        id=RequestId(row[1]),
        number=row[2],
        process=row[3],
        process_name=process_name,
        process_name_en=process_name_en,
        definition=digest,
        definition_version=definition_version,
        version=row[5],
        title=row[6],
        summary=rest.get("summary", {}),
        requester=PersonId(row[7]),
        requester_name=names.person(row[7]).name,
        department=row[8],
        status=row[9],
        outcome=rest.get("outcome"),
        round=row[10],
        created_at=moment(row[11]),
        submitted_at=optional_moment(row[12]),
        ended_at=optional_moment(row[13]),
        decided=bool(row[14]),
        ends=tuple(rest.get("ends", ())),
    )


def with_open(reader: Reader, names: Names, rows: list[RequestRow]) -> tuple[RequestRow, ...]:
    """The same rows with the tasks that are open in each."""
    going = [row.id for row in rows if row.status not in ENDED]
    if not going:
        return tuple(rows)
    among, argument = reader.among("request", going)
    found: dict[str, list[OpenAt]] = {}
    places = {row.id: row for row in rows}
    for kept in reader.all(
        f"SELECT {SLOT_COLUMNS} FROM slots WHERE {among} AND status = 'open'"  # noqa: S608
        " ORDER BY request, ordinal",
        (argument,),
    ):
        slot = slot_of(kept)
        name, name_en = names.node_of(slot.definition or places[slot.request].definition, slot.node)
        found.setdefault(slot.request, []).append(
            OpenAt(
                node=slot.node,
                node_name=name,
                node_name_en=name_en,
                holders=names.people(slot.holders),
                candidates=names.people(slot.candidates),
                due=slot.due,
                task_id=slot.id,
            )
        )
    return tuple(replace(row, open=tuple(found.get(row.id, ()))) for row in rows)


def state_only(row: RequestRow) -> RequestRow:
    """What an administrator sees of it without a reason: that it exists, and its state."""
    return replace(row, title="", summary={}, outcome=None)


def _as_seen(reader: Reader, viewer: Viewer, row: RequestRow) -> RequestRow:
    return row if sight(reader, viewer, row.id) == "all" else state_only(row)


def _branches(viewer: Viewer, view: View, narrowed: Filters) -> list[Branch]:
    if view == "mine":
        return [Branch(source="requests r", where="r.requester = ?", arguments=(viewer.person,))]
    if view == "involved":
        return [involved_in(viewer)]
    # Words are searched only in what he may read: what is found tells of the content.
    return visible(viewer, content=narrowed.few is not None or " searched " in narrowed.sql)


def _rows(
    reader: Reader,
    branches: list[Branch],
    narrowed: Filters,
    view: View,
    after: str | None,
    limit: int,
    oldest: bool,
) -> list[Row]:
    """The first `limit` + 1 rows of all branches together, in the order of their places."""
    found: dict[int, Row] = {}
    for branch in branches:
        where, arguments = branch.where, list(branch.arguments)
        if view != "mine":
            where += " AND r.status <> 'draft'"
        if narrowed.few is not None:
            among, argument = reader.among("r.id", narrowed.few)
            where += f" AND {among}"
            arguments.append(argument)
        if after is not None:
            where += f" AND {branch.place} {'>' if oldest else '<'} ?"
            arguments.extend(key_of(after, (int,)))
        sql = (
            f"SELECT {COLUMNS} FROM {branch.source} WHERE {where}{narrowed.sql}"  # noqa: S608
            f" ORDER BY {branch.place} {'' if oldest else 'DESC'} LIMIT ?"
        )
        for row in reader.all(sql, (*arguments, *narrowed.arguments, limit + 1)):
            found[row[0]] = row
    return [found[place] for place in sorted(found, reverse=not oldest)[: limit + 1]]
