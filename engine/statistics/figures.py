"""Numbers of several days taken together, and what is told of them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from engine.statistics import spread

By = Literal["day", "week", "month", "quarter"]
BYS: tuple[By, ...] = ("day", "week", "month", "quarter")
FEW = 10
"""Of fewer cases than this, a median says little: it is told with its number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """What is told of a length of time, in seconds; the median and p90 are at most `spread.ERROR`
    off."""

    n: int
    mean: int | None
    median: int | None
    p90: int | None

    @property
    def few(self) -> bool:
        """Whether there are cases, but few."""
        return 0 < self.n < FEW


@dataclass(slots=True)
class Sums:
    """Amounts added up."""

    amounts: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, amounts: Mapping[str, int]) -> None:
        """Add a day's."""
        for name, value in amounts.items():
            if value:
                self.amounts[name] += value

    def __getitem__(self, name: str) -> int:
        return self.amounts.get(name, 0)

    def length(self, measure: str) -> Length:
        """What is told of a measure."""
        found = self[f"{measure}_spread"]
        n = sum(count for _, count in spread.pairs(found))
        median, p90 = spread.quantiles(found, (0.5, 0.9))
        mean = self[f"{measure}_sum"] // n if n else None
        return Length(n=n, mean=mean, median=median, p90=p90)

    @property
    def empty(self) -> bool:
        """Whether nothing was counted."""
        return not any(self.amounts.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Days, the last one included."""

    since: date
    until: date

    @property
    def days(self) -> int:
        """How many."""
        return (self.until - self.since).days + 1

    @property
    def before(self) -> "Period":
        """As many days just before it."""
        return Period(since=self.since - timedelta(self.days), until=self.since - timedelta(1))

    def parts(self, by: By) -> list["Period"]:
        """Its days, weeks (from Monday), months or quarters, those at its ends cut to it."""
        found, first = [], self.since
        while first <= self.until:
            last = min(end_of(first, by), self.until)
            found.append(Period(since=first, until=last))
            first = last + timedelta(1)
        return found


def start_of(day: date, by: By) -> date:
    """The first day of the day's week, month, quarter."""
    match by:
        case "day":
            return day
        case "week":
            return day - timedelta(day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)


def end_of(day: date, by: By) -> date:
    """The last day of the day's week, month, quarter."""
    if by == "day":
        return day
    if by == "week":
        return day + timedelta(6 - day.weekday())
    months = 1 if by == "month" else 3
    month = start_of(day, by).month - 1 + months
    return date(day.year + month // 12, month % 12 + 1, 1) - timedelta(1)
