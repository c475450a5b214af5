"""The numbers worked out the long way: every row of every request, every entry, one by one."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import Any

from engine.calendars import WorkCalendar
from engine.ids import RequestId
from engine.requests import Node, Slot
from engine.statistics import spread
from storage import Database, journal
from storage.moments import micros
from storage.time_spent import FIELDS

Numbers = dict[tuple[Any, ...], dict[str, Any]]
"""By table and key; of a length the list of all."""
BEGAN = ("claim", "approve", "reject", "complete", "return", "transfer", "delegate", "add-signer",
         "error", "escalate")  # fmt: skip
KEYS = {
    "nodes": ("process", "day", "version", "name"),
    "processes": ("process", "day", "version"),
    "departments": ("process", "day", "name"),
}


class Counting:
    """Goes over everything that is there."""

    def __init__(self, database: Database) -> None:
        self.calendar = database.calendar
        self.found: Numbers = defaultdict(lambda: defaultdict(int))
        self.open: list[tuple[Any, ...]] = []
        with database.unit_of_work() as work:
            self.work = work
            self.units = database.organisation.current(work.transaction).units
            ids = [row[0] for row in work.transaction.all("SELECT id FROM requests")]
            for id in ids:
                self.request(RequestId(id))

    def day(self, at: datetime) -> int:
        return at.astimezone(self.calendar.zone).date().toordinal()

    def add(self, *key: Any, **amounts: int) -> None:
        for name, value in amounts.items():
            self.found[key][name] += value

    def length(self, table: str, *key: Any, **lengths: timedelta) -> None:
        for name, span in lengths.items():
            seconds = int(span.total_seconds())
            self.found[table, *key][f"{name}_sum"] += seconds
            old = self.found[table, *key][f"{name}_spread"] or ()
            self.found[table, *key][f"{name}_spread"] = (*old, seconds)

    def request(self, id: RequestId) -> None:
        work = self.work
        request = work.request(id)
        assert request is not None
        nodes, slots = work.nodes(id), work.slots(id)
        self.version = self.versions(request.definition)
        process, version = self.version
        if request.submitted_at:
            self.add("processes", process, self.day(request.submitted_at), version, started=1)
        if request.submitted_at and request.ended_at:
            key = ("processes", process, self.day(request.ended_at), version)
            if request.status == "withdrawn":
                self.add(*key, withdrawn=1)
            elif request.status == "completed":
                self.add(*key, finished=1, rounds=request.round)
                self.add(*key, rejected=int(request.outcome == "rejected"))
                self.add(*key, again=int(request.round > 1))
                took = request.ended_at - request.submitted_at
                working = self.working(self.calendar, request.submitted_at, request.ended_at)
                self.length(*key, took=took, took_working=working)
            elif request.status in ("cancelled", "void"):
                self.add(*key, cancelled=1)
        by_key = {node.key: node for node in nodes}
        by_ordinal = {slot.ordinal: slot for slot in slots}
        began: dict[str, datetime] = {}
        for entry in journal.entries(work.transaction, id):
            body = entry.body
            task = body.get("task", "").rpartition("-")[2]
            slot = by_ordinal[int(task)] if task else None
            if body["outcome"] == "refused":
                name = by_key[slot.node_key].node if slot else ""
                table = ("nodes", *self.place(by_key[slot.node_key] if slot else None, entry.at))
                where: tuple[Any, ...] = (*table, name) if slot else ("processes", *table[1:])
                self.add(*where, refused=body.get("count", 1))
            elif slot and body["verb"] in BEGAN and not body.get("override"):
                began.setdefault(slot.node_key, entry.at)
        for node in nodes:
            mine = [slot for slot in slots if slot.node_key == node.key]
            self.node(node, mine, began.get(node.key))
        for slot in slots:
            self.slot(slot, by_key[slot.node_key])

    def versions(self, digest: str) -> tuple[str, int]:
        row = self.work.transaction.one(
            "SELECT process, version FROM definitions WHERE digest = ?", (digest,)
        )
        assert row is not None
        return row[0], row[1]

    def place(self, node: Node | None, at: datetime) -> tuple[str, int, int]:
        called = node is not None and node.definition
        process, version = self.versions(called) if called else self.version
        return process, self.day(at), version

    def node(self, node: Node, slots: list[Slot], began: datetime | None) -> None:
        opened = (*self.place(node, node.opened_at), node.node)
        self.add("nodes", *opened, entered=1, again=int(node.round > 1 or node.pass_ > 1))
        if node.status == "open":
            due = 2**62 if node.due is None else micros(node.due)
            process, _, version, name = opened
            row = (node.request, node.key, process, version, name, micros(node.opened_at), due)
            self.open.append(row)
            return
        assert node.settled_at is not None
        key = ("nodes", *self.place(node, node.settled_at), node.node)
        if node.status == "cancelled":
            self.add(*key, cancelled=1)
            return
        self.add(*key, **{node.verdict or "done": 1})
        self.add(*key, undone=int(node.status == "superseded"))
        if node.verdict == "skipped" or (not began and node.opened_at == node.settled_at):
            return
        calendar = self.department(slots)
        first = min(began or node.settled_at, node.settled_at)
        self.add(*key, timed=1)
        self.length(
            *key,
            wait=first - node.opened_at,
            wait_working=self.working(calendar, node.opened_at, first),
            took=node.settled_at - node.opened_at,
            took_working=self.working(calendar, node.opened_at, node.settled_at),
        )
        if node.due is not None:
            self.add(*key, promised=1, late=int(node.settled_at > node.due))
            if node.settled_at > node.due:
                self.length(*key, late_by=node.settled_at - node.due)

    def slot(self, slot: Slot, node: Node) -> None:
        if not slot.department or slot.kept_from is not None or slot.opened_at is None:
            return
        process, day, _ = self.place(node, slot.opened_at)
        self.add("departments", process, day, slot.department, given=1)
        said = slot.status in ("approved", "rejected", "returned", "completed")
        if said and slot.decided_at and not str(slot.decided_by).startswith("system:"):
            day = self.day(slot.decided_at)
            self.add("departments", process, day, slot.department, decided=1)

    def department(self, slots: list[Slot]) -> WorkCalendar:
        names = set()
        for slot in slots:
            if slot.origin:
                continue
            name = slot.department
            if not slot.signer:
                groups = {
                    g[5:] if g.startswith("dept:") else g.partition("@")[2] for g in slot.groups
                }
                name = groups.pop() if len(groups) == 1 else ""
            names.add(name)
        unit = self.units.get(names.pop()) if len(names) == 1 else None
        days = unit.days if unit is not None else ()
        return self.calendar.with_days({date.fromisoformat(d): works for d, works in days})

    def working(self, calendar: WorkCalendar, start: datetime, end: datetime) -> timedelta:
        """Day by day."""
        total, day = timedelta(), start.astimezone(calendar.zone).date()
        while day <= end.astimezone(calendar.zone).date():
            if calendar.is_workday(day):
                begins = datetime.combine(day, time(9), calendar.zone)
                ends = datetime.combine(day, time(18), calendar.zone)
                part = min(end, ends) - max(start, begins)
                total += timedelta(seconds=max(0, part // timedelta(seconds=1)))
            day += timedelta(days=1)
        return total


def counted(database: Database) -> tuple[Numbers, list[tuple[Any, ...]]]:
    """What should be kept: by row, and the open desks."""
    counting = Counting(database)
    found = {}
    for key, amounts in counting.found.items():
        row = {}
        for name in FIELDS[key[0]]:
            value = amounts.get(name, 0)
            row[name] = sum(map(spread.one, value or ())) if name.endswith("_spread") else value
        if any(row.values()):
            found[key] = row
    return found, sorted(counting.open)


def kept(database: Database) -> tuple[Numbers, list[tuple[Any, ...]]]:
    """What is kept."""
    found: Numbers = {}
    with database.read() as reader:
        for table, keys in KEYS.items():
            names = FIELDS[table]  # type: ignore[index]
            for row in reader.all(f"SELECT {', '.join((*keys, *names))} FROM spent_{table}"):
                at = len(keys)
                values = dict(zip(names, row[at:], strict=True))
                for name in names:
                    if name.endswith("_spread"):
                        values[name] = spread.load(bytes(values[name]))
                if any(values.values()):
                    found[table, *row[:at]] = values
        open_now = reader.all(
            "SELECT request, key, process, version, node, since, due FROM spent_open"
        )
    return found, sorted(map(tuple, open_now))
