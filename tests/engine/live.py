"""A live engine in memory: the demo organisation, real definitions, every command replayable.

No database: what these tests show is the engine's own. `storage` has the same stories on both
databases.
"""

import copy
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import forms
from engine.calendars import WorkCalendar
from engine.case import Actor
from engine.commands.base import Command
from engine.commands.fire import FireTimer
from engine.commands.submit import Submit
from engine.diagrams.compiler import compile_definition
from engine.diagrams.definition import Definition
from engine.handle import Outcome, handle
from engine.ids import PersonId, RequestId
from engine.refusals import Refused
from engine.replay import Difference, MemoryUnitOfWork, replay
from engine.requests import Incident, Node, Request, Slot, Subscription, Timer
from engine.unit_of_work import Link, Post
from tests.support.cast import demo

CALENDAR = WorkCalendar(ZoneInfo("Asia/Shanghai"))
START = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)

KEPT = (
    "_requests",
    "_flows",
    "_nodes",
    "_slots",
    "_timers",
    "_externals",
    "_incidents",
    "_waiting",
    "counters",
)
"""What commands may change."""

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' id="d" targetNamespace="t">'
)


def task(id: str, *, assignee: str = "", signers: str = "", **properties: str) -> str:
    """A user task; property names with `__` for a dot."""
    rows = "".join(
        f'<camunda:property name="{name.replace("__", ".")}" value="{value}"/>'
        for name, value in properties.items()
    )
    who = f' camunda:assignee="{assignee}"' if assignee else ""
    many = (
        f'<bpmn:multiInstanceLoopCharacteristics camunda:collection="{signers}"'
        ' camunda:elementVariable="signer"/>'
        if signers
        else ""
    )
    return (
        f'<bpmn:userTask id="{id}" name="{id}"{who}><bpmn:extensionElements><camunda:properties>'
        f"{rows}</camunda:properties></bpmn:extensionElements>{many}</bpmn:userTask>"
    )


def flow(source: str, target: str, condition: str = "") -> str:
    """A sequence flow."""
    inner = (
        f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{condition}'
        "</bpmn:conditionExpression>"
        if condition
        else ""
    )
    return (
        f'<bpmn:sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">'
        f"{inner}</bpmn:sequenceFlow>"
    )


def chain(*ids: str) -> str:
    """Flows along a line."""
    return "".join(flow(a, b) for a, b in pairwise(ids))


def process(key: str, *parts: str, **properties: str) -> bytes:
    """A diagram of these parts."""
    rows = "".join(
        f'<camunda:property name="{name.replace("__", ".")}" value="{value}"/>'
        for name, value in properties.items()
    )
    extension = (
        f"<bpmn:extensionElements><camunda:properties>{rows}</camunda:properties>"
        "</bpmn:extensionElements>"
        if rows
        else ""
    )
    return (
        f'{HEAD}<bpmn:process id="{key}" name="{key}" isExecutable="true">{extension}'
        f"{''.join(parts)}</bpmn:process></bpmn:definitions>"
    ).encode()


@cache
def compiled(data: bytes, key: str = "p") -> Definition:
    """A definition of one diagram."""
    return compile_definition({f"{key}.bpmn": data}, forms.read)


