"""Making a decision: what it requires first, then its own table or expression."""

from collections.abc import Mapping

from engine.decisions import hits
from engine.decisions.decision import Decision
from engine.decisions.problems import DecisionError, within
from engine.decisions.reading import names_of
from engine.decisions.tables import SEVERAL, by_name
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
    return _whole(decision, rows)


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
        made = knowledge.make(frame)
        seen.setdefault(knowledge.name, made)
    for required in decision.requires:
        seen.update(_handed_on(required, _made(required, frame)))
    return _made(decision, frame)


def _data(decision: Decision, rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """The rows as JSON-native data."""
    try:
        return [{key: json_value(value) for key, value in row.items()} for row in rows]
    except ExpressionError as error:
        raise within(f"The decision “{decision.name}”", error) from None


def _made(decision: Decision, frame: Frame) -> list[dict[str, object]]:
    """The decision's rows, by what is known so far."""
    try:
        if decision.table is not None:
            return hits.rows(decision.table, frame)
        return [{decision.outputs[0]: decision.convert(decision.value(frame))}]
    except ExpressionError as error:
        raise within(f"The decision “{decision.name}”", error) from None
    except RecursionError:
        raise DecisionError(f"The decision “{decision.name}” calls itself too often") from None


def _handed_on(decision: Decision, rows: list[dict[str, object]]) -> dict[str, object]:
    """A required decision's result by every name that it has (see `names_of`)."""
    table, whole = decision.table, _whole(decision, rows)
    handed: dict[str, object] = {}
    for name in names_of(decision):
        own = name != decision.variable and name in decision.outputs and table is not None
        if not own:
            handed[name] = whole
        elif _several(decision):
            handed[name] = [row[name] for row in rows]
        else:
            handed[name] = rows[0][name] if rows else None
    return handed


def _several(decision: Decision) -> bool:
    """Whether the result is a list, one for each rule."""
    table = decision.table
    return table is not None and table.policy in SEVERAL and not table.aggregation


def _whole(decision: Decision, rows: list[dict[str, object]]) -> object:
    """The result as one value."""
    if decision.table is None:
        return rows[0][decision.outputs[0]]
    found = [by_name(row, decision.table.outputs) for row in rows]
    return found if _several(decision) else found[0] if found else None
