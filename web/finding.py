"""The auditor's questions, as pages and the API put them, and what is told of each entry found."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from engine.diagrams.words import NodeId
from engine.ids import ORGANISATION, PROCESS, SYSTEM_CHAIN, TIMER
from engine.journal import Entry
from engine.journal.entry import ERASED
from engine.refusals import NotYours
from storage import queries
from storage.finding import KINDS, Found
from storage.queries.names import DESKS
from storage.reader import Reader
from storage.visibility import Viewer
from web.pages import here

_SYSTEM = {
    TIMER: ("定时器", "Timer"),
    PROCESS: ("流程", "Process"),
    ORGANISATION: ("组织", "Organisation"),
    "system:command line": ("命令行", "Command line"),
}
_OWNED = "SELECT process FROM owners WHERE person = ? ORDER BY process"


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The request that an entry is part of or about."""

    id: str
    number: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An entry that was found, in words and names."""

    chain: str
    seq: int
    at: datetime
    verb: str
    outcome: str
    actor: tuple[str, str]
    """Id and name; so with all people here."""
    on_behalf_of: tuple[str, str] | None
    subject: tuple[str, str] | None
    """Whom it is about, in the system chain."""
    request: About | None
    requests: int
    """How many requests an export holds."""
    process: str
    version: int | None
    node: tuple[str, str] | None
    department: str
    comment: str
    refusal: tuple[str, str] | None
    """The reason's name, and the sentence."""
    what: str
    """The format of an export, or the way of a reading."""
    kinds: tuple[str, ...]

    @property
    def system(self) -> bool:
        """Whether it stands in the system chain, and so in no request's history."""
        return self.chain == SYSTEM_CHAIN


def may_ask(reader: Reader, viewer: Viewer) -> tuple[str, ...] | None:
    """Whose entries one may search: None, every one, for an auditor; for an owner his processes'.

    Raises:
        NotYours: neither is he.
    """
    if viewer.role == "auditor":
        return None
    if not viewer.may_own:
        raise NotYours()
    owned = tuple(row[0] for row in reader.all(_OWNED, (viewer.person,)))
    if not owned and viewer.role != "owner":
        raise NotYours()
    return owned


def moment_of(text: str, zone: tzinfo, *, end: bool = False) -> datetime | None:
    """A date (from its beginning, or with `end` to its end) or a date-time with its offset, as
    `2026-11-05` or `2026-11-05T09:00:00+08:00`; None for nothing. Raises ValueError."""
    if not text:
        return None
    if len(text) == len("2026-11-05"):
        day = date.fromisoformat(text)
        if not date(1900, 1, 1) <= day <= date(2900, 1, 1):
            raise ValueError(text)
        return datetime.combine(day + timedelta(days=int(end)), time(), zone)
    found = datetime.fromisoformat(text.replace(" ", "+"))
    if found.tzinfo is None or not 1900 <= found.year <= 2900:
        raise ValueError(text)
    return found


def told(reader: Reader, found: Iterable[Found]) -> list[Told]:
    """What is told of the entries of one page."""
    kept = list(found)
    abouts = _abouts(reader, {each.row.request for each in kept if each.row.request})
    teller = _Teller(reader, abouts)
    return [teller.told(each) for each in kept]


def _abouts(reader: Reader, ids: set[str]) -> dict[str, About]:
    among, argument = reader.among("id", sorted(ids))
    rows = reader.all(f"SELECT id, number, title FROM requests WHERE {among}", (argument,))  # noqa: S608
    return {row[0]: About(id=row[0], number=row[1] or "", title=row[2]) for row in rows}


class _Teller:
    """Names what entries say."""

    def __init__(self, reader: Reader, abouts: Mapping[str, About]) -> None:
        self._reader = reader
        self._abouts = abouts
        self._names = queries.Names(reader)

    def told(self, found: Found) -> Told:
        """One entry."""
        row, body, private = found.row, found.entry.body, found.entry.particulars
        signs = ["refused"] if row.outcome != "done" else []
        signs += [kind for kind in KINDS if kind != "refused" and getattr(row, kind)]
        several = body.get("requests")
        version = body.get("version")
        return Told(
            chain=row.chain,
            seq=row.seq,
            at=found.at,
            verb=row.verb,
            outcome=row.outcome,
            actor=self._actor(row.actor, private.get("actor.name")),
            on_behalf_of=self._person(row.behalf) if row.behalf else None,
            subject=self._person(row.subject) if row.subject else None,
            request=self._abouts.get(row.request),
            requests=len(several) if isinstance(several, list | tuple) else 0,
            process=row.process,
            version=version if isinstance(version, int) else None,
            node=self._node(found.entry, row.node) if row.node else None,
            department=row.department,
            comment=_said(private.get("input.comment")),
            refusal=_refusal(found.entry) if row.outcome != "done" else None,
            what=str(body.get("what") or body.get("format") or ""),
            kinds=tuple(signs),
        )

    def _actor(self, id: str, name: Any) -> tuple[str, str]:
        if isinstance(name, str) and id not in _SYSTEM:
            return id, name
        return self._person(id)

    def _person(self, id: str) -> tuple[str, str]:
        if id in _SYSTEM:
            return id, here.said(*_SYSTEM[id])
        return id, self._names.person(id).name

    def _node(self, entry: Entry, node: str) -> tuple[str, str]:
        """A node by its name in the version that ran it then."""
        if node in DESKS:
            return node, here.said(*DESKS[node])
        start = str(entry.body.get("called") or entry.body.get("process") or "")
        try:
            version = self._reader.definitions.beginning(self._reader, start)
        except KeyError:
            return node, node
        name = version.names.get(NodeId(node)) or node
        return node, here.said(name, version.names_en.get(NodeId(node)))


def _said(value: Any) -> str:
    if isinstance(value, Mapping) and value.get(ERASED):
        return here.said("(已依法删除)", "(erased by law)")
    return value if isinstance(value, str) else ""


def _refusal(entry: Entry) -> tuple[str, str]:
    private = entry.particulars
    zh, en = (_said(private.get(f"refusal.{language}")) for language in ("zh", "en"))
    return str(entry.body.get("refusal") or ""), here.said(zh, en)
