"""Numbers for owners: one process with its heat map and trends, one desk of it, and all that is
theirs side by side."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, g, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from engine.statistics import spread
from engine.statistics.figures import BYS, Period, Sums, start_of
from storage import queries
from storage.queries import statistics
from storage.reader import Reader
from web.drawing import trend
from web.numbers import file
from web.numbers.asking import Asked, NotAsked, asked
from web.numbers.reporting import Report, report, series
from web.pages import figures, here, lengths
from web.pages.wording import gettext

blueprint = Blueprint("statistics", __name__)

OVERVIEW_DAYS = 30
OLDEST = 10
MOST_PROCESSES = 100
PRESETS = (
    (30, lazy_gettext("30 days")),
    (90, lazy_gettext("90 days")),
    (365, lazy_gettext("a year")),
)


@blueprint.app_template_filter("span")
def _span(seconds: int | None, working: bool = False) -> str:
    return lengths.span(seconds, working)


@blueprint.get("/statistics")
def overview() -> str:
    """The processes whose numbers one may read, side by side."""
    with here.reading() as reader:
        keys = statistics.numbered_processes(reader, g.viewer)
        if not keys and keys is not None and here.me().role != "owner":
            abort(403)
        mine = [row for row in queries.processes(reader) if keys is None or row.key in keys]
        lines = [_line(reader, row) for row in mine[:MOST_PROCESSES]]
        oldest = [
            each
            for row in mine
            for each in statistics.oldest_open(reader, g.viewer, row.key, OLDEST)
        ]
        oldest = sorted(oldest, key=lambda each: (each.since, each.request_id))[:OLDEST]
        names = queries.Names(reader)
        return render_template(
            "statistics/overview.html",
            lines=lines,
            more=len(mine) - len(lines),
            oldest=[(each, here.said(*_node_name(reader, names, each))) for each in oldest],
            names={row.key: here.said(row.name, row.name_en) for row in mine},
            days=OVERVIEW_DAYS,
            counted_to=statistics.counted_to(reader),
            content=here.me().role != "administrator",
            attends=here.me().role in ("administrator", "owner"),
            ratio=lengths.ratio,
            now=here.now(),
        )


def _node_name(reader: Reader, names: queries.Names, row: statistics.OldRow) -> tuple[str, str]:
    digest = reader.value(
        "SELECT digest FROM definitions WHERE process = ? AND version = ?",
        (row.process, row.version),
    )
    return names.node_of(digest, row.node) if digest else (row.node, row.node)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One process in the overview."""

    row: queries.ProcessRow
    sums: Sums
    before: Sums
    now: statistics.OpenNow
    incidents: int


def _line(reader: Reader, row: queries.ProcessRow) -> Line:
    today = _today()
    period = Period(since=today - timedelta(OVERVIEW_DAYS - 1), until=today)
    both = Period(since=period.before.since, until=today)
    first = period.since.toordinal()
    sums = statistics.process_numbers(reader, row.key, both, part=lambda day: int(day >= first))
    return Line(
        row=row,
        sums=sums.get(1, Sums()),
        before=sums.get(0, Sums()),
        now=statistics.open_in(reader, row.key, here.now()),
        incidents=statistics.incidents_in(reader, row.key),
    )


@blueprint.get("/processes/<key>/statistics")
def process(key: str) -> ResponseReturnValue:
    """One process in one period."""
    wanted, errors = _asked()
    with here.reading() as reader:
        _check(reader, key)
        told, errors = _report(reader, key, wanted, errors)
        versions = queries.definition_versions(reader, key)
    colour = _choice("heat", figures.MEASURES, "took")
    page = render_template(
        "statistics/process.html",
        told=told,
        heatmap=figures.heat_map(told, colour, _desk_at(key)),
        versions=versions,
        measures=figures.MEASURES,
        colour=colour,
        rows=figures.in_order(told, _sort()),
        sort=_sort(),
        started=figures.started(told),
        times=figures.times(told),
        **_around(told, errors),
    )
    return make_response(page, 422 if errors else 200)


@blueprint.get("/processes/<key>/statistics/<node>")
def desk(key: str, node: str) -> ResponseReturnValue:
    """One desk of it."""
    wanted, errors = _asked()
    with here.reading() as reader:
        _check(reader, key)
        told, errors = _report(reader, key, wanted, errors, node)
        found = told.desk(node)
        if found is None:
            abort(404)
        asked_for = told.asked
        parts = series(
            asked_for.period,
            asked_for.by,
            lambda part: {
                start: sums
                for (start, _), sums in statistics.node_numbers(
                    reader,
                    key,
                    asked_for.period,
                    version=asked_for.version,
                    node=node,
                    part=part,
                ).items()
            },
        )
    told = replace(told, series=parts)
    page = render_template(
        "statistics/desk.html",
        told=told,
        desk=found,
        bins=figures.bins(found.sums),
        entered=figures.entered(told),
        times=figures.times(told),
        **_around(told, errors),
    )
    return make_response(page, 422 if errors else 200)


