"""China's days off and 调休 make-up days, as the State Council decreed them."""

from datetime import date
from functools import lru_cache
from typing import Any

from holidays import country_holidays


@lru_cache(maxsize=1)
def last_decree() -> int:
    """The last year whose days off and make-up days are decreed; later ones are a forecast."""
    return int(max(_china(2000).special_public_holidays))


@lru_cache(maxsize=256)
def days_off(year: int) -> frozenset[date]:
    """The public holidays of `year`, days off in exchange included."""
    return frozenset(day for day in _china(year) if day.year == year)


@lru_cache(maxsize=256)
def make_up_days(year: int) -> frozenset[date]:
    """The weekend days of `year` that are worked (an exchange may cross New Year)."""
    known = _china(year, min(year + 1, date.max.year)).weekend_workdays
    return frozenset(day for day in known if day.year == year)


def _china(*years: int) -> Any:
    """The library's calendar: a dict of days, with attributes that its types do not name."""
    return country_holidays("CN", years=years)
