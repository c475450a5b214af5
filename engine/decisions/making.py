"""Making one decision from what is known, and what its result is called for others."""

from engine.decisions import hits
from engine.decisions.decision import Decision, names_of
from engine.decisions.problems import DecisionError, within
from engine.decisions.tables import SEVERAL, by_name
from engine.expressions import ExpressionError
from engine.expressions.compiling import Frame


def rows_of(decision: Decision, frame: Frame) -> list[dict[str, object]]:
    """The decision's rows, by what is known so far."""
    try:
        if decision.table is not None:
            return hits.rows(decision.table, frame)
        return [{decision.outputs[0]: decision.convert(decision.value(frame))}]
    except ExpressionError as error:
        raise within(f"The decision “{decision.name}”", error) from None
    except RecursionError:
        raise DecisionError(f"The decision “{decision.name}” calls itself too often") from None


def handed_on(decision: Decision, rows: list[dict[str, object]]) -> dict[str, object]:
    """A required decision's result by every name that it has (see `names_of`)."""
    table, whole = decision.table, whole_of(decision, rows)
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


def whole_of(decision: Decision, rows: list[dict[str, object]]) -> object:
    """The result as one value."""
    if decision.table is None:
        return rows[0][decision.outputs[0]]
    found = [by_name(row, decision.table.outputs) for row in rows]
    return found if _several(decision) else found[0] if found else None
