"""What an evaluation costs, counted in calls and not in time."""

import sys
from types import FrameType

from engine.expressions import compile_template
from engine.expressions.pace import CONDITION, evaluated


def test_an_ordinary_condition_holds_in_half() -> None:
    assert evaluated(10) == 5


def test_an_ordinary_condition_costs_few_calls() -> None:
    condition = compile_template(CONDITION)
    variables = {"amount": 6000, "approved": "yes"}
    calls = 0

    def count(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        condition.holds(variables)
    finally:
        sys.setprofile(None)
    assert calls < 40
