"""What reading a file of decisions gives."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.decisions.kinds import Convert
from engine.decisions.problems import Problem
from engine.decisions.tables import Table
from engine.expressions.compiling import Run


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Knowledge:
    """A business knowledge model: a function that the decisions of its file can call."""

    name: str
    make: Run


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Decision:
    """One decision, read and checked, with all that it requires.

    `requires` is in an order in which each can be made after those before it. `reads` are the
    variables that must be handed in for it and what it requires; `calls` the functions that are
    not of the expression language itself, nor knowledge of the file.
    """

    id: str
    name: str
    variable: str
    """What its result is called in decisions that require it; "" where the file names none."""
    outputs: tuple[str, ...]
    """The keys of its result's rows."""
    requires: tuple["Decision", ...]
    knowledge: tuple[Knowledge, ...]
    table: Table | None
    value: Run
    """Its result as the standard hands it on to decisions that require it."""
    convert: Convert
    reads: frozenset[str]
    calls: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Decisions:
    """The decisions of one file by id, and what should be known to whoever deploys it."""

    name: str
    by_id: Mapping[str, Decision]
    warnings: tuple[Problem, ...]


def names_of(decision: Decision) -> tuple[str, ...]:
    """What decisions that require it can call its result, the foremost first.

    The standard names a result by the decision's variable; Camunda hands on every output by its
    own name; others by the decision's name or id.
    """
    named = (decision.variable, *decision.outputs, decision.name, decision.id)
    return tuple(dict.fromkeys(filter(None, named)))
