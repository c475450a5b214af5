"""Substitutions: who stands in for whom, and what open tasks have to follow (T4, P1).

Each change is an entry of the system chain, from which the rows can be made anew; only how far
open tasks have followed is the work of the moment.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from json import loads
from typing import Any

from engine.actor import Actor
from engine.ids import PersonId, RequestId
from engine.journal import Entry
from engine.refusals import Refused
from storage import journal, organisation
from storage.moments import micros, moment, optional_moment
from storage.packing import text_of
from storage.transaction import Transaction

START, END = 1, 2
"""What of a substitution open tasks have followed."""
_COLUMNS = "id, person, substitute, since, until, processes, made_by, made_at, cancelled_at"
_KEEP = (
    f"INSERT INTO substitutions ({_COLUMNS}, followed)"  # noqa: S608 - constants only
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0)"
)
_LEFT = (
    "SELECT id FROM people WHERE active = 0"
    " UNION SELECT person FROM handovers WHERE cancelled_at IS NULL"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A substitution as it is kept."""

    id: str
    person: PersonId
    substitute: PersonId
    since: datetime
    until: datetime
    processes: tuple[str, ...]
    made_by: PersonId
    made_at: datetime
    cancelled_at: datetime | None = None

    def state(self, now: datetime) -> str:
        """`planned`, `running`, `over` or `cancelled`."""
        if self.cancelled_at is not None:
            return "cancelled"
        if now < self.since:
            return "planned"
        return "running" if now < self.until else "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A substitution that has begun or is over, which open tasks have not followed yet."""

    id: str
    people: tuple[PersonId, PersonId]
    stage: int


# ---- substitutions


def lock(transaction: Transaction) -> None:
    """Nobody else makes or cancels one until the transaction ends."""
    journal.lock_system(transaction)


def begin(transaction: Transaction, new: Kept, by: Actor, at: datetime) -> None:
    """Keep a substitution."""
    at = journal.system_time(transaction, at)
    _put(transaction, replace(new, made_at=at))
    record(
        transaction,
        "substitution.made",
        by,
        at,
        {
            "id": new.id,
            "subject": new.person,
            "substitute": new.substitute,
            "since": micros(new.since),
            "until": micros(new.until),
            "processes": list(new.processes),
        },
    )
    organisation.touch(transaction)


def cancel(transaction: Transaction, id: str, by: Actor, at: datetime) -> bool:
    """It ends now; whether it had not ended yet."""
    found, at = one(transaction, id), journal.system_time(transaction, at)
    if found is None or not ended(transaction, "substitutions", id, at):
        return False
    about = {"id": id, "subject": found.person, "substitute": found.substitute}
    record(transaction, "substitution.cancelled", by, at, about)
    organisation.touch(transaction)
    return True


def one(reader: Transaction, id: str) -> Kept | None:
    """A substitution by its id."""
    row = reader.one(f"SELECT {_COLUMNS} FROM substitutions WHERE id = ?", (id,))  # noqa: S608
    return None if row is None else _kept(row)


def of(
    reader: Transaction, person: str, *, limit: int = 200, after: Sequence[Any] = ()
) -> list[Kept]:
    """Those in which a person is absent or stands in, the latest first; `after` as in `every`."""
    where, arguments = following("since", after)
    found = {
        row[0]: _kept(row)
        for column in ("person", "substitute")
        for row in reader.all(
            f"SELECT {_COLUMNS} FROM substitutions WHERE {column} = ? AND {where}"  # noqa: S608
            " ORDER BY since DESC, id DESC LIMIT ?",
            (person, *arguments, limit),
        )
    }
    return sorted(found.values(), key=lambda each: (each.since, each.id), reverse=True)[:limit]


def every(reader: Transaction, *, limit: int = 200, after: Sequence[Any] = ()) -> list[Kept]:
    """Everybody's, the latest first; `after`: (since, id) of the last one that was had before."""
    where, arguments = following("since", after)
    rows = reader.all(
        f"SELECT {_COLUMNS} FROM substitutions WHERE {where}"  # noqa: S608
        " ORDER BY since DESC, id DESC LIMIT ?",
        (*arguments, limit),
    )
    return [_kept(row) for row in rows]


def in_force(reader: Transaction, person: str, at: datetime) -> list[Kept]:
    """Those planned or in force in which a person is absent or stands in, the latest first."""
    rows = reader.all(
        f"SELECT {_COLUMNS} FROM substitutions"  # noqa: S608
        " WHERE person = ? AND cancelled_at IS NULL AND until > ?"
        f" UNION SELECT {_COLUMNS} FROM substitutions"
        " WHERE substitute = ? AND cancelled_at IS NULL AND until > ?"
        " ORDER BY since DESC, id",
        (person, micros(at), person, micros(at)),
    )
    return [_kept(row) for row in rows]


def overlapping(reader: Transaction, new: Kept) -> Kept | None:
    """Another of the same absent person that is in force at some time with this one."""
    for each in in_force(reader, new.person, new.since):
        if each.person == new.person and each.since < new.until and _share(each, new):
            return each
    return None


def following(column: str, after: Sequence[Any]) -> tuple[str, tuple[Any, ...]]:
    """The condition that a row comes after the one of this (moment, id), the latest first."""
    return (f"({column}, id) < (?, ?)", tuple(after)) if after else ("1 = 1", ())


def _share(one: Kept, other: Kept) -> bool:
    return (
        not one.processes
        or not other.processes
        or not set(one.processes).isdisjoint(other.processes)
    )


# ---- what open tasks have to follow


