"""X5: deadlines count in working time, with China's holidays and make-up days."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendars import CalendarError, WorkCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
CHINA = WorkCalendar(SHANGHAI)
YEARS = st.dates(date(2015, 1, 1), date(2030, 12, 31))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2026-09-30", True),  # Wednesday before National Day
        ("2026-10-01", False),
        ("2026-10-07", False),  # a Wednesday, off in exchange for the 10th
        ("2026-10-08", True),
        ("2026-10-10", True),  # a Saturday, worked in exchange
        ("2026-09-20", True),  # a Sunday, worked in exchange
        ("2026-10-11", False),
        ("2026-02-14", True),  # worked before Spring Festival
        ("2026-02-16", False),
        ("2024-02-04", True),
        ("2025-01-26", True),
    ],
)
def test_x5_working_days_of_china(day: str, worked: bool) -> None:
    assert CHINA.is_workday(date.fromisoformat(day)) is worked


def test_x5_make_up_days_balance_the_days_off() -> None:
    """A year has its weekdays less the statutory holidays (11, since 2025 13), whatever moves."""
    counts = {year: _workdays_of(year) for year in (2023, 2024, 2025, 2026)}
    assert counts == {2023: 260 - 11, 2024: 262 - 11, 2025: 261 - 13, 2026: 261 - 13}


def _workdays_of(year: int) -> int:
    return CHINA.workdays_between(date(year - 1, 12, 31), date(year, 12, 31))


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-09-30", 1, "2026-10-08"),
        ("2026-09-30", 3, "2026-10-10"),
        ("2026-10-08", -1, "2026-09-30"),
        ("2026-10-03", 1, "2026-10-08"),
        ("2026-10-03", -1, "2026-09-30"),
        ("2026-10-03", 0, "2026-10-03"),
        ("2026-12-31", 1, "2027-01-04"),
        ("2027-01-04", -1, "2026-12-31"),
        ("2026-11-27", 5, "2026-12-04"),
    ],
)
def test_x5_working_days_later_and_earlier(start: str, count: int, end: str) -> None:
    assert CHINA.add_workdays(date.fromisoformat(start), count) == date.fromisoformat(end)


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        ("2026-11-27", "2026-12-04", 5),  # forms.md: five working days late
        ("2026-12-04", "2026-11-27", -5),
        ("2026-09-30", "2026-10-08", 1),
        ("2026-10-01", "2026-10-07", 0),
        ("2026-10-09", "2026-10-11", 1),
        ("2026-10-10", "2026-10-10", 0),
    ],
)
def test_x5_working_days_between(start: str, end: str, count: int) -> None:
    assert CHINA.workdays_between(date.fromisoformat(start), date.fromisoformat(end)) == count


@given(YEARS, st.integers(-300, 300))
def test_x5_counting_there_is_counting_back(day: date, count: int) -> None:
    later = CHINA.add_workdays(day, count)
    assert count == 0 or CHINA.is_workday(later)
    if CHINA.is_workday(day):
        assert CHINA.workdays_between(day, later) == count


@given(YEARS, st.integers(0, 60))
def test_x5_counting_by_the_day_agrees(day: date, span: int) -> None:
    end = day + timedelta(days=span)
    days = [day + timedelta(days=n) for n in range(1, span + 1)]
    assert CHINA.workdays_between(day, end) == sum(CHINA.is_workday(each) for each in days)


def test_x5_an_organisation_has_days_of_its_own() -> None:
    ours = WorkCalendar(
        SHANGHAI, {date(2026, 10, 9): False, date(2026, 10, 11): True, date(2026, 10, 12): True}
    )
    assert not ours.is_workday(date(2026, 10, 9))
    assert ours.add_workdays(date(2026, 10, 8), 2) == date(2026, 10, 11)
    assert CHINA.is_workday(date(2026, 10, 9))


def test_x5_beyond_the_last_decree_a_date_is_provisional() -> None:
    assert not CHINA.provisional(date(2026, 12, 31))
    assert CHINA.provisional(date(2027, 1, 1))
    ours = WorkCalendar(SHANGHAI, {date(2027, 1, 2): True})
    assert not ours.provisional(date(2027, 1, 2))


@pytest.mark.parametrize(
    ("start", "duration", "end"),
    [
        ("2026-09-30T17:00", "P1D", "2026-10-08T17:00"),
        ("2026-09-30T17:00", "P3D", "2026-10-10T17:00"),
        ("2026-10-03T10:00", "P1D", "2026-10-08T10:00"),
        ("2026-09-30T17:00", "P1W", "2026-10-13T17:00"),
        ("2026-09-30T17:00", "PT1H", "2026-09-30T18:00"),
        ("2026-09-30T17:00", "PT2H", "2026-10-08T10:00"),
        ("2026-09-30T17:00", "PT10H", "2026-10-08T18:00"),
        ("2026-09-30T17:00", "PT19H", "2026-10-09T18:00"),
        ("2026-09-30T18:00", "PT1H", "2026-10-08T10:00"),
        ("2026-09-30T03:00", "PT1H", "2026-09-30T10:00"),
        ("2026-10-03T10:00", "PT30M", "2026-10-08T09:30"),
        ("2026-09-30T17:00", "P1DT4H", "2026-10-09T12:00"),
        ("2026-09-30T17:00", "P1M", "2026-10-30T17:00"),
        ("2026-08-31T17:00", "P1M", "2026-09-30T17:00"),
        ("2026-09-30T17:00", "PT0S", "2026-09-30T17:00"),
    ],
)
def test_x5_durations_in_working_time(start: str, duration: str, end: str) -> None:
    assert CHINA.after(at(start), duration) == at(end)


def test_x5_working_time_is_local_wherever_the_instant_comes_from() -> None:
    start = datetime(2026, 9, 30, 9, 0, tzinfo=UTC)  # 17:00 in Shanghai
    assert CHINA.after(start, "PT2H") == at("2026-10-08T10:00")
    assert CHINA.after(start, "P1D").isoformat() == "2026-10-08T17:00:00+08:00"


def test_elapsed_time_counts_every_day() -> None:
    assert CHINA.elapsed(at("2026-09-30T17:00"), "P1DT2H") == at("2026-10-01T19:00")


def test_a_day_keeps_its_time_of_day_when_clocks_change() -> None:
    berlin = WorkCalendar(ZoneInfo("Europe/Berlin"))
    start = datetime(2026, 10, 24, 12, 0, tzinfo=berlin.zone)  # the clocks go back that night
    assert berlin.elapsed(start, "P1D").isoformat() == "2026-10-25T12:00:00+01:00"
    assert berlin.elapsed(start, "PT24H").isoformat() == "2026-10-25T11:00:00+01:00"


def test_instants_of_a_day() -> None:
    assert CHINA.end_of(date(2026, 10, 8)).isoformat() == "2026-10-08T23:59:59+08:00"
    assert CHINA.at(date(2026, 10, 8), "17:00").isoformat() == "2026-10-08T17:00:00+08:00"
    with pytest.raises(CalendarError, match="“5pm” is no time of day: write for example 17:00"):
        CHINA.at(date(2026, 10, 8), "5pm")


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-09-30T16:59:59", "2026-09-30T17:00"),
        ("2026-09-30T17:00", "2026-10-08T17:00"),
        ("2026-10-03T10:00", "2026-10-08T17:00"),
        ("2026-10-09T18:00", "2026-10-10T17:00"),
    ],
)
def test_x4_each_working_day_at_five(now: str, due: str) -> None:
    assert CHINA.next_workday_at(at(now), "17:00") == at(due)


def test_counts_have_bounds() -> None:
    with pytest.raises(CalendarError, match="At most 4000 working days"):
        CHINA.add_workdays(date(2026, 1, 1), 10**9)
    with pytest.raises(CalendarError, match="after the year 9999"):
        CHINA.add_workdays(date(9999, 12, 30), 30)
    with pytest.raises(CalendarError, match="before the year 1"):
        CHINA.add_workdays(date(1, 1, 10), -30)
    with pytest.raises(CalendarError, match="more than 200 years apart"):
        CHINA.workdays_between(date(1900, 1, 1), date(2500, 1, 1))
    with pytest.raises(CalendarError, match="At most 4000 working days"):
        CHINA.after(at("2026-09-30T17:00"), "PT87600H")
