"""How a decision's result becomes the variable of a diagram (`camunda:mapDecisionResult`)."""

from typing import Literal

from engine.decisions.problems import DecisionError

ResultMap = Literal["single-entry", "single-result", "collect-entries", "result-list"]


def result_value(rows: list[dict[str, object]], how: ResultMap) -> object:
    """The variable's value: one output (`single-entry`), one map of outputs (`single-result`),
    that one output of every rule (`collect-entries`), or all maps (`result-list`). Of nothing the
    first two are null.

    Raises:
        DecisionError: there is more than that in the result.
    """
    if how == "result-list":
        return rows
    if how == "collect-entries":
        return [_only(row) for row in rows]
    if len(rows) > 1:
        raise DecisionError(f"One result is wanted, but {len(rows)} rules hold")
    if how == "single-result":
        return rows[0] if rows else None
    return _only(rows[0]) if rows else None


def _only(row: dict[str, object]) -> object:
    if len(row) != 1:
        raise DecisionError(f"One output is wanted, but there are several: {', '.join(row)}")
    return next(iter(row.values()))
