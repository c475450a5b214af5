"""The working days of one place, and times counted in them (approval rule X5)."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from engine.calendars.china import days_off, last_decree, make_up_days
from engine.calendars.durations import (
    moved_by_months,
    parse_duration,
    parse_time_of_day,
)
from engine.calendars.errors import CalendarError

WORK_BEGINS = time(9)
"""When a working day's hours begin, local time."""
WORK_ENDS = time(18)
"""When they end. A working day has nine hours; the midday break counts, as reminders do not
need it finer."""

_MOST_DAYS = 4_000
"""The most working days that one step may count: some fifteen years."""


class WorkCalendar:
    """Working days: China's, with the organisation's own exceptions.

    `extra` says of single days whether they are worked, above weekends, holidays and make-up days.
    A calendar never changes; what it has worked out it keeps.
    """

    def __init__(self, zone: ZoneInfo, extra: Mapping[date, bool] | None = None) -> None:
        self.zone = zone
        self._extra = dict(extra or {})
        self._years: dict[int, tuple[int, ...]] = {}

    def with_days(self, days: Mapping[date, bool]) -> "WorkCalendar":
        """The same with a department's own days above the organisation's."""
        return WorkCalendar(self.zone, {**self._extra, **days}) if days else self

    def is_workday(self, day: date) -> bool:
        """Whether people work on `day`."""
        ordinals = self._of_year(day.year)
        place = bisect_left(ordinals, day.toordinal())
        return place < len(ordinals) and ordinals[place] == day.toordinal()

    def provisional(self, day: date) -> bool:
        """Whether `day` lies beyond the last decree, so that its make-up days aren't known yet."""
        return day.year > last_decree() and day not in self._extra

    def add_workdays(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`, before it where negative; with 0 `day` itself.

        Raises CalendarError for more than 4,000 or a date outside the calendar's years.
        """
        if abs(count) > _MOST_DAYS:
            raise CalendarError(f"At most {_MOST_DAYS} working days can be counted, not {count}")
        if count == 0:
            return day
        return self._later(day, count) if count > 0 else self._earlier(day, -count)

    def _later(self, day: date, count: int) -> date:
        year, ordinal = day.year, day.toordinal()
        while year <= date.max.year:
            ordinals = self._of_year(year)
            place = bisect_right(ordinals, ordinal) + count - 1
            if place < len(ordinals):
                return date.fromordinal(ordinals[place])
            count = place - len(ordinals) + 1
            year += 1
        raise CalendarError("The date would lie after the year 9999")

    def _earlier(self, day: date, count: int) -> date:
        year, ordinal = day.year, day.toordinal()
        while year >= date.min.year:
            ordinals = self._of_year(year)
            place = bisect_left(ordinals, ordinal) - count
            if place >= 0:
                return date.fromordinal(ordinals[place])
            count = -place
            year -= 1
        raise CalendarError("The date would lie before the year 1")

    def workdays_between(self, start: date, end: date) -> int:
        """How many working days `end` lies after `start` (`start` not counted, `end` counted);
        negative where it lies before."""
        if end < start:
            return -self.workdays_between(end, start)
        if end.year - start.year > 200:
            raise CalendarError("These dates lie more than 200 years apart")
        total = 0
        for year in range(start.year, end.year + 1):
            ordinals = self._of_year(year)
            total += bisect_right(ordinals, end.toordinal())
            total -= bisect_right(ordinals, start.toordinal())
        return total

    def after(self, start: datetime, text: str) -> datetime:
        """`start` (aware) and an ISO duration in working time.

        Days are working days at the same local time of day (a week is five); hours, minutes and
        seconds elapse on working days between 09:00 and 18:00; months and years are the
        calendar's. Raises CalendarError.
        """
        duration = parse_duration(text)
        moment = moved_by_months(start.astimezone(self.zone), duration.years * 12 + duration.months)
        days = duration.days - 2 * duration.weeks
        if days:
            day = self.add_workdays(moment.date(), days)
            moment = moment.replace(year=day.year, month=day.month, day=day.day)
        return self._after_hours(moment, duration.seconds) if duration.seconds else moment

    def elapsed(self, start: datetime, text: str) -> datetime:
        """`start` (aware) and an ISO duration, every day counted."""
        return parse_duration(text).add_to(start.astimezone(self.zone))

    def _after_hours(self, moment: datetime, seconds: int) -> datetime:
        """`seconds` of working hours after `moment`."""
        day, left = moment.date(), timedelta(seconds=seconds)
        if not self.is_workday(day) or moment.timetz().replace(tzinfo=None) >= WORK_ENDS:
            day = self.add_workdays(day, 1)
            begin = self._at(day, WORK_BEGINS)
        else:
            begin = max(moment, self._at(day, WORK_BEGINS))
        whole = self._at(day, WORK_ENDS) - self._at(day, WORK_BEGINS)
        today = self._at(day, WORK_ENDS) - begin
        if left > today:
            days, left = divmod(left - today, whole)
            if not left:
                days, left = days - 1, whole
            begin = self._at(self.add_workdays(day, days + 1), WORK_BEGINS)
        return (begin.astimezone(UTC) + left).astimezone(self.zone)

    def at(self, day: date, text: str) -> datetime:
        """The instant at the local time of day `text` (`17:00`) on `day`."""
        return self._at(day, parse_time_of_day(text))

    def end_of(self, day: date) -> datetime:
        """The last second of `day`, 23:59:59 local time."""
        return self._at(day, time(23, 59, 59))

    def next_workday_at(self, now: datetime, text: str) -> datetime:
        """The first instant strictly after `now` (aware) that is `text` on a working day."""
        clock = parse_time_of_day(text)
        today = now.astimezone(self.zone).date()
        if self.is_workday(today) and self._at(today, clock) > now:
            return self._at(today, clock)
        return self._at(self.add_workdays(today, 1), clock)

    def _at(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, self.zone)

    def _of_year(self, year: int) -> tuple[int, ...]:
        """The ordinals of the working days of `year`, rising."""
        found = self._years.get(year)
        if found is None:
            found = _decreed(year)
            changed = {day: works for day, works in self._extra.items() if day.year == year}
            if changed:
                kept = {each for each in found if date.fromordinal(each) not in changed}
                kept |= {day.toordinal() for day, works in changed.items() if works}
                found = tuple(sorted(kept))
            self._years[year] = found
        return found


@lru_cache(maxsize=256)
def _decreed(year: int) -> tuple[int, ...]:
    """The ordinals of China's working days in `year`."""
    off, worked = days_off(year), make_up_days(year)
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    return tuple(
        ordinal
        for ordinal in range(first, last + 1)
        if (day := date.fromordinal(ordinal)) in worked or (day.weekday() < 5 and day not in off)
    )
