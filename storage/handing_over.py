"""Handovers: a leaver's open tasks, substitutions and future assignments pass to another (T7)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from json import loads
from typing import Any

from engine.actor import Actor
from engine.ids import PersonId
from engine.journal import Entry
from engine.journal.canonical import encode
from storage import journal, organisation, standing_in
from storage.moments import micros, moment, optional_moment
from storage.standing_in import Kept
from storage.transaction import Row, Transaction

_COLUMNS = "id, person, heir, comment, moved, made_by, made_at, cancelled_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """A handover as it is kept."""

    id: str
    person: PersonId
    heir: PersonId
    comment: str
    moved: Mapping[str, Any]
    """`tasks` and `substitutions`: what moved, and to whom."""
    made_by: PersonId
    made_at: datetime
    cancelled_at: datetime | None = None


def begin(transaction: Transaction, new: Handover, at: datetime) -> None:
    """From now on what would come to the one comes to the other; an earlier handover of his ends.
    The entry comes with `finish`, when it is known what has moved."""
    _take_over(transaction, new, at)
    organisation.touch(transaction)


def move_substitutions(
    transaction: Transaction, new: Handover, by: Actor, at: datetime, ids: Iterator[str]
) -> list[dict[str, str]]:
    """What he stands in for passes to the other; his own absences need nobody any more."""
    moved = []
    for each in standing_in.in_force(transaction, new.person, at):
        standing_in.cancel(transaction, each.id, by, at)
        if each.substitute != new.person or each.person == new.heir:
            moved.append({"id": each.id, "person": each.person, "to": ""})
            continue
        id = next(ids)
        since = max(each.since, at)
        passed = Kept(
            id=id, person=each.person, substitute=new.heir, since=since, until=each.until,
            processes=each.processes, made_by=by.id, made_at=at,
        )  # fmt: skip
        standing_in.begin(transaction, passed, by, at)
        moved.append({"id": id, "person": each.person, "to": new.heir})
    return moved


def finish(
    transaction: Transaction, new: Handover, moved: Mapping[str, Any], by: Actor, at: datetime
) -> None:
    """The one entry that lists what moved (T7)."""
    transaction.execute(
        "UPDATE handovers SET moved = ? WHERE id = ?", (encode(moved).decode(), new.id)
    )
    body = {"id": new.id, "subject": new.person, "heir": new.heir, "moved": moved}
    standing_in.record(transaction, "handover.made", by, at, body, comment=new.comment)


def take_back(transaction: Transaction, id: str, by: Actor, at: datetime) -> bool:
    """Future assignments are his own again; what has moved stays. Whether it was in force."""
    found, at = one(transaction, id), journal.system_time(transaction, at)
    if found is None or not standing_in.ended(transaction, "handovers", id, at):
        return False
    about = {"id": id, "subject": found.person, "heir": found.heir}
    standing_in.record(transaction, "handover.cancelled", by, at, about)
    organisation.touch(transaction)
    return True


def every(reader: Transaction, *, limit: int = 200, after: Sequence[Any] = ()) -> list[Handover]:
    """Every handover, the latest first; `after`: (made_at, id) of the last that was had before."""
    where, arguments = standing_in.following("made_at", after)
    rows = reader.all(
        f"SELECT {_COLUMNS} FROM handovers WHERE {where}"  # noqa: S608
        " ORDER BY made_at DESC, id DESC LIMIT ?",
        (*arguments, limit),
    )
    return [_kept(row) for row in rows]


def one(reader: Transaction, id: str) -> Handover | None:
    """A handover by its id."""
    row = reader.one(f"SELECT {_COLUMNS} FROM handovers WHERE id = ?", (id,))  # noqa: S608
    return None if row is None else _kept(row)


def restore(transaction: Transaction, entry: Entry) -> None:
    """Do again what an entry of the system chain tells, where it is about a handover."""
    body = entry.body
    if body.get("outcome") != "done":
        return
    match body.get("verb"):
        case "handover.made":
            said = entry.particulars.get("input.comment", "")
            new = Handover(
                id=body["id"], person=body["subject"], heir=body["heir"],
                comment=said if isinstance(said, str) else "", moved=body["moved"],
                made_by=PersonId(body["actor"]), made_at=entry.at,
            )  # fmt: skip
            _take_over(transaction, new, entry.at)
        case "handover.cancelled":
            standing_in.ended(transaction, "handovers", body["id"], entry.at)


def _take_over(transaction: Transaction, new: Handover, at: datetime) -> None:
    transaction.execute(
        "UPDATE handovers SET cancelled_at = ? WHERE person = ? AND cancelled_at IS NULL",
        (micros(at), new.person),
    )
    transaction.execute(
        "INSERT INTO handovers (id, person, heir, comment, moved, made_by, made_at, cancelled_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, NULL)",
        (
            new.id, new.person, new.heir, new.comment, encode(new.moved).decode(), new.made_by,
            micros(new.made_at),
        ),
    )  # fmt: skip


def _kept(row: Row) -> Handover:
    return Handover(
        id=row[0], person=PersonId(row[1]), heir=PersonId(row[2]), comment=row[3],
        moved=loads(row[4]), made_by=PersonId(row[5]), made_at=moment(row[6]),
        cancelled_at=optional_moment(row[7]),
    )  # fmt: skip
