"""The follower “time spent”: numbers for owners by day, made of sealed entries.

Entries say which requests something has happened to, when a person first acted at a desk, and what
was refused; how a request stands is in its rows. What each request adds is worked out anew and
kept beside it, so that only the difference is added, and the same entry twice changes nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from engine.calendars import WorkCalendar
from engine.flow.timing import group_department, one_of
from engine.ids import SYSTEM_CHAIN, TIMER, split_task_id
from engine.journal.canonical import decode
from engine.requests import Node, Slot
from engine.statistics import (
    DEPARTMENTS,
    MEASURES,
    NODES,
    PROCESSES,
    Amounts,
    Life,
    Load,
    Pass,
    Place,
    Table,
    counted,
    spread,
)
from engine.statistics.counting import Refusal
from storage import following, journal
from storage.database import Database
from storage.journal import Kept
from storage.moments import NEVER, micros, optional_moment
from storage.packing import pack, unpack
from storage.reorganising import row_in
from storage.transaction import Row, Transaction
from storage.unit_of_work import nodes as node_rows
from storage.unit_of_work import slots as slot_rows

NAME = "time spent"
TABLES = (
    "spent_requests", "spent_open", "spent_nodes", "spent_processes", "spent_departments",
)  # fmt: skip
"""What is derived, and made anew by a rebuild."""
ACTS = frozenset(
    ("claim", "approve", "reject", "complete", "return", "transfer", "delegate", "add-signer",
     "error", "escalate")
)  # fmt: skip
"""Verbs by which whoever holds a task begins to see to it."""
DECIDED = ("approved", "rejected", "returned", "completed")
_REBUILD_BATCH = 1_000

_KEYS: Mapping[Table, tuple[str, ...]] = {
    "nodes": ("process", "day", "version", "name"),
    "processes": ("process", "day", "version"),
    "departments": ("process", "day", "name"),
}
_COUNTS: Mapping[Table, tuple[str, ...]] = {
    "nodes": NODES,
    "processes": PROCESSES,
    "departments": DEPARTMENTS,
}
FIELDS: Mapping[Table, tuple[str, ...]] = {
    table: (
        *_COUNTS[table],
        *(f"{name}_sum" for name in MEASURES[table]),
        *(f"{name}_spread" for name in MEASURES[table]),
    )
    for table in _COUNTS
}
"""The columns beside the key, in the order of the table."""
SPREAD = "_spread"
_REQUESTS = (
    "SELECT r.id, d.process, d.version, r.status, r.submitted_at, r.ended_at, r.round, r.rest"
    " FROM requests r JOIN definitions d ON d.place = r.definition WHERE "
)
_VERSION = "SELECT process, version FROM definitions WHERE digest = ? ORDER BY place LIMIT 1"
_CHANGES = "SELECT at, seq FROM organisation_changes WHERE kind = 'departments' AND subject = ?"
_OPEN = "SELECT request, key, process, version, node, since, due FROM spent_open WHERE "
_OPENED = (
    "INSERT INTO spent_open (request, key, process, version, node, since, due)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_CLOSED = "DELETE FROM spent_open WHERE request = ? AND key = ?"
_KEEP = (
    "INSERT INTO spent_requests (request, rest) VALUES (?, ?)"
    " ON CONFLICT (request) DO UPDATE SET rest = excluded.rest"
)


def take_into(database: Database) -> following.Take:
    """What takes sealed entries into this database's numbers."""

    def take(transaction: Transaction, entries: list[tuple[int, Kept]]) -> None:
        Taking(transaction, database.calendar).take(kept for _, kept in entries)

    return take


def follow(database: Database) -> int:
    """Bring the numbers up to what is sealed; how many entries that took."""
    return following.follow(database, NAME, take_into(database))


def anew(transaction: Transaction, calendar: WorkCalendar) -> None:
    """Make everything again from the entries that were taken before; the tables are empty."""
    taking = Taking(transaction, calendar)
    last, since = following.past(transaction, NAME), 0
    while since < last:
        count = min(_REBUILD_BATCH, last - since)
        found = journal.sealed(transaction, since=since, limit=count)
        taking.take(kept for _, kept in found)
        since += len(found)
        if len(found) < count:
            return


