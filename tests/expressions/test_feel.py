"""FEEL over our data: decimals and ISO dates as text, unknown names, errors in words, limits."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from engine.expressions import ExpressionError, feel, unary_tests

DATA: dict[str, Any] = {
    "amount": "48.50",
    "fee": "1.5",
    "count": 3,
    "code": "007",
    "due": "2026-11-20",
    "at": "2026-11-20T17:00:00+08:00",
    "touches": ["资金清算", "客户信息"],
    "rows": [{"方式": "查阅", "份数": None}, {"方式": "复印", "份数": 2}],
    "none": None,
    "Guest count": 5,
    "a-b": 7,
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("amount > 48", True),
        ("amount = 48.5", True),
        ('amount = "48.5"', False),
        ("amount + fee", Decimal("50.00")),
        ("amount * count", Decimal("145.50")),
        ("sum([amount, fee])", Decimal("50.00")),
        ("max(amount, fee, 9)", "48.50"),
        ('code + "x"', "007x"),
        ('code = "007"', True),
        ('code < "01"', True),
        ('"1" + "2"', "12"),
        ('due < date("2026-11-21")', True),
        ('due < "2026-11-21"', True),
        ("due.year", 2026),
        ("at.hour", 17),
        ('date(due) + duration("P1D")', date(2026, 11, 21)),
        ('list contains(touches, "资金清算")', True),
        ('some row in rows satisfies row.方式 = "复印"', True),
        ('rows[方式 = "复印"].份数', [2]),
        ("count(rows[份数 > 1])", 1),
        ('=if amount > 10 then "big" else "small"', "big"),
        ("  = amount > 10", True),
        ("none > 1", None),
        ("none.x", None),
        ("is defined(missing)", False),
        ("count in (? > 2)", True),
        ("count in (1, ? > 5)", False),
        ("count in ([1..2], [3..4])", True),
        ("is defined(none)", False),
        ("is defined(due)", True),
        ("is defined(missing.deeper)", False),
        # those of Camunda's own
        ('get or else(none, "x")', "x"),
        ("is empty([])", True),
        ('is blank(" ")', True),
        ("duplicate values([1, 2, 1, 3, 2])", [1, 2]),
        ("partition([1, 2, 3], 2)", [[1, 2], [3]]),
        ('extract("a1b22", "[0-9]+")', ["1", "22"]),
        ('last day of month(date("2028-02-03"))', date(2028, 2, 29)),
        # a date-time without an offset is compared by what the clock shows
        ('at > date and time("2026-11-20T16:59:00")', True),
        ('at in [date and time("2026-11-20T17:00:00")..date("2026-11-21")]', True),
    ],
)
def test_over_our_data(text: str, expected: object) -> None:
    found = feel(text).evaluate(DATA)
    assert found == expected
    assert type(found) is type(expected)


def test_null_does_not_hold() -> None:
    assert feel("none > 1").holds(DATA) is False
    assert feel("not(none)").holds(DATA) is False
    assert feel("amount > 1").holds(DATA) is True


def test_an_unknown_name_is_an_error_or_null_as_asked() -> None:
    with pytest.raises(ExpressionError, match=r"There is no variable “missing” \(at character 5\)"):
        feel("1 + missing").evaluate(DATA)
    assert feel("missing", missing="null").evaluate(DATA) is None
    assert feel('missing = "x"', missing="null").holds(DATA) is False


def test_names_that_are_not_plain_words() -> None:
    names = ("Guest count", "a-b")
    assert feel("Guest count * 2 + a-b", names=names).evaluate(DATA) == 17
    assert feel('"Guest count" + string(Guest count)', names=names).evaluate(DATA) == "Guest count5"


def test_what_it_reads_and_calls() -> None:
    found = feel("for x in xs return x + y.z + today().day + count({a: b, c: a})")
    assert found.reads == {"xs", "y", "b"}
    assert found.calls == {"today", "count"}


def test_functions_that_need_the_world_are_handed_in() -> None:
    functions: dict[str, Callable[..., object]] = {"today": lambda: date(2026, 11, 21)}
    assert feel("due < today()").evaluate(DATA, functions) is True
    with pytest.raises(ExpressionError, match="There is no function “today”"):
        feel("due < today()").evaluate(DATA)


def test_feels_own_functions_are_not_replaced() -> None:
    functions: dict[str, Callable[..., object]] = {"count": lambda _: 99}
    assert feel("count([1])").evaluate({}, functions) == 1


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("", "The expression is empty", 1),
        ("=", "The expression is empty", 1),
        ("1 +", "The expression ends too early", 4),
        ("= 1 2", "“2” can't stand here", 5),
        ('"abc', "This text has no closing quote", 1),
        ("a == 1", "“=” can't stand here", 4),
        ("foo(1)", "There is no function “foo”", 1),
        ("x instance of animal", "There is no type “animal”", 1),
        (
            'replace(code, "(a)+$", "b")',
            "The pattern '(a)+$' repeats a group, which could take long",
            1,
        ),
        ("count(1, 2)", "“count” can't take 2 values", 1),
        ("substring(string: code)", "“substring” can't take 1 values", 1),
        ("substring(text: code)", "“substring” has no parameter “text”", 1),
        ("count()", "“count” can't take 0 values", 1),
        ("(1)(2)", "Only a function can be called", 4),
        ("for i in 1..20000 return i", "A loop takes at most 10000 turns", 10),
    ],
)
def test_error_in_words(text: str, message: str, place: int) -> None:
    with pytest.raises(ExpressionError) as error:
        feel(text).evaluate(DATA)
    assert str(error.value) == f"{message} (at character {place})"


@pytest.mark.parametrize(
    ("cell", "value", "passes"),
    [
        ("", 1, True),
        ("-", None, True),
        ("> 40", "48.50", True),
        ("[48..49)", "48.50", True),
        ("48.5", "48.50", True),
        ('"48.5"', "48.50", False),
        ('>= date("2026-11-01")', "2026-11-20", True),
        ('not("a")', None, True),
        ("> fee", 2, True),
        ("? > fee and ? < 10", 2, True),
        ("touches", "客户信息", True),
        ("null", None, True),
        ("< 5", None, False),
        ("true", True, True),
        ("true", "true", False),
    ],
)
def test_cell_of_a_decision_table(cell: str, value: object, passes: bool) -> None:
    assert unary_tests(cell).holds({**DATA, "?": value}) is passes
