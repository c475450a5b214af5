"""Where the tokens of a request stand, and how they move: SpiffWorkflow, used as a mover only.

Owns the marking (the state between commands), the compiled net, passages with their causes, and
returns. Imports SpiffWorkflow (nobody else does) and the words of a diagram. Never imports the
compiler, people, votes or the database; knows no clock: `World` answers what must be asked.

Between commands nothing lives: `Run.resume`, one act, `Run.save`, and the run is thrown away.
"""

from importlib.metadata import version

from engine.tokens.errors import (
    IntoBranch,
    IntoEnded,
    NotCallable,
    NotOnPath,
    NotOpen,
    NoWayOut,
    ReturnRefused,
    StepBudget,
    TokensError,
    TooDeep,
    Uncaught,
    UnknownMarking,
    UnknownStart,
)
from engine.tokens.graph import Call, Each, Flow, Graph, Mapped, Step
from engine.tokens.net import Net
from engine.tokens.passages import Passage
from engine.tokens.returns import Rewound, rewind, take_back, targets
from engine.tokens.run import Run
from engine.tokens.standing import Open
from engine.tokens.straight import PutBack, put_back, put_back_all
from engine.tokens.world import World

__all__ = [
    "Call",
    "Each",
    "Flow",
    "Graph",
    "IntoBranch",
    "IntoEnded",
    "Mapped",
    "Net",
    "NoWayOut",
    "NotCallable",
    "NotOnPath",
    "NotOpen",
    "Open",
    "Passage",
    "PutBack",
    "ReturnRefused",
    "Rewound",
    "Run",
    "Step",
    "StepBudget",
    "TokensError",
    "TooDeep",
    "Uncaught",
    "UnknownMarking",
    "UnknownStart",
    "World",
    "put_back",
    "put_back_all",
    "rewind",
    "take_back",
    "targets",
]

PINNED = "3.2.0"
"""The one version of SpiffWorkflow that our specs were proved against: they override its hooks."""

if version("SpiffWorkflow") != PINNED:
    raise ImportError(
        f"engine.tokens needs SpiffWorkflow {PINNED}, found {version('SpiffWorkflow')}"
    )
