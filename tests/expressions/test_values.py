"""Values on their way out: JSON-native, decimals and dates as text, never a float."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from engine.expressions import ExpressionError, feel, json_value


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (True, True),
        (5, 5),
        ("48.5", "48.5"),
        (Decimal(4) / Decimal(2), 2),
        (Decimal("2.50"), "2.50"),
        (Decimal("48.0"), "48.0"),
        (Decimal("1E+3"), "1000"),
        (date(2030, 1, 15), "2030-01-15"),
        (time(9), "09:00:00"),
        (datetime(2030, 1, 15, 9, tzinfo=UTC), "2030-01-15T09:00:00+00:00"),
        (timedelta(days=2, hours=4), "P2DT4H"),
        (timedelta(0), "PT0S"),
        (timedelta(seconds=-1.5), "-PT1.5S"),
        ((1, [Decimal("0.5")]), [1, ["0.5"]]),
        ({"a": {"b": date(2030, 1, 15)}}, {"a": {"b": "2030-01-15"}}),
    ],
)
def test_json_value(value: object, expected: object) -> None:
    assert json_value(value) == expected
    assert type(json_value(value)) is type(expected)


def test_months_are_iso_text() -> None:
    assert json_value(feel('duration("P1Y2M")').evaluate({})) == "P1Y2M"
    assert json_value(feel('duration("-P14M")').evaluate({})) == "-P1Y2M"


@pytest.mark.parametrize("value", [object(), Decimal("NaN"), float("inf"), 10**40])
def test_what_no_data_can_hold(value: object) -> None:
    with pytest.raises(ExpressionError):
        json_value(value)


def test_data_that_is_nested_without_end() -> None:
    value: list[object] = []
    value.append(value)
    with pytest.raises(ExpressionError, match="nested more than 60 levels"):
        json_value(value)
