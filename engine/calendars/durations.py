"""ISO 8601 texts of timers: durations (`P2DT4H`), cycles (`R3/P1D`) and instants."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from engine.calendars.errors import CalendarError

MOST_YEARS = 10
"""The longest duration that a timer may have."""
MOST_REPEATS = 1_000_000
"""The most repeats that a cycle may name."""

_MOST_SECONDS = MOST_YEARS * 366 * 86_400
_DURATION = re.compile(
    r"P(?:(?P<years>[0-9]{1,12})Y)?(?:(?P<months>[0-9]{1,12})M)?(?:(?P<weeks>[0-9]{1,12})W)?"
    r"(?:(?P<days>[0-9]{1,12})D)?"
    r"(?:T(?:(?P<hours>[0-9]{1,12})H)?(?:(?P<minutes>[0-9]{1,12})M)?"
    r"(?:(?P<seconds>[0-9]{1,12})(?:[.,][0-9]{1,9})?S)?)?\Z"
)
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(?:T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?\Z"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """A length of time. Days, months and years keep the local time of day; seconds elapse."""

    years: int = 0
    months: int = 0
    days: int = 0
    """Those of the weeks included."""
    seconds: int = 0
    weeks: int = 0
    """How many of the days were written as weeks: a week has five working days."""

    @property
    def zero(self) -> bool:
        """Whether it takes no time."""
        return not (self.years or self.months or self.days or self.seconds)

    def add_to(self, start: datetime) -> datetime:
        """`start` (aware) and this duration in elapsed time, weekends and holidays included."""
        moved = moved_by_months(start, self.years * 12 + self.months)
        try:
            moved += timedelta(days=self.days)
            return (moved.astimezone(UTC) + timedelta(seconds=self.seconds)).astimezone(
                start.tzinfo
            )
        except OverflowError:
            raise CalendarError("The time would lie after the year 9999") from None


def moved_by_months(start: datetime, months: int) -> datetime:
    """`start` some months later on the same day, or on the month's last where it has none such."""
    if not months:
        return start
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if year > 9999:
        raise CalendarError("The time would lie after the year 9999")
    day = min(start.day, monthrange(year, month + 1)[1])
    return start.replace(year=year, month=month + 1, day=day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """A repeated timer."""

    repeat: int | None
    """How often it fires; None: without end."""
    text: str
    """The interval as written, e.g. `P1D`."""
    every: Duration
    start: datetime | None = None
    """When it first fires; None: one interval after it was set."""
    end: datetime | None = None
    """No firing after this."""


def parse_duration(text: str) -> Duration:
    """The duration that ISO `text` writes; raises CalendarError beyond ten years."""
    written = text.strip()
    found = _DURATION.match(written)
    if not found or written[-1:] in "PT":
        raise CalendarError(
            f"“{_shown(text)}” is no duration: write for example P3D (three days), PT4H (four "
            "hours) or P1M (one month)"
        )
    years, months, weeks, days, hours, minutes, seconds = (
        int(found[name] or 0)
        for name in ("years", "months", "weeks", "days", "hours", "minutes", "seconds")
    )
    duration = Duration(
        years=years,
        months=months,
        days=days + 7 * weeks,
        seconds=hours * 3600 + minutes * 60 + seconds,
        weeks=weeks,
    )
    day_count = (years * 12 + months) * 30 + duration.days
    if day_count * 86_400 + duration.seconds > _MOST_SECONDS or years > MOST_YEARS:
        raise CalendarError(f"“{_shown(text)}” is longer than {MOST_YEARS} years")
    return duration


def parse_cycle(text: str, zone: tzinfo | None = None) -> Cycle:
    """The cycle that `text` writes: `R3/P1D`, `R/P1D`, `R/<start>/P1D`, `R3/P1D/<end>`.

    An instant without an offset is in `zone`. Raises CalendarError, also for a cycle whose
    interval is nothing.
    """
    head, *rest = text.strip().split("/")
    repeats = re.fullmatch(r"R([0-9]{0,12})", head)
    if not repeats or len(rest) not in (1, 2):
        raise CalendarError(
            f"“{_shown(text)}” is no cycle: write for example R3/P1D (three times, daily) or "
            "R/PT1H (every hour)"
        )
    count = int(repeats[1]) if repeats[1] else None
    if count is not None and not 1 <= count <= MOST_REPEATS:
        raise CalendarError(f"A cycle repeats 1 to {MOST_REPEATS} times, not {count}")
    start = end = None
    if len(rest) == 2 and rest[0].startswith("P"):
        end = parse_moment(rest.pop(), zone)
    elif len(rest) == 2:
        start = parse_moment(rest.pop(0), zone)
    every = parse_duration(rest[0])
    if every.zero:
        raise CalendarError(f"“{_shown(text)}” repeats without any time between")
    return Cycle(repeat=count, text=rest[0], every=every, start=start, end=end)


def parse_moment(text: str, zone: tzinfo | None = None) -> datetime:
    """The instant that ISO `text` writes; a date alone is its midnight.

    Without an offset it is in `zone`; raises CalendarError where that is None too.
    """
    written = text.strip()
    try:
        if not _INSTANT.match(written):
            raise ValueError(written)
        if len(written) == 10:
            moment = datetime.combine(date.fromisoformat(written), time())
        else:
            moment = datetime.fromisoformat(written)
    except ValueError:
        raise CalendarError(
            f"“{_shown(text)}” is no date: write for example 2030-01-15 or "
            "2030-01-15T09:00:00+08:00"
        ) from None
    if moment.tzinfo is not None:
        return moment
    if zone is None:
        raise CalendarError(f"“{_shown(text)}” names no time zone: add for example +08:00")
    return moment.replace(tzinfo=zone)


def parse_time_of_day(text: str) -> time:
    """The time of day that `text` writes as `17:00` or `17:00:30`; raises CalendarError."""
    if re.fullmatch(r"[0-9]{2}:[0-9]{2}(:[0-9]{2})?", text):
        try:
            return time.fromisoformat(text)
        except ValueError:
            pass
    raise CalendarError(f"“{_shown(text)}” is no time of day: write for example 17:00")


def _shown(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
