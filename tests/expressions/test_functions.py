"""The functions that every `${…}` may call."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from engine.expressions import ExpressionError, compile_template

DATA: dict[str, Any] = {
    "rows": [
        {"who": "ann", "days": 2, "ok": True},
        {"who": "bo", "days": "1.5", "ok": False},
        {"who": "ann", "days": None, "ok": True},
    ],
    "people": ["ann", "bo", "ann", None],
    "none": None,
    "one": "ann",
    "at": "2026-11-20T17:05:30+08:00",
}


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("pluck(where(rows, 'ok', true), 'days')", [2, None]),
        ("count(without(rows, 'who', 'ann'))", 1),
        ("where(none, 'ok', true)", []),
        ("pluck(rows, 'who')", ["ann", "bo", "ann"]),
        ("join(people)", "ann、bo、ann"),
        ("join(people, ', ')", "ann, bo, ann"),
        ("join(none)", ""),
        ("count(people)", 4),
        ("count(none)", 0),
        ("count(one)", 1),
        ("sum(list(1, 2, '0.5'))", Decimal("3.5")),
        ("sum(rows, 'days')", Decimal("3.5")),
        ("sum(none)", 0),
        ("first(people)", "ann"),
        ("last(people)", None),
        ("first(none)", None),
        ("contains(people, 'bo')", True),
        ("contains('abc', 'b')", True),
        ("contains(none, 'b')", False),
        ("distinct(people)", ["ann", "bo", None]),
        ("union(people, 'cy', none, list('bo', 'di'))", ["ann", "bo", "cy", "di"]),
        ("union()", []),
        ("minus(people, list('ann'))", ["bo", None]),
        ("minus(people, one)", ["bo", None]),
        ("date(at)", date(2026, 11, 20)),
        ("date(none)", None),
        ("days('2026-11-27', '2026-12-04')", 7),
        ("days('2026-12-04', '2026-11-27')", -7),
        ("days(none, at)", None),
        ("format(at)", "2026-11-20 17:05"),
        ("format(people)", "ann、bo、ann"),
        ("format(true)", "是"),
        ("format(none)", ""),
        ("format(date(at))", "2026-11-20"),
        ("text(12)", "12"),
        ("text(10 / 4)", "2.5"),
        ("number('2.50')", Decimal("2.50")),
        ("number('')", None),
        ("concat('a', none, 1, true)", "a1true"),
        ("ifelse(1 > 2, 'a', 'b')", "b"),
        ("coalesce(none, one, 'x')", "ann"),
        ("coalesce(none)", None),
        ("max(1, '10', 2)", "10"),
        ("min(list('2026-02-01', '2026-01-31'))", "2026-01-31"),
        ("max(none, list())", None),
        ("any(rows, 'who', 'bo')", True),
        ("any(none, 'who', 'bo')", False),
        ("all(rows, 'who', 'ann')", False),
        ("all(none, 'who', 'ann')", True),
        ("list(1, none)", [1, None]),
        ("map('a', 1, 'b', one)", {"a": 1, "b": "ann"}),
    ],
)
def test_function(call: str, expected: object) -> None:
    found = compile_template("${" + call + "}").evaluate(DATA)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("date('soon')", "A date is needed here, but this is the text 'soon'"),
        ("number('much')", "A number is needed here, but this is the text 'much'"),
        ("duration('long')", "A duration is needed here, but this is the text 'long'"),
        ("max(1, 'x')", "Can't compare the text 'x' with a number"),
        ("map('a')", "“map” takes keys and values in turn"),
        ("where(people, 'a', 1)", "The list's items must be maps, but one is the text 'ann'"),
    ],
)
def test_refusal_in_words(call: str, message: str) -> None:
    with pytest.raises(ExpressionError) as error:
        compile_template("${" + call + "}").evaluate(DATA)
    assert error.value.message == message
