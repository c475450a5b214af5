"""Columns over time as SVG: how much in each part of a period. The numbers stand in a table beside
it; what is little is still seen."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

HEIGHT = 100
_LEAST = 2
_WIDE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One part of the period: a value for each series, and what is told of them."""

    values: tuple[float | None, ...]
    told: str


def columns(given: Sequence[Column], *, summary: str) -> Markup:
    """The chart: the first series hatched, the second (or an only one) filled."""
    most = top(given)
    parts = Markup("").join(_column(at, each, most) for at, each in enumerate(given))
    grid = Markup("").join(
        Markup('<path class="trend__grid" d="M0 {y}H{x}"/>').format(y=y, x=len(given) * _WIDE)
        for y in (0, HEIGHT // 2, HEIGHT)
    )
    return Markup(
        '<svg class="trend__plot" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img"'
        ' aria-label="{}">{}{}</svg>'
    ).format(max(1, len(given) * _WIDE), HEIGHT, summary, grid, parts)


def top(given: Sequence[Column]) -> float:
    """The value at the upper edge."""
    return max((value for each in given for value in each.values if value), default=0)


def bar(value: float, most: float) -> Markup:
    """One bar lying, as long as the value's part of the most."""
    width = max(_LEAST, 100 * value / most) if value and most else 0
    return Markup(
        '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="bar__all" width="100" height="10"/>'
        '<rect class="bar__part" width="{:.1f}" height="10"/></svg>'
    ).format(width)


def _column(at: int, column: Column, most: float) -> Markup:
    count = len(column.values)
    wide = (_WIDE - 2) / count
    bars = Markup("").join(
        _bar(at * _WIDE + 1 + number * wide, wide, value, most, number if count > 1 else 1)
        for number, value in enumerate(column.values)
    )
    return Markup(
        '<g><title>{}</title><rect class="trend__over" x="{}" width="{}" height="{}"/>{}</g>'
    ).format(column.told, at * _WIDE, _WIDE, HEIGHT, bars)


def _bar(x: float, wide: float, value: float | None, most: float, series: int) -> Markup:
    if not value or not most:
        return Markup("")
    high = max(_LEAST, HEIGHT * value / most)
    return Markup(
        '<rect class="trend__bar trend__bar--{}" x="{:.1f}" y="{:.1f}" width="{:.1f}"'
        ' height="{:.1f}"/>'
    ).format(series, x, HEIGHT - high, wide, high)
