"""What queries give: frozen rows, ready for a page or a JSON document."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from engine.ids import PersonId, RequestId
from engine.requests import IncidentKind

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Item]):
    """One page of a list; `next` is the cursor of the one after it, None on the last."""

    items: tuple[Item, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRef:
    """A person as rows name him."""

    id: PersonId
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """A slot as lists and the task's page show it; in the view `copied`, a copy of a request."""

    id: str
    """The task's id; of a copy, the request's with the ordinal 0."""
    version: str
    request_id: RequestId
    number: str | None
    title: str
    process: str
    process_name: str
    process_name_en: str
    definition: str
    requester: PersonId
    requester_name: str
    department: str
    request_status: str
    summary: Mapping[str, Any]
    node: str
    node_key: str
    node_name: str
    node_name_en: str
    round: int
    pass_: int
    holders: tuple[PersonRef, ...]
    candidates: tuple[PersonRef, ...]
    groups: tuple[str, ...]
    claimed: bool
    opened_at: datetime | None
    due: datetime | None
    status: str
    """The slot's; of a copy `unread` or `read`."""
    decided_at: datetime | None
    decided_by: PersonRef | None
    verdict: str | None
    """The node's, once it has settled."""
    comment: str
    votes_approved: int
    votes_rejected: int
    votes_total: int
    optional: bool
    priority: str
    on_behalf_of: PersonRef | None
    kept_from: int | None
    why: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAt:
    """Where a request stands now: one open task."""

    node: str
    node_name: str
    node_name_en: str
    holders: tuple[PersonRef, ...]
    candidates: tuple[PersonRef, ...]
    due: datetime | None
    task_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRow:
    """A request as lists and its own page show it."""

    id: RequestId
    number: str | None
    process: str
    process_name: str
    process_name_en: str
    definition: str
    version: int
    """Rises with every entry that changed the request."""
    definition_version: int
    """Which version of the process it runs."""
    title: str
    summary: Mapping[str, Any]
    requester: PersonId
    requester_name: str
    department: str
    status: str
    outcome: Any
    round: int
    created_at: datetime
    submitted_at: datetime | None
    ended_at: datetime | None
    decided: bool
    ends: tuple[str, ...]
    open: tuple[OpenAt, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenAt:
    """Where one token stands."""

    element: str
    scope: str
    """The path of its scope; the process itself is “”."""
    runs: str = ""
    """Of a call activity: the digest of the called process's version that runs in it."""
    halted: bool = False
    """Whether it failed here, and goes on only when an administrator has acted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowRow:
    """Variables, answers and where tokens stand."""

    variables: Mapping[str, Any]
    """Those of the process itself."""
    scopes: Mapping[str, Mapping[str, Any]]
    """By path; the process itself is “”."""
    answers: Mapping[str, Any]
    """The start form's answers as last drafted or submitted."""
    tokens: tuple[TokenAt, ...]
    """Where tokens stand now, the oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRow:
    """A request at the other end of a link, by the field of the start form that holds it."""

    field: str
    request: RequestRow


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyRow:
    """Who was copied, by whom, when, and whether he has read it."""

    person: PersonRef
    by: PersonRef
    at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRow:
    """Something a person is told."""

    id: str
    kind: str
    request_id: RequestId
    number: str | None
    title: str
    task_id: str | None
    text: str
    text_en: str
    at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentRow:
    """An upload, by an id of its own."""

    id: str
    name: str
    size: int
    """Bytes."""
    media_type: str
    uploaded_by: PersonRef
    at: datetime
    sha256: str
    request: RequestId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessRow:
    """A deployed version of a process."""

    key: str
    name: str
    name_en: str
    digest: str
    version: int
    deployed_at: datetime
    by: PersonRef


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterRow:
    """A request with its variables, for the register pages."""

    request: RequestRow
    variables: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRow:
    """Something that goes on only when an administrator has acted."""

    id: str
    ordinal: int
    kind: IncidentKind
    request_id: RequestId
    number: str | None
    title: str
    """The request's; empty for an administrator, who sees content for a reason only."""
    process: str
    key: str
    """Of the token, or of the node with what it is about before it."""
    node: str
    node_name: str
    node_name_en: str
    definition: str
    """Digest of the called process's version that the node belongs to; "": the request's own."""
    message: str
    since: datetime
    attempts: int
    """How often it was retried in vain."""
    task_id: str | None
    """The task that nobody holds (V7)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LateTimer:
    """A timer that is due and could not be fired so far."""

    request_id: RequestId
    number: str | None
    process: str
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemRow:
    """How the system stands, for an administrator."""

    requests: Mapping[str, int]
    """By status."""
    open_tasks: int
    people: int
    entries: int
    last_position: int
    outbox: int
    outbox_oldest: datetime | None
    timers: int
    timers_overdue: int
    timers_oldest: datetime | None
