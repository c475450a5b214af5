"""The organisation over the API: kept by administrators, watched by auditors, as of any moment."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Response

from engine.people.directory import Person
from engine.refusals import NotYours, Unknown
from forms import Message
from storage import past, queries
from storage.handing_over import Handover
from storage.organisation import Snapshot
from storage.organising import rows_of
from storage.past import Told
from storage.queries import BadCursor
from storage.reader import Reader
from web import organising
from web.absences import moment_of
from web.api import bodies, documents, substitutions, who
from web.api import organisation_shapes as shapes
from web.api.calls import answer, call
from web.api.documents import Document
from web.api.schemas import Nothing
from web.api.wrong import Wrong
from web.door import Door
from web.once import Once
from web.organising import Accounts, Desk, listing
from web.organising.doing import known
from web.pages import here

NOT_MOMENT = Message(
    "应为日期或时间，例如 2026-11-03", "A date or a moment is expected, such as 2026-11-03"
)
WATCHING = ("auditor", "administrator")


# ---- all of it, and its past


@call("GET", "/organisation", query=shapes.AtQuery, answer=shapes.OrganisationNow)
def organisation(asked: dict[str, Any]) -> Document:
    """All of the organisation, `at` a past moment for auditors and administrators.

    Others get the directory as of now: active people, without addresses.
    """
    watches = here.me().role in WATCHING
    if asked["at"] and not watches:
        raise NotYours()
    at = here.now()
    if asked["at"]:
        found = moment_of(asked["at"], here.zone())
        if found is None:
            raise Wrong(422, bodies.NOT_RIGHT, {"at": NOT_MOMENT})
        at = found
    with here.reading() as reader:
        then = past.as_of(reader, at) if asked["at"] else reader.organisation.current(reader)
    return _all(then, at, watches=watches)


def _all(then: Snapshot, at: datetime, *, watches: bool) -> Document:
    rows = rows_of(then)
    inside = _Inside(then)
    people = [row for _, row in sorted(rows["people"].items()) if watches or row["active"]]
    standing = [each for some in then.substitutions.values() for each in some] if watches else []
    return {
        "at": documents.moment(at),
        "people": [_shown(row, watches=watches) for row in people],
        "departments": [
            {**_plain(row), "members": inside.of("departments", name)}
            for name, row in sorted(rows["departments"].items())
        ],
        "posts": [
            {**rows["posts"].get(id, {"id": id, "name": id, "name_en": ""}),
             "members": inside.of("posts", id)}
            for id in inside.posts()
        ],
        "groups": [{"name": n, "members": inside.of("groups", n)} for n in sorted(rows["groups"])],
        "substitutions": [
            {
                "id": each.id,
                "person": each.person,
                "substitute": each.substitute,
                "from": documents.moment(each.since),
                "until": documents.moment(each.until),
                "processes": list(each.processes),
            }
            for each in sorted(standing, key=lambda each: (each.since, each.id))
            if at < each.until
        ],
        "handovers": [
            {"person": person, "to": heir} for person, heir in sorted(then.heirs.items()) if watches
        ],
    }  # fmt: skip


@call(
    "GET",
    "/organisation/changes",
    query=shapes.ChangesQuery,
    answer=shapes.OrganisationChanges,
    first=lambda: _watchers_only(),
)
def organisation_changes(asked: dict[str, Any]) -> Document:
    """Who changed what of the organisation and when, for administrators and auditors."""
    _watchers_only()
    before = None if asked["cursor"] is None else _cursor(asked["cursor"])
    with here.reading() as reader:
        found = past.history(
            reader,
            table=asked["kind"],
            key=asked["subject"],
            before=before,
            limit=asked["limit"] + 1,
        )
        names = queries.Names(reader)
    shown = found[: asked["limit"]]
    more = len(found) > len(shown)
    return {
        "items": [_told(each, names) for each in shown],
        "next": str(shown[-1].seq) if more else None,
    }


# ---- people


@call(
    "GET",
    "/organisation/people",
    query=shapes.OrganisationPeopleQuery,
    answer=shapes.PeopleRows,
    first=lambda: _watchers_only(),
)
def organisation_people(asked: dict[str, Any]) -> Document:
    """People by words, department, post, group, role, state; for those who keep or watch."""
    _watchers_only()
    wanted = {name: asked[name] for name in ("q", "department", "post", "group", "role", "state")}
    with here.reading() as reader:
        snapshot = reader.organisation.current(reader)
        accounts = Accounts.of_reader(reader)
        versions = past.versions(reader, "people")
    found = listing.people(snapshot, listing.Wanted(**wanted), accounts, mail=True)
    left = [each for each in found if asked["cursor"] is None or each.id > asked["cursor"]]
    shown = left[: asked["limit"]]
    rows = rows_of(snapshot)["people"]
    return {
        "items": [
            {
                **rows[each.id],
                "account": accounts.state(each.id),
                "version": str(versions.get(each.id, 0)),
            }
            for each in shown
        ],
        "next": shown[-1].id if len(left) > len(shown) else None,
    }


@call(
    "POST",
    "/organisation/people",
    body=shapes.PersonGiven,
    answer=shapes.PersonRow,
    status=201,
    verb=True,
    first=lambda: _administrators_only(),
)
def add_person(given: dict[str, Any]) -> Response:
    """Add a person (an administrator)."""
    return _saved("people", None, given)


@call("GET", "/organisation/people/<id>", answer=shapes.PersonRow)
def organisation_person(id: str) -> Response:
    """A person, with his version (administrators and auditors; others as in the directory)."""
    return _one("people", id)


@call(
    "PUT",
    "/organisation/people/<id>",
    body=shapes.PersonGiven,
    answer=shapes.PersonRow,
    verb=True,
    first=lambda id: _first("people", id),
)
def change_person(id: str, given: dict[str, Any]) -> Response:
    """Change a person (an administrator); what is left out stays."""
    return _saved("people", id, given)


@call(
    "GET",
    "/organisation/people/<id>/leaving",
    answer=shapes.LeavingPreview,
)
def preview_leaving(id: str) -> Document:
    """What would move and be left if this person left (an administrator)."""
    _first("people", id)
    with here.reading() as reader:
        found = organising.Leaving.of(reader, _desk(), id)
    return {
        "tasks": list(found.tasks),
        "substitutions": found.substitutions,
        "heads": list(found.heads),
        "below": list(found.below),
        "requests": found.requests,
    }


@call(
    "POST",
    "/organisation/people/<id>/leave",
    body=shapes.LeavingGiven,
    answer=substitutions.Handover,
    verb=True,
    first=lambda id: _first("people", id),
)
def leave(id: str, given: dict[str, Any]) -> Document:
    """He leaves (an administrator): what he has passes to `to`, and he can't sign in."""
    _first("people", id)
    made: Handover = organising.leave(_desk(), id, once=_once(given), **given)
    with here.reading() as reader:
        return substitutions.handover_document(made, queries.Names(reader))