@dataclass(slots=True)
class _Known:
    """What is kept beside a request."""

    acts: dict[str, int] = field(default_factory=dict)
    """By a node's key: when a person first acted there."""
    refused: dict[str, list[Any]] = field(default_factory=dict)
    """By an entry's number: the node's key (empty: none), the day, how many attempts."""
    gave: dict[Place, Amounts] = field(default_factory=dict)
    """What it has added."""

    @classmethod
    def load(cls, kept: bytes) -> "_Known":
        rest = unpack(kept)
        return cls(rest["acts"], rest["refused"], dict(map(_given, rest["gave"])))

    def dump(self) -> bytes:
        gave = [[*place, _plain(amounts)] for place, amounts in sorted(self.gave.items())]
        acts, refused = (dict(sorted(each.items())) for each in (self.acts, self.refused))
        return pack({"acts": acts, "refused": refused, "gave": gave})


def _plain(amounts: Amounts) -> dict[str, Any]:
    return {
        name: spread.pairs(value) if name.endswith(SPREAD) else value
        for name, value in sorted(amounts.items())
    }


def _given(row: Sequence[Any]) -> tuple[Place, Amounts]:
    *place, amounts = row
    return Place(*place), {
        name: spread.of_pairs(value) if name.endswith(SPREAD) else value
        for name, value in amounts.items()
    }


