"""Cron texts: when something repeats, in fields for minute, hour, day of month, month and weekday.

Five fields as cron itself has them (Sunday is 0 or 7); six or seven as Quartz has them, which
Camunda and Flowable use: seconds first, a year last that may be `*` only, Sunday is 1. What has a
weekday 0 among six fields counts as cron does. Not supported: `W`, `#`, and `L` but for the last
day of the month.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from engine.calendars.errors import CalendarError

_MONTHS = {
    "JAN": 1,
    "FEB": 2,
    "MAR": 3,
    "APR": 4,
    "MAY": 5,
    "JUN": 6,
    "JUL": 7,
    "AUG": 8,
    "SEP": 9,
    "OCT": 10,
    "NOV": 11,
    "DEC": 12,
}
_WEEKDAYS = {"SUN": 0, "MON": 1, "TUE": 2, "WED": 3, "THU": 4, "FRI": 5, "SAT": 6}
_PART = re.compile(r"(?P<first>\*|\?|\w+)(?:-(?P<last>\w+))?(?:/(?P<step>\d{1,2}))?")
_ANY = frozenset({"*", "?"})
_TEXT = 100
_LEAP = date(2024, 1, 1)
"""In a year that begins so there is every day that there can be."""
_YEARS = 9
"""Within so many years any day of the calendar comes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cron:
    """The times that a cron text names. `weekdays`: Monday is 0; None for `days` and `weekdays`:
    not named. Where both are named, either counts."""

    text: str
    seconds: tuple[int, ...]
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: frozenset[int] | None
    last_day: bool
    months: frozenset[int]
    weekdays: frozenset[int] | None

    def on(self, day: date) -> bool:
        """Whether it names a time on this day."""
        if day.month not in self.months:
            return False
        if self.days is None and not self.last_day and self.weekdays is None:
            return True
        if self.last_day and day.day == monthrange(day.year, day.month)[1]:
            return True
        if self.days is not None and day.day in self.days:
            return True
        return self.weekdays is not None and day.weekday() in self.weekdays

    def after(
        self, moment: datetime, zone: ZoneInfo, counts: Callable[[date], bool] | None = None
    ) -> datetime:
        """The first time after `moment`, in `zone`; on a day that `counts` if that is given."""
        local = moment.astimezone(zone)
        day, begin = local.date(), local.time()
        for _ in range(_YEARS * 366):
            if self.on(day) and (counts is None or counts(day)):
                for clock in self._times(begin):
                    found = datetime.combine(day, clock, zone)
                    if found > moment:
                        return found
            if day == date.max:
                break
            day, begin = day + timedelta(days=1), time()
        raise CalendarError(f"“{self.text}” names no time in the next {_YEARS} years")

    def _times(self, begin: time) -> Iterator[time]:
        """The times of a day from `begin` on."""
        for hour in self.hours:
            if hour < begin.hour:
                continue
            for minute in self.minutes:
                if (hour, minute) >= (begin.hour, begin.minute):
                    yield from (time(hour, minute, second) for second in self.seconds)


def is_cron(text: str) -> bool:
    """Whether a text is written as a cron text: five to seven fields."""
    return len(text) <= _TEXT and 5 <= len(text.split()) <= 7 and not text.lstrip().startswith("R")


@lru_cache(maxsize=256)
def parse_cron(text: str) -> Cron:
    """What a cron text names; raises CalendarError."""
    fields = text.upper().split()
    if not is_cron(text):
        raise _wrong(text, "five to seven fields are needed")
    quartz = len(fields) > 5
    second, minute, hour, day, month, weekday, *year = fields if quartz else ["0", *fields]
    if year not in ([], ["*"], ["?"]):
        raise _wrong(text, "no year can be named")
    cron = Cron(
        text=text,
        seconds=_numbers(text, second, 0, 59),
        minutes=_numbers(text, minute, 0, 59),
        hours=_numbers(text, hour, 0, 23),
        days=None if day in _ANY or day == "L" else frozenset(_numbers(text, day, 1, 31)),
        last_day=day == "L",
        months=frozenset(_numbers(text, month, 1, 12, _MONTHS)),
        weekdays=None if weekday in _ANY else _weekdays(text, weekday, quartz),
    )
    if not any(cron.on(_LEAP + timedelta(days=n)) for n in range(366)):
        raise _wrong(text, "there is no such day")
    return cron


def _weekdays(text: str, field: str, quartz: bool) -> frozenset[int]:
    """Weekdays with Monday as 0."""
    sunday_is_one = quartz and not re.search(r"(?<!\d)0", field.split("/")[0])
    names = {name: number + sunday_is_one for name, number in _WEEKDAYS.items()}
    found = _numbers(text, field, int(sunday_is_one), 7, names)
    return frozenset((number - 1 - sunday_is_one) % 7 for number in found)


def _numbers(
    text: str, field: str, least: int, most: int, names: Mapping[str, int] | None = None
) -> tuple[int, ...]:
    """The numbers that a field names, in order."""
    found: set[int] = set()
    for part in field.split(","):
        match = _PART.fullmatch(part)
        if match is None:
            raise _wrong(text, f"“{part}” can't be read")
        step = int(match["step"] or 1)
        if step == 0:
            raise _wrong(text, "a step of 0 gets nowhere")
        if match["first"] in _ANY:
            first, last = least, most
        else:
            first = _number(text, match["first"], least, most, names)
            last = most if match["step"] else first
            if match["last"]:
                last = _number(text, match["last"], least, most, names)
        if last < first:
            last += most - least + 1
        span = most - least + 1
        found.update(least + (number - least) % span for number in range(first, last + 1, step))
    return tuple(sorted(found))


def _number(text: str, word: str, least: int, most: int, names: Mapping[str, int] | None) -> int:
    number = (names or {}).get(word, -1)
    if number < 0 and word.isascii() and word.isdigit() and len(word) <= 2:
        number = int(word)
    if not least <= number <= most:
        raise _wrong(text, f"“{word}” is not from {least} to {most}")
    return number


def _wrong(text: str, why: str) -> CalendarError:
    shown = text if len(text) <= 40 else text[:39] + "…"
    return CalendarError(
        f"the cron text “{shown}” can't be read: {why}; write for example 0 0 9 ? * MON-FRI, or a "
        "cycle as R/PT5M"
    )
