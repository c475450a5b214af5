"""A stage for stories without a database: the same commands through the same door, a hundred times
as fast. What is handed out is a copy; what a command did is there once it commits, or never."""

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from dataclasses import fields as fields_of
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any, TypeVar

from engine.diagrams.definition import Definition
from engine.ids import PersonId, RequestId, TaskId, split_task_id
from engine.journal import Entry
from engine.replay import Difference, replay
from engine.requests import (
    ENDED,
    External,
    Flow,
    Incident,
    Node,
    Request,
    Slot,
    Subscription,
    Timer,
)
from engine.unit_of_work import Link, Notice
from storage.organisation import Snapshot
from storage.queries.told import Told
from tests.engine.live import CALENDAR, LiveUnitOfWork
from tests.support.cast import demo

Result = TypeVar("Result")
Row = TypeVar("Row", Request, Flow, Node, Slot, Timer)


@dataclass(slots=True)
class Shelf:
    """All rows, of one moment."""

    requests: dict[RequestId, Request] = field(default_factory=dict)
    flows: dict[RequestId, Flow] = field(default_factory=dict)
    nodes: dict[tuple[RequestId, str], Node] = field(default_factory=dict)
    slots: dict[tuple[RequestId, int], Slot] = field(default_factory=dict)
    timers: dict[tuple[RequestId, str], Timer] = field(default_factory=dict)
    put_off: dict[tuple[RequestId, str], datetime] = field(default_factory=dict)
    involved: dict[tuple[RequestId, PersonId], bool] = field(default_factory=dict)
    """Who has to do with a request, and whether he holds or held a task of it."""
    counters: dict[str, int] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    answers: dict[tuple[str, str], tuple[str, Mapping[str, Any]]] = field(default_factory=dict)
    drafts: dict[tuple[RequestId, int], Mapping[str, Any]] = field(default_factory=dict)
    files: dict[str, tuple[PersonId, RequestId | None, str]] = field(default_factory=dict)
    """Attachments: by whom, of which request, the digest."""
    notices: list[Notice] = field(default_factory=list)
    journal: list[Entry] = field(default_factory=list)
    incidents: dict[tuple[RequestId, int], Incident] = field(default_factory=dict)
    waiting: dict[RequestId, tuple[Subscription, ...]] = field(default_factory=dict)
    externals: dict[tuple[RequestId, str], External] = field(default_factory=dict)

    def same(self) -> "Shelf":
        """Another shelf with the same rows on it."""
        return Shelf(*(copy.copy(getattr(self, each.name)) for each in fields_of(self)))


_PLAIN = ("str", "int", "bool", "datetime")
_INNER: dict[type, tuple[str, ...]] = {
    kind: tuple(
        each.name
        for each in fields_of(kind)
        if not str(getattr(each.type, "__name__", each.type)).startswith(_PLAIN)
    )
    for kind in (Request, Flow, Node, Slot, Timer)
}
"""The fields of rows that hold lists and maps."""


def fresh(row: Row) -> Row:
    """A row of one's own."""
    mine = copy.copy(row)
    for name in _INNER[type(row)]:
        value = getattr(mine, name)
        if value:
            setattr(mine, name, _own(value))
    return mine


