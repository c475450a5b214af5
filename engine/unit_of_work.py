"""What the engine needs of whoever keeps its rows. storage implements it over a database; replay
implements it in memory. Everything that one command reads and writes goes through one of these."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from engine.calendars import WorkCalendar
from engine.diagrams.definition import Definition
from engine.ids import PersonId, RequestId, TaskId
from engine.journal import Entry
from engine.people.directory import Directory
from engine.requests import External, Flow, Incident, Node, Request, Slot, Subscription, Timer


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something a person is told: on his page and, where mail is set up, from the outbox."""

    person: PersonId
    kind: Literal[
        "held",
        "mentioned",
        "decided",
        "ended",
        "cancelled",
        "copied",
        "reminder",
        "process",
        "administrator",
    ]
    request: RequestId
    task: TaskId | None
    text: str
    text_en: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A call to another system that leaves after the commit, at least once."""

    request: RequestId
    url: str
    payload: str
    """JSON."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """`source` refers to `target` through `field` of its start form."""

    source: RequestId
    field: str
    target: RequestId


class UnitOfWork(Protocol):
    """One transaction. Rows handed out are the caller's until `save…`; nothing is written for
    good before the one commit that `handle` makes; leaving without it rolls everything back."""

    @property
    def directory(self) -> Directory:
        """The organisation as it is now."""

    @property
    def calendar(self) -> WorkCalendar:
        """The organisation's working calendar, in its zone."""

    # definitions: immutable, cached by digest
    def definition(self, digest: str) -> Definition: ...
    def latest(self, process: str) -> Definition | None: ...
    def called(self, process: str, binding: str, version: str, of: str) -> Definition | None:
        """The version of `process` that the version of digest `of` calls now: `latest`, the one
        of that `version` number, or for `deployment` the one that was the latest when `of` had
        been deployed (deployed together with it, or before)."""

    # requests; get(lock=True) holds the request against every other command until the end
    def request(self, id: RequestId, *, lock: bool = True) -> Request | None: ...
    def add_request(self, request: Request) -> None: ...
    def save_request(self, request: Request) -> None: ...
    def flow(self, id: RequestId) -> Flow: ...
    def save_flow(self, id: RequestId, flow: Flow) -> None: ...

    # nodes and slots
    def node(self, request: RequestId, key: str) -> Node | None: ...
    def nodes(self, request: RequestId, *, status: str | None = None) -> list[Node]:
        """In order of opening."""

    def add_node(self, node: Node) -> None: ...
    def save_node(self, node: Node) -> None: ...
    def slot(self, request: RequestId, ordinal: int) -> Slot | None: ...
    def slots(
        self, request: RequestId, *, node_key: str | None = None, status: str | None = None
    ) -> list[Slot]:
        """In order of ordinal; all filters given must hold."""

    def add_slots(self, slots: Sequence[Slot]) -> None: ...
    def save_slots(self, slots: Sequence[Slot]) -> None:
        """Also brings the inbox to what the slots now say (open: its holders, or candidates)."""

    # timers
    def timers(self, request: RequestId) -> list[Timer]: ...
    def put_timer(self, timer: Timer) -> None:
        """Adds, or replaces the one of the same key."""

    def remove_timers(self, request: RequestId, keys: Sequence[str]) -> None: ...

    # external tasks as commands leave them; who has one locked is no part of them
    def externals(self, request: RequestId) -> list[External]:
        """The oldest first."""

    def external(self, request: RequestId, task: str) -> External | None:
        """By its id's part after the request's; nobody else locks or ends it until the end."""

    def put_external(self, external: External) -> None:
        """Adds, or replaces the one of the same key, which is then locked by nobody."""

    def remove_externals(self, request: RequestId, keys: Sequence[str]) -> None: ...
    def external_lock(self, request: RequestId, task: str) -> tuple[str, int]:
        """Which worker had it last ("": none has it), and how often it changed hands."""

    # incidents
    def incidents(self, request: RequestId) -> list[Incident]:
        """Those that are open, in order of ordinal."""

    def put_incident(self, incident: Incident) -> None:
        """Adds, or replaces the one of the same ordinal."""

    def remove_incidents(self, request: RequestId, ordinals: Sequence[int]) -> None: ...

    # messages and signals
    def subscribe(self, request: RequestId, rows: Sequence[Subscription]) -> None:
        """What the request waits for from now on, in place of what it waited for."""

    def waiting(
        self,
        kind: str,
        name: str,
        *,
        limit: int,
        correlation: str | None = None,
        request: RequestId | None = None,
    ) -> list[Subscription]:
        """Who waits for a message or signal of this name (with this correlation key; in this
        request), in the order of the requests' beginning, at most `limit` rows."""

    def started_by(self, kind: str, name: str) -> list[str]:
        """The keys of the processes whose latest version has a start event for it, sorted."""

    def owns(self, process: str, person: PersonId) -> bool:
        """Whether a process belongs to this person."""

    def owns_any(self, person: PersonId) -> bool:
        """Whether any process does."""

    def owned_by(self, process: str) -> list[PersonId]:
        """Whom a process belongs to, sorted."""

    # links between requests
    def set_links(self, source: RequestId, links: Sequence[Link]) -> None: ...
    def linked(self, target: RequestId) -> list[Link]:
        """Who refers to `target`, drafts left out, in the order of submission."""

    def referable(self, process: str, person: PersonId) -> list[tuple[RequestId, str, str]]:
        """(id, number, title) of the submitted requests of a process that a person may see, newest
        first, for choosing from."""

    def find_number(self, number: str) -> RequestId | None: ...

    # numbers: the next of a counter, gapless since it rolls back with the transaction
    def next_number(self, counter: str) -> int: ...

    # drafts of open tasks (not journalled; read by reminders as a recorded fact)
    def task_draft(self, request: RequestId, ordinal: int) -> Mapping[str, Any] | None: ...
    def drop_task_draft(self, request: RequestId, ordinal: int) -> None: ...
    def keep_task_draft(
        self,
        request: RequestId,
        ordinal: int,
        person: PersonId,
        answers: Mapping[str, Any],
        at: datetime,
    ) -> None:
        """What a person had typed before he undid his decision (U)."""

    # who has to do with a request
    def involve(self, request: RequestId, people: Sequence[PersonId]) -> None: ...
    def involved(self, request: RequestId) -> list[PersonId]:
        """Everyone who holds, held or was copied, sorted."""

    def participants(self, request: RequestId) -> list[PersonId]:
        """Everyone who holds or held a task of it, sorted (copied people left out)."""

    def may_see(self, request: RequestId, person: PersonId) -> bool:
        """The one predicate of interface.md ("Who may see and do what"), content included."""

    def copy(
        self, request: RequestId, people: Sequence[PersonId], by: PersonId, at: datetime
    ) -> None: ...
    def notify(self, notice: Notice) -> None:
        """A notice for the person, and an outbox row for mail and webhooks."""

    def may_call(self, where: str) -> bool:
        """Whether this system may call that host (and port, if it is not the usual one)."""

    def post(self, post: Post) -> None:
        """An outbox row for a call to another system."""

    # attachments: which of these ids this person may refer to (uploaded by him and not yet
    # submitted, or already part of this request)
    def attachments_usable(
        self, ids: Sequence[str], person: PersonId, request: RequestId | None
    ) -> set[str]: ...
    def attach(self, ids: Sequence[str], request: RequestId) -> None:
        """The attachments belong to the request from now on, and are seen by who sees it."""

    def attachment_digests(self, ids: Sequence[str]) -> Mapping[str, str]:
        """id -> sha256 hex."""

    # idempotency (K1): scope is person, call and body digest
    def answered(self, person: PersonId, key: str) -> tuple[str, Mapping[str, Any]] | None:
        """The body digest and the outcome recorded last under this key, if any."""

    def remember(
        self, person: PersonId, key: str, body: str, outcome: Mapping[str, Any], at: datetime
    ) -> None:
        """Adds, or replaces what stands under this key."""

    # journal
    def append(self, entry: Entry, previous: bytes) -> bytes:
        """Seal and keep; the chain's new digest."""

    def entries(self, chain: str, *, after: int = 0) -> list[Entry]:
        """A chain's entries in order, opened."""

    def commit(self) -> None:
        """The one commit."""
