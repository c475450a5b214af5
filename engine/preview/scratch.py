"""A unit of work to try things out on: what it reads is the real one's, what is written stays here
and is thrown away. Nothing is locked, no number is drawn, nobody is told."""

import copy
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.diagrams.definition import Definition
from engine.ids import PersonId, RequestId
from engine.journal import Entry
from engine.replay.memory import MemoryUnitOfWork
from engine.requests import External, Flow, Incident, Node, Request, Slot, Subscription, Timer
from engine.unit_of_work import Link, UnitOfWork


class Scratch(MemoryUnitOfWork):
    """Copy on write over another unit of work: a request's rows are copied when it is first asked
    for, and are this one's own from then on."""

    def __init__(self, real: UnitOfWork) -> None:
        super().__init__(real.definition, real.calendar)
        self.directory = real.directory
        self._real = real
        self._taken: dict[RequestId, bool] = {}
        self._own_links: dict[RequestId, tuple[Link, ...]] = {}

    def _take(self, id: RequestId) -> bool:
        """Copy a request in; whether the real one has it."""
        if id in self._taken:
            return self._taken[id]
        found = self._real.request(id, lock=False)
        self._taken[id] = found is not None
        if found is not None:
            real = self._real
            self._requests[id] = copy.deepcopy(found)
            self._flows[id] = copy.deepcopy(real.flow(id))
            self._nodes |= {(id, row.key): copy.deepcopy(row) for row in real.nodes(id)}
            self._slots |= {(id, row.ordinal): copy.deepcopy(row) for row in real.slots(id)}
            self._timers |= {(id, row.key): copy.deepcopy(row) for row in real.timers(id)}
            self._externals |= {(id, row.key): copy.deepcopy(row) for row in real.externals(id)}
            self._incidents |= {(id, row.ordinal): copy.deepcopy(row) for row in real.incidents(id)}
            self._involved[id] = set(real.involved(id))
        return self._taken[id]

    # definitions

    def latest(self, process: str) -> Definition | None:
        return self._real.latest(process)

    def called(self, process: str, binding: str, version: str, of: str) -> Definition | None:
        return self._real.called(process, binding, version, of)

    # a request's rows

    def request(self, id: RequestId, *, lock: bool = True) -> Request | None:
        self._take(id)
        return super().request(id, lock=lock)

    def add_request(self, request: Request) -> None:
        self._taken.setdefault(request.id, False)
        super().add_request(request)

    def flow(self, id: RequestId) -> Flow:
        self._take(id)
        return super().flow(id)

    def node(self, request: RequestId, key: str) -> Node | None:
        self._take(request)
        return super().node(request, key)

    def nodes(self, request: RequestId, *, status: str | None = None) -> list[Node]:
        self._take(request)
        return super().nodes(request, status=status)

    def slot(self, request: RequestId, ordinal: int) -> Slot | None:
        self._take(request)
        return super().slot(request, ordinal)

    def slots(
        self, request: RequestId, *, node_key: str | None = None, status: str | None = None
    ) -> list[Slot]:
        self._take(request)
        return super().slots(request, node_key=node_key, status=status)

    def timers(self, request: RequestId) -> list[Timer]:
        self._take(request)
        return super().timers(request)

    def externals(self, request: RequestId) -> list[External]:
        self._take(request)
        return super().externals(request)

    def incidents(self, request: RequestId) -> list[Incident]:
        self._take(request)
        return super().incidents(request)

    def entries(self, chain: str, *, after: int = 0) -> list[Entry]:
        kept = self._real.entries(chain, after=after) if self._take(RequestId(chain)) else []
        return kept + super().entries(chain, after=after)

    # what lies between requests

    def waiting(
        self,
        kind: str,
        name: str,
        *,
        limit: int,
        correlation: str | None = None,
        request: RequestId | None = None,
    ) -> list[Subscription]:
        found = self._real.waiting(
            kind, name, limit=limit, correlation=correlation, request=request
        )
        rows = [row for row in found if row.request not in self._waiting]
        rows += [
            row
            for own in self._waiting.values()
            for row in own
            if (row.kind, row.name) == (kind, name)
            and correlation in (None, row.correlation)
            and request in (None, row.request)
        ]
        return rows[:limit]

    def started_by(self, kind: str, name: str) -> list[str]:
        return self._real.started_by(kind, name)

    def owns(self, process: str, person: PersonId) -> bool:
        return self._real.owns(process, person)

    def owns_any(self, person: PersonId) -> bool:
        return self._real.owns_any(person)

    def owned_by(self, process: str) -> list[PersonId]:
        return self._real.owned_by(process)

    def set_links(self, source: RequestId, links: Sequence[Link]) -> None:
        self._own_links[source] = tuple(links)

    def linked(self, target: RequestId) -> list[Link]:
        kept = [row for row in self._real.linked(target) if row.source not in self._own_links]
        own = [row for rows in self._own_links.values() for row in rows if row.target == target]
        return kept + own

    def referable(self, process: str, person: PersonId) -> list[tuple[RequestId, str, str]]:
        return self._real.referable(process, person)

    def find_number(self, number: str) -> RequestId | None:
        return self._real.find_number(number)

    def next_number(self, counter: str) -> int:
        """None is drawn: which it will be is not known."""
        return 0

    def participants(self, request: RequestId) -> list[PersonId]:
        if not self._take(request):
            return super().participants(request)
        before = self._real.participants(request)
        mine = {p for slot in self.slots(request) for p in slot.holders}
        return sorted({*before, *mine})

    def may_see(self, request: RequestId, person: PersonId) -> bool:
        return not self._take(request) or self._real.may_see(request, person)

    def may_call(self, where: str) -> bool:
        return self._real.may_call(where)

    def attachments_usable(
        self, ids: Sequence[str], person: PersonId, request: RequestId | None
    ) -> set[str]:
        kept = request if request is not None and self._take(request) else None
        return self._real.attachments_usable(ids, person, kept)

    def task_draft(self, request: RequestId, ordinal: int) -> Mapping[str, Any] | None:
        return self._real.task_draft(request, ordinal) if self._take(request) else None

    def copy(
        self, request: RequestId, people: Sequence[PersonId], by: PersonId, at: datetime
    ) -> None:
        """Nobody gets one."""
