"""How much of a stretch of time was working time."""

from datetime import UTC, date, datetime, timedelta

from engine.calendars.work import WORK_BEGINS, WORK_ENDS, WorkCalendar

_DAY = timedelta(days=1)
_HOURS = (WORK_ENDS.hour - WORK_BEGINS.hour) * 3600
"""Seconds of a whole working day."""


def worked(calendar: WorkCalendar, start: datetime, end: datetime) -> int:
    """Whole seconds of working days' hours between two aware moments; 0 where `end` is not later.

    A working day's hours are those that deadlines are counted in (`WORK_BEGINS`, `WORK_ENDS`), in
    the calendar's zone.
    """
    if end <= start:
        return 0
    first, last = start.astimezone(calendar.zone).date(), end.astimezone(calendar.zone).date()
    seconds = _within(calendar, first, start, end)
    if last > first:
        seconds += calendar.workdays_between(first, last - _DAY) * _HOURS
        seconds += _within(calendar, last, start, end)
    return seconds


def _within(calendar: WorkCalendar, day: date, start: datetime, end: datetime) -> int:
    """The part of it that lies in the hours of one day."""
    if not calendar.is_workday(day):
        return 0
    # In UTC: two times of one zone are subtracted by their clocks, whatever summer time does.
    begins = datetime.combine(day, WORK_BEGINS, calendar.zone).astimezone(UTC)
    ends = datetime.combine(day, WORK_ENDS, calendar.zone).astimezone(UTC)
    span = min(end.astimezone(UTC), ends) - max(start.astimezone(UTC), begins)
    return max(0, span // timedelta(seconds=1))
