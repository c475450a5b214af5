"""Lengths of time, shares and days of statistics, as pages say them."""

from datetime import date

from engine.calendars import WORK_BEGINS, WORK_ENDS
from engine.statistics.figures import By, Period
from web.pages.wording import gettext, ngettext

NONE = "–"
HOUR, DAY = 3600, 86_400
WORKING_DAY = (WORK_ENDS.hour - WORK_BEGINS.hour) * HOUR
"""Seconds of working time that are called a working day."""


def span(seconds: int | None, working: bool = False) -> str:
    """A length in its largest unit, with one decimal below ten; a working day has nine hours."""
    if seconds is None:
        return NONE
    if seconds < 60:
        return gettext("%(num)s s", num=seconds)
    if seconds < HOUR:
        return gettext("%(num)s min", num=seconds // 60)
    day = WORKING_DAY if working else DAY
    long = _short(seconds / (HOUR if seconds < day else day))
    num = 1 if long == "1" else 2  # of “1.5 hours” there are several
    if seconds < day:
        return ngettext("%(long)s hour", "%(long)s hours", num, long=long)
    if working:
        return ngettext("%(long)s working day", "%(long)s working days", num, long=long)
    return ngettext("%(long)s day", "%(long)s days", num, long=long)


def share(part: int, whole: int) -> str:
    """A part in percent."""
    return f"{round(100 * part / whole)}%" if whole else NONE


def ratio(part: int, whole: int) -> str:
    """How many to one."""
    return _short(part / whole) if whole else NONE


def period(one: Period, by: By) -> str:
    """A part of a period, as a chart names it."""
    first, last = one.since, one.until
    match by:
        case "day":
            return first.isoformat()
        case "month":
            return f"{first:%Y-%m}"
        case "quarter":
            return gettext("%(year)s Q%(number)s", year=first.year, number=(first.month + 2) // 3)
    return gettext("week of %(day)s", day=first.isoformat()) if first != last else _day(first)


def _day(day: date) -> str:
    return day.isoformat()


def _short(number: float) -> str:
    text = f"{number:.1f}" if number < 9.95 else f"{number:.0f}"
    return text.removesuffix(".0")
