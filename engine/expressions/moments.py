"""Durations, and dates moved by them."""

import re
from calendar import monthrange
from datetime import date, datetime, time, timedelta

from engine.expressions.values import Months

_DURATION = re.compile(
    r"(-?)P(?:([0-9]{1,9})D)?(?:T(?=[0-9])(?:([0-9]{1,9})H)?(?:([0-9]{1,9})M)?"
    r"(?:([0-9]{1,12})(?:\.([0-9]{1,9}))?S)?)?\Z"
)
_MONTHS = re.compile(r"(-?)P(?:([0-9]{1,9})Y)?(?:([0-9]{1,9})M)?\Z")


def parse_length(text: str) -> timedelta | Months | None:
    """The duration that ISO `text` writes: years and months, or days and time."""
    if found := _MONTHS.match(text):
        sign, years, months = found.groups()
        if years or months:
            count = int(years or 0) * 12 + int(months or 0)
            return Months(-count if sign else count)
    if (found := _DURATION.match(text)) and any(found.groups()[1:]):
        sign, days, hours, minutes, seconds, fraction = found.groups()
        try:
            length = timedelta(
                days=int(days or 0),
                hours=int(hours or 0),
                minutes=int(minutes or 0),
                seconds=int(seconds or 0),
                microseconds=int((fraction or "0").ljust(6, "0")[:6]),
            )
        except OverflowError:
            return None
        return -length if sign else length
    return None


def shifted(moment: object, duration: object) -> object:
    """`moment` moved by `duration`; raises OverflowError or ValueError beyond the calendar."""
    if isinstance(moment, date) and isinstance(duration, Months):
        month = moment.year * 12 + moment.month - 1 + duration.count
        year, month = divmod(month, 12)
        if not 1 <= year <= 9999:
            raise OverflowError
        day = min(moment.day, monthrange(year, month + 1)[1])
        return moment.replace(year=year, month=month + 1, day=day)
    if isinstance(moment, date) and isinstance(duration, timedelta):
        return moment + duration
    if isinstance(moment, time) and isinstance(duration, timedelta):
        base = datetime.combine(date(2000, 1, 1), moment)
        return (base + timedelta(seconds=duration.seconds)).timetz()
    return None
