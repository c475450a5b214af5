"""Who stands in for whom, as an organisation file says it; and the organisation as such a file."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any

import yaml

from engine.actor import Actor
from engine.ids import PersonId
from storage import organisation, standing_in
from storage.organisation import Snapshot
from storage.organisation_files import COLUMNS, BadFile, OrganisationFile
from storage.organising import EMPTY, Change, rows_of
from storage.reader import Reader
from storage.standing_in import Kept
from storage.transaction import Transaction


def import_substitutes(
    transaction: Transaction,
    file: OrganisationFile,
    *,
    by: Actor,
    at: datetime,
    zone: tzinfo,
    ids: Iterator[str],
    dry_run: bool = False,
) -> list[Change]:
    """Make the substitutions that the file names and that are not there; what has no offset is in
    `zone`. One that is over already is passed over. Comes after `organising.import_file`, in the
    same transaction.

    Raises:
        BadFile: somebody is nobody, or two of one person's overlap.
    """
    standing_in.lock(transaction)
    people = organisation.read(transaction).people
    found, problems = list[Change](), list[str]()
    for row in file.substitutes:
        new = _kept(row, next(ids), by, at, zone)
        wrong = list(_wrong(row, new, {*people, *file.people} if dry_run else set(people)))
        if wrong:
            problems += wrong
            continue
        if new.until <= at or _is_there(transaction, new):
            continue
        if standing_in.overlapping(transaction, new) is not None:
            problems.append(f"{row['where']}: it overlaps another substitution of {new.person}.")
            continue
        if not dry_run:
            standing_in.begin(transaction, new, by, at)
        said = {name: each for name, each in row.items() if name != "where"}
        changes = {name: (None, each) for name, each in said.items() if each}
        key = f"{new.person} → {new.substitute}"
        found.append(Change(table="substitutes", key=key, new=True, changes=changes, row=said))
    if problems:
        raise BadFile(problems)
    return found


def _kept(row: Mapping[str, Any], id: str, by: Actor, at: datetime, zone: tzinfo) -> Kept:
    return Kept(
        id=id,
        person=PersonId(row["person"]),
        substitute=PersonId(row["substitute"]),
        since=_moment(row["since"], zone),
        until=_moment(row["until"], zone),
        processes=tuple(row["processes"]),
        made_by=by.id,
        made_at=at,
    )


def _moment(text: str, zone: tzinfo) -> datetime:
    at = datetime.fromisoformat(text)
    return (at.replace(tzinfo=zone) if at.tzinfo is None else at).astimezone(UTC)


def _wrong(row: Mapping[str, Any], new: Kept, people: set[str]) -> Iterator[str]:
    for column in ("person", "substitute"):
        if row[column] not in people:
            yield f"{row['where']}: the {column} {row[column]} is nobody's id."
    if new.person == new.substitute:
        yield f"{row['where']}: nobody stands in for himself."
    if new.until <= new.since:
        yield f"{row['where']}: until has to be after since."


def _is_there(transaction: Transaction, new: Kept) -> bool:
    same = [(each.substitute, each.since, each.until, each.processes)
            for each in standing_in.in_force(transaction, new.person, new.since)
            if each.person == new.person]  # fmt: skip
    return (new.substitute, new.since, new.until, new.processes) in same


def exported(reader: Reader, at: datetime, zone: tzinfo) -> str:
    """The organisation as YAML that imports to the same: what is empty is left out; of
    substitutions those planned or in force."""
    snapshot = reader.organisation.current(reader)
    document: dict[str, list[dict[str, Any]]] = {}
    for table, rows in rows_of(snapshot).items():
        document[table] = [_said(table, rows[key]) for key in sorted(rows)]
    document["substitutes"] = [
        {
            "person": str(each.person),
            "substitute": str(each.substitute),
            "since": each.since.astimezone(zone).isoformat(),
            "until": each.until.astimezone(zone).isoformat(),
            **({"processes": list(each.processes)} if each.processes else {}),
        }
        for each in _standing(reader, snapshot, at)
    ]
    return _dumped({table: rows for table, rows in document.items() if rows})


def _standing(reader: Reader, snapshot: Snapshot, at: datetime) -> list[Kept]:
    found = {
        each.id: each
        for person in sorted(snapshot.substitutions)
        for each in standing_in.in_force(reader, person, at)
    }
    return sorted(found.values(), key=lambda each: (each.person, each.since, each.id))


def _said(table: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row without what is as it would be without it; a single superior as he is."""
    found: dict[str, Any] = {}
    for column in COLUMNS[table]:
        value = row[column]
        if value == EMPTY.get(column, ""):
            continue
        one = column == "superior" and len(value) == 1
        found[column] = str(value[0]) if one else [*value] if isinstance(value, list) else value
    return found


def _dumped(document: Mapping[str, list[dict[str, Any]]]) -> str:
    """One line for each row, as people write such a file."""
    lines = []
    for table, rows in document.items():
        lines.append(f"{table}:")
        for row in rows:
            text = yaml.safe_dump(
                _plain(row), allow_unicode=True, default_flow_style=True, sort_keys=False,
                width=2**20,
            )  # fmt: skip
            lines.append(f"  - {text.strip()}")
    return "\n".join(lines) + "\n"


def _plain(value: Any) -> Any:
    """Only what YAML has: ids are texts of a type of their own."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, str) else value
