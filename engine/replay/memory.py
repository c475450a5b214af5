"""A unit of work in memory: one request's rows, for replay and for trying things out."""

import copy
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.calendars import WorkCalendar
from engine.diagrams.definition import Definition
from engine.ids import PersonId, RequestId
from engine.journal import Entry
from engine.people.directory import Department, Directory, Person
from engine.requests import (
    External,
    Flow,
    Incident,
    Node,
    Request,
    Slot,
    Subscription,
    Timer,
)
from engine.unit_of_work import Link, Notice, Post


class NoDirectory:
    """Answers nothing that decides: in a replay those answers are recorded facts."""

    def person(self, id: str) -> Person | None:
        """Somebody of that id."""
        return Person(id=PersonId(id), name=id)

    def department(self, name: str) -> Department | None:
        """None is known."""
        return None

    def members(self, kind: str, name: str, department: str = "") -> list[PersonId]:
        """None is known."""
        return []

    def resolve_group(self, name: str) -> str:
        """None is known."""
        return ""

    def administrators(self) -> list[PersonId]:
        """Nobody to tell."""
        return []

    def departments(self) -> list[str]:
        """None is known."""
        return []

    def standing_in(self, person: str, process: str, at: datetime) -> PersonId | None:
        """Nobody does."""
        return None

    def heir(self, person: str) -> PersonId | None:
        """Nobody is."""
        return None

    def listed(self, which: str) -> list[tuple[PersonId, str]]:
        """None is known."""
        return []


