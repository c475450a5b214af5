"""What a diagram says about a process and its nodes, as typed words (interface.md, "The
diagram's words").

The compiler reads them from `camunda:` attributes and `camunda:properties`; the rest of the engine
reads only these, never XML.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, NewType

NodeId = NewType("NodeId", str)
"""An element's id as its author wrote it in the diagram."""

NUMBER_PLACE = re.compile(r"\{(\w+)(?::([0-9]{1,2}))?\}")
"""A place in a `number.pattern`: `{dept}`, `{seq:3}`; the name, and how many digits at least."""

Approval = Literal["single", "all", "any", "sequential", "ratio", "weight"]
Rejection = Literal["veto", "tally", "collect"]
Resubmit = Literal["all", "changed", "straight"]
Self = Literal["superior", "head", "skip"]
Withdrawal = Literal["until-decision", "until-end", "never"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """A condition that must hold before a request is submitted or a node is ended.

    Written as properties `guard`, `guard.message`, `guard.message.en`, `guard.field` (and
    `guard.2`, `guard.2.message`, … for more of them). On a start event an unmet guard makes the
    answers invalid (at `field`); on a user task it refuses *complete* and *approve* for now.
    """

    condition: str
    message: str
    message_en: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """When a node is due, and what then (approval rules X1-X7)."""

    due: str = ""
    """Expression of the due date-time (`camunda:dueDate`); empty: none."""
    calendar: Literal["working", "elapsed"] = "working"
    remind: str = ""
    """`deadline.remind`: a duration after entry, e.g. `P2D`; with `R3/P1D` repeated. Working days
    under the `working` calendar."""
    then: str = "nothing"
    """`escalate`, `handover:<who>`, `return`, `approve`, `reject`, `nothing`."""
    after: str = ""
    """`deadline.after`: a duration from entry, e.g. `P3D`, where `camunda:dueDate` is absent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """Who gets a copy (C1). `to` is a list of expressions or people/group words."""

    to: tuple[str, ...] = ()
    when: Literal["entered", "settled"] = "entered"
    condition: str = ""
    """`copy.if`: an expression; empty: always."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Whom somebody chooses to sign a node: `approval.chosen` and `approval.choose.…`."""

    variable: str
    """The variable that holds them: an id, or a list of ids."""
    source: tuple[str, ...] = ()
    """`approval.choose.from`: the people, groups or expressions that give the set."""
    by: str = "initiator"
    """`initiator`, or the id of the desk that chooses."""
    least: int = 1
    most: int = 0
    """0: as many as there are."""
    label: str = ""
    label_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeWords:
    """A user task of the diagram: who signs it, how it is decided, what it shows."""

    id: NodeId
    name: str
    name_en: str = ""
    lane: str = ""
    documentation: str = ""
    form: str = ""
    """Key of the form (formRef or formKey), to be looked up among the deployed forms."""
    # who
    assignee: str = ""
    candidate_users: tuple[str, ...] = ()
    candidate_groups: tuple[str, ...] = ()
    collection: str = ""
    """Multi-instance: the expression that gives the signers; empty: not a multi-instance."""
    element_variable: str = ""
    cardinality: str = ""
    sequential: bool = False
    completion_condition: str = ""
    priority: str = ""
    follow_up: str = ""
    # how
    approval: Approval | None = None
    """None: a piece of work, ended by *complete*."""
    threshold: Fraction | None = None
    weights: Mapping[str, int] = field(default_factory=dict)
    rejection: Rejection = "veto"
    on_rejected: str = ""
    """Empty: the way on tests the verdict; `end`, `initiator`, or a node's id."""
    verdict: str = ""
    """Name of the variable that gets the verdict; default `<id>_verdict`."""
    chosen: Chosen | None = None
    """Signers whom somebody chooses."""
    field_variables: tuple[str, ...] = ()
    empty: str = "block"
    """`block`, `user:<id>`, `skip` (V7)."""
    self_policy: Self = "superior"
    repeat: Literal["ask", "carry"] = "ask"
    protected: bool = False
    undo: bool = True
    """`approval.undo`: whether a decision made on a page can be undone for a moment (U)."""
    optional: bool = False
    """`optional`: an offer to its holder, not a duty (shown apart, counted nowhere)."""
    return_to: tuple[str, ...] = ()
    """`any`, or `none`, or `initiator` and node ids. Filled with the default by the compiler."""
    resubmit: Resubmit = "all"
    fields_edit: tuple[str, ...] = ()
    fields_hide: tuple[str, ...] = ()
    deadline: Deadline = Deadline()
    copies: tuple[Copy, ...] = ()
    guards: tuple[Guard, ...] = ()
    number_pattern: str = ""
    """`number.pattern` on a user task: each completion gets the next number, in `<id>_number`."""
    required_comment: str = ""
    """`comment.required`: an expression; where true even *approve* needs a comment."""
    banner: str = ""
    """`banner`: a text with expressions shown above the form; empty result: none."""
    banner_en: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)
    """Every `camunda:property` as written, for words that only one place reads."""


