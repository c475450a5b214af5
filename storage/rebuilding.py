"""Everything that follows from the journal, made anew from it: every recorded command runs again.

Kept are the journal, definitions and their files, attachments, accounts, and what no entry tells:
drafts, idempotency keys, what was read and what was sent.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.facts import Unrecorded
from engine.flow.failures import FAILURES
from engine.ids import SYSTEM_CHAIN, RequestId
from engine.journal import Entry, verify
from engine.refusals import Refused
from engine.refused import tell
from engine.replay import Difference, Unreadable, apply, compared
from engine.replay.running import erased_of
from storage import (
    erasing,
    finding,
    handing_over,
    journal,
    organisation,
    organising,
    releasing,
    reorganising,
    standing_in,
    time_spent,
)
from storage.database import Database
from storage.indexing import index
from storage.organisation import Organisation
from storage.search import keep, refresh
from storage.tables import METADATA
from storage.transaction import Row, Transaction, marks
from storage.unit_of_work import DatabaseUnitOfWork

DERIVED = (
    "requests", "flows", "nodes", "slots", "inbox", "queue", "crowds", "involved", "copies",
    "timers", "externals", "incidents", "subscriptions", "links", "counters", "notices",
    "searched", "owners", "people", "departments", "groups", "substitutions", "handovers",
    "release_rules", "proposals", "proposed", "named_posts", "organisation_changes",
    *time_spent.TABLES,
)  # fmt: skip
"""What is dropped: it follows from the journal."""
_COUNT = (
    "INSERT INTO counters (name, value) VALUES (?, ?)"
    " ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE excluded.value > counters.value"
)
_NOTICES = (
    "SELECT request, ordinal, person, at, kind, task, read_at, send_at, attempts FROM notices"
    " ORDER BY request, ordinal"
)
_SENT = (
    "UPDATE notices SET read_at = ?, send_at = ?, attempts = ? WHERE request = ? AND ordinal = ?"
)
_LOCKS = "SELECT free_at, worker, handed, request, task FROM externals"
_LOCK = "UPDATE externals SET free_at = ?, worker = ?, handed = ? WHERE request = ? AND task = ?"
_OWNERS = "SELECT process, person FROM owners"
_OWNED = "INSERT INTO owners (process, person) VALUES (?, ?) ON CONFLICT DO NOTHING"
_READ = "SELECT read_at, request, person FROM copies WHERE read_at IS NOT NULL"
_READ_AGAIN = "UPDATE copies SET read_at = ? WHERE request = ? AND person = ?"
_COUNTERS = "SELECT name, value FROM counters"
_OF_REQUEST = {
    **dict.fromkeys(
        ("flows", "nodes", "slots", "inbox", "queue", "involved", "copies", "timers", "externals",
         "incidents", "subscriptions", "notices"),
        "request",
    ),
    "requests": "id",
    "links": "source",
}  # fmt: skip
"""Tables with rows of one request, and the column that names it."""


class CannotRebuild(Exception):
    """The journal can't be carried out again: the first entry that is bad, or comes out otherwise
    than it is recorded. Nothing was changed."""

    def __init__(self, difference: Difference) -> None:
        self.difference = difference
        super().__init__(str(difference))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """How much was made anew."""

    entries: int
    requests: int


def rebuild(
    database: Database,
    at: datetime,
    *,
    progress: Callable[[int], None] = lambda done: None,
    although_erased: Collection[str] = (),
) -> Rebuilt:
    """Drop what follows from the journal and make it anew, in one transaction; that it was done is
    an entry of the system chain. `progress` is told how many entries are done. Requests of which
    something was erased keep their rows, except those named by `although_erased`.

    Raises:
        CannotRebuild: nothing was changed.
    """
    with database.write() as transaction:
        journal.lock_system(transaction)
        known, erased = _Known(transaction), _Erased(transaction, although_erased)
        _drop(transaction)
        rebuilding = _Rebuilding(database, transaction, known)
        rebuilding.erased = erased
        done = 0
        for done, kept in enumerate(journal.in_order(transaction), 1):
            rebuilding.take(kept)
            progress(done)
        known.bring_back(transaction)
        time_spent.anew(transaction, database.calendar)
        finding.fill_again(transaction)
        requests = int(transaction.value("SELECT COUNT(*) FROM requests"))
        body = {
            "verb": "rebuilt",
            "outcome": "done",
            "actor": "system:command line",
            "via": "command line",
            "entries": done,
        }
        journal.record(transaction, at=at, body=body, particulars={})
    return Rebuilt(entries=done, requests=requests)


def _drop(transaction: Transaction) -> None:
    if transaction.dialect == "postgresql":
        names = ", ".join(f'"{name}"' for name in (*DERIVED, "search_index"))
        transaction.execute(f"TRUNCATE {names} RESTART IDENTITY")
        return
    for name in DERIVED:
        transaction.execute(f'DELETE FROM "{name}"')  # noqa: S608 - names of ours
    transaction.execute("INSERT INTO search_index (search_index) VALUES ('delete-all')")


class _Known:
    """What no entry tells, remembered over the rebuild."""

    def __init__(self, transaction: Transaction) -> None:
        self.organisation = organising.rows_of(organisation.read(transaction))
        self._notices: dict[tuple[Any, ...], deque[tuple[Any, ...]]] = defaultdict(deque)
        for request, _, person, at, kind, task, *state in transaction.all(_NOTICES):
            self._notices[request, person, at, kind, task].append(tuple(state))
        self._read = transaction.all(_READ)
        self._owners = transaction.all(_OWNERS)
        self._locks = transaction.all(_LOCKS)

    def bring_back(self, transaction: Transaction) -> None:
        """Mark what was read and sent; what nobody knows of is neither new nor sent again."""
        states = []
        for request, ordinal, person, at, kind, task, *_ in transaction.all(_NOTICES):
            before = self._notices.get((request, person, at, kind, task))
            state = before.popleft() if before else (at, None, 0)
            states.append((*state, request, ordinal))
        if states:
            transaction.many(_SENT, states)
        if self._read:
            transaction.many(_READ_AGAIN, self._read)
        if self._locks:
            transaction.many(_LOCK, self._locks)
        if self._owners:
            transaction.many(_OWNED, self._owners)
        for table, rows in self.organisation.items():
            there = organising.rows_of(organisation.read(transaction))[table]
            for key, row in rows.items():
                if key not in there:
                    organising.put(transaction, table, row)
        organisation.touch(transaction)


class _Erased:
    """The rows of requests of which the law had something erased: they can't be made again, and
    stay as they were left then."""

    def __init__(self, transaction: Transaction, left_out: Collection[str] = ()) -> None:
        self.requests = erasing.chains(transaction) - {SYSTEM_CHAIN, *left_out}
        self._rows: dict[str, list[tuple[str, list[str], Row]]] = defaultdict(list)
        self._searched: dict[str, str] = {}
        self._counters = transaction.all(_COUNTERS) if self.requests else []
        for request in sorted(self.requests):
            for table, column in _OF_REQUEST.items():
                names = [each.name for each in METADATA.tables[table].columns]
                named = ", ".join(f'"{name}"' for name in names)
                sql = f'SELECT {named} FROM "{table}" WHERE {column} = ?'  # noqa: S608 - our names
                rows = transaction.all(sql, (request,))
                self._rows[request].extend((table, names, row) for row in rows)
            found = transaction.value(
                "SELECT s.text FROM searched s JOIN requests r ON r.place = s.place WHERE r.id = ?",
                (request,),
            )
            if found is not None:
                self._searched[request] = found

    def bring_back(self, transaction: Transaction, request: str) -> None:
        """Lay them where they were; the place in lists is a new one."""
        place = 0
        for table, names, row in sorted(
            self._rows[request], key=lambda each: each[0] != "requests"
        ):
            values = dict(zip(names, row, strict=True))
            if table == "requests":
                del values["place"]
            elif "place" in values:
                values["place"] = place
            named = ", ".join(f'"{name}"' for name in values)
            sql = f'INSERT INTO "{table}" ({named}) VALUES ({marks(len(values))})'  # noqa: S608
            if table == "requests":
                place = transaction.value(f"{sql} RETURNING place", tuple(values.values()))
            else:
                transaction.execute(sql, tuple(values.values()))
        if request in self._searched:
            keep(transaction, place, self._searched[request])
        for counter in self._counters:
            transaction.execute(_COUNT, counter)


def copy_erased(
    reader: Transaction, transaction: Transaction, left_out: Collection[str] = ()
) -> None:
    """Copy into an empty database what a rebuild of it can't make again: the rows of requests of
    which something was erased, and the organisation's where its entries were."""
    erased = _Erased(reader, left_out)
    for request in sorted(erased.requests):
        erased.bring_back(transaction, request)
    if reader.one("SELECT 1 FROM erasures WHERE chain = ? LIMIT 1", (SYSTEM_CHAIN,)):
        for table, rows in organising.rows_of(organisation.read(reader)).items():
            for row in rows.values():
                organising.put(transaction, table, row)


