"""FEEL as feelin 8.2.0 (the interpreter of Camunda's forms) understands it, case by case.

`feelin.json` holds what feelin answers (`record_feelin.mjs` asks it anew); where ours is another,
the reason stands here.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from engine.expressions import ExpressionError, feel, json_value, unary_tests

Case = tuple[str, Mapping[str, object], object]
GROUPS: dict[str, list[Case]] = json.loads(
    Path(__file__).with_name("feelin.json").read_text(encoding="utf-8")
)
NOT_EXACT = "feelin counts in binary floats"
ONLY_TRUE = "only true is true in a condition"
STANDARD = "as the standard says; feelin does not"
UNKNOWN = "feelin does not know it"
OURS: dict[str, tuple[object, str]] = {
    "0.1 + 0.2": ("0.3", NOT_EXACT),
    "1e3": ("1000", "feelin reads no exponents"),
    "12345678901234567890 * 10": (123456789012345678900, NOT_EXACT),
    "1 = [1]": (None, "a list is not its only item"),
    "null in null": (True, "null equals null"),
    'if 1 then "a" else "b"': ("b", ONLY_TRUE),
    'if "true" then 1 else 2': (2, ONLY_TRUE),
    "for x in 5 return x": ([5], "a single value is a list of one, as everywhere in FEEL"),
    "rows[ok].n": ([2], STANDARD),
    'get value({a: {b: 2}}, ["a","b"])': (2, STANDARD),
    'substring("foobar", 0)': (None, STANDARD),
    'substring("foobar", 10)': (None, STANDARD),
    'trim(" a ")': ("a", UNKNOWN),
    'min("a","b")': ("a", STANDARD),
    'min(["b","a"])': ("a", STANDARD),
    "insert before([1,3], -1, 2)": ([1, 2, 3], STANDARD),
    "remove([1,2,3], -1)": ([1, 2], STANDARD),
    "list replace([2,4,7,8], -1, 6)": ([2, 4, 7, 6], STANDARD),
    'duration("P1Y2D")': (None, "months and days don't mix, as the standard says"),
    'duration("P1D") * 2': ("P2D", UNKNOWN),
    '2 * duration("PT1H")': ("PT2H", UNKNOWN),
    'duration("P1D") / 2': ("PT12H", UNKNOWN),
    'duration("P1D") / duration("PT12H")': (2, UNKNOWN),
    'duration("P1Y") * 2': ("P2Y", UNKNOWN),
    'years and months duration(date("2011-12-22"), date("2013-08-24"))': ("P1Y8M", STANDARD),
    'years and months duration(date("2013-08-24"), date("2011-12-22"))': ("-P1Y8M", STANDARD),
    'years and months duration(date("2020-01-31"), date("2020-02-28"))': ("P0M", STANDARD),
    "is defined(x)": (False, UNKNOWN),
}


def plain(value: object) -> object:
    """An answer of either side: numbers to nine places, instants in UTC as `Z`."""
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, str):
        return value.replace("+00:00", "Z")
    if isinstance(value, bool) or value is None:
        return value
    return round(float(str(value)), 9)


def answer(text: str, context: Mapping[str, object]) -> object:
    if "?" in context:
        return unary_tests(text).holds(context)
    try:
        value = feel(text, missing="null").evaluate(context)
    except ExpressionError:
        return "!"
    return json_value(value)


@pytest.mark.parametrize("group", GROUPS)
def test_feel_is_what_feelin_makes_of_it(group: str) -> None:
    differences = []
    for text, context, theirs in GROUPS[group]:
        found = answer(text, context)
        wanted, _ = OURS.get(text, (theirs, ""))
        if type(wanted) in (int, float) and isinstance(found, str):
            found = float(found)  # decimals travel as text
        if plain(found) != plain(wanted):
            differences.append((text, context, found, wanted))
    assert not differences


def test_every_difference_is_one() -> None:
    theirs = {text: answer for cases in GROUPS.values() for text, _, answer in cases}
    assert not [text for text, (ours, _) in OURS.items() if plain(theirs[text]) == plain(ours)]
