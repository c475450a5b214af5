"""Which variables a request shows: all of them but a few that are only there for expressions."""

from typing import Any

from engine.case import Case
from engine.flow.messages import root_variables

_CONTEXT = frozenset({"me", "round"})
"""Names that expressions read at the start; afterwards they would mislead."""


def public(case: Case) -> dict[str, Any]:
    """The variables as data; a draft's are what was filled in so far.

    Those that no form names (what the system fills in, what a table or another request gave) are
    part of what a diagram's author wants seen: only fields under `fields.hide` are not, and the
    caller leaves those out.
    """
    current, filled = root_variables(case), case.flow.answers
    being_written = case.request.status in ("draft", "withdrawn")
    values = {**current, **filled} if being_written else {**filled, **current}
    return {name: value for name, value in values.items() if told(name)}


def told(name: str) -> bool:
    """Whether a variable of this name is shown at all."""
    return not name.startswith("_") and name not in _CONTEXT