class _Again(DatabaseUnitOfWork):
    """A unit of work for one entry of the past: the journal after it has not been written yet."""

    def begin(self, entry: Entry) -> None:
        """Carry out this entry, and no other."""
        self.stop_recording()
        self._now: Entry = entry
        self.written: Entry | None = None

    def append(self, entry: Entry, previous: bytes) -> bytes:
        """Take note of what would be written; the digest is the recorded one."""
        self.written = entry
        return super().append(entry, previous)

    def entries(self, chain: str, *, after: int = 0) -> list[Entry]:
        """The chain as it was."""
        found = super().entries(chain, after=after)
        if chain != self._now.chain:
            return found
        return [entry for entry in found if entry.seq < self._now.seq]

    def complete(self) -> None:
        """What a commit does before it: the rebuild has one for all."""
        self._deliver()
        for request in sorted(self._search):
            refresh(self._transaction, request, self._definitions, self.directory)


class _Rebuilding:
    """Takes one entry after the other."""

    def __init__(self, database: Database, transaction: Transaction, known: _Known) -> None:
        self._transaction = transaction
        self._definitions = database.definitions
        self._calendar = database.calendar
        self._organisation = Organisation()
        self._heads: dict[str, tuple[int, bytes]] = {}
        self._known = known
        self.erased: _Erased | None = None
        self._lost: set[str] = set()
        """Chains of which something was erased before: the digest of variables says nothing."""

    def take(self, kept: journal.Kept) -> None:
        """Verify an entry and do what it records."""
        self._verify(kept)
        entry = kept.entry
        if entry.chain == SYSTEM_CHAIN:
            self._organise(entry)
            return
        if self.erased is not None and entry.chain in self.erased.requests:
            if entry.seq == 1:
                self.erased.bring_back(self._transaction, entry.chain)
            self._count(entry)
            return
        work = _Again(self._transaction, self._definitions, self._organisation, self._calendar)
        work.begin(entry)
        if entry.body.get("outcome") == "done":
            self._apply(entry, work)
        else:
            self._skip(entry, work)
        work.complete()

    def _verify(self, kept: journal.Kept) -> None:
        seq, head = self._heads.get(kept.chain, (0, b""))
        fault = verify(head, kept.body, kept.particulars, kept.digest)
        if kept.seq != seq + 1:
            fault = f"entry {seq + 1} is missing before it"
        if fault is not None:
            raise CannotRebuild(Difference(chain=kept.chain, seq=kept.seq, what=fault))
        self._heads[kept.chain] = (kept.seq, kept.digest)

    def _organise(self, entry: Entry) -> None:
        verb = entry.body.get("verb", "")
        for person in entry.body.get("owners", ()) if verb == "deploy" else ():
            self._transaction.execute(_OWNED, (entry.body["process"], person))
        standing_in.restore(self._transaction, entry)
        handing_over.restore(self._transaction, entry)
        releasing.restore(self._transaction, entry)
        index(self._transaction, entry)
        if reorganising.restore(self._transaction, entry, self._known.organisation):
            organisation.touch(self._transaction)

    def _apply(self, entry: Entry, work: _Again) -> None:
        def definition(start: str) -> Any:
            return self._definitions.beginning(self._transaction, start)

        try:
            apply(entry, work, definition)
        except (Refused, Unrecorded, Unreadable, *FAILURES) as error:
            said = error.sentence("en") if isinstance(error, Refused) else str(error)
            what = "it can't be carried out again"
            raise CannotRebuild(
                Difference(chain=entry.chain, seq=entry.seq, what=what, replayed=said)
            ) from error
        assert work.written is not None
        if erased_of(entry):
            self._lost.add(entry.chain)
        found = compared(entry, work.written, lost=entry.chain in self._lost)
        if found is not None:
            raise CannotRebuild(found)
        self._count(entry)

    def _count(self, entry: Entry) -> None:
        for counter, value in _numbers(entry):
            self._transaction.execute(_COUNT, (counter, value))

    def _skip(self, entry: Entry, work: _Again) -> None:
        """A refused attempt changed nothing but the chain; of a failed one administrators heard."""
        request = work.request(RequestId(entry.chain))
        assert request is not None
        request.seq, request.last_at = entry.seq, entry.at
        request.head = journal.recorded_digest(self._transaction, entry.chain, entry.seq)
        work.save_request(request)
        if entry.body.get("outcome") == "failed":
            said = (entry.particulars["refusal.zh"], entry.particulars["refusal.en"])
            tell(request, said, work, entry.at)


def _numbers(entry: Entry) -> Iterator[tuple[str, int]]:
    """The counters that this entry took a number from."""
    facts = entry.particulars.get("facts")
    for question, answer in facts if isinstance(facts, list) else ():
        if question[0] == "number":
            yield question[1], answer