@call(
    "POST",
    "/organisation/people/<id>/disable",
    body=Nothing,
    answer=shapes.PersonRow,
    first=lambda id: _first("people", id),
)
def disable_person(id: str, **_: Any) -> Response:
    """Nobody signs in as him from now on; sessions and tokens die at once (an administrator)."""
    _first("people", id)
    organising.close_account(_desk(), id)
    return _one("people", id)


@call(
    "POST",
    "/organisation/people/<id>/enable",
    body=Nothing,
    answer=shapes.PersonRow,
    first=lambda id: _first("people", id),
)
def enable_person(id: str, **_: Any) -> Response:
    """He may sign in again (an administrator)."""
    _first("people", id)
    organising.open_account(_desk(), id)
    return _one("people", id)


@call(
    "POST",
    "/organisation/people/<id>/password",
    body=Nothing,
    answer=shapes.GivenPassword,
    first=lambda id: _first("people", id),
)
def give_password(id: str, **_: Any) -> Document:
    """A password for once, told only here (an administrator): he has to choose his own."""
    _first("people", id)
    return {"password": organising.new_password(_desk(), id)}


# ---- departments, posts, groups


@call("GET", "/organisation/departments", answer=shapes.DepartmentRows)
def organisation_departments() -> Document:
    """Every department, by name, with its people."""
    return _rows("departments")