class Taking:
    """Takes entries into the numbers of one transaction."""

    def __init__(self, transaction: Transaction, calendar: WorkCalendar) -> None:
        self._transaction = transaction
        self._calendar = calendar
        self._changes: dict[str, list[tuple[int, int]]] = {}
        self._calendars: dict[tuple[str, int], WorkCalendar] = {}
        self._versions: dict[str, tuple[str, int]] = {}

    def take(self, entries: Iterable[Kept]) -> None:
        """Bring the numbers of the requests that these entries are about to how they stand now."""
        chains: dict[str, list[Kept]] = defaultdict(list)
        for kept in entries:
            if kept.chain != SYSTEM_CHAIN:
                chains[kept.chain].append(kept)
        if not chains:
            return
        ids = sorted(chains)
        rows = self._rows(ids)
        added: dict[Place, Amounts] = defaultdict(lambda: defaultdict(int))
        for id in ids:
            if id in rows.lives:
                self._request(id, chains[id], rows, added)
        for table in _KEYS:
            self._add(table, {p: a for p, a in added.items() if p.table == table})

    def _rows(self, ids: Sequence[str]) -> "_Rows":
        one = self._transaction
        found = _Rows()
        where, argument = one.among("r.id", ids)
        found.lives = {row[0]: row for row in one.all(_REQUESTS + where, (argument,))}
        where, argument = one.among("request", ids)
        sql = f"SELECT {node_rows.COLUMNS} FROM nodes WHERE {where}"  # noqa: S608 - ours
        for row in one.all(sql + " ORDER BY request, ordinal", (argument,)):
            found.nodes[row[0]].append(node_rows.node_of(row))
        sql = f"SELECT {slot_rows.COLUMNS} FROM slots WHERE {where}"  # noqa: S608
        for row in one.all(sql + " ORDER BY request, ordinal", (argument,)):
            found.slots[row[0]].append(slot_rows.slot_of(row))
        sql = f"SELECT request, rest FROM spent_requests WHERE {where}"  # noqa: S608
        found.known = {id: _Known.load(rest) for id, rest in one.all(sql, (argument,))}
        for row in one.all(_OPEN + where, (argument,)):
            found.open[row[0]].add(tuple(row))
        return found

    def _request(
        self, id: str, entries: Sequence[Kept], rows: "_Rows", added: dict[Place, Amounts]
    ) -> None:
        known = rows.known.get(id) or _Known()
        nodes, slots = rows.nodes[id], rows.slots[id]
        life = _life(rows.lives[id])
        before = (dict(known.acts), dict(known.refused))
        self._note(known, entries, {slot.ordinal: slot for slot in slots})
        versions = {node.key: self._version(node.definition, life) for node in nodes}
        gives = counted(
            life,
            [self._pass(node, slots, versions[node.key], known.acts) for node in nodes],
            _loads(slots, versions),
            _refusals(known.refused, nodes, versions, life),
            self._calendar,
        )
        self._open(id, rows.open[id], nodes, versions)
        if gives == known.gave and before == (known.acts, known.refused):
            return
        for sign, amounts in ((1, gives), (-1, known.gave)):
            for place, each in amounts.items():
                for name, value in each.items():
                    added[place][name] += sign * value
        known.gave = gives
        self._transaction.execute(_KEEP, (id, known.dump()))

    def _note(self, known: _Known, entries: Sequence[Kept], slots: Mapping[int, Slot]) -> None:
        """What only entries tell: first acts, and what was refused."""
        for kept in entries:
            body = decode(kept.body)
            task = split_task_id(str(body.get("task", "")))
            slot = slots.get(task[1]) if task is not None else None
            if body.get("outcome") == "refused":
                day = kept.at.astimezone(self._calendar.zone).toordinal()
                key = slot.node_key if slot is not None else ""
                known.refused[str(kept.seq)] = [key, day, int(body.get("count", 1))]
            elif (
                slot is not None
                and body.get("outcome") == "done"
                and body.get("verb") in ACTS
                and not body.get("override")
            ):
                at = micros(kept.at)
                known.acts[slot.node_key] = min(at, known.acts.get(slot.node_key, at))

    def _version(self, definition: str, life: Life) -> tuple[str, int]:
        """The process and version in whose diagram a node stands: a called one's is its own."""
        if not definition:
            return life.process, life.version
        if definition not in self._versions:
            row = self._transaction.one(_VERSION, (definition,))
            self._versions[definition] = (life.process, 0) if row is None else (row[0], row[1])
        return self._versions[definition]

    def _pass(
        self,
        node: Node,
        slots: Sequence[Slot],
        version: tuple[str, int],
        acts: Mapping[str, int],
    ) -> Pass:
        return Pass(
            process=version[0],
            version=version[1],
            node=node.node,
            opened_at=node.opened_at,
            ended_at=node.settled_at,
            status=node.status,
            verdict=node.verdict,
            due=node.due,
            again=node.round > 1 or node.pass_ > 1,
            acted_at=optional_moment(acts.get(node.key)),
            calendar=self._calendar_of(_department(node, slots), node.settled_at),
        )

    def _calendar_of(self, department: str, at: datetime | None) -> WorkCalendar:
        """The department's as it was then: whoever counts it later counts the same."""
        if not department or at is None:
            return self._calendar
        if department not in self._changes:
            rows = self._transaction.all(_CHANGES, (department,))
            self._changes[department] = [(row[0], row[1]) for row in rows]
        then = micros(at)
        last = max((seq for when, seq in self._changes[department] if when <= then), default=0)
        known = self._calendars.get((department, last))
        if known is None:
            days = self._days(department, last) if last else {}
            known = self._calendars[department, last] = self._calendar.with_days(days)
        return known

    def _days(self, department: str, seq: int) -> dict[date, bool]:
        """A department's own days after an entry of the system chain."""
        entry = journal.picked(self._transaction, SYSTEM_CHAIN, [seq])[seq]
        row = row_in(entry, "departments", department) or {}
        found = dict.fromkeys(row.get("worked", ()), True)
        found |= dict.fromkeys(row.get("free", ()), False)
        return {date.fromisoformat(day): works for day, works in found.items()}

    def _open(
        self,
        id: str,
        there: set[Row],
        nodes: Sequence[Node],
        versions: Mapping[str, tuple[str, int]],
    ) -> None:
        """The desks that are open: what is over goes, what has changed is put anew."""
        now = {
            (
                id,
                node.key,
                *versions[node.key],
                node.node,
                micros(node.opened_at),
                NEVER if node.due is None else micros(node.due),
            )
            for node in nodes
            if node.status == "open"
        }
        for row in sorted(there - now):
            self._transaction.execute(_CLOSED, row[:2])
        for row in sorted(now - there):
            self._transaction.execute(_OPENED, row)

    def _add(self, table: Table, added: Mapping[Place, Amounts]) -> None:
        """Add to the days' rows, each once."""
        keys, fields = _KEYS[table], FIELDS[table]
        where = " AND ".join(f"{name} = ?" for name in keys)
        read = f"SELECT {', '.join(fields)} FROM spent_{table} WHERE {where}"  # noqa: S608
        names = (*keys, *fields)
        put = (
            f"INSERT INTO spent_{table} ({', '.join(names)})"  # noqa: S608
            f" VALUES ({', '.join('?' * len(names))}) ON CONFLICT ({', '.join(keys)})"
            f" DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in fields)}"
        )
        rows, gone = [], []
        for place, amounts in sorted(added.items()):
            if not any(amounts.values()):
                continue
            key = tuple(getattr(place, name) for name in keys)
            there = self._transaction.one(read, key) or (None,) * len(fields)
            sums = [_sum(n, old, amounts) for n, old in zip(fields, there, strict=True)]
            if any(sums):
                rows.append((*key, *sums))
            else:
                gone.append(key)
        if rows:
            self._transaction.many(put, rows)
        if gone:
            self._transaction.many(f"DELETE FROM spent_{table} WHERE {where}", gone)  # noqa: S608