ActionKind = Literal["built-in", "external", "decision", "function"]
"""`built-in`: a topic that begins with `countersign.`. `external`: a worker fetches and completes
it. `decision`: a table (DMN). `function`: an expression that calls provided functions only."""

ResultMap = Literal["single-entry", "single-result", "collect-entries", "result-list", "value"]
"""How a decision's result becomes a variable (`camunda:mapDecisionResult`); `value`: as the
standard and Camunda 8 hand it on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionWords:
    """Work that no person of the organisation does: a service, send, script or business rule task.

    `topic` names what is done: `countersign.set`, `.amend`, `.start`, `.notify`, `.webhook`, or
    an external task's topic. `inputs` are the `camunda:inputParameter`s (name -> expression text;
    lists and maps of the modeler as nested values); `outputs` the `camunda:outputParameter`s,
    evaluated after the action and written as variables.
    """

    id: NodeId
    name: str
    topic: str = ""
    inputs: Mapping[str, object] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    kind: ActionKind = "built-in"
    expression: str = ""
    """`function`: the expression."""
    result: str = ""
    """`function`, `decision`: the variable that gets the result; empty: none."""
    decision: str = ""
    """`decision`: the id of the decision, or an expression that gives it."""
    result_map: ResultMap = "result-list"
    priority: str = ""
    """`external`: an expression; greater comes first."""
    properties: Mapping[str, str] = field(default_factory=dict)
    """Every `camunda:property` as written."""


EventKind = Literal["timer", "message", "signal", "error", "escalation", "condition", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventWords:
    """A start, catching or throwing event, and the properties that steer it."""

    id: NodeId
    name: str
    kind: EventKind
    attached_to: NodeId | None = None
    interrupting: bool = True
    timer: Literal["date", "duration", "cycle", ""] = ""
    expression: str = ""
    """The timer's text, the condition, or the message's or signal's name."""
    message: str = ""
    """The message's or signal's name, which may be an expression."""
    to: str = ""
    """Throwing: `message.to`, an expression that gives the receiving requests' ids."""
    code: str = ""
    """Error or escalation: the code that is thrown or caught; caught: "" catches every code."""
    code_variable: str = ""
    """Caught error or escalation: the variable that gets the code."""
    message_variable: str = ""
    """Caught error: the variable that gets its message."""
    payload: Mapping[str, str] = field(default_factory=dict)
    """Throwing: `camunda:inputParameter`s, evaluated and sent; they become the receiver's
    variables only where its catching event maps them (`camunda:outputParameter`)."""
    outputs: Mapping[str, str] = field(default_factory=dict)
    calendar: Literal["working", "elapsed"] = "elapsed"
    """`timer.calendar`: whether a duration's days are working days."""
    properties: Mapping[str, str] = field(default_factory=dict)
    """Every `camunda:property` as written (`timer.at`, `timer.from`, …)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndWords:
    """An end event: what it makes of the request (interface.md, `status` and `outcome`)."""

    id: NodeId
    name: str
    status: Literal["completed", "cancelled", "void"] = "completed"
    outcome: str = ""
    copies: tuple[Copy, ...] = ()
    """Copies sent when it is reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessWords:
    """The process as a whole and its start."""

    key: str
    name: str
    name_en: str = ""
    documentation: str = ""
    start: NodeId
    """The (first) none start event, else the first start event: where a person's request begins."""
    starts: Mapping[NodeId, EventWords] = field(default_factory=dict)
    """The process's other start events, by what starts them (message, signal, timer, …)."""
    start_form: str = ""
    starter_users: tuple[str, ...] = ()
    starter_groups: tuple[str, ...] = ()
    initiator_variable: str = "initiator"
    number_pattern: str = ""
    withdraw: Withdrawal = "until-decision"
    withdraw_guard: tuple[Guard, ...] = ()
    """`withdraw.guard`, `withdraw.guard.message`: when withdrawing is refused."""
    rounds_max: int = 3
    title: str = ""
    """`title`: an expression for the request's title; empty: the field `title`, else the name."""
    key_field: str = ""
    """`summary`: field keys shown in lists, comma separated."""
    guards: tuple[Guard, ...] = ()
    """Guards of the start event."""
    copies: tuple[Copy, ...] = ()
    """Copies sent on submission (properties of the start event)."""
    links: tuple[str, ...] = ()
    """`links`: fields of the start form that hold ids of requests this one belongs to."""
    properties: Mapping[str, str] = field(default_factory=dict)
