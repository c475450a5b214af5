"""Everything that is told of one process in one period, read in one snapshot."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from engine.diagrams.definition import Definition
from engine.diagrams.words import NodeId
from engine.statistics.figures import By, Period, Sums, start_of
from storage.queries import statistics
from storage.queries.names import DESKS
from storage.queries.statistics import OpenNow
from storage.reader import Reader
from web.numbers.asking import NOT_VERSION, Asked, NotAsked

NOTHING = Sums()
OLD_VERSIONS = 8
"""How many versions back the name of a desk that is no longer there is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What is told of one node."""

    id: str
    name: str
    name_en: str
    drawn: bool
    """Whether it stands in the diagram that is shown."""
    sums: Sums
    before: Sums
    now: OpenNow | None

    @property
    def decided(self) -> int:
        """How often it came to an end by somebody's act."""
        return sum(self.sums[each] for each in ("approved", "rejected", "returned", "done"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What is told of a process."""

    definition: Definition
    """The version asked for, else the latest."""
    asked: Asked
    totals: Sums
    before: Sums
    """The same of as many days before."""
    all_desks: Sums
    all_desks_before: Sums
    desks: tuple[Desk, ...]
    series: tuple[tuple[Period, Sums], ...]
    departments: tuple[tuple[str, Sums], ...]
    now: OpenNow
    counted_to: datetime | None

    @property
    def empty(self) -> bool:
        """Whether nothing happened in the period."""
        return self.totals.empty and self.all_desks.empty

    def desk(self, node: str) -> Desk | None:
        """What is told of one of them."""
        return next((desk for desk in self.desks if desk.id == node), None)

    @property
    def longest(self) -> Desk | None:
        """The desk at which most of the working time was spent; None where none was."""
        return max(
            (desk for desk in self.desks if self.share(desk)),
            key=lambda desk: desk.sums["took_working_sum"],
            default=None,
        )

    def share(self, desk: Desk) -> int | None:
        """What part of all the working time at desks was spent at this one, in percent."""
        whole = self.all_desks["took_working_sum"]
        return round(100 * desk.sums["took_working_sum"] / whole) if whole else None


def report(
    reader: Reader, process: str, asked: Asked, now: datetime, *, node: str | None = None
) -> Report:
    """Read it; with `node`, of the desks that one alone. Raises KeyError where no such process is
    deployed.

    Raises:
        NotAsked: there is no such version.
    """
    definition = _definition(reader, process, asked)
    period, version = asked.period, asked.version
    both = Period(since=period.before.since, until=period.until)
    first = period.since.toordinal()

    def half(day: int) -> int:
        return int(day >= first)

    nodes = statistics.node_numbers(reader, process, both, version=version, node=node, part=half)
    wholes = statistics.process_numbers(reader, process, both, version=version, part=half)
    open_now = statistics.open_now(reader, process, now, version=version)
    departments = statistics.department_numbers(reader, process, period)
    return Report(
        definition=definition,
        asked=asked,
        totals=wholes.get(1, NOTHING),
        before=wholes.get(0, NOTHING),
        all_desks=_all(sums for (at, _), sums in nodes.items() if at),
        all_desks_before=_all(sums for (at, _), sums in nodes.items() if not at),
        desks=tuple(_desks(reader, definition, nodes, open_now)),
        series=series(
            period,
            asked.by,
            lambda part: statistics.process_numbers(
                reader, process, period, version=version, part=part
            ),
        ),
        departments=tuple(
            sorted(departments.items(), key=lambda each: (-each[1]["given"], each[0]))
        ),
        now=OpenNow(
            open=sum(each.open for each in open_now.values()),
            late=sum(each.late for each in open_now.values()),
            since=min((each.since for each in open_now.values() if each.since), default=None),
        ),
        counted_to=statistics.counted_to(reader),
    )


def series(
    period: Period, by: By, read: Callable[[Callable[[int], int]], dict[int, Sums]]
) -> tuple[tuple[Period, Sums], ...]:
    """Numbers by part of a period, those in which nothing happened too; `read` is given what says
    of a day in which part it is."""
    found = read(part_of(period, by))
    return tuple((part, found.get(part.since.toordinal(), NOTHING)) for part in period.parts(by))


def part_of(period: Period, by: By) -> Callable[[int], int]:
    """What says of a day's ordinal on which day its part of the period begins."""
    first = period.since.toordinal()
    known: dict[int, int] = {}

    def part(day: int) -> int:
        if day not in known:
            known[day] = max(first, start_of(date.fromordinal(day), by).toordinal())
        return known[day]

    return part


def _definition(reader: Reader, process: str, asked: Asked) -> Definition:
    latest = reader.definitions.latest(reader, process)
    if latest is None:
        raise KeyError(process)
    if asked.version is None:
        return latest
    digest = reader.value(
        "SELECT digest FROM definitions WHERE process = ? AND version = ?",
        (process, asked.version),
    )
    if digest is None:
        raise NotAsked({"version": NOT_VERSION})
    return reader.definitions.get(reader, digest)


def _all(several: Iterator[Sums]) -> Sums:
    found = Sums()
    for each in several:
        found.add(each.amounts)
    return found


def _desks(
    reader: Reader,
    definition: Definition,
    nodes: dict[tuple[int, str], Sums],
    open_now: dict[str, OpenNow],
) -> Iterator[Desk]:
    """Those of the diagram in its order, then what else was counted."""
    drawn = [str(id) for id in definition.nodes]
    counted = {node for (_, node), sums in nodes.items() if not sums.empty}
    names = _Naming(reader, definition)
    for id in [*drawn, *sorted((counted | set(open_now)) - set(drawn))]:
        name, name_en = names.of(id)
        yield Desk(
            id=id,
            name=name,
            name_en=name_en,
            drawn=id in definition.nodes,
            sums=nodes.get((1, id), NOTHING),
            before=nodes.get((0, id), NOTHING),
            now=open_now.get(id),
        )


class _Naming:
    """Names desks, those of older versions too."""

    def __init__(self, reader: Reader, definition: Definition) -> None:
        self._reader = reader
        self._known = [definition]
        self._all = False

    def of(self, id: str) -> tuple[str, str]:
        """A desk's name and English name; its id where no version knows it."""
        if id in DESKS:
            return DESKS[id]
        for definition in self._known:
            if (found := _named(definition, id)) is not None:
                return found
        if not self._all:
            self._all = True
            self._known += self._others()
            return self.of(id)
        return id, id

    def _others(self) -> list[Definition]:
        own = self._known[0]
        rows = self._reader.all(
            "SELECT digest FROM definitions WHERE process = ? ORDER BY version DESC LIMIT ?",
            (own.key, OLD_VERSIONS),
        )
        digests = [row[0] for row in rows if row[0] != own.digest]
        return [self._reader.definitions.get(self._reader, digest) for digest in digests]


def _named(definition: Definition, id: str) -> tuple[str, str] | None:
    words = definition.nodes.get(NodeId(id))
    if words is None:
        return None
    return words.name or id, words.name_en or words.name or id
