"""Handing external tasks out to workers: who has one, and until when. No command, no entry: what
the worker makes of it is one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.commands.external import check_lock
from engine.diagrams.words import NodeId
from engine.ids import RequestId
from engine.refusals import Unknown
from engine.requests import External
from storage.definitions import Definitions
from storage.moments import micros, moment
from storage.transaction import Row, Transaction
from storage.unit_of_work.externals import COLUMNS, external_of

_COLUMNS = ", ".join(f"e.{name}" for name in COLUMNS.split(", "))
_FREE = (
    "SELECT rank, created_at, request, task FROM externals"
    " WHERE topic = ? AND retries <> 0 AND free_at <= ?"
    # Not a join, which PostgreSQL might begin with the requests and then sort.
    " AND (SELECT r.status FROM requests r WHERE r.id = externals.request) = 'running'"
    " ORDER BY rank, created_at, request, task LIMIT ?"
)
_LOCKING = {"sqlite": "", "postgresql": " FOR UPDATE SKIP LOCKED"}
_TAKE = (
    "UPDATE externals SET worker = ?, free_at = ?, handed = handed + 1"
    " WHERE request = ? AND task = ?"
)
_EXTEND = "UPDATE externals SET free_at = ? WHERE request = ? AND task = ?"
_ROW = (
    f"SELECT {_COLUMNS}, e.worker, e.handed, e.free_at, r.number, r.title, r.process, r.definition"  # noqa: S608
    " FROM externals e CROSS JOIN requests r"
    " WHERE e.request = ? AND e.task = ? AND r.id = e.request"
)
_LOCKING_IT = {"sqlite": "", "postgresql": " FOR UPDATE OF e"}
_TOPIC = "SELECT topic FROM externals WHERE request = ? AND task = ?"

Id = tuple[RequestId, str]
"""An external task's id in its two parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A topic that a worker asks for, and how long he wants to keep what he gets."""

    topic: str
    lock: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """An external task as a worker gets it."""

    external: External
    worker: str
    locked_until: datetime | None
    version: str
    number: str | None
    title: str
    process: str
    node_name: str


def fetch(
    transaction: Transaction,
    definitions: Definitions,
    worker: str,
    wanted: Sequence[Wanted],
    now: datetime,
    most: int,
) -> list[Handed]:
    """Lock up to `most` tasks for a worker: the highest priority first, then the oldest.

    Whatever another worker is just being given is passed over, so no two ever get the same.
    """
    locking = _LOCKING[transaction.dialect]
    at, lasting = micros(now), {each.topic: each.lock for each in wanted}
    found: list[tuple[Row, timedelta]] = []
    for topic in sorted(lasting):
        rows = transaction.all(_FREE + locking, (topic, at, most))
        found += [(row, lasting[topic]) for row in rows]
    found.sort(key=lambda each: each[0])
    taken = [(worker, micros(now + lock), row[2], row[3]) for row, lock in found[:most]]
    transaction.many(_TAKE, taken)
    return [_there(transaction, definitions, (RequestId(row[2]), row[3])) for row in taken]


def anything(transaction: Transaction, topics: Iterable[str], now: datetime) -> bool:
    """Whether there is a task to fetch: a look that locks nothing, for those who ask all the
    time."""
    at = micros(now)
    return any(transaction.one(_FREE, (topic, at, 1)) is not None for topic in topics)


def extend(
    transaction: Transaction,
    definitions: Definitions,
    id: Id,
    worker: str,
    until: datetime,
    *,
    version: str | None = None,
) -> Handed:
    """Keep a task locked for the worker who has it, until another time than before.

    Raises:
        Unknown, LockLost, Changed: it is gone, or another's.
    """
    row = transaction.one(_ROW + _LOCKING_IT[transaction.dialect], id)
    if row is None:
        raise Unknown()
    check_lock(external_of(row[:7]), worker, version, (row[7], row[8]))
    transaction.execute(_EXTEND, (micros(until), *id))
    return _there(transaction, definitions, id)


def handed(transaction: Transaction, definitions: Definitions, id: Id) -> Handed | None:
    """An external task as it stands; None once it has ended."""
    row = transaction.one(_ROW, id)
    if row is None:
        return None
    external = external_of(row[:7])
    worker, version, free_at, number, title, process, place = row[7:]
    digest = external.definition or definitions.digest(transaction, place)
    names = definitions.get(transaction, digest).names
    return Handed(
        external=external,
        worker=worker,
        locked_until=moment(free_at) if worker else None,
        version=str(version),
        number=number,
        title=title,
        process=process,
        node_name=names.get(NodeId(external.node)) or external.node,
    )


def topic_of(transaction: Transaction, id: Id) -> str | None:
    """The topic of an external task; None once it has ended."""
    found: str | None = transaction.value(_TOPIC, id)
    return found


def _there(transaction: Transaction, definitions: Definitions, id: Id) -> Handed:
    found = handed(transaction, definitions, id)
    assert found is not None, f"{id} is locked, so it is there"
    return found
