"""Making a decision: what it requires first, then its own table or expression."""

from collections.abc import Mapping

from engine.decisions.decision import Decision
from engine.decisions.making import handed_on, rows_of, whole_of
from engine.decisions.problems import DecisionError, within
from engine.expressions import ExpressionError, json_value
from engine.expressions.compiling import Frame, Functions
from engine.expressions.limits import Budget

STEPS = 300_000
"""Steps of one decision, all that it requires included (about a second)."""
_NONE: Functions = {}


def decide(
    decisions: Mapping[str, Decision],
    id: str,
    variables: Mapping[str, object],
    functions: Functions = _NONE,
) -> list[dict[str, object]]:
    """What the decision `id` says: one map of outputs for each rule that counts, JSON-native.

    An aggregation, an expression, or a hit policy that takes one rule gives one map; where no
    rule holds the list is empty (a table's default outputs stand in for it).

    Raises:
        DecisionError: in words, for whoever keeps the decision.
    """
    decision = _found(decisions, id)
    return _data(decision, _decided(decision, variables, functions))


def decide_value(
    decisions: Mapping[str, Decision],
    id: str,
    variables: Mapping[str, object],
    functions: Functions = _NONE,
) -> object:
    """The decision's result as the standard (and Camunda 8) hands it on: one output is its value,
    several are a map; where several rules may hold, a list of them; null where none holds.

    Raises:
        DecisionError: as `decide`.
    """
    decision = _found(decisions, id)
    rows = _data(decision, _decided(decision, variables, functions))
    return whole_of(decision, rows)


def _found(decisions: Mapping[str, Decision], id: str) -> Decision:
    decision = decisions.get(id)
    if decision is None:
        raise DecisionError(f"There is no decision “{id}”")
    return decision


def _decided(
    decision: Decision, variables: Mapping[str, object], functions: Functions
) -> list[dict[str, object]]:
    """The decision's rows, after all that it requires."""
    seen = dict(variables)
    frame = Frame(seen, functions, Budget(STEPS, STEPS))
    for knowledge in decision.knowledge:
        seen[knowledge.name] = knowledge.make(frame)
    for required in decision.requires:
        seen.update(handed_on(required, rows_of(required, frame)))
    return rows_of(decision, frame)


def _data(decision: Decision, rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """The rows as JSON-native data."""
    try:
        return [{key: json_value(value) for key, value in row.items()} for row in rows]
    except ExpressionError as error:
        raise within(f"The decision “{decision.name}”", error) from None