def _own(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _own(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_own(inner) for inner in value]
    return value


@cache
def everybody() -> Snapshot:
    """The demo organisation, as a database would have it."""
    found = demo()
    return Snapshot(people=dict(found.people), units=dict(found.departments), groups=found.groups)


class Work(LiveUnitOfWork):
    """One command's rows: its own until it commits."""

    def __init__(self, stage: "MemoryStage") -> None:
        self.directory = everybody()
        self.calendar = CALENDAR
        self.stage = stage
        self.deployed = stage.definitions
        self.versions = list(stage.definitions.values())
        self.together = [0] * len(self.versions)
        self.owners = {}
        self.shelf = stage.shelf.same()
        self.journal, self.notices = self.shelf.journal, self.shelf.notices
        self.counters, self.answers = self.shelf.counters, self.shelf.answers
        self._incidents, self._waiting = self.shelf.incidents, self.shelf.waiting
        self._externals = self.shelf.externals

    def commit(self) -> None:
        self.stage.shelf = self.shelf

    def definition(self, digest: str) -> Definition:
        return self.stage.by_digest(digest)

    # rows

    def request(self, id: RequestId, *, lock: bool = True) -> Request | None:
        found = self.shelf.requests.get(id)
        return None if found is None else fresh(found)

    def add_request(self, request: Request) -> None:
        self.shelf.requests[request.id] = fresh(request)

    def save_request(self, request: Request) -> None:
        self.shelf.requests[request.id] = fresh(request)
        if request.status in ENDED:
            for shelf in (self.shelf.timers, self.shelf.drafts):
                for key in [key for key in shelf if key[0] == request.id]:
                    del shelf[key]  # type: ignore[arg-type]

    def flow(self, id: RequestId) -> Flow:
        found = self.shelf.flows.get(id)
        return Flow() if found is None else fresh(found)

    def save_flow(self, id: RequestId, flow: Flow) -> None:
        self.shelf.flows[id] = fresh(flow)

    def node(self, request: RequestId, key: str) -> Node | None:
        found = self.shelf.nodes.get((request, key))
        return None if found is None else fresh(found)

    def nodes(self, request: RequestId, *, status: str | None = None) -> list[Node]:
        rows = self.shelf.nodes.values()
        return [fresh(n) for n in rows if n.request == request and status in (None, n.status)]

    def add_node(self, node: Node) -> None:
        self.shelf.nodes[node.request, node.key] = fresh(node)

    def save_node(self, node: Node) -> None:
        self.shelf.nodes[node.request, node.key] = fresh(node)

    def slot(self, request: RequestId, ordinal: int) -> Slot | None:
        found = self.shelf.slots.get((request, ordinal))
        return None if found is None else fresh(found)

    def slots(
        self, request: RequestId, *, node_key: str | None = None, status: str | None = None
    ) -> list[Slot]:
        found = [
            slot
            for slot in self.shelf.slots.values()
            if slot.request == request
            and node_key in (None, slot.node_key)
            and status in (None, slot.status)
        ]
        return [fresh(slot) for slot in sorted(found, key=lambda slot: slot.ordinal)]

    def add_slots(self, slots: Sequence[Slot]) -> None:
        for slot in slots:
            self.shelf.slots[slot.request, slot.ordinal] = fresh(slot)
            for person in slot.holders:
                self.shelf.involved[slot.request, person] = True

    def save_slots(self, slots: Sequence[Slot]) -> None:
        self.add_slots(slots)

    # time

    def timers(self, request: RequestId) -> list[Timer]:
        found = [fresh(t) for t in self.shelf.timers.values() if t.request == request]
        return sorted(found, key=lambda timer: (timer.due, timer.key))

    def put_timer(self, timer: Timer) -> None:
        self.shelf.timers[timer.request, timer.key] = fresh(timer)
        self.shelf.put_off.pop((timer.request, timer.key), None)

    def remove_timers(self, request: RequestId, keys: Sequence[str]) -> None:
        for key in keys:
            self.shelf.timers.pop((request, key), None)

    def due_timers(self, now: datetime, limit: int) -> list[Timer]:
        """What is due by `now` and not put off, in order of due time."""
        due = [
            fresh(timer)
            for key, timer in self.shelf.timers.items()
            if timer.due <= now and self.shelf.put_off.get(key, now) <= now
        ]
        return sorted(due, key=lambda timer: (timer.due, timer.request, timer.key))[:limit]

    def put_off(self, timer: Timer, now: datetime) -> None:
        """Leave a timer that could not be fired alone for a minute."""
        self.shelf.put_off[timer.request, timer.key] = now + timedelta(minutes=1)
        self.commit()

    # other requests

    def set_links(self, source: RequestId, links: Sequence[Link]) -> None:
        kept = [link for link in self.shelf.links if link.source != source]
        self.shelf.links[:] = kept + list(dict.fromkeys(links))

    def linked(self, target: RequestId) -> list[Link]:
        requests = self.shelf.requests
        order = {id: place for place, id in enumerate(requests)}
        found = [
            link
            for link in self.shelf.links
            if link.target == target and requests[link.source].status != "draft"
        ]
        return sorted(
            found,
            key=lambda link: (
                requests[link.source].submitted_at,
                order[link.source],
                link.field,
            ),
        )

    def referable(self, process: str, person: PersonId) -> list[tuple[RequestId, str, str]]:
        return [
            (request.id, request.number, request.title)
            for request in reversed(self.shelf.requests.values())
            if request.process == process
            and request.status != "draft"
            and request.number is not None
            and self.may_see(request.id, person)
        ]

    def find_number(self, number: str) -> RequestId | None:
        return next((r.id for r in self.shelf.requests.values() if r.number == number), None)

    # people

    def involve(self, request: RequestId, people: Sequence[PersonId]) -> None:
        for person in people:
            self.shelf.involved.setdefault((request, person), False)

    def involved(self, request: RequestId) -> list[PersonId]:
        return sorted(person for of, person in self.shelf.involved if of == request)

    def participants(self, request: RequestId) -> list[PersonId]:
        rows = self.shelf.involved.items()
        return sorted(person for (of, person), held in rows if of == request and held)

    def may_see(self, request: RequestId, person: PersonId) -> bool:
        """The one predicate, as storage.visibility has it."""
        found, who = self.shelf.requests.get(request), self.directory.person(person)
        if found is None or who is None:
            return False
        if found.status == "draft" or found.requester == person:
            return found.requester == person
        unit = self.directory.department(found.department)
        return (
            who.role in ("auditor", "owner")
            or (unit is not None and person == unit.head)
            or (request, person) in self.shelf.involved
            or any(
                person in slot.candidates
                for slot in self.shelf.slots.values()
                if slot.request == request and slot.status == "open" and slot.signer is None
            )
        )

    # what is filled in and handed in

    def task_draft(self, request: RequestId, ordinal: int) -> Mapping[str, Any] | None:
        return self.shelf.drafts.get((request, ordinal))

    def keep_task_draft(
        self, request: RequestId, ordinal: int, person: PersonId, answers: Any, at: datetime
    ) -> None:
        return None

    def drop_task_draft(self, request: RequestId, ordinal: int) -> None:
        self.shelf.drafts.pop((request, ordinal), None)

    def attachments_usable(
        self, ids: Sequence[str], person: PersonId, request: RequestId | None
    ) -> set[str]:
        known = {id: self.shelf.files[id] for id in ids if id in self.shelf.files}
        return {
            id
            for id, (by, of, _) in known.items()
            if (of is None and by == person) or (of is not None and of == request)
        }

    def attach(self, ids: Sequence[str], request: RequestId) -> None:
        for id in ids:
            by, of, digest = self.shelf.files[id]
            self.shelf.files[id] = (by, of or request, digest)

    def attachment_digests(self, ids: Sequence[str]) -> Mapping[str, str]:
        return {id: self.shelf.files[id][2] for id in ids if id in self.shelf.files}


class MemoryStage:
    """Implements web.stories.Stage: the demo organisation, and definitions by process."""

    def __init__(self, definitions: Mapping[str, Definition]) -> None:
        self.definitions = dict(definitions)
        self.shelf = Shelf()
        self.uploads: list[tuple[bytes, str, PersonId, datetime, str]] = []
        """Content, name, by whom, when, and the id that it got."""
        self.drafts: list[tuple[TaskId, PersonId, Mapping[str, Any], datetime]] = []
        """Of which task, whose, what, and when."""

    def by_digest(self, start: str) -> Definition:
        """The definition whose digest begins so. Raises KeyError."""
        for found in self.definitions.values():
            if found.digest.startswith(start):
                return found
        raise KeyError(start)

    @contextmanager
    def unit_of_work(self) -> Iterator[Work]:
        """One command's rows; left without its commit, it never was."""
        yield Work(self)

    def run(self, work: Callable[[Any], Result]) -> Result:
        """Do `work` in a unit of work."""
        return work(Work(self))

    def told(self) -> list[Told]:
        """Everything that anybody was told."""
        return [
            Told(request=notice.request, ordinal=at, person=notice.person, text=notice.text)
            for at, notice in enumerate(self.shelf.notices)
        ]

    def newest_draft(self, person: PersonId) -> RequestId | None:
        """The newest draft of a person."""
        rows = reversed(self.shelf.requests.values())
        return next((r.id for r in rows if (r.requester, r.status) == (person, "draft")), None)

    def save_draft(
        self, task: TaskId, person: PersonId, answers: Mapping[str, Any], at: datetime
    ) -> None:
        """Keep what somebody has filled in at his open task and not sent."""
        key = split_task_id(task)
        assert key is not None
        self.shelf.drafts[key] = _own(dict(answers))
        self.drafts.append((task, person, answers, at))

    def attach(self, content: bytes, *, name: str, by: PersonId, at: datetime) -> str:
        """Upload a file; its id."""
        id = f"file{len(self.shelf.files) + 1}"
        self.shelf.files[id] = (by, None, sha256(content).hexdigest())
        self.uploads.append((content, name, by, at, id))
        return id

    def replayed(self) -> list[Difference]:
        """The first difference of each request that does not come out as it is recorded."""
        chains: dict[str, list[Entry]] = {}
        for entry in self.shelf.journal:
            chains.setdefault(entry.chain, []).append(entry)
        found = [replay(entries, self.by_digest, CALENDAR) for entries in chains.values()]
        return [each for each in found if each is not None]
