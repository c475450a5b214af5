"""What a diagram or its data can do wrong at run time."""

from engine.calendars import CalendarError
from engine.expressions import ExpressionError
from engine.flow.due import NoTime
from engine.journal.canonical import NotCanonical
from engine.people.signers import CannotResolve
from engine.tokens import TokensError


class ActionFailed(Exception):
    """An action can't be carried out: what is wrong, in words."""


class RunsInCircles(Exception):
    """The process, or several that send one another messages, takes too many steps of its own."""


class Interrupted(Exception):
    """What one request does in another failed half-way: nothing of the command may be kept."""


FAILURES = (
    ExpressionError,
    TokensError,
    ActionFailed,
    RunsInCircles,
    NoTime,
    CannotResolve,
    CalendarError,
    NotCanonical,
)
"""While tokens move, each halts its token, with an incident. Within a command's own check it
refuses the command, in words: nothing changes, administrators are told."""
