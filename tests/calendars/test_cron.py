"""Cron texts: the times that they name, in both ways of counting."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from engine.calendars import CalendarError, is_cron, parse_cron

SHANGHAI = ZoneInfo("Asia/Shanghai")
TUESDAY = datetime(2030, 1, 15, 12, 0, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0 0/5 * * * ?", "2030-01-15 12:05:00"),
        ("*/5 * * * *", "2030-01-15 12:05:00"),
        ("0/30 * * * * ?", "2030-01-15 12:00:30"),
        ("0 0 12 * * ?", "2030-01-16 12:00:00"),
        ("0 12 * * *", "2030-01-16 12:00:00"),
        ("30 8 * * *", "2030-01-16 08:30:00"),
        ("0 0 9 ? * MON-FRI", "2030-01-16 09:00:00"),
        ("0 0 9 ? * 2-6", "2030-01-16 09:00:00"),
        ("0 0 9 ? * SAT", "2030-01-19 09:00:00"),
        ("0 0 9 ? * 7", "2030-01-19 09:00:00"),
        ("0 0 9 ? * 1", "2030-01-20 09:00:00"),
        ("0 9 * * 4", "2030-01-17 09:00:00"),
        ("0 9 * * 0", "2030-01-20 09:00:00"),
        ("0 9 * * 7", "2030-01-20 09:00:00"),
        ("0 0 9 ? * FRI-MON", "2030-01-18 09:00:00"),
        ("0 0 9 * * 0", "2030-01-20 09:00:00"),
        ("0 0 0 1 * ?", "2030-02-01 00:00:00"),
        ("0 0 0 L * ?", "2030-01-31 00:00:00"),
        ("0 0 0 29 2 ?", "2032-02-29 00:00:00"),
        ("0 0 0 1 JAN,JUL ? *", "2030-07-01 00:00:00"),
        ("0 0 9-17/4 * * ?", "2030-01-15 13:00:00"),
        ("0 0 9 20 * 4", "2030-01-16 09:00:00"),
    ],
)
def test_the_next_time(text: str, expected: str) -> None:
    found = parse_cron(text).after(TUESDAY.astimezone(UTC), SHANGHAI)
    assert f"{found:%Y-%m-%d %H:%M:%S}" == expected


def test_only_days_that_count() -> None:
    def odd(day: date) -> bool:
        return day.day % 2 == 1

    found = parse_cron("0 9 * * *").after(TUESDAY, SHANGHAI, odd)
    assert found.date() == date(2030, 1, 17)


@pytest.mark.parametrize(
    "text",
    [
        "0 0 0 30 2 ?",
        "60 * * * *",
        "* * * * 9",
        "a b c d e",
        "0 0 9 ? * MON#2",
        "0 0 9 15W * ?",
        "0 0 9 * * ? 2031",
        "*/0 * * * *",
        "* * * *",
        "99999999999 * * * *",
        "1-2-3 * * * *",
    ],
)
def test_what_names_no_time_is_refused_in_words(text: str) -> None:
    with pytest.raises(CalendarError) as refused:
        parse_cron(text)
    assert "cron text" in str(refused.value)


def test_no_day_that_counts_is_said_and_ends() -> None:
    with pytest.raises(CalendarError):
        parse_cron("0 9 * * *").after(TUESDAY, SHANGHAI, lambda _: False)


@pytest.mark.parametrize(
    ("text", "cron"),
    [("0 9 * * 4", True), ("R3/P1D", False), ("P1D", False), ("R/a b c d e", False)],
)
def test_what_is_written_as_one(text: str, cron: bool) -> None:
    assert is_cron(text) is cron