class MemoryUnitOfWork:
    """Implements engine.unit_of_work.UnitOfWork over dictionaries; commits nothing."""

    def __init__(self, definitions: Callable[[str], Definition], calendar: WorkCalendar) -> None:
        self.directory: Directory = NoDirectory()
        self.calendar = calendar
        self.journal: list[Entry] = []
        self.notices: list[Notice] = []
        self._definitions = definitions
        self._requests: dict[RequestId, Request] = {}
        self._flows: dict[RequestId, Flow] = {}
        self._nodes: dict[tuple[RequestId, str], Node] = {}
        self._slots: dict[tuple[RequestId, int], Slot] = {}
        self._timers: dict[tuple[RequestId, str], Timer] = {}
        self._externals: dict[tuple[RequestId, str], External] = {}
        self._incidents: dict[tuple[RequestId, int], Incident] = {}
        self._waiting: dict[RequestId, tuple[Subscription, ...]] = {}
        self._involved: dict[RequestId, set[PersonId]] = {}

    @property
    def last(self) -> Entry:
        """The entry written last."""
        return self.journal[-1]

    def skip(self, entry: Entry) -> None:
        """Take over an entry that changed nothing (a refusal)."""
        self.journal.append(entry)
        request = self._requests.get(RequestId(entry.chain))
        if request is not None:
            request.seq = entry.seq
            request.last_at = entry.at

    def definition(self, digest: str) -> Definition:
        return self._definitions(digest)

    def latest(self, process: str) -> Definition | None:
        return None

    def called(self, process: str, binding: str, version: str, of: str) -> Definition | None:
        return None

    def request(self, id: RequestId, *, lock: bool = True) -> Request | None:
        return self._requests.get(id)

    def add_request(self, request: Request) -> None:
        self._requests[request.id] = request

    def save_request(self, request: Request) -> None:
        self._requests[request.id] = request

    def flow(self, id: RequestId) -> Flow:
        return copy.deepcopy(self._flows.get(id) or Flow())

    def save_flow(self, id: RequestId, flow: Flow) -> None:
        self._flows[id] = copy.deepcopy(flow)

    def node(self, request: RequestId, key: str) -> Node | None:
        return self._nodes.get((request, key))

    def nodes(self, request: RequestId, *, status: str | None = None) -> list[Node]:
        return [
            node
            for (owner, _), node in self._nodes.items()
            if owner == request and status in (None, node.status)
        ]

    def add_node(self, node: Node) -> None:
        self._nodes[node.request, node.key] = node

    def save_node(self, node: Node) -> None:
        self._nodes[node.request, node.key] = node

    def slot(self, request: RequestId, ordinal: int) -> Slot | None:
        return self._slots.get((request, ordinal))

    def slots(
        self, request: RequestId, *, node_key: str | None = None, status: str | None = None
    ) -> list[Slot]:
        return [
            slot
            for (owner, _), slot in sorted(self._slots.items())
            if owner == request
            and node_key in (None, slot.node_key)
            and status in (None, slot.status)
        ]

    def add_slots(self, slots: Sequence[Slot]) -> None:
        for slot in slots:
            self._slots[slot.request, slot.ordinal] = slot

    def save_slots(self, slots: Sequence[Slot]) -> None:
        self.add_slots(slots)

    def timers(self, request: RequestId) -> list[Timer]:
        return [timer for (owner, _), timer in sorted(self._timers.items()) if owner == request]

    def put_timer(self, timer: Timer) -> None:
        self._timers[timer.request, timer.key] = timer

    def remove_timers(self, request: RequestId, keys: Sequence[str]) -> None:
        for key in keys:
            self._timers.pop((request, key), None)

    def externals(self, request: RequestId) -> list[External]:
        found = [row for (owner, _), row in self._externals.items() if owner == request]
        return copy.deepcopy(sorted(found, key=lambda row: (row.created_at, row.key)))

    def external(self, request: RequestId, task: str) -> External | None:
        return next((row for row in self.externals(request) if row.task == task), None)

    def put_external(self, external: External) -> None:
        self._externals[external.request, external.key] = copy.deepcopy(external)

    def remove_externals(self, request: RequestId, keys: Sequence[str]) -> None:
        for key in keys:
            self._externals.pop((request, key), None)

    def external_lock(self, request: RequestId, task: str) -> tuple[str, int]:
        return "", 0

    def incidents(self, request: RequestId) -> list[Incident]:
        rows = [row for (owner, _), row in sorted(self._incidents.items()) if owner == request]
        return copy.deepcopy(rows)

    def put_incident(self, incident: Incident) -> None:
        self._incidents[incident.request, incident.ordinal] = copy.deepcopy(incident)

    def remove_incidents(self, request: RequestId, ordinals: Sequence[int]) -> None:
        for ordinal in ordinals:
            self._incidents.pop((request, ordinal), None)

    def subscribe(self, request: RequestId, rows: Sequence[Subscription]) -> None:
        self._waiting[request] = tuple(rows)

    def waiting(
        self,
        kind: str,
        name: str,
        *,
        limit: int,
        correlation: str | None = None,
        request: RequestId | None = None,
    ) -> list[Subscription]:
        return []

    def started_by(self, kind: str, name: str) -> list[str]:
        return []

    def owns(self, process: str, person: PersonId) -> bool:
        return False

    def owns_any(self, person: PersonId) -> bool:
        return False

    def owned_by(self, process: str) -> list[PersonId]:
        return []

    def set_links(self, source: RequestId, links: Sequence[Link]) -> None:
        return None

    def linked(self, target: RequestId) -> list[Link]:
        return []

    def referable(self, process: str, person: PersonId) -> list[tuple[RequestId, str, str]]:
        return []

    def find_number(self, number: str) -> RequestId | None:
        return None

    def next_number(self, counter: str) -> int:
        raise AssertionError("a replay takes numbers from the record")

    def task_draft(self, request: RequestId, ordinal: int) -> Mapping[str, Any] | None:
        return None

    def drop_task_draft(self, request: RequestId, ordinal: int) -> None:
        return None

    def keep_task_draft(
        self,
        request: RequestId,
        ordinal: int,
        person: PersonId,
        answers: Mapping[str, Any],
        at: datetime,
    ) -> None:
        return None

    def involve(self, request: RequestId, people: Sequence[PersonId]) -> None:
        self._involved.setdefault(request, set()).update(people)

    def involved(self, request: RequestId) -> list[PersonId]:
        return sorted(self._involved.get(request, set()))

    def participants(self, request: RequestId) -> list[PersonId]:
        return self.involved(request)

    def may_see(self, request: RequestId, person: PersonId) -> bool:
        return True

    def copy(
        self, request: RequestId, people: Sequence[PersonId], by: PersonId, at: datetime
    ) -> None:
        self.involve(request, people)

    def notify(self, notice: Notice) -> None:
        self.notices.append(notice)

    def may_call(self, where: str) -> bool:
        return False

    def post(self, post: Post) -> None:
        return None

    def attachments_usable(
        self, ids: Sequence[str], person: PersonId, request: RequestId | None
    ) -> set[str]:
        return set(ids)

    def attach(self, ids: Sequence[str], request: RequestId) -> None:
        return None

    def attachment_digests(self, ids: Sequence[str]) -> Mapping[str, str]:
        return {}

    def answered(self, person: PersonId, key: str) -> tuple[str, Mapping[str, Any]] | None:
        return None

    def remember(
        self, person: PersonId, key: str, body: str, outcome: Mapping[str, Any], at: datetime
    ) -> None:
        return None

    def append(self, entry: Entry, previous: bytes) -> bytes:
        self.journal.append(entry)
        return b""

    def entries(self, chain: str, *, after: int = 0) -> list[Entry]:
        return [entry for entry in self.journal if entry.chain == chain and entry.seq > after]

    def commit(self) -> None:
        return None
