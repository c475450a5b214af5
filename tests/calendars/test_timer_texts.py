"""What timers say in ISO 8601: read exactly, bounded, and refused in words."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendars import CalendarError, Duration, parse_cycle, parse_duration, parse_moment

SHANGHAI = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 1, 31, 9, 0, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("P3D", Duration(days=3)),
        ("PT4H", Duration(seconds=14_400)),
        ("P1Y2M3DT4H5M6S", Duration(years=1, months=2, days=3, seconds=14_706)),
        ("P2W", Duration(days=14, weeks=2)),
        (" PT0.5S ", Duration()),
        ("PT90M", Duration(seconds=5_400)),
        ("P10Y", Duration(years=10)),
        ("P0D", Duration()),
    ],
)
def test_duration(text: str, duration: Duration) -> None:
    assert parse_duration(text) == duration


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "“” is no duration: write for example P3D"),
        ("P", "“P” is no duration"),
        ("PT", "“PT” is no duration"),
        ("P1DT", "“P1DT” is no duration"),
        ("3 days", "“3 days” is no duration"),
        ("-P1D", "“-P1D” is no duration"),
        ("P1.5D", "“P1.5D” is no duration"),
        ("p1d", "“p1d” is no duration"),
        ("P١D", "“P١D” is no duration"),
        ("P999999999Y", "“P999999999Y” is longer than 10 years"),
        ("P11Y", "“P11Y” is longer than 10 years"),
        ("P5000D", "“P5000D” is longer than 10 years"),
        ("PT99999999999S", "“PT99999999999S” is longer than 10 years"),
        ("P" + "9" * 100 + "D", "is no duration"),
    ],
)
def test_duration_refused_in_words(text: str, message: str) -> None:
    with pytest.raises(CalendarError, match=message):
        parse_duration(text)


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("P1M", "2026-02-28T09:00:00+08:00"),
        ("P1Y", "2027-01-31T09:00:00+08:00"),
        ("P1DT1H", "2026-02-01T10:00:00+08:00"),
    ],
)
def test_duration_added(text: str, end: str) -> None:
    assert parse_duration(text).add_to(START).isoformat() == end


def test_three_reminders_a_day_apart() -> None:
    cycle = parse_cycle("R3/P1D")
    assert (cycle.repeat, cycle.every, cycle.text) == (3, Duration(days=1), "P1D")
    assert cycle.start is None


def test_cycle_without_end() -> None:
    assert parse_cycle("R/PT1H").repeat is None


def test_cycle_with_a_start_or_an_end() -> None:
    begun = parse_cycle("R/2026-09-01T09:00:00+08:00/P1D")
    assert begun.start == datetime(2026, 9, 1, 1, 0, tzinfo=UTC)
    assert parse_cycle("R2/2026-09-01/P1D", SHANGHAI).start == datetime(2026, 9, 1, tzinfo=SHANGHAI)
    ended = parse_cycle("R5/P1D/2026-09-01T09:00:00Z")
    assert ended.end == datetime(2026, 9, 1, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("P1D", "“P1D” is no cycle: write for example R3/P1D"),
        ("0 0 9 * * ?", "is no cycle"),
        ("R3", "“R3” is no cycle"),
        ("R0/P1D", "repeats 1 to 1000000 times, not 0"),
        ("R9999999/PT1S", "repeats 1 to 1000000 times, not 9999999"),
        ("R/P0D", "repeats without any time between"),
        ("R3/P999999999Y", "longer than 10 years"),
        ("R3/2026-09-01/P1D", "“2026-09-01” names no time zone"),
        ("R3/soon/P1D", "“soon” is no date"),
        ("R3/P1D/P1D/P1D", "is no cycle"),
    ],
)
def test_cycle_refused_in_words(text: str, message: str) -> None:
    with pytest.raises(CalendarError, match=message):
        parse_cycle(text)


def test_moment() -> None:
    assert parse_moment("2026-09-01T09:00:00Z") == datetime(2026, 9, 1, 9, tzinfo=UTC)
    assert parse_moment("2026-09-01", SHANGHAI) == datetime(2026, 9, 1, tzinfo=SHANGHAI)
    with pytest.raises(CalendarError, match="“2026-02-30” is no date"):
        parse_moment("2026-02-30", SHANGHAI)


@given(st.text(max_size=30) | st.from_regex(r"R?[0-9/PYMDTHSW:+.Z-]{0,30}", fullmatch=True))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (parse_duration, parse_cycle, parse_moment):
        try:
            found = read(text)
        except CalendarError as error:
            assert str(error)  # noqa: PT017 - either outcome is right
        else:
            assert found is not None
