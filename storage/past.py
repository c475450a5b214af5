"""The organisation as it was at any past moment, from the entries that tell of its changes.

Each entry of the system chain about the organisation is found again by what it is about (the table
`organisation_changes`, which follows from the journal); what was so is read from the entries.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from engine.ids import SYSTEM_CHAIN, PersonId
from engine.journal import Entry
from engine.people.directory import Department, Person, Post
from engine.people.substitution import by_person
from storage import journal
from storage.indexing import MEMBERS, REMOVED, RENAMED, STANDING, index
from storage.moments import micros
from storage.organisation import Organisation, Snapshot, revision_of, substitution_of
from storage.organising import EMPTY
from storage.reader import Reader
from storage.reorganising import row_in
from storage.transaction import Transaction, marks

TABLES = ("departments", "posts", "groups", "people")
REMEMBERED = 16
"""Past organisations that are held in memory."""
BATCH = 2_000
_LATEST = (
    "SELECT kind, subject, MAX(seq) FROM organisation_changes"
    " WHERE kind IN ('departments', 'posts', 'groups', 'people') AND seq <= ?"
    " GROUP BY kind, subject"
)
_LAST = (
    "SELECT COALESCE(MAX(seq), 0) FROM organisation_changes WHERE at <= ?"
    " AND kind IN ('departments', 'posts', 'groups', 'people')"
)
_END = "SELECT COALESCE(MAX(seq), 0) FROM journal WHERE chain = ?"
_SUBSTITUTIONS = (
    "SELECT id, person, substitute, since, until, processes FROM substitutions"
    " WHERE made_at <= ? AND until > ? AND (cancelled_at IS NULL OR cancelled_at > ?)"
)
_HEIRS = (
    "SELECT person, heir FROM handovers"
    " WHERE made_at <= ? AND (cancelled_at IS NULL OR cancelled_at > ?)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A change of the organisation, as its entry tells it."""

    seq: int
    at: datetime
    verb: str
    by: str
    by_name: str
    via: str
    subject: str
    new: bool
    fields: tuple[tuple[str, Any, Any], ...]
    """(field, old, new); what the law had erased is left out."""
    about: Mapping[str, Any]
    """What else its body says: `to`, `heir`, `substitute`, `since`, `until`, …"""
    comment: str = ""


def fill(transaction: Transaction) -> int:
    """Index what was recorded before there was an index; how many entries were looked at."""
    journal.lock_system(transaction)
    if transaction.one("SELECT 1 FROM organisation_changes LIMIT 1"):
        return 0
    last = int(transaction.value(_END, (SYSTEM_CHAIN,)))
    for first in range(1, last + 1, BATCH):
        numbers = range(first, min(first + BATCH, last + 1))
        for entry in journal.picked(transaction, SYSTEM_CHAIN, numbers).values():
            index(transaction, entry)
    return last


def as_of(reader: Reader, at: datetime) -> Snapshot:
    """The organisation as it was at a moment, substitutions and handovers in force then among it.

    Nobody is in it before its first entry. Only what was in force or planned then is told of
    substitutions; `Snapshot.standing_in` asks for the moment, too.
    """
    then = micros(at)
    last = int(reader.value(_LAST, (then,)))
    return replace(
        after(reader, reader.organisation, last),
        substitutions=by_person(
            map(substitution_of, reader.all(_SUBSTITUTIONS, (then, then, then)))
        ),
        heirs={row[0]: PersonId(row[1]) for row in reader.all(_HEIRS, (then, then))},
    )


def after(transaction: Transaction, held: Organisation, seq: int) -> Snapshot:
    """People, departments, posts and groups as they were after an entry of the system chain;
    substitutions and handovers are not told."""
    key = (revision_of(transaction), seq)
    found = held.past.get(key)
    if found is None:
        found = held.past[key] = _read(transaction, seq)
        while len(held.past) > REMEMBERED:
            held.past.popitem(last=False)
    return found


def version(transaction: Transaction, table: str, key: str) -> int:
    """The number of the entry that last changed something, or who is in it; 0 if none is known."""
    kinds = (table,) if table == "people" else (table, table + MEMBERS)
    found = transaction.value(
        f"SELECT MAX(seq) FROM organisation_changes WHERE kind IN ({marks(len(kinds))})"  # noqa: S608
        " AND subject = ?",
        (*kinds, key),
    )
    return int(found or 0)


