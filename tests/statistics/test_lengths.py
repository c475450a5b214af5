"""Lengths of time: in working time, and as spreads whose medians can be told."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendars import WorkCalendar
from engine.calendars.spans import worked
from engine.statistics import spread

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
CHINA = WorkCalendar(SHANGHAI)
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 2 * 365 * 86_400).map(lambda s: BEGIN + timedelta(seconds=s))
SECONDS = st.integers(0, spread.LONGEST)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-09-24 10:00", "2026-09-24 12:30", 2.5),
        ("2026-09-24 17:00", "2026-09-28 10:00", 2),  # Mid-Autumn Festival and a weekend
        ("2026-09-20 08:00", "2026-09-20 19:00", 9),  # a Sunday, worked in exchange
        ("2026-09-30 17:30", "2026-10-08 09:30", 1),  # National Day
        ("2026-10-01 09:00", "2026-10-02 18:00", 0),
        ("2026-09-24 20:00", "2026-09-24 23:00", 0),
        ("2026-09-24 12:00", "2026-09-24 11:00", 0),
    ],
)
def test_only_the_hours_of_working_days_count(start: str, end: str, hours: float) -> None:
    assert worked(CHINA, at(start), at(end)) == hours * 3600


def naive(calendar: WorkCalendar, start: datetime, end: datetime) -> int:
    """Day by day."""
    total, day = timedelta(), start.astimezone(calendar.zone).date()
    while day <= end.astimezone(calendar.zone).date():
        if calendar.is_workday(day):
            begins = datetime.combine(day, time(9), calendar.zone).astimezone(UTC)
            ends = datetime.combine(day, time(18), calendar.zone).astimezone(UTC)
            total += max(timedelta(), min(end, ends) - max(start, begins))
        day += timedelta(days=1)
    return int(total.total_seconds())


@given(start=MOMENTS, hours=st.integers(0, 2_000), zone=st.sampled_from([SHANGHAI, BERLIN]))
def test_however_long_it_is_the_days_add_up(start: datetime, hours: int, zone: ZoneInfo) -> None:
    calendar = WorkCalendar(zone, {date(2026, 5, 30): True, date(2026, 6, 1): False})
    end = start + timedelta(hours=hours)
    assert abs(worked(calendar, start, end) - naive(calendar, start, end)) <= 1  # whole seconds
    middle = start + timedelta(hours=hours // 2)
    parts = worked(calendar, start, middle) + worked(calendar, middle, end)
    assert abs(worked(calendar, start, end) - parts) <= 1


@given(lengths=st.lists(SECONDS, max_size=50), share=st.sampled_from([0.25, 0.5, 0.9, 1.0]))
def test_a_quantile_is_at_most_four_percent_off(lengths: list[int], share: float) -> None:
    found = sum(spread.one(each) for each in lengths)
    assert spread.load(spread.dump(found)) == found
    assert spread.of_pairs(spread.pairs(found)) == found
    (told,) = spread.quantiles(found, [share])
    if not lengths:
        assert told is None
        return
    rank = max(1, -int(-share * len(lengths) // 1))
    exact = sorted(lengths)[rank - 1]
    assert told is not None
    assert abs(told - exact) <= spread.ERROR * exact
    if exact < 25:
        assert told == exact


@given(first=st.lists(SECONDS, max_size=20), second=st.lists(SECONDS, max_size=20))
def test_what_was_added_can_be_taken_away(first: list[int], second: list[int]) -> None:
    one, two = (sum(map(spread.one, each)) for each in (first, second))
    both = spread.load(spread.dump(one + two))
    assert sum(count for _, count in spread.pairs(both)) == len(first) + len(second)
    assert both - two == one


def test_what_is_longer_than_ten_years_counts_as_that_long() -> None:
    found = spread.one(spread.LONGEST * 9)
    (told,) = spread.quantiles(found, [0.5])
    assert told is not None
    assert abs(told - spread.LONGEST) <= spread.ERROR * spread.LONGEST
    assert len(spread.dump(found)) < 6
