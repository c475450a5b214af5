"""A report as data, for the API and for a file."""

from datetime import datetime, tzinfo
from typing import Any

from engine.statistics import MEASURES, NODES, PROCESSES, spread
from engine.statistics.figures import Length, Period, Sums
from storage.queries.statistics import OpenNow
from web.numbers.reporting import Desk, Report

Document = dict[str, Any]


def document(report: Report, name: str, zone: tzinfo) -> Document:
    """Everything that is told; lengths in whole seconds, `zone` is the organisation's."""
    asked = report.asked
    return {
        "process": {"key": report.definition.key, "name": name},
        "version": asked.version,
        "since": asked.period.since.isoformat(),
        "until": asked.period.until.isoformat(),
        "by": asked.by,
        "zone": str(zone),
        "counted_to": _moment(report.counted_to, zone),
        "error": str(spread.ERROR),
        "totals": whole(report.totals, report.all_desks),
        "before": whole(report.before, report.all_desks_before),
        "now": now_open(report.now, zone),
        "periods": [{**days(period), **of_process(sums)} for period, sums in report.series],
        "nodes": [node(desk, report.share(desk), zone) for desk in report.desks],
        "departments": [
            {"name": each, "given": sums["given"], "decided": sums["decided"]}
            for each, sums in report.departments
        ],
    }


def whole(sums: Sums, desks: Sums) -> Document:
    """A process's requests, and what was late at its desks."""
    late = {name: desks[name] for name in ("promised", "late")}
    return {**of_process(sums), **late, "late_by": length(desks.length("late_by"))}


def of_process(sums: Sums) -> Document:
    """A process's requests in some period."""
    counts: Document = {name: sums[name] for name in PROCESSES}
    return counts | {name: length(sums.length(name)) for name in MEASURES["processes"]}


def node(desk: Desk, share: int | None, zone: tzinfo) -> Document:
    """One desk."""
    counts: Document = {name: desk.sums[name] for name in NODES}
    lengths = {name: length(desk.sums.length(name)) for name in MEASURES["nodes"]}
    now = desk.now or OpenNow(open=0, late=0, since=None)
    told = {**counts, "share": share, **lengths, **now_open(now, zone)}
    return {"id": desk.id, "name": desk.name, **told}


def now_open(now: OpenNow, zone: tzinfo) -> Document:
    """What is open now."""
    return {"open": now.open, "overdue": now.late, "oldest": _moment(now.since, zone)}


def length(found: Length) -> Document:
    """A length of time."""
    return {"n": found.n, "mean": found.mean, "median": found.median, "p90": found.p90}


def days(period: Period) -> Document:
    """A period's first and last day."""
    return {"since": period.since.isoformat(), "until": period.until.isoformat()}


def _moment(at: datetime | None, zone: tzinfo) -> str | None:
    return None if at is None else at.astimezone(zone).isoformat(timespec="seconds")