def versions(transaction: Transaction, table: str) -> dict[str, int]:
    """The same of everything in a table."""
    return dict(
        transaction.all(
            "SELECT subject, MAX(seq) FROM organisation_changes WHERE kind = ? OR kind = ?"
            " GROUP BY subject",
            (table, table if table == "people" else table + MEMBERS),
        )
    )


def history(
    reader: Transaction,
    *,
    table: str = "",
    key: str = "",
    before: int | None = None,
    limit: int = 50,
) -> list[Told]:
    """Changes of the organisation, the latest first: all of them, or those of one person (with his
    substitutions, handovers and account), department, post or group (with who came and left)."""
    where, arguments = ["1 = 1"], list[Any]()
    if table:
        kinds = [table, STANDING if table == "people" else table + MEMBERS]
        where.append("(kind = ? OR kind = ?)")
        arguments += kinds
    if key:
        where.append("subject = ?")
        arguments.append(key)
    if before is not None:
        where.append("seq < ?")
        arguments.append(before)
    rows = reader.all(
        f"SELECT DISTINCT seq FROM organisation_changes WHERE {' AND '.join(where)}"  # noqa: S608
        " ORDER BY seq DESC LIMIT ?",
        (*arguments, limit),
    )
    numbers = [int(row[0]) for row in rows]
    entries = journal.picked(reader, SYSTEM_CHAIN, numbers)
    return [_told(entries[seq]) for seq in numbers if seq in entries]


_OWN = {"verb", "outcome", "actor", "via", "subject", "new", "override", "also", "moved"}


def _told(entry: Entry) -> Told:
    body, said = entry.body, entry.particulars
    fields = [
        (path.removeprefix("changed."), *pair)
        for path, pair in sorted(said.items())
        if path.startswith("changed.") and isinstance(pair, Sequence)
    ]
    name, comment = said.get("actor.name", ""), said.get("input.comment", "")
    return Told(
        seq=entry.seq,
        at=entry.at,
        verb=str(body["verb"]),
        by=str(body["actor"]),
        by_name=name if isinstance(name, str) else "",
        via=str(body.get("via", "")),
        subject=str(body.get("subject", "")),
        new=bool(body.get("new")),
        fields=tuple(fields),
        about={name: each for name, each in body.items() if name not in _OWN},
        comment=comment if isinstance(comment, str) else "",
    )


def _read(transaction: Transaction, seq: int) -> Snapshot:
    latest = transaction.all(_LATEST, (seq,))
    entries = journal.picked(transaction, SYSTEM_CHAIN, sorted({int(row[2]) for row in latest}))
    rows: dict[str, dict[str, Mapping[str, Any]]] = {table: {} for table in TABLES}
    for kind, subject, number in latest:
        entry = entries[int(number)]
        row = row_in(entry, kind, subject)
        if row is None and _is_gone(entry, kind, subject):
            continue
        rows[kind][subject] = row or {"id": subject, "name": subject}
    return Snapshot(
        people={id: _person(id, row) for id, row in rows["people"].items()},
        units={name: _unit(name, row) for name, row in rows["departments"].items()},
        groups=frozenset(rows["groups"]),
        posts={
            id: Post(id=id, name=row["name"], name_en=row.get("name_en", ""))
            for id, row in rows["posts"].items()
        },
    )


def _is_gone(entry: Entry, kind: str, subject: str) -> bool:
    """Whether the entry ended it; else the law has had erased what it was."""
    verb = entry.body["verb"]
    renamed = verb == RENAMED and kind == "departments" and subject != entry.body["to"]
    return renamed or verb in REMOVED.values()


def _person(id: str, row: Mapping[str, Any]) -> Person:
    said = {**EMPTY, **row}
    return Person(
        id=PersonId(id),
        name=said["name"],
        department=said["department"],
        posts=tuple(said["posts"]),
        groups=tuple(said["groups"]),
        superiors=tuple(PersonId(each) for each in said["superior"]),
        email=said["email"],
        active=bool(said["active"]),
        role=said["role"],
    )


def _unit(name: str, row: Mapping[str, Any]) -> Department:
    said = {**EMPTY, **row}
    days = dict.fromkeys(said["worked"], True) | dict.fromkeys(said["free"], False)
    return Department(
        name=name,
        short=said["short"],
        head=PersonId(said["head"]) if said["head"] else None,
        deputy=PersonId(said["deputy"]) if said["deputy"] else None,
        days=tuple(sorted(days.items())),
        name_en=said["name_en"],
        former=tuple(said.get("former", ())),
    )
