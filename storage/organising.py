"""Changing the organisation: what is said against what is there, each change with its entry."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.actor import Actor
from engine.ids import PersonId
from storage import journal, organisation
from storage.indexing import VERB
from storage.organisation import Snapshot
from storage.organisation_files import COLUMNS, KEYS, BadFile, OrganisationFile, Rows
from storage.packing import text_of
from storage.superiors import rings
from storage.transaction import Transaction

EMPTY: Mapping[str, Any] = {
    "short": "",
    "head": "",
    "deputy": "",
    "worked": [],
    "free": [],
    "department": "",
    "posts": [],
    "groups": [],
    "superior": [],
    "email": "",
    "active": True,
    "role": "",
    "name": "",
    "name_en": "",
}
"""What a new entry has where nothing is said."""
_PUT = {
    "departments": (
        "INSERT INTO departments (name, short, head, deputy, days, name_en, former)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (name) DO UPDATE SET short = excluded.short, head = excluded.head,"
        " deputy = excluded.deputy, days = excluded.days, name_en = excluded.name_en,"
        " former = excluded.former"
    ),
    "posts": (
        "INSERT INTO named_posts (id, name, name_en) VALUES (?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET name = excluded.name, name_en = excluded.name_en"
    ),
    "groups": "INSERT INTO groups (name) VALUES (?) ON CONFLICT (name) DO NOTHING",
    "people": (
        "INSERT INTO people"
        " (id, name, department, posts, groups, superiors, email, active, role)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name,"
        " department = excluded.department, posts = excluded.posts, groups = excluded.groups,"
        " superiors = excluded.superiors, email = excluded.email, active = excluded.active,"
        " role = excluded.role"
    ),
}
_PLACES = {"department": "departments", "posts": "posts", "groups": "groups"}
"""Columns of a person that name what he is in, and the tables of these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One entry of the organisation that is added or changed."""

    table: str
    key: str
    new: bool
    changes: Mapping[str, tuple[Any, Any]]
    """Field -> old, new; of a new entry only what it has."""
    row: Mapping[str, Any]
    """All of it, as it is afterwards."""


def import_file(
    transaction: Transaction,
    file: OrganisationFile,
    *,
    by: PersonId,
    by_name: str,
    at: datetime,
    via: str = "command line",
    dry_run: bool = False,
    warn: Callable[[str], None] = lambda sentence: None,
) -> list[Change]:
    """Bring the entries that the file names to what it says; what it does not say of them stays.

    With `dry_run` nothing is written. Each change is an entry of the system chain. `warn` is told
    what may not be meant so. Who stands in for whom is storage.importing's.

    Raises:
        BadFile: it names somebody or something that is neither there nor in the file, or leaves
            nobody to administer.
    """
    journal.lock_system(transaction)
    snapshot = organisation.read(transaction)
    found = list(_differences(snapshot, file))
    _check_references(snapshot, file)
    _check_administrators(snapshot, found)
    for ring in rings_after(snapshot, found):
        if not file.people.keys().isdisjoint(ring):
            warn(f"The superiors go round in a circle: {' → '.join([*ring, ring[0]])}.")
    if dry_run:
        return found
    actor = Actor(id=by, name=by_name, via=via)
    for change in found:
        record(transaction, change, actor, at)
    if found:
        organisation.touch(transaction)
    return found


def record(transaction: Transaction, change: Change, by: Actor, at: datetime) -> int:
    """Write one change, and its entry; the entry's number. `organisation.touch` comes after."""
    put(transaction, change.table, change.row)
    return tell(
        transaction,
        VERB[change.table],
        by,
        at,
        {"subject": change.key, "new": change.new, **_also(change)},
        {
            "row": dict(change.row),
            **{f"changed.{name}": list(pair) for name, pair in change.changes.items()},
        },
    )


def tell(
    transaction: Transaction,
    verb: str,
    by: Actor,
    at: datetime,
    body: Mapping[str, Any],
    particulars: Mapping[str, Any],
) -> int:
    """An entry of the system chain about the organisation; its number."""
    who = {"actor.name": by.name, "actor.origin": by.origin}
    return journal.record(
        transaction,
        at=at,
        body={"verb": verb, "outcome": "done", "actor": by.id, "via": by.via, **body},
        particulars={**{name: said for name, said in who.items() if said}, **particulars},
    )


def _also(change: Change) -> dict[str, Any]:
    """Which departments, posts and groups a person came into or left: their history tells it."""
    also = [
        [table, each]
        for column, table in _PLACES.items()
        for each in _moved(*change.changes.get(column, ([], [])))
        if change.table == "people"
    ]
    return {"also": also} if also else {}


def _moved(old: Any, new: Any) -> list[str]:
    """What is only before, or only after."""
    before, after = ([each] if isinstance(each, str) else each or [] for each in (old, new))
    return sorted(({*before} ^ {*after}) - {""})


def put(transaction: Transaction, table: str, row: Mapping[str, Any]) -> None:
    """Write one entry of the organisation as it is from now on (also when it is rebuilt)."""
    transaction.execute(_PUT[table], _COLUMNS[table](row))


