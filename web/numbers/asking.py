"""Which period, version and parts are asked for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from engine.statistics.figures import BYS, By, Period
from forms import Message

USUAL_DAYS = 90
FIRST, LAST = date(2000, 1, 1), date(2199, 12, 31)
MOST_DAYS = 3_660
MOST_PARTS = 400
"""So many bars a chart has at most, and so many periods an answer."""

NOT_DATE = Message(
    "应为 2000 至 2199 年间的日期，如 2030-01-15",
    "Expected a date from 2000 to 2199, for example 2030-01-15",
)
NOT_ORDERED = Message("起始日期不能晚于截止日期", "The first day can't be after the last")
TOO_LONG = Message("一次最多十年", "At most ten years at once")
TOO_FINE = Message(
    f"这段时间分得太细(最多{MOST_PARTS}段),请按周或月统计",
    f"That is too fine for so long a time (at most {MOST_PARTS} parts): ask by week or month",
)
NOT_BY = Message("应为 day、week、month 或 quarter", "Expected day, week, month or quarter")
NOT_VERSION = Message("没有这个版本", "There is no such version")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_VERSION = re.compile(r"[1-9][0-9]{0,6}")


class NotAsked(Exception):
    """What was asked for can't be told; what is wrong, by field."""

    def __init__(self, errors: Mapping[str, Message]) -> None:
        self.errors = dict(errors)
        super().__init__("; ".join(f"{name}: {text.en}" for name, text in self.errors.items()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be told."""

    period: Period
    by: By
    version: int | None = None

    def stated(self) -> dict[str, object]:
        """The same as files and entries state it."""
        found: dict[str, object] = {
            "since": self.period.since.isoformat(),
            "until": self.period.until.isoformat(),
            "by": self.by,
        }
        return found if self.version is None else {**found, "version": self.version}


def asked(given: Mapping[str, str], today: date) -> Asked:
    """What a query asks for; without a word the last ninety days.

    Raises:
        NotAsked: it says something that is not right.
    """
    errors: dict[str, Message] = {}
    until = _day(given.get("until") or "", today, "until", errors)
    usual = max(FIRST, until - timedelta(USUAL_DAYS - 1))
    since = _day(given.get("since") or "", usual, "since", errors)
    period = Period(since=since, until=until)
    if not errors and since > until:
        errors["since"] = NOT_ORDERED
    elif not errors and period.days > MOST_DAYS:
        errors["since"] = TOO_LONG
    by = next((each for each in BYS if each == given.get("by")), None)
    if given.get("by") and by is None:
        errors["by"] = NOT_BY
    version = given.get("version") or ""
    if version and not _VERSION.fullmatch(version):
        errors["version"] = NOT_VERSION
    if not errors and by is not None and len(period.parts(by)) > MOST_PARTS:
        errors["by"] = TOO_FINE
    if errors:
        raise NotAsked(errors)
    return Asked(
        period=period, by=by or usual_by(period), version=int(version) if version else None
    )


def usual_by(period: Period) -> By:
    """The parts that a chart of the period shows best."""
    if period.days <= 31:
        return "day"
    if period.days <= 200:
        return "week"
    return "month" if period.days <= 1_100 else "quarter"


def _day(text: str, usual: date, name: str, errors: dict[str, Message]) -> date:
    if not text:
        return usual
    try:
        if not _DATE.fullmatch(text):
            raise ValueError(text)
        found = date.fromisoformat(text)
        if not FIRST <= found <= LAST:
            raise ValueError(text)
    except ValueError:
        errors[name] = NOT_DATE
        return usual
    return found