@call(
    "POST",
    "/organisation/departments",
    verb=True,
    body=shapes.DepartmentGiven,
    answer=shapes.DepartmentRow,
    status=201,
    first=lambda: _administrators_only(),
)
def add_department(given: dict[str, Any]) -> Response:
    """Add a department (an administrator)."""
    return _saved("departments", None, given)


@call("GET", "/organisation/departments/<path:name>", answer=shapes.DepartmentRow)
def organisation_department(name: str) -> Response:
    """A department, with its version."""
    return _one("departments", name)


@call(
    "PUT",
    "/organisation/departments/<path:name>",
    body=shapes.DepartmentGiven,
    answer=shapes.DepartmentRow,
    verb=True,
    first=lambda name: _first("departments", name),
)
def change_department(name: str, given: dict[str, Any]) -> Response:
    """Change or rename a department (an administrator): its people come along."""
    return _saved("departments", name, given)


@call("DELETE", "/organisation/departments/<path:name>", answer=shapes.RemovedRow, verb=True)
def remove_department(name: str) -> Document:
    """Remove a department that nobody is in (an administrator)."""
    return _removed("departments", name)


@call("GET", "/organisation/posts", answer=shapes.PostRows)
def organisation_posts() -> Document:
    """Every post that is named or held, with who holds it."""
    return _rows("posts")


@call(
    "POST",
    "/organisation/posts",
    verb=True,
    body=shapes.PostGiven,
    answer=shapes.PostRow,
    status=201,
    first=lambda: _administrators_only(),
)
def add_post(given: dict[str, Any]) -> Response:
    """Add a post (an administrator)."""
    return _saved("posts", None, given)


@call("GET", "/organisation/posts/<id>", answer=shapes.PostRow)
def organisation_post(id: str) -> Response:
    """A post, with its version."""
    return _one("posts", id)


@call(
    "PUT",
    "/organisation/posts/<id>",
    body=shapes.PostGiven,
    answer=shapes.PostRow,
    verb=True,
    first=lambda id: _first("posts", id),
)
def change_post(id: str, given: dict[str, Any]) -> Response:
    """Name a post, or say who holds it (an administrator)."""
    return _saved("posts", id, given)


@call("DELETE", "/organisation/posts/<id>", answer=shapes.RemovedRow, verb=True)
def remove_post(id: str) -> Document:
    """Remove a post that nobody holds (an administrator)."""
    return _removed("posts", id)


@call("GET", "/organisation/groups", answer=shapes.GroupRows)
def organisation_groups() -> Document:
    """Every group, with its people."""
    return _rows("groups")


@call(
    "POST",
    "/organisation/groups",
    verb=True,
    body=shapes.GroupGiven,
    answer=shapes.GroupRow,
    status=201,
    first=lambda: _administrators_only(),
)
def add_group(given: dict[str, Any]) -> Response:
    """Add a group (an administrator)."""
    return _saved("groups", None, given)


@call("GET", "/organisation/groups/<path:name>", answer=shapes.GroupRow)
def organisation_group(name: str) -> Response:
    """A group, with its version."""
    return _one("groups", name)


@call(
    "PUT",
    "/organisation/groups/<path:name>",
    body=shapes.GroupGiven,
    answer=shapes.GroupRow,
    verb=True,
    first=lambda name: _first("groups", name),
)
def change_group(name: str, given: dict[str, Any]) -> Response:
    """Say who is in a group (an administrator)."""
    return _saved("groups", name, given)


@call("DELETE", "/organisation/groups/<path:name>", answer=shapes.RemovedRow, verb=True)
def remove_group(name: str) -> Document:
    """Remove a group that nobody is in (an administrator)."""
    return _removed("groups", name)


# ---- what they share


def _desk() -> Desk:
    door = here.system()
    assert isinstance(door, Door)
    return Desk(door=door, me=here.me(), by=who.actor())


def _first(table: str, key: str) -> None:
    """404, then 403."""
    known(_desk(), table, key)
    _administrators_only()


def _administrators_only() -> None:
    if not who.administers():
        raise NotYours()


def _watchers_only() -> None:
    if here.me().role not in WATCHING:
        raise NotYours()


def _version() -> int | None:
    text = bodies.version()
    return None if text is None else _number(text)


