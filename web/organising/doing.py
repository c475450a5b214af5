"""Saving and removing what the organisation consists of: checked, asked about, written."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from engine.actor import Actor
from engine.people.directory import Person
from engine.refusals import Invalid, Unknown
from forms import Message
from storage import accounts, journal, organisation, past, reorganising
from storage.indexing import REMOVED, VERB
from storage.organisation import Snapshot
from storage.organisation_files import COLUMNS, KEYS
from storage.organising import (
    EMPTY,
    Change,
    administrators_after,
    difference,
    record,
    rows_of,
)
from storage.transaction import Transaction
from web import absences, staffing
from web.door import Door
from web.once import Once, over
from web.organising import asking, fields
from web.organising.refusing import (
    IsThere,
    LastAdministrator,
    OrganisationChanged,
    StillInside,
    Unsure,
)

SHOWN = 8
FIXED = Message("编号不能改", "An id stays what it is")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where an administrator sits: the door, who he is, and as whom entries name him."""

    door: Door
    me: Person
    by: Actor

    def administers(self, verb: str, **about: str) -> None:
        """Raise `NotYours` for whoever does not administer; that he has tried is an entry."""
        absences.may_administer(self.door, self.me, self.by, verb, **about)


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What was saved: its key (a department's may be new), its version, and what may not have been
    meant so."""

    key: str
    version: int
    changed: bool
    warnings: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """What was removed."""

    key: str
    warnings: tuple[Message, ...] = field(default=())


def save(
    desk: Desk,
    table: str,
    key: str | None,
    given: Mapping[str, Any],
    *,
    version: int | None = None,
    sure: bool = False,
    once: Once | None = None,
) -> Saved:
    """Make (key None) or change an entry of the organisation; what is not given stays.

    A department that is given another `name` is renamed; `members` of a group or post are its
    people. `version`: what was shown; None acts on what is current.

    Raises:
        NotYours, Unknown. Invalid: by field. IsThere: a new one of a name that is taken.
        OrganisationChanged: with `version` and `changed`. LastAdministrator.
        Unsure: not `sure`, and something may not be meant so; nothing was changed.
    """
    verb = VERB[table]
    known(desk, table, key)
    desk.administers(verb, subject=key or str(given.get(KEYS[table], ""))[:100])
    row, errors = fields.parse(table, given)
    if key is None:
        errors |= dict.fromkeys({KEYS[table], "name"} - {*row, *errors}, fields.NEEDED)
    plan = _Plan(desk=desk, table=table, key=key, row=row, given=given, version=version)
    call = once or Once(person=desk.me.id)
    with desk.door.database.read() as reader:
        done = call.before(over(reader, desk.door))
        if done is not None:
            return _done(reader, table, str(done["key"]))
        snapshot = reader.organisation.current(reader)
        changes = plan.changes(reader, snapshot, errors)
        old = key if table == "departments" and key is not None else ""
        warnings = asking.doubts(reader, snapshot, changes, old)
    if warnings and not sure:
        raise Unsure(warnings)
    with desk.door.database.write() as transaction:
        journal.lock_system(transaction)
        done = call.before(over(transaction, desk.door))
        if done is not None:
            return _done(transaction, table, str(done["key"]))
        snapshot = organisation.read(transaction)
        changes = plan.changes(transaction, snapshot, errors)
        now = desk.door.clock()
        for change in changes:
            if table == "departments" and key is not None and change.key != key:
                reorganising.rename(transaction, snapshot, key, change, desk.by, now)
            else:
                record(transaction, change, desk.by, now)
        if changes:
            organisation.touch(transaction)
        kept = changes[0].key if changes and changes[0].table == table else key or ""
        call.remember(over(transaction, desk.door), {"key": kept}, desk.door)
        saved = replace(
            _done(transaction, table, kept), changed=bool(changes), warnings=tuple(warnings)
        )
    _follow(desk, changes)
    return saved


def remove(
    desk: Desk,
    table: str,
    key: str,
    *,
    version: int | None = None,
    sure: bool = False,
    once: Once | None = None,
) -> Removed:
    """Remove a department, post or group that nobody is in.

    Raises:
        NotYours, Unknown, OrganisationChanged. StillInside: who is in it.
        Unsure: not `sure`, and deployed processes name it.
    """
    call = once or Once(person=desk.me.id)
    if _removed(desk, call):
        return Removed(key=key)
    try:
        return _remove(desk, table, key, version=version, sure=sure, call=call)
    except Unknown:
        if _removed(desk, call):  # the same call, at the same time
            return Removed(key=key)
        raise


def _removed(desk: Desk, call: Once) -> bool:
    """Whether the same call has removed it."""
    with desk.door.database.read() as reader:
        return call.before(over(reader, desk.door)) is not None


def _remove(
    desk: Desk, table: str, key: str, *, version: int | None, sure: bool, call: Once
) -> Removed:
    known(desk, table, key)
    desk.administers(REMOVED[table], subject=key)
    with desk.door.database.read() as reader:
        _may_go(reader, desk, reader.organisation.current(reader), table, key, version)
        warnings = asking.naming(reader, table, key)
    if warnings and not sure:
        raise Unsure(warnings)
    with desk.door.database.write() as transaction:
        journal.lock_system(transaction)
        snapshot = organisation.read(transaction)
        _may_go(transaction, desk, snapshot, table, key, version)
        reorganising.remove(transaction, snapshot, table, key, desk.by, desk.door.clock())
        organisation.touch(transaction)
        call.remember(over(transaction, desk.door), {"key": key}, desk.door)
    return Removed(key=key, warnings=tuple(warnings))


def known(desk: Desk, table: str, key: str | None) -> None:
    """Raise `Unknown` where there is none of this key; everybody may know of what there is."""
    with desk.door.database.read() as reader:
        if key is not None and key not in table_of(reader.organisation.current(reader), table):
            raise Unknown()


def table_of(snapshot: Snapshot, table: str) -> Container[str]:
    """The keys of what there is."""
    match table:
        case "people":
            return snapshot.people
        case "departments":
            return snapshot.units
        case "posts":
            return {*snapshot.posts, *(post for p in snapshot.people.values() for post in p.posts)}
    return snapshot.groups


def _is_empty(snapshot: Snapshot, table: str, key: str) -> None:
    people = [snapshot.people[id] for id in reorganising.inside(snapshot, table, key)]
    if people:
        zh = [each.name if each.active else f"{each.name}(已离职)" for each in people]
        en = [each.name if each.active else f"{each.name} (has left)" for each in people]
        more = len(people) - SHOWN
        raise StillInside(
            message="、".join(zh[:SHOWN]) + (f"等{len(people)}人" if more > 0 else ""),
            message_en=", ".join(en[:SHOWN]) + (f" and {more} others" if more > 0 else ""),
        )


def _done(transaction: Transaction, table: str, key: str) -> Saved:
    return Saved(key=key, version=past.version(transaction, table, key), changed=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What is to be saved."""

    desk: Desk
    table: str
    key: str | None
    row: Mapping[str, Any]
    given: Mapping[str, Any]
    version: int | None

    def changes(
        self, transaction: Transaction, snapshot: Snapshot, errors: fields.Errors
    ) -> list[Change]:
        """What changes, against the organisation as it is.

        Raises:
            Unknown, OrganisationChanged, Invalid, IsThere, LastAdministrator.
        """
        table, key = self.table, self.key
        there = rows_of(snapshot)
        old = None if key is None else there[table].get(key)
        if key is not None:
            if key not in table_of(snapshot, table):
                raise Unknown()
            _is_current(transaction, self.desk, table, key, self.version)
        if old is None and not self.row.get("name"):
            errors = {"name": fields.NEEDED, **errors}
        new_key = str(self.row.get(KEYS[table]) or key or "")
        members = self._check(snapshot, old, new_key, dict(errors))
        if new_key != key and new_key in there[table]:
            raise IsThere()
        change = difference(table, new_key, old, self.row)
        found = [] if change is None else [change]
        found += _joined(there["people"], table, new_key, members)
        stay_administered(transaction, snapshot, administrators_after(snapshot, found))
        return found

    def _check(
        self, snapshot: Snapshot, old: Mapping[str, Any] | None, new_key: str, errors: fields.Errors
    ) -> list[str] | None:
        """Who is to be in it, where that was given. Raises Invalid."""
        table, key, row = self.table, self.key, self.row
        if key is not None and table != "departments" and new_key != key:
            errors[KEYS[table]] = FIXED
        whole = {**{each: EMPTY.get(each, "") for each in COLUMNS[table]}, **(old or {}), **row}
        for column, said in fields.check(table, new_key, whole, snapshot).items():
            if column in row:
                errors.setdefault(column, said)
        members = None
        if table in fields.MEMBERED and "members" in self.given:
            found = fields.names(self.given["members"])
            if isinstance(found, Message):
                errors["members"] = found
            elif any(id not in snapshot.people for id in found):
                errors["members"] = fields.NOBODY
            else:
                members = found
        if errors:
            raise Invalid(errors)
        return members


def _may_go(
    transaction: Transaction,
    desk: Desk,
    snapshot: Snapshot,
    table: str,
    key: str,
    version: int | None,
) -> None:
    """Raises Unknown, OrganisationChanged, StillInside."""
    if key not in rows_of(snapshot)[table]:
        raise Unknown()
    _is_current(transaction, desk, table, key, version)
    _is_empty(snapshot, table, key)


def _joined(
    people: Mapping[str, Mapping[str, Any]], table: str, key: str, members: list[str] | None
) -> list[Change]:
    """Who comes into a group or gets a post, and who is not in it any more."""
    if members is None:
        return []
    found = []
    for id, person in people.items():
        places, inside = person[table], key in person[table]
        if inside != (id in members):
            now = [each for each in places if each != key] if inside else [*places, key]
            change = difference("people", id, person, {table: now})
            if change is not None:
                found.append(change)
    return found


def _is_current(
    transaction: Transaction, desk: Desk, table: str, key: str, version: int | None
) -> None:
    """Raises `OrganisationChanged` with what has changed since the version that was shown."""
    if version is None:
        return
    now = past.version(transaction, table, key)
    if now == version:
        return
    held = desk.door.database.organisation
    before, after = (_row(past.after(transaction, held, seq), table, key) for seq in (version, now))
    changed = [
        {"field": name, "old": before.get(name), "new": after.get(name)}
        for name in {**before, **after}
        if before.get(name) != after.get(name)
    ]
    raise OrganisationChanged(version=str(now), changed=changed)


def _row(snapshot: Snapshot, table: str, key: str) -> dict[str, Any]:
    row = dict(rows_of(snapshot)[table].get(key, {}))
    row.pop("former", None)
    if table in fields.MEMBERED:
        row["members"] = reorganising.inside(snapshot, table, key)
    return row


def stay_administered(transaction: Transaction, snapshot: Snapshot, after: set[str]) -> None:
    """Raise `LastAdministrator` where somebody is lost and nobody of `after` could come in."""
    if {*snapshot.administrators()} <= after:
        return
    if not any(accounts.can_come_in(transaction, id) for id in after):
        raise LastAdministrator()


def _follow(desk: Desk, changes: list[Change]) -> None:
    """Open tasks follow at once where somebody has left or a superior is another (P1)."""
    if any({"active", "superior"} & change.changes.keys() for change in changes):
        people = [change.key for change in changes if change.table == "people"]
        staffing.follow_at_once(desk.door, people)