@blueprint.get("/processes/<key>/statistics.csv")
def taken(key: str) -> Response:
    """The same as a file; that it was taken is recorded."""
    wanted, errors = _asked()
    with here.reading() as reader:
        _check(reader, key)
    person = here.me()
    taker = file.Taker(
        person=person.id, name=person.name, via="page", origin=request.remote_addr or ""
    )
    try:
        if errors:
            abort(422)
        content = file.make(here.system().database, key, wanted, taker, here.now())
    except NotAsked:
        abort(422)
    answer = Response(content, mimetype="text/csv")
    days = wanted.period
    name = f"statistics-{days.since.isoformat()}-{days.until.isoformat()}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


# ---- what is asked


def _today() -> date:
    return here.now().astimezone(here.zone()).date()


def _asked() -> tuple[Asked, dict[str, str]]:
    """What the address asks for; what is wrong with it, and then what is usual."""
    given = {name: request.args.get(name, "").strip()[:20] for name in _NAMES}
    try:
        return asked(given, _today()), {}
    except NotAsked as wrong:
        return asked({}, _today()), _said(wrong)


_NAMES = ("since", "until", "by", "version")


def _said(wrong: NotAsked) -> dict[str, str]:
    return {name: text.said(here.locale()) for name, text in wrong.errors.items()}


def _check(reader: Reader, key: str) -> None:
    if reader.definitions.latest(reader, key) is None:
        abort(404)
    if not statistics.reads_numbers(reader, g.viewer, key):
        abort(403)


def _report(
    reader: Reader, key: str, wanted: Asked, errors: dict[str, str], node: str | None = None
) -> tuple[Report, dict[str, str]]:
    try:
        return report(reader, key, wanted, here.now(), node=node), errors
    except NotAsked as wrong:
        every = replace(wanted, version=None)
        return report(reader, key, every, here.now(), node=node), _said(wrong)


def _desk_at(key: str) -> Callable[[str], str]:
    def address(node: str) -> str:
        return url_for("statistics.desk", key=key, node=node) + _query(_kept())

    return address


def _query(kept: Mapping[str, str]) -> str:
    return f"?{urlencode(kept)}" if kept else ""


def _sort() -> str:
    """A measure or `name`, with a `-` before it where it falls."""
    text = request.args.get("sort", "")
    return text if text.removeprefix("-") in (*figures.MEASURES, "name") else ""


def _choice(name: str, among: Any, usual: str) -> str:
    given = request.args.get(name, "").removeprefix("-")
    return given if given in among else usual


def _around(told: Report, errors: Mapping[str, str]) -> dict[str, Any]:
    """What the head of both pages needs."""
    today, period = _today(), told.asked.period
    presets = [
        (
            name,
            {"since": (today - timedelta(days - 1)).isoformat(), "until": today.isoformat()},
            period == Period(since=today - timedelta(days - 1), until=today),
        )
        for days, name in PRESETS
    ]
    start = start_of(today, "quarter")
    quarter = {"since": start.isoformat(), "until": today.isoformat()}
    this = (gettext("this quarter"), quarter, period == Period(since=start, until=today))
    words = told.definition.process
    return {
        "name": here.said(words.name, words.name_en),
        "key": told.definition.key,
        "errors": {**dict.fromkeys(_NAMES, ""), **errors},
        "typed": {name: request.args.get(name, "") if name in errors else "" for name in _NAMES},
        "presets": [*presets, this],
        "parts": figures.PARTS,
        "bys": BYS,
        "kept": _kept,
        "query": _query,
        "words_of": lambda one: lengths.period(one, told.asked.by),
        "share": lengths.share,
        "ratio": lengths.ratio,
        "bar": trend.bar,
        "error": round(100 * spread.ERROR),
    }


def _kept(**instead: Any) -> dict[str, str]:
    """The address's own words, some of them replaced; None takes one out."""
    names = (*_NAMES, "heat", "sort")
    found = {name: request.args[name] for name in names if request.args.get(name)}
    found |= {name: str(value) for name, value in instead.items() if value is not None}
    return {n: v for n, v in found.items() if not (n in instead and instead[n] is None)}