@dataclass(slots=True)
class _Rows:
    """What is read of the requests of a batch."""

    lives: dict[str, Row] = field(default_factory=dict)
    nodes: dict[str, list[Node]] = field(default_factory=lambda: defaultdict(list))
    slots: dict[str, list[Slot]] = field(default_factory=lambda: defaultdict(list))
    known: dict[str, _Known] = field(default_factory=dict)
    open: dict[str, set[Row]] = field(default_factory=lambda: defaultdict(set))


def _sum(name: str, old: Any, amounts: Amounts) -> Any:
    value = amounts.get(name, 0)
    if name.endswith(SPREAD):
        return spread.dump(spread.load(bytes(old or b"")) + value)
    return (old or 0) + value


def _life(row: Row) -> Life:
    _, process, version, status, submitted_at, ended_at, round, rest = row
    return Life(
        process=process,
        version=version,
        status=status,
        rejected=unpack(rest).get("outcome") == "rejected",
        submitted_at=optional_moment(submitted_at),
        ended_at=optional_moment(ended_at),
        round=round,
    )


def _department(node: Node, slots: Sequence[Slot]) -> str:
    """The one department of all who were given the node, by whose calendar its deadline counts."""
    own = [slot for slot in slots if slot.node_key == node.key and not slot.origin]
    return one_of(group_department(s.groups) if not s.signer else s.department for s in own)


def _loads(slots: Sequence[Slot], versions: Mapping[str, tuple[str, int]]) -> list[Load]:
    """The places of signers: not those that came back signed, nor what nobody has claimed."""
    return [
        Load(
            process=versions[slot.node_key][0],
            department=slot.department,
            opened_at=slot.opened_at,
            decided_at=slot.decided_at
            if slot.status in DECIDED and slot.decided_by != TIMER
            else None,
        )
        for slot in slots
        if slot.department and slot.opened_at is not None and slot.kept_from is None
    ]


def _refusals(
    refused: Mapping[str, Sequence[Any]],
    nodes: Sequence[Node],
    versions: Mapping[str, tuple[str, int]],
    life: Life,
) -> list[Refusal]:
    names = {node.key: node.node for node in nodes}
    found = []
    for key, day, count in refused.values():
        process, version = versions.get(key, (life.process, life.version))
        found.append(
            Refusal(
                process=process,
                version=version,
                node=names.get(key, ""),
                day=day,
                count=count,
            )
        )
    return found
