"""The rows of a request: mutable while one command holds them, saved by its unit of work."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from engine.ids import PersonId, RequestId, TaskId, external_id, external_name, task_id

Values = dict[str, Any]
"""JSON-native values by field key (decimals and dates are strings)."""

Status = Literal[
    "draft", "running", "returned", "suspended", "completed", "withdrawn", "cancelled", "void"
]
NodeStatus = Literal["open", "settled", "cancelled", "superseded"]
SlotStatus = Literal[
    "waiting",
    "open",
    "approved",
    "rejected",
    "returned",
    "completed",
    "cancelled",
    "superseded",
    "skipped",
    "transferred",
    "removed",
    "advised",
]
"""`waiting`: its turn has not come (see `Slot.waits`). `superseded`: decided, then undone.
`transferred`: another slot took its place (T1). `removed`: an added signer, taken out (A5).
`advised`: a delegate has given his opinion (T3)."""

ENDED: frozenset[str] = frozenset({"completed", "cancelled", "void"})
"""Statuses after which a request only gains history. (`withdrawn` can be submitted again: W1.)"""

AMEND_NODE = "initiator"
"""The requester's own desk after a return: the start form with its answers (B1)."""

ROUNDS_NODE = "rounds"
"""The desk of the requester's superior when the limit of rounds is reached (B6)."""


@dataclass(slots=True, kw_only=True)
class Request:
    """One request: an instance of a process."""

    id: RequestId
    process: str
    definition: str
    """Digest of the process version it started with."""
    requester: PersonId
    department: str
    """The requester's department's name when the request was submitted (or drafted)."""
    created_at: datetime
    status: Status = "draft"
    outcome: Any = None
    number: str | None = None
    title: str = ""
    summary: Values = field(default_factory=dict)
    """The few fields that lists show."""
    round: int = 1
    rounds_allowed: int = 3
    """The limit of rounds (B6), raised by one each time the superior allows one more."""
    submitted_at: datetime | None = None
    ended_at: datetime | None = None
    ends: list[str] = field(default_factory=list)
    """End events reached in the last run of the process."""
    decided: bool = False
    """Whether anyone but the requester has completed, approved, rejected or returned (W1)."""
    slots: int = 0
    """How many slots it has had: the last ordinal."""
    passages: int = 0
    version: int = 0
    """Rises with every entry that changed the request."""
    seq: int = 0
    """Number of its last journal entry."""
    head: bytes = b""
    """Digest of its last journal entry."""
    last_at: datetime | None = None
    """Time of its last entry: none comes before it (H1)."""
    undoable: list[list[Any]] = field(default_factory=list)
    """Recorded decisions that have not taken effect yet, in the order of recording: the slot's
    ordinal, until when it can be undone (ISO), the node's key (U)."""


@dataclass(slots=True, kw_only=True)
class Flow:
    """Where a request's tokens stand, its variables, and what was set aside.

    Saved apart from the request, since a vote that settles nothing never touches it.
    """

    marking: Values | None = None
    scopes: dict[str, Values] = field(default_factory=dict)
    passes: dict[str, list[int]] = field(default_factory=dict)
    """By node: [round, entries of it in that round]."""
    aside: Values | None = None
    """While returned: the marking as it stood, and the target that waits (B6)."""
    answers: Values = field(default_factory=dict)
    """The start form's answers as last drafted or submitted."""
    extra: Values = field(default_factory=dict)
    """Variables given beyond the form by the process that started this request."""
    undone: list[int] = field(default_factory=list)
    """Passages that returns have undone and that the journal still names."""
    first_passage: int = 0
    """The last passage before the present run of the process (a resubmission starts anew)."""

    paused: Values | None = None
    """While suspended: the status before, since when, and the timers that do not run (X6)."""
    incidents: dict[str, int] = field(default_factory=dict)
    """Open incidents: their ordinals by key."""
    last_incident: int = 0
    """How many incidents it has had: the last ordinal."""
    waits: dict[str, list[str]] = field(default_factory=dict)
    """Tokens that wait for a message or signal: by key [kind, name], and its correlation key."""
    straight: list[Values] = field(default_factory=list)
    """Returns after which it goes straight back, the last one last: what each has undone (B5)."""
    instead: dict[str, str] = field(default_factory=dict)
    """Nodes whose second pass stands for one that was returned to: its key by that one's."""
    undelivered: dict[str, list[Any]] = field(default_factory=dict)
    """What came for tokens whose event could not take it: by key [kind, name, payload, raw]."""

    @property
    def root(self) -> Values:
        """The instance's own variables (engine.tokens keeps scopes with parents)."""
        scope = self.scopes.setdefault("", {"parent": None, "values": {}})
        values: Values = scope["values"]
        return values


@dataclass(slots=True, kw_only=True)
class Node:
    """One entry of a user task: its round, pass, tally and verdict.

    N = total; total = approved + rejected + pending + skipped + other ends.
    """

    request: RequestId
    key: str
    """`<scope>/<node>#<n>`: the engine's key of the token."""
    node: str
    scope: str
    round: int
    pass_: int
    opened_at: datetime
    status: NodeStatus = "open"
    total: int = 0
    approved: int = 0
    rejected: int = 0
    pending: int = 0
    done: int = 0
    """Plain work: how many have completed."""
    weight_approved: int = 0
    weight_open: int = 0
    verdict: str | None = None
    shown: str = ""
    """Digest of what its form and the request show its signers now (K5)."""
    due: datetime | None = None
    settled_at: datetime | None = None
    cause: str = ""
    """Why it was cancelled or superseded."""
    definition: str = ""
    """Digest of the called process's version that its scope runs; empty: the request's own."""


