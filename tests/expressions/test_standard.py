"""FEEL as the standard's conformance cases (the DMN TCK) have it, group by group.

`standard.json` is a table of facts: an expression, and what it gives. What can't be computed is
null to the standard; some of it is an error to us.
"""

import json
from pathlib import Path

import pytest

from engine.expressions import ExpressionError, feel, json_value
from tests.expressions.test_feelin import plain

GROUPS: dict[str, list[tuple[str, object]]] = json.loads(
    Path(__file__).with_name("standard.json").read_text(encoding="utf-8")
)


def answer(text: str) -> object:
    try:
        return json_value(feel(text).evaluate({}))
    except ExpressionError:
        return None


@pytest.mark.parametrize("group", GROUPS)
def test_feel_is_what_the_standard_says(group: str) -> None:
    differences = []
    for text, wanted in GROUPS[group]:
        found = answer(text)
        if type(wanted) in (int, float) and isinstance(found, str):
            found = float(found)  # decimals travel as text
        if plain(found) != plain(wanted):
            differences.append((text, found, wanted))
    assert not differences
