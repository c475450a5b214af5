"""Renaming departments, removing what nobody is in any more, and doing again what entries tell."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.actor import Actor
from engine.journal import Entry
from storage import organising
from storage.indexing import REMOVED, RENAMED, TABLE_OF
from storage.organisation import Snapshot
from storage.organising import Change, put, rows_of, tell
from storage.transaction import Transaction

KEY = {"departments": "name", "posts": "id", "groups": "name"}
_PEOPLE = {"departments": "department", "posts": "posts", "groups": "groups"}


def inside(snapshot: Snapshot, table: str, key: str) -> list[str]:
    """Who is in a department or group or holds a post, those who have left too, sorted."""
    column = _PEOPLE[table]
    return sorted(
        person.id
        for person in snapshot.people.values()
        if (person.department == key if column == "department" else key in getattr(person, column))
    )


def rename(
    transaction: Transaction, snapshot: Snapshot, old: str, change: Change, by: Actor, at: datetime
) -> int:
    """A department gets another name, and perhaps another head in the same act: its people are in
    it under the new name, requests made under the old one stay its own. One entry; its number.

    `change` is against the department as it was; `key` and `row["name"]` are the new name.
    """
    people = rows_of(snapshot)["people"]
    moved = {id: {**people[id], "department": change.key} for id in
             inside(snapshot, "departments", old)}  # fmt: skip
    former = [*snapshot.units[old].former, old]
    row = {**change.row, "former": [name for name in dict.fromkeys(former) if name != change.key]}
    _rename(transaction, old, row, moved)
    return tell(
        transaction,
        RENAMED,
        by,
        at,
        {"subject": old, "to": change.key, "people": sorted(moved)},
        {
            "row": row,
            **{f"changed.{name}": list(pair) for name, pair in change.changes.items()},
            **{f"person.{id}": person for id, person in moved.items()},
        },
    )


def remove(
    transaction: Transaction, snapshot: Snapshot, table: str, key: str, by: Actor, at: datetime
) -> int:
    """Remove a department, group or post that nobody is in; its entry's number."""
    was = rows_of(snapshot)[table].get(key, {KEY[table]: key})
    _remove(transaction, table, key)
    return tell(transaction, REMOVED[table], by, at, {"subject": key}, {"was": was})


def restore(
    transaction: Transaction, entry: Entry, known: Mapping[str, Mapping[str, Any]]
) -> bool:
    """Do again what an entry of the system chain tells, where it is about the organisation;
    whether it was. `known`: rows of now, by table, for what the law had erased."""
    if entry.body.get("outcome") != "done":
        return False
    verb, subject = str(entry.body.get("verb", "")), str(entry.body.get("subject", ""))
    if verb == RENAMED:
        unit = row_in(entry, "departments", entry.body["to"]) or {"name": entry.body["to"]}
        moved = {id: row_in(entry, "people", id) for id in entry.body["people"]}
        people = {id: person or known["people"].get(id) for id, person in moved.items()}
        _rename(
            transaction, subject, {**_EMPTY_UNIT, **unit},
            {id: person for id, person in people.items() if person is not None},
        )  # fmt: skip
        return True
    table = TABLE_OF.get(verb)
    if table is None:
        return False
    if verb == REMOVED.get(table):
        _remove(transaction, table, subject)
        return True
    row = row_in(entry, table, subject) or known[table].get(subject)
    if row is not None:
        put(transaction, table, row)
    return True


_EMPTY_UNIT = {column: organising.EMPTY.get(column, "") for column in ("short", "head", "deputy")}


def row_in(entry: Entry, table: str, key: str) -> Mapping[str, Any] | None:
    """What an entry says that something is from then on; None where it is removed by it, or where
    the law had it erased."""
    verb, path = entry.body["verb"], "row"
    if verb in REMOVED.values():
        return None
    if verb == RENAMED:
        if table == "departments" and key != entry.body["to"]:
            return None
        path = f"person.{key}" if table == "people" else "row"
    row = entry.particulars.get(path)
    return row if isinstance(row, Mapping) and "erased" not in row else None


def _rename(
    transaction: Transaction,
    old: str,
    row: Mapping[str, Any],
    people: Mapping[str, Mapping[str, Any]],
) -> None:
    _remove(transaction, "departments", old)
    put(transaction, "departments", row)
    for person in people.values():
        put(transaction, "people", person)


def _remove(transaction: Transaction, table: str, key: str) -> None:
    name = "named_posts" if table == "posts" else table
    transaction.execute(f'DELETE FROM "{name}" WHERE {KEY[table]} = ?', (key,))  # noqa: S608