def _department(row: Mapping[str, Any]) -> tuple[Any, ...]:
    days = dict.fromkeys(row.get("worked", ()), True)
    days.update(dict.fromkeys(row.get("free", ()), False))
    kept = text_of(days) if days else None
    former = row.get("former") or ()
    return (
        row["name"],
        row["short"],
        row["head"] or None,
        row["deputy"] or None,
        kept,
        row.get("name_en") or None,
        text_of(list(former)) if former else None,
    )


def _post(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["id"], row["name"], row["name_en"]


def _group(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return (row["name"],)


def _person(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return (
        row["id"],
        row["name"],
        row["department"],
        text_of(row["posts"]),
        text_of(row["groups"]),
        text_of(row["superior"]),
        row["email"],
        int(row["active"]),
        row["role"],
    )


_COLUMNS: Mapping[str, Callable[[Mapping[str, Any]], tuple[Any, ...]]] = {
    "departments": _department,
    "posts": _post,
    "groups": _group,
    "people": _person,
}


def rows_of(snapshot: Snapshot) -> dict[str, Rows]:
    """The organisation in the words of a file (and what departments were called before)."""
    return {
        "departments": {
            unit.name: {
                "name": unit.name,
                "name_en": unit.name_en,
                "short": unit.short,
                "head": unit.head or "",
                "deputy": unit.deputy or "",
                "worked": [day for day, worked in unit.days if worked],
                "free": [day for day, worked in unit.days if not worked],
                **({"former": list(unit.former)} if unit.former else {}),
            }
            for unit in snapshot.units.values()
        },
        "posts": {
            post.id: {"id": post.id, "name": post.name, "name_en": post.name_en}
            for post in snapshot.posts.values()
        },
        "groups": {name: {"name": name} for name in snapshot.groups},
        "people": {
            person.id: {
                "id": person.id,
                "name": person.name,
                "department": person.department,
                "posts": list(person.posts),
                "groups": list(person.groups),
                "superior": list(person.superiors),
                "email": person.email,
                "active": person.active,
                "role": person.role,
            }
            for person in snapshot.people.values()
        },
    }


def difference(
    table: str, key: str, old: Mapping[str, Any] | None, said: Mapping[str, Any]
) -> Change | None:
    """What is said of an entry against what it was; None if nothing changes."""
    before = {column: EMPTY.get(column, "") for column in COLUMNS[table]} | {KEYS[table]: key}
    before.update(old or {})
    row = {**before, **said}
    changes = {
        name: (before[name] if old else None, value)
        for name, value in row.items()
        if (value != before[name]) or (old is None and value not in ("", []))
    }
    if not changes and old is not None:
        return None
    return Change(table=table, key=key, new=old is None, changes=changes, row=row)


def _differences(snapshot: Snapshot, file: OrganisationFile) -> Iterator[Change]:
    there = rows_of(snapshot)
    for table in COLUMNS:
        for key, said in getattr(file, table).items():
            change = difference(table, key, there[table].get(key), said)
            if change is not None:
                yield change


def rings_after(snapshot: Snapshot, changes: list[Change]) -> list[tuple[str, ...]]:
    """Lines of superiors that turn back on themselves, once the changes are made."""
    line: dict[str, tuple[str, ...]] = {
        person.id: person.superiors for person in snapshot.people.values()
    }
    for change in changes:
        if change.table == "people":
            line[change.key] = tuple(change.row["superior"])
    return rings(line)


def administrators_after(snapshot: Snapshot, changes: list[Change]) -> set[str]:
    """Who administers, once the changes are made."""
    found: set[str] = set(snapshot.administrators())
    for change in changes:
        if change.table == "people":
            is_one = change.row["active"] and change.row["role"] == "administrator"
            found = found | {change.key} if is_one else found - {change.key}
    return found


def _check_administrators(snapshot: Snapshot, changes: list[Change]) -> None:
    if snapshot.administrators() and not administrators_after(snapshot, changes):
        raise BadFile(["Nobody would be left who is active and has the role administrator."])


def _check_references(snapshot: Snapshot, file: OrganisationFile) -> None:
    """Raise `BadFile` with everything that the file names and nobody has."""
    people = {*snapshot.people, *file.people}
    problems = [
        f"{key}: its {column} {row[column]} is nobody's id."
        for key, row in file.departments.items()
        for column in ("head", "deputy")
        if row.get(column) and row[column] not in people
    ]
    problems += [
        f"{key}: the name is missing."
        for key, row in file.posts.items()
        if not row.get("name") and ("name" in row or key not in snapshot.posts)
    ]
    known = {"units": {*snapshot.units, *file.departments}, "people": people}
    known["groups"] = {*snapshot.groups, *file.groups}
    for key, row in file.people.items():
        if not row.get("name") and ("name" in row or key not in snapshot.people):
            problems.append(f"{key}: the name is missing.")
        problems.extend(_unknown(key, row, known))
    if problems:
        raise BadFile(problems)


def _unknown(key: str, row: Mapping[str, Any], known: Mapping[str, set[str]]) -> Iterator[str]:
    if row.get("department") and row["department"] not in known["units"]:
        yield f"{key}: there is no department {row['department']}."
    for name in row.get("groups", ()):
        if name not in known["groups"]:
            yield f"{key}: there is no group {name}."
    for id in row.get("superior", ()):
        if id == key:
            yield f"{key}: nobody is his own superior."
        elif id not in known["people"]:
            yield f"{key}: the superior {id} is nobody's id."