def _number(text: str) -> int:
    """A version or cursor; -1 where it is none that we have given."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else -1


def _cursor(text: str) -> int:
    """The entry's number that a cursor names. Raises `BadCursor`."""
    if _number(text) < 1:
        raise BadCursor(text)
    return _number(text)


def _saved(table: str, key: str | None, given: dict[str, Any]) -> Response:
    saved = organising.save(
        _desk(), table, key, given, version=_version(), sure=True, once=_once(given)
    )
    return _one(table, saved.key, 200 if key else 201, warnings=saved.warnings)


def _removed(table: str, key: str) -> Document:
    removed = organising.remove(_desk(), table, key, version=_version(), sure=True, once=_once({}))
    return {"removed": removed.key, "warnings": _said(removed.warnings)}


def _once(given: dict[str, Any]) -> Once:
    return Once(person=here.me().id, key=bodies.key(), body=bodies.call_digest(given))


def _said(warnings: Sequence[Message]) -> list[str]:
    return [each.said(here.locale()) for each in warnings]


def _one(table: str, key: str, status: int = 200, *, warnings: Sequence[Message] = ()) -> Response:
    """One entry as it is now, its version also as the answer's ETag."""
    known(_desk(), table, key)
    with here.reading() as reader:
        found = _row(reader, table, key)
        found["version"] = str(past.version(reader, table, key))
    if warnings:
        found["warnings"] = _said(warnings)
    made = answer(found, status)
    made.set_etag(found["version"])
    return made


def _row(reader: Reader, table: str, key: str) -> Document:
    snapshot = reader.organisation.current(reader)
    row = rows_of(snapshot)[table].get(key, {"id": key, "name": key, "name_en": ""})
    watches = here.me().role in WATCHING
    if table == "people":
        if not (row["active"] or watches):
            raise Unknown()
        account = {"account": Accounts.of_reader(reader).state(key)} if watches else {}
        return {**_shown(row, watches=watches), **account}
    return {**_plain(row), "members": _Inside(snapshot).of(table, key)}


def _rows(table: str) -> Document:
    with here.reading() as reader:
        snapshot = reader.organisation.current(reader)
        versions = past.versions(reader, table)
    inside = _Inside(snapshot)
    rows: Mapping[str, Mapping[str, Any]] = rows_of(snapshot)[table]
    if table == "posts":
        rows = {id: rows.get(id, {"id": id, "name": id, "name_en": ""}) for id in inside.posts()}
    return {
        "items": [
            {
                **_plain(rows[key]),
                "members": inside.of(table, key),
                "version": str(versions.get(key, 0)),
            }
            for key in sorted(rows)
        ],
        "next": None,
    }


def _plain(row: Mapping[str, Any]) -> Document:
    return {name: each for name, each in row.items() if name != "former"}


def _shown(row: Mapping[str, Any], *, watches: bool) -> Document:
    """A person; his address only to those who keep or watch."""
    return {name: each for name, each in row.items() if watches or name != "email"}


class _Inside:
    """Who is in what, looked up once for all; who has left only to those who keep or watch."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._found: dict[tuple[str, str], list[str]] = {}
        columns: dict[str, Callable[[Person], Sequence[str]]] = {
            "departments": lambda person: (person.department,),
            "posts": lambda person: person.posts,
            "groups": lambda person: person.groups,
        }
        for id in sorted(snapshot.people):
            if not (snapshot.people[id].active or here.me().role in WATCHING):
                continue
            for table, places in columns.items():
                for place in places(snapshot.people[id]):
                    self._found.setdefault((table, place), []).append(id)

    def of(self, table: str, key: str) -> list[str]:
        """Their ids."""
        return self._found.get((table, key), [])

    def posts(self) -> list[str]:
        """Every post that is named or held."""
        held = {key for table, key in self._found if table == "posts"}
        return sorted({*held, *self._snapshot.posts})


def _told(each: Told, names: queries.Names) -> Document:
    return {
        "seq": each.seq,
        "at": documents.moment(each.at),
        "verb": each.verb,
        "by": {"id": each.by, "name": each.by_name or names.person(each.by).name},
        "via": each.via,
        "subject": each.subject,
        "new": each.new,
        "changes": [{"field": field, "old": old, "new": new} for field, old, new in each.fields],
        "about": dict(each.about),
        "comment": each.comment,
    }
