"""Changing the organisation: what a file says against what is there, each change with its entry."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.ids import PersonId
from storage import journal, organisation
from storage.organisation import Snapshot
from storage.organisation_files import COLUMNS, BadFile, OrganisationFile, Rows
from storage.packing import text_of
from storage.transaction import Transaction

_EMPTY: Mapping[str, Any] = {
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
}
VERB = {
    "departments": "department.changed",
    "groups": "group.changed",
    "people": "person.changed",
}
"""The verb of a change's entry, by table."""
_PUT = {
    "departments": (
        "INSERT INTO departments (name, short, head, deputy, days) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (name) DO UPDATE SET short = excluded.short, head = excluded.head,"
        " deputy = excluded.deputy, days = excluded.days"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One entry of the organisation that an import adds or changes."""

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
) -> list[Change]:
    """Bring the entries that the file names to what it says; what it does not say of them stays.

    With `dry_run` nothing is written. Each change is an entry of the system chain.

    Raises:
        BadFile: it names somebody or something that is neither there nor in the file.
    """
    journal.lock_system(transaction)
    snapshot = organisation.read(transaction)
    found = list(_differences(snapshot, file))
    _check_references(snapshot, file)
    if dry_run:
        return found
    for change in found:
        put(transaction, change.table, change.row)
        journal.record(
            transaction,
            at=at,
            body={
                "verb": VERB[change.table],
                "outcome": "done",
                "actor": by,
                "via": via,
                "subject": change.key,
                "new": change.new,
            },
            particulars={
                **({"actor.name": by_name} if by_name else {}),
                "row": dict(change.row),
                **{f"changed.{name}": list(pair) for name, pair in change.changes.items()},
            },
        )
    if found:
        organisation.touch(transaction)
    return found


def put(transaction: Transaction, table: str, row: Mapping[str, Any]) -> None:
    """Write one entry of the organisation as it is from now on (also when it is rebuilt)."""
    transaction.execute(_PUT[table], _COLUMNS[table](row))


def _department(row: Mapping[str, Any]) -> tuple[Any, ...]:
    days = dict.fromkeys(row.get("worked", ()), True)
    days.update(dict.fromkeys(row.get("free", ()), False))
    kept = text_of(days) if days else None
    return row["name"], row["short"], row["head"] or None, row["deputy"] or None, kept


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
    "groups": _group,
    "people": _person,
}


def rows_of(snapshot: Snapshot) -> dict[str, Rows]:
    """The organisation in the words of a file."""
    return {
        "departments": {
            unit.name: {
                "name": unit.name,
                "short": unit.short,
                "head": unit.head or "",
                "deputy": unit.deputy or "",
                "worked": [day for day, worked in unit.days if worked],
                "free": [day for day, worked in unit.days if not worked],
            }
            for unit in snapshot.units.values()
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


def _differences(snapshot: Snapshot, file: OrganisationFile) -> Iterator[Change]:
    there = rows_of(snapshot)
    for table in COLUMNS:
        for key, said in getattr(file, table).items():
            old = there[table].get(key)
            before = {column: _EMPTY.get(column, key) for column in COLUMNS[table]}
            before.update(old or {})
            row = {**before, **said}
            changes = {
                name: (before[name] if old else None, value)
                for name, value in row.items()
                if (value != before[name]) or (old is None and value not in ("", []))
            }
            if changes or old is None:
                yield Change(table=table, key=key, new=old is None, changes=changes, row=row)


def _check_references(snapshot: Snapshot, file: OrganisationFile) -> None:
    """Raise `BadFile` with everything that the file names and nobody has."""
    people = {*snapshot.people, *file.people}
    problems = [
        f"{key}: its {column} {row[column]} is nobody's id."
        for key, row in file.departments.items()
        for column in ("head", "deputy")
        if row.get(column) and row[column] not in people
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