def is_virtual(node: Node) -> bool:
    """Whether the node is a desk that is not in the diagram (amend, one more round)."""
    return node.node in (AMEND_NODE, ROUNDS_NODE)


@dataclass(slots=True, kw_only=True)
class Slot:
    """One signer's place in a node, round and pass; it can have more than one holder, never two
    votes. While it is open it is a task."""

    request: RequestId
    ordinal: int
    node_key: str
    node: str
    round: int
    pass_: int
    signer: PersonId | None
    """Whose place it is; None: still to be claimed by a candidate."""
    holders: list[PersonId] = field(default_factory=list)
    """Who may act: the signer, or those who stand in for him. Empty while unclaimed."""
    candidates: list[PersonId] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    """The candidate groups as the diagram names them, for display."""
    department: str = ""
    """The signer's department when the slot opened."""
    position: int = 0
    """Order among the node's slots."""
    element: Any = None
    """Multi-instance: the element of the collection."""
    weight: int = 1
    status: SlotStatus = "open"
    why: Values = field(default_factory=dict)
    """The rule, and the organisation data it was resolved against (P2): `{"zh": …, "en": …}`."""
    opened_at: datetime | None = None
    due: datetime | None = None
    version: int = 1
    decided_at: datetime | None = None
    decided_by: PersonId | None = None
    on_behalf_of: PersonId | None = None
    comment: str = ""
    answers: Values = field(default_factory=dict)
    shown: str = ""
    """The node's digest when it was decided (K5)."""
    kept_from: int | None = None
    """The round whose signature was kept or carried into this slot."""
    number: str | None = None
    """A number given at completion (`number.pattern` on the task)."""
    optional: bool = False
    priority: str = ""
    definition: str = ""
    """As the node's."""
    origin: Literal["", "added", "transferred", "delegated"] = ""
    """How it came to be; "": the diagram's words gave it."""
    parent: int | None = None
    """The slot that it was made from: whose holder added, transferred or delegated."""
    made_by: PersonId | None = None
    """Who added, transferred or delegated."""
    group: int | None = None
    """Added signers: the ordinal of the first of those added together (A1)."""
    mode: str = ""
    """Added signers: `before`, `after` or `parallel` to the parent (A1)."""
    group_mode: str = ""
    """Added signers: `all`, `any` or `sequential` among themselves (A1)."""
    level: int = 0
    """How many times over it was added (A6)."""
    waits: Literal["", "added", "delegate", "undo"] = ""
    """Of a waiting slot: for signers added before it, for a delegate, or for its own recorded
    decision to take effect; "": for its turn."""
    held: bool = False
    """Decided, but the decision takes effect when those added after it have finished (A1)."""
    advice: str = ""
    """What a delegate advised: `approve`, `reject` or `complete` (T3)."""
    undo: Values = field(default_factory=dict)
    """The recorded decision while it can be undone: verb, by, name, at, until, shown, answers,
    comment, to (U)."""

    standing: dict[PersonId, PersonId] = field(default_factory=dict)
    """Which of the holders hold it only in whose stead: substitute -> absent holder (T4)."""

    @property
    def counted(self) -> bool:
        """Whether it is a voter: a delegate advises only (T3)."""
        return self.origin != "delegated"

    @property
    def id(self) -> TaskId:
        """The task's id."""
        return task_id(self.request, self.ordinal)


@dataclass(slots=True, kw_only=True)
class Timer:
    """Something due: a timer event's token, or a reminder or deadline of a node."""

    request: RequestId
    key: str
    """`<token key>`, or `remind:<node key>`, `due:<node key>`."""
    due: datetime
    left: int = 1
    """How many occurrences are left, this one included; -1: without end."""
    every: str = ""
    """The repeating duration, for a cycle."""
    attached_to: str | None = None
    """The node's key that it belongs to, if any."""


@dataclass(slots=True, kw_only=True)
class External:
    """A piece of work that waits for a worker: an external task that a token stands at.

    Who has it locked, and until when, is not here: that is the work of the moment, which no entry
    tells (storage keeps it beside the row).
    """

    request: RequestId
    key: str
    """The token's key."""
    node: str
    scope: str
    topic: str
    """As it was when the token came; it may be an expression in the diagram."""
    created_at: datetime
    definition: str = ""
    """Digest of the called process's version that the node belongs to; "": the request's own."""
    priority: int = 0
    """Greater comes first."""
    inputs: Values = field(default_factory=dict)
    """What is handed out: the mapped variables as they were when the token came."""
    retries: int | None = None
    """How many attempts are left; None: none has failed yet; 0: it waits for an administrator."""
    not_before: datetime | None = None
    """Not handed out again before: the worker that failed asked for it."""
    error: str = ""
    """What the last worker that failed said."""
    given: Values | None = None
    """A worker's variables where the diagram's outputs could not be made of them; kept, so that
    the work need not be done again."""

    @property
    def id(self) -> str:
        """Its id: equal in every replay, and never a task's."""
        return external_id(self.request, self.key)

    @property
    def task(self) -> str:
        """The part of its id after the request's."""
        return external_name(self.key)
