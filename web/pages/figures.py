"""Numbers of desks as pages show them: what a desk is coloured and sorted by, the heat map, columns
over time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import LazyString, lazy_gettext

from engine.statistics import spread
from engine.statistics.figures import Sums
from web.drawing import heat, trend
from web.numbers.reporting import Desk, Report
from web.pages import diagrams, here, lengths
from web.pages.wording import gettext

PARTS = {
    "day": lazy_gettext("day"),
    "week": lazy_gettext("week"),
    "month": lazy_gettext("month"),
    "quarter": lazy_gettext("quarter"),
}

BINS = (900, 3_600, 4 * 3_600, 9 * 3_600, 18 * 3_600, 45 * 3_600, 90 * 3_600, 180 * 3_600)
"""Upper ends, in working seconds: a quarter of an hour to twenty working days."""
Of = Callable[[Report, Desk], float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Something that a desk has a value of: to colour by, and to sort by."""

    name: LazyString
    of: Of
    shown: Callable[[float | None], str]
    heats: bool = True


def _whole(value: float | None) -> str:
    return lengths.NONE if value is None else str(int(value))


def _percent(value: float | None) -> str:
    return lengths.NONE if value is None else f"{round(value)}%"


def _working(value: float | None) -> str:
    return lengths.span(None if value is None else int(value), working=True)


def _part(desk: Desk, part: str, whole: str) -> float | None:
    return 100 * desk.sums[part] / desk.sums[whole] if desk.sums[whole] else None


