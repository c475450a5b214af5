"""The plain description of a process from which a `Net` is built: steps and flows, no XML.

The compiler (`engine.diagrams`) writes it; only this package reads it.
"""

from dataclasses import dataclass
from typing import Literal

from engine.diagrams.words import EventWords

StepKind = Literal[
    "start",
    "end",
    "terminate",
    "pass",
    "task",
    "action",
    "external",
    "throw",
    "raise",
    "catch",
    "boundary",
    "exclusive",
    "inclusive",
    "parallel",
    "event-gateway",
    "sub-process",
    "call",
    "event-sub-process",
]
"""`pass`: goes on by itself. `catch` and `boundary` wait for what `event` says. `external`: waits
for a worker. `throw`: a message or signal, handed out by whoever runs the tokens. `raise`: an
error or escalation, caught within the tokens. `event-sub-process`: no flow leads to it; while its
scope lives it waits for `event`, then `inner` runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A sequence flow. `condition` is an expression; empty: none."""

    id: str
    source: str
    target: str
    condition: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Each:
    """A multi-instance over a sub-process or call: one instance per item of `collection`.

    `done_when` (the completion condition) reads `nrOfInstances`, `nrOfCompletedInstances` and
    `nrOfActiveInstances`; empty: all must end.
    """

    collection: str = ""
    cardinality: str = ""
    variable: str = ""
    sequential: bool = False
    done_when: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """One `in` or `out` of a call: `expression` evaluated on one side, `target` written on the
    other. `everything`: all variables."""

    target: str = ""
    expression: str = ""
    everything: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call activity: which process, and what goes in and comes out.

    `process` is its key, or an expression that gives it; which version is settled when the token
    comes, by `World.called`.
    """

    process: str
    binding: Literal["latest", "deployment", "version"] = "latest"
    version: str = ""
    ins: tuple[Mapped, ...] = ()
    outs: tuple[Mapped, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One node of a graph."""

    id: str
    kind: StepKind
    default: str = ""
    """Id of the default flow."""
    event: EventWords | None = None
    ends: bool = False
    """It is an end event (a throwing one, too): its passage is an end that the process reached."""
    inner: "Graph | None" = None
    """The content of an embedded sub-process."""
    call: Call | None = None
    each: Each | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """A process or the content of a sub-process. Steps and flows stand in the order of the XML;
    that order decides which way is tried first, never where a shape was drawn."""

    id: str
    start: str
    steps: tuple[Step, ...]
    flows: tuple[Flow, ...]
    starts: tuple[str, ...] = ()
    """Every start event, `start` among them: a run may begin at any."""