class LiveUnitOfWork(MemoryUnitOfWork):
    """MemoryUnitOfWork with an organisation, counters and links of its own."""

    def __init__(self, definitions: Mapping[str, Definition]) -> None:
        super().__init__(self._by_digest, CALENDAR)
        self.directory = demo()  # type: ignore[assignment]
        self.deployed: dict[str, Definition] = {}
        self.versions: list[Definition] = []
        self.together: list[int] = []
        self.owners: dict[str, set[str]] = {}
        self.callable: set[str] = set()
        self.posts: list[Post] = []
        self.counters: dict[str, int] = {}
        self.links: list[Link] = []
        self.answers: dict[tuple[str, str], tuple[str, Mapping[str, Any]]] = {}
        self.deploy(*definitions.values())

    def _by_digest(self, digest: str) -> Definition:
        found = [d for d in self.versions if d.digest.startswith(digest)]
        if not found:
            raise KeyError(digest)
        return found[0]

    def latest(self, process: str) -> Definition | None:
        return self.deployed.get(process)

    def called(self, process: str, binding: str, version: str, of: str) -> Definition | None:
        """`deployed` has each process's versions, the last one being the latest."""
        versions = [d for d in self.versions if d.key == process]
        if binding == "version":
            number = int(version) if version.isdigit() else 0
            return versions[number - 1] if 0 < number <= len(versions) else None
        if binding == "deployment":
            place = next(i for i, d in enumerate(self.versions) if d.digest == of)
            together = self.together[place]
            pairs = zip(self.versions, self.together, strict=True)
            versions = [d for d, when in pairs if d.key == process and when <= together]
        return versions[-1] if versions else None

    def deploy(self, *definitions: Definition) -> None:
        """These are the latest versions from now on, deployed together."""
        when = max(self.together, default=0) + 1
        for definition in definitions:
            self.deployed[definition.key] = definition
            self.versions.append(definition)
            self.together.append(when)

    def waiting(
        self,
        kind: str,
        name: str,
        *,
        limit: int,
        correlation: str | None = None,
        request: RequestId | None = None,
    ) -> list[Subscription]:
        found = [
            row
            for rows in self._waiting.values()
            for row in rows
            if (row.kind, row.name) == (kind, name)
            and correlation in (None, row.correlation)
            and request in (None, row.request)
        ]
        return sorted(found, key=lambda row: (row.request, row.key))[:limit]

    def started_by(self, kind: str, name: str) -> list[str]:
        return sorted(
            key
            for key, latest in self.deployed.items()
            if any((e.kind, e.message) == (kind, name) for e in latest.process.starts.values())
        )

    def owns(self, process: str, person: PersonId) -> bool:
        return person in self.owners.get(process, ())

    def owns_any(self, person: PersonId) -> bool:
        return any(person in people for people in self.owners.values())

    def owned_by(self, process: str) -> list[PersonId]:
        return sorted(PersonId(p) for p in self.owners.get(process, ()))

    def may_call(self, where: str) -> bool:
        return where in self.callable

    def post(self, post: Post) -> None:
        self.posts.append(post)

    def next_number(self, counter: str) -> int:
        self.counters[counter] = self.counters.get(counter, 0) + 1
        return self.counters[counter]

    def set_links(self, source: RequestId, links: Sequence[Link]) -> None:
        self.links = [link for link in self.links if link.source != source] + list(links)

    def linked(self, target: RequestId) -> list[Link]:
        return [link for link in self.links if link.target == target]

    def answered(self, person: PersonId, key: str) -> tuple[str, Mapping[str, Any]] | None:
        return self.answers.get((person, key))

    def remember(
        self, person: PersonId, key: str, body: str, outcome: Mapping[str, Any], at: datetime
    ) -> None:
        self.answers[person, key] = (body, outcome)

    # what is handed out is the command's own until it is saved

    def request(self, id: RequestId, *, lock: bool = True) -> Request | None:
        return copy.deepcopy(super().request(id, lock=lock))

    def slot(self, request: RequestId, ordinal: int) -> Slot | None:
        return copy.deepcopy(super().slot(request, ordinal))

    def slots(self, *args: Any, **kwargs: Any) -> list[Slot]:
        return copy.deepcopy(super().slots(*args, **kwargs))

    def node(self, request: RequestId, key: str) -> Node | None:
        return copy.deepcopy(super().node(request, key))

    def nodes(self, *args: Any, **kwargs: Any) -> list[Node]:
        return copy.deepcopy(super().nodes(*args, **kwargs))

    def timers(self, request: RequestId) -> list[Timer]:
        return copy.deepcopy(super().timers(request))

    def rows(self) -> Any:
        """Everything that commands may change, for comparing."""
        kept = [getattr(self, name) for name in KEPT]
        return copy.deepcopy(kept)


class Engine:
    """Commands in memory, at a clock that tests turn."""

    def __init__(
        self, *diagrams: bytes, definitions: Mapping[str, Definition] | None = None
    ) -> None:
        found = dict(definitions or {})
        for data in diagrams:
            definition = compiled(data)
            found[definition.key] = definition
        self.uow = LiveUnitOfWork(found)
        self.now = START
        self.made = 0

    def do(self, command: Command) -> Outcome:
        """Carry out a command a minute later; refused, it leaves everything as it was."""
        self.now += timedelta(minutes=1)
        before, journal = self.uow.rows(), len(self.uow.journal)
        try:
            return handle(command, self.uow, self.now)
        except Refused:
            for name, rows in zip(KEPT, before, strict=True):
                setattr(self.uow, name, rows)
            del self.uow.journal[journal:]
            raise

    def submit(self, process: str, who: str, **answers: Any) -> RequestId:
        """Submit a new request."""
        self.made += 1
        id = RequestId(f"r{self.made}")
        self.do(Submit(actor=actor(who), request=id, process=process, answers=answers))
        return id

    def act(self, kind: Any, request: RequestId, node: str, who: str, **more: Any) -> Outcome:
        """A verb on the open (else the last) slot of a node that `who` has to do with."""
        slots = [s for s in self.uow.slots(request) if s.node == node]
        mine = [s for s in slots if who in s.holders or who in s.candidates] or slots
        slot = max(mine, key=lambda s: (s.status == "open", s.ordinal))
        return self.do(kind(actor=actor(who), request=request, ordinal=slot.ordinal, **more))

    def open(self, request: RequestId) -> dict[str, list[str]]:
        """Node -> holders of what is open."""
        found: dict[str, list[str]] = {}
        for slot in self.uow.slots(request, status="open"):
            found.setdefault(slot.node, []).extend(slot.holders or slot.candidates)
        return {node: sorted(people) for node, people in found.items()}

    def incidents(self, request: RequestId) -> list[Incident]:
        """What stands still."""
        return self.uow.incidents(request)

    def row(self, request: RequestId) -> Request:
        """The request as it stands."""
        found = self.uow.request(request)
        assert found is not None
        return found

    def variables(self, request: RequestId) -> dict[str, Any]:
        """The instance's variables."""
        return dict(self.uow.flow(request).root)

    def turn(self, to: datetime) -> None:
        """Turn the clock; what falls due on the way fires, in order."""
        while True:
            due = sorted(
                (t for t in self.uow._timers.values() if t.due <= to), key=lambda t: (t.due, t.key)
            )
            if not due:
                break
            self.now = max(self.now, due[0].due)
            self.do(FireTimer(request=due[0].request, timer=due[0].key, due=due[0].due))
        self.now = max(self.now, to)

    def replayed(self, request: RequestId) -> Difference | None:
        """Replay a request from nothing."""
        return replay(self.uow.entries(request), self.uow._by_digest, CALENDAR)


def actor(who: str) -> Actor:
    """A person as an actor, without a name (names decide nothing)."""
    return Actor(id=PersonId(who), via="api")