MEASURES: Mapping[str, Measure] = {
    "took": Measure(
        name=lazy_gettext("Median time to the end (working time)"),
        of=lambda _, desk: desk.sums.length("took_working").median,
        shown=_working,
    ),
    "wait": Measure(
        name=lazy_gettext("Median wait for the first act (working time)"),
        of=lambda _, desk: desk.sums.length("wait_working").median,
        shown=_working,
    ),
    "share": Measure(
        name=lazy_gettext("Share of all the time at desks"),
        of=lambda told, desk: told.share(desk),
        shown=_percent,
    ),
    "late": Measure(
        name=lazy_gettext("Share that was overdue"),
        of=lambda _, desk: _part(desk, "late", "promised"),
        shown=_percent,
    ),
    "back": Measure(
        name=lazy_gettext("Share that was rejected or returned"),
        of=lambda _, desk: (
            100 * (desk.sums["rejected"] + desk.sums["returned"]) / desk.decided
            if desk.decided
            else None
        ),
        shown=_percent,
    ),
    "entered": Measure(
        name=lazy_gettext("How often it was entered"),
        of=lambda _, desk: desk.sums["entered"],
        shown=_whole,
    ),
    "open": Measure(
        name=lazy_gettext("Open now"),
        of=lambda _, desk: desk.now.open if desk.now else 0,
        shown=_whole,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatMap:
    """The diagram with its numbers, and the scale."""

    figure: Any
    legend: Any
    name: LazyString


def heat_map(told: Report, colour: str, address: Callable[[str], str]) -> HeatMap:
    """The diagram of the report's version, by one of `MEASURES`; `address`: of a desk's page."""
    measure = MEASURES[colour]
    values = {desk.id: measure.of(told, desk) for desk in told.desks if desk.drawn}
    most = max((value for value in values.values() if value), default=0)
    heats = {
        desk.id: heat.Heat(
            level=heat.level_of(values[desk.id], most),
            figure=measure.shown(values[desk.id]),
            told=_sentence(desk, measure.shown(values[desk.id]), measure),
        )
        for desk in told.desks
        if desk.drawn
    }
    ends = [measure.shown(most * level / heat.LEVELS) for level in range(1, heat.LEVELS + 1)]
    ranges = [gettext("up to %(value)s", value=end) for end in ends]
    drawn = heat.drawn(
        diagrams.drawing(told.definition), heats, address, english=here.locale() == "en"
    )
    return HeatMap(figure=drawn, legend=heat.legend(ranges) if most else None, name=measure.name)


def _sentence(desk: Desk, shown: str, measure: Measure) -> str:
    found = desk.sums.length("took_working")
    return gettext(
        "%(measure)s: %(value)s; entered %(entered)s, settled by somebody %(settled)s (n=%(n)s)",
        measure=measure.name,
        value=shown,
        entered=desk.sums["entered"],
        settled=desk.decided,
        n=found.n,
    )


def in_order(told: Report, text: str) -> list[Desk]:
    """The desks by a measure or their names, falling with a `-` before it; else as the diagram has
    them. What has no value comes last."""
    name, falling = text.removeprefix("-"), text.startswith("-")
    desks = list(told.desks)
    if name == "name":
        return sorted(desks, key=lambda desk: here.said(desk.name, desk.name_en), reverse=falling)
    measure = MEASURES.get(name)
    if measure is None:
        return desks
    known = [desk for desk in desks if measure.of(told, desk) is not None]
    rest = [desk for desk in desks if measure.of(told, desk) is None]
    return [*sorted(known, key=lambda d: measure.of(told, d) or 0, reverse=falling), *rest]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Columns over time, and the value at their upper edge."""

    drawn: Any
    top: str
    half: str


def started(told: Report) -> Chart:
    """Requests started and finished."""
    columns = [
        trend.Column(
            values=(sums["started"], sums["finished"]),
            told=gettext(
                "%(period)s: started %(started)s, finished %(finished)s",
                period=lengths.period(one, told.asked.by),
                started=sums["started"],
                finished=sums["finished"],
            ),
        )
        for one, sums in told.series
    ]
    said = gettext(
        "Started %(started)s and finished %(finished)s requests, by %(part)s",
        started=told.totals["started"],
        finished=told.totals["finished"],
        part=PARTS[told.asked.by],
    )
    return _chart(columns, said, lambda value: str(round(value)))


def entered(told: Report) -> Chart:
    """How often a desk was entered and seen to."""
    columns = [
        trend.Column(
            values=(sums["entered"], sums["timed"]),
            told=gettext(
                "%(period)s: entered %(entered)s, seen to %(timed)s",
                period=lengths.period(one, told.asked.by),
                entered=sums["entered"],
                timed=sums["timed"],
            ),
        )
        for one, sums in told.series
    ]
    said = gettext("Entered and seen to, by %(part)s", part=PARTS[told.asked.by])
    return _chart(columns, said, lambda value: str(round(value)))


def times(told: Report) -> Chart:
    """Median working time from start to end."""
    columns = []
    for one, sums in told.series:
        found = sums.length("took_working")
        columns.append(
            trend.Column(
                values=(found.median,),
                told=gettext(
                    "%(period)s: %(median)s (n=%(n)s)",
                    period=lengths.period(one, told.asked.by),
                    median=lengths.span(found.median, working=True),
                    n=found.n,
                ),
            )
        )
    said = gettext("Median working time by %(part)s", part=PARTS[told.asked.by])
    return _chart(columns, said, lambda value: lengths.span(int(value), working=True), exact=True)


def _chart(
    columns: list[trend.Column],
    said: str,
    shown: Callable[[float], str],
    *,
    exact: bool = False,
) -> Chart:
    most = trend.top(columns)
    return Chart(
        drawn=trend.columns(columns, summary=said),
        top=shown(most) if most else "",
        half=shown(most / 2) if most and (exact or most % 2 == 0) else "",
    )


def bins(sums: Sums) -> list[tuple[str, int]]:
    """How many took how long, in working time."""
    counts = [0] * (len(BINS) + 1)
    for step, count in spread.pairs(sums["took_working_spread"]):
        length = spread.length_of(step)
        counts[sum(length >= end for end in BINS)] += count
    named = [gettext("under %(end)s", end=lengths.span(end, working=True)) for end in BINS]
    last = gettext("%(end)s or more", end=lengths.span(BINS[-1], working=True))
    return list(zip([*named, last], counts, strict=True))
