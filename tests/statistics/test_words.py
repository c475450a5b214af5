"""How lengths, shares and periods are said; and what a desk's numbers are made of."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.calendars import WorkCalendar
from engine.statistics import Life, Pass, counted, spread
from engine.statistics.figures import Period, Sums
from tests.pages.conftest import Visit
from web.drawing import heat, trend
from web.numbers.asking import NotAsked, asked
from web.pages import lengths

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("seconds", "working", "zh", "en"),
    [
        (None, False, "–", "–"),
        (0, False, "0 秒", "0 s"),
        (59, True, "59 秒", "59 s"),
        (119, False, "1 分钟", "1 min"),
        (3_600, False, "1 小时", "1 hour"),
        (5_400, True, "1.5 小时", "1.5 hours"),
        (9 * 3_600, True, "1 工作日", "1 working day"),
        (9 * 3_600, False, "9 小时", "9 hours"),
        (86_400, False, "1 天", "1 day"),
        (86_400 * 41, False, "41 天", "41 days"),
        (9 * 3_600 * 20 + 3_600, True, "20 工作日", "20 working days"),
    ],
)
def test_a_length_is_said_in_its_largest_unit(
    visit: Visit, seconds: int | None, working: bool, zh: str, en: str
) -> None:
    app = visit("").client.application
    for language, said in (("zh", zh), ("en", en)):
        with app.test_request_context(headers={"Accept-Language": language}):
            assert lengths.span(seconds, working) == said


def test_shares_and_ratios() -> None:
    assert lengths.share(1, 3) == "33%"
    assert lengths.share(0, 0) == "–"
    assert lengths.ratio(7, 5) == "1.4"
    assert lengths.ratio(3, 3) == "1"
    assert lengths.ratio(3, 0) == "–"


def test_without_a_word_it_is_the_last_ninety_days() -> None:
    found = asked({}, TODAY)
    assert found.period == Period(since=date(2026, 8, 27), until=TODAY)
    assert found.period.days == 90
    assert found.period.before == Period(since=date(2026, 5, 29), until=date(2026, 8, 26))
    assert found.by == "week"
    assert found.version is None


def test_the_last_day_alone_takes_the_days_before_it() -> None:
    found = asked({"until": "2000-01-05"}, TODAY)
    assert found.period == Period(since=date(2000, 1, 1), until=date(2000, 1, 5))


def test_several_mistakes_are_told_together() -> None:
    with pytest.raises(NotAsked) as wrong:
        asked({"since": "x", "until": "2026-01-32", "by": "year", "version": "-1"}, TODAY)
    assert set(wrong.value.errors) == {"since", "until", "by", "version"}


@pytest.mark.parametrize(
    ("value", "most", "level"),
    [(None, 10, 0), (0, 10, 0), (1, 0, 0), (0.1, 10, 1), (2, 10, 1), (2.1, 10, 2), (10, 10, 5)],
)
def test_levels_of_heat(value: float | None, most: float, level: int) -> None:
    assert heat.level_of(value, most) == level


def test_names_are_no_markup() -> None:
    drawn = trend.columns([trend.Column(values=(1, None), told="<b>&")], summary='"><i>')
    assert "<b>" not in drawn
    assert "<i>" not in drawn
    assert "<i>" not in heat.legend(["<i>"])


def test_few_cases_are_said_to_be_few() -> None:
    sums = Sums()
    for seconds in (60, 3_600, 7_200):
        sums.add({"took_sum": seconds, "took_spread": spread.one(seconds)})
    found = sums.length("took")
    assert (found.n, found.few, found.mean) == (3, True, 3_620)
    assert found.median is not None
    assert abs(found.median - 3_600) <= 0.04 * 3_600
    assert sums.length("wait").median is None
    assert not Sums().length("took").few


def test_a_desk_that_ends_at_its_deadline_is_in_time() -> None:
    start = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
    calendar = WorkCalendar(ZoneInfo("Asia/Shanghai"))
    life = Life(
        process="p",
        version=1,
        status="running",
        rejected=False,
        submitted_at=None,
        ended_at=None,
        round=1,
    )
    for late, end in ((0, start), (1, start + timedelta(seconds=1))):
        one = Pass(
            process="p",
            version=1,
            node="n",
            opened_at=start - timedelta(hours=1),
            ended_at=end,
            status="settled",
            verdict="approved",
            due=start,
            again=False,
            acted_at=end,
            calendar=calendar,
        )
        ((_, amounts),) = counted(life, [one], [], [], calendar).items()
        assert (amounts["entered"], amounts["promised"], amounts.get("late", 0)) == (1, 1, late)