def due(reader: Transaction, now: datetime, limit: int) -> list[Due]:
    """Substitutions that began or ended and that open tasks have not followed yet."""
    at = micros(now)
    rows = reader.all(
        "SELECT id, person, substitute, until, cancelled_at FROM substitutions"
        " WHERE (followed = 0 AND since <= ?)"
        " OR (followed < 2 AND (until <= ? OR cancelled_at IS NOT NULL)) ORDER BY since LIMIT ?",
        (at, at, limit),
    )
    return [
        Due(id=id, people=(PersonId(person), PersonId(substitute)),
            stage=END if cancelled is not None or until <= at else START)
        for id, person, substitute, until, cancelled in rows
    ]  # fmt: skip


def followed(transaction: Transaction, each: Due) -> None:
    """Open tasks have followed it."""
    transaction.execute(
        "UPDATE substitutions SET followed = ? WHERE id = ? AND followed < ?",
        (each.stage, each.id, each.stage),
    )


def held_by(
    reader: Transaction, people: Iterable[str], *, after: str = "", limit: int
) -> list[RequestId]:
    """Requests with open tasks that any of these people holds, in order of id."""
    among, argument = reader.among("person", list(people))
    rows = reader.all(
        f"SELECT DISTINCT request FROM inbox WHERE {among} AND request > ?"  # noqa: S608
        " ORDER BY request LIMIT ?",
        (argument, after, limit),
    )
    return [RequestId(row[0]) for row in rows]


def held_by_leavers(reader: Transaction, *, after: str = "", limit: int) -> list[RequestId]:
    """Requests with open tasks that somebody holds or may claim who is not active any more or
    has handed over, in order of id."""
    rows = reader.all(
        f"SELECT request FROM inbox WHERE person IN ({_LEFT}) AND request > ?"  # noqa: S608
        f" UNION SELECT request FROM queue WHERE member IN ({_LEFT}) AND request > ?"
        " UNION SELECT queue.request FROM queue JOIN crowds ON crowds.crowd = queue.member"
        f" WHERE crowds.person IN ({_LEFT}) AND queue.request > ? ORDER BY 1 LIMIT ?",
        (after, after, after, limit),
    )
    return [RequestId(row[0]) for row in rows]


def held_tasks(reader: Transaction, person: str) -> list[tuple[RequestId, int]]:
    """The open tasks that a person holds or may claim, and the places whose turn has not come,
    as (request, ordinal)."""
    rows = reader.all(
        "SELECT slots.request, slots.ordinal FROM involved"
        " JOIN slots ON slots.request = involved.request"
        " WHERE involved.person = ? AND slots.status = 'waiting' AND slots.signer = involved.person"
        " UNION SELECT request, ordinal FROM inbox WHERE person = ?"
        " UNION SELECT request, ordinal FROM queue WHERE member = ?"
        " UNION SELECT queue.request, queue.ordinal FROM queue"
        " JOIN crowds ON crowds.crowd = queue.member WHERE crowds.person = ? ORDER BY 1, 2",
        (person, person, person, person),
    )
    return [(RequestId(row[0]), int(row[1])) for row in rows]


# ---- rows and entries


def restore(transaction: Transaction, entry: Entry) -> None:
    """Do again what an entry of the system chain tells, where it is about a substitution."""
    body = entry.body
    if body.get("outcome") != "done":
        return
    match body.get("verb"):
        case "substitution.made":
            _put(
                transaction,
                Kept(
                    id=body["id"], person=body["subject"], substitute=body["substitute"],
                    since=moment(body["since"]), until=moment(body["until"]),
                    processes=tuple(body["processes"]), made_by=PersonId(body["actor"]),
                    made_at=entry.at,
                ),
            )  # fmt: skip
        case "substitution.cancelled":
            ended(transaction, "substitutions", body["id"], entry.at)


def _put(transaction: Transaction, new: Kept) -> None:
    transaction.execute(
        _KEEP,
        (
            new.id, new.person, new.substitute, micros(new.since), micros(new.until),
            text_of(list(new.processes)), new.made_by, micros(new.made_at), None,
        ),
    )  # fmt: skip


def ended(transaction: Transaction, table: str, id: str, at: datetime) -> bool:
    """Say of a substitution or handover that it ended; whether it had not yet."""
    return bool(
        transaction.execute(
            f"UPDATE {table} SET cancelled_at = ? WHERE id = ? AND cancelled_at IS NULL",  # noqa: S608
            (micros(at), id),
        )
    )


def record(
    transaction: Transaction,
    verb: str,
    by: Actor,
    at: datetime,
    body: Mapping[str, Any],
    *,
    comment: str = "",
    given: Mapping[str, str] | None = None,
    refused: Refused | None = None,
) -> None:
    """The entry of the system chain that tells of it, or of an attempt that was refused (R2)."""
    particulars = {"actor.name": by.name, "actor.origin": by.origin, "input.comment": comment}
    particulars |= {f"input.{name}": value for name, value in (given or {}).items()}
    if refused is not None:
        particulars["refusal.zh"] = refused.sentence("zh")
        particulars["refusal.en"] = refused.sentence("en")
    journal.record(
        transaction,
        at=at,
        body={
            "verb": verb,
            "outcome": "done" if refused is None else "refused",
            "actor": by.id,
            "via": by.via,
            **({"override": True} if by.override else {}),
            **body,
            **({"refusal": refused.reason} if refused is not None else {}),
        },
        particulars={name: value for name, value in particulars.items() if value},
    )


def _kept(row: Sequence[Any]) -> Kept:
    return Kept(
        id=row[0], person=PersonId(row[1]), substitute=PersonId(row[2]), since=moment(row[3]),
        until=moment(row[4]), processes=tuple(loads(row[5])), made_by=PersonId(row[6]),
        made_at=moment(row[7]), cancelled_at=optional_moment(row[8]),
    )  # fmt: skip
