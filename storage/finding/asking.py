"""What auditors ask: entries by words and signs, the newest first or the oldest, page by page.

One index of tokens answers every question: what several tokens have in common is found without
looking at the rest. On SQLite its rows lie in the order of time, so that a page ends with its last
row. On PostgreSQL what is found has no order: where it is little the list is made from it, else
the rows are gone through in the order of time until the page is full.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from operator import ge, gt, lt
from typing import Any, Literal

from engine.journal import Entry
from storage import following, journal
from storage.finding.keeping import NAME
from storage.finding.rows import COLUMNS, FLAGS, Row
from storage.finding.words import SIGN, sign, signed, terms, wanted
from storage.moments import micros, moment
from storage.queries.cursors import bounded
from storage.queries.cursors import cursor as cursor_of
from storage.queries.cursors import key as key_of
from storage.queries.rows import Page
from storage.reader import Reader

KINDS = ("refused", *FLAGS)
"""Saved questions: refused attempts, overrides, substitutions, timers and the system, what put
something out of force, deployments and organisation, readings and exports, sign-ins."""
MOST = 1000
"""No count goes beyond this."""
FEW = 30_000
"""On PostgreSQL a list is made from no more rows than this."""
_LATE = 3_600_000
"""How many milliseconds a row may lie behind its time, where thousands have the same."""
_LIST = ", ".join(f"f.{name}" for name in COLUMNS)
_EQUAL = {
    "v": "f.verb = ?", "o": "f.outcome = ?", "c": "f.process = ?", "r": "f.request = ?",
    "n": "f.node = ?", "d": "f.department = ?", "p": "? IN (f.actor, f.behalf, f.subject)",
}  # fmt: skip

_COMPARED = {"<": lt, ">": gt, ">=": ge}
Sort = Literal["newest", "oldest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question; what is empty or None does not narrow it. Times: [since, until)."""

    q: str = ""
    number: str = ""
    person: str = ""
    verb: str = ""
    process: str = ""
    outcome: str = ""
    request: str = ""
    node: str = ""
    department: str = ""
    kinds: tuple[str, ...] = ()
    """All of these `KINDS`."""
    since: datetime | None = None
    until: datetime | None = None
    owned: tuple[str, ...] | None = None
    """Only the entries of these processes' requests and deployments, as their owner may see them;
    None: an auditor asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An entry that was found, with its signs; opened from the journal as it is now."""

    row: Row
    entry: Entry

    @property
    def at(self) -> datetime:
        """When."""
        return moment(self.row.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexed:
    """How far the index has come."""

    entries: int
    until: datetime | None
    """The time of the last entry that can be found; None: none can yet."""
    behind: bool
    """Whether there are newer entries."""


@dataclass(slots=True)
class _Where:
    """A question as SQL."""

    tokens: list[tuple[str, bool]] = field(default_factory=list)
    """Of the index; each perhaps only the beginning of one."""
    any_of: list[str] = field(default_factory=list)
    """Tokens of which there has to be one."""
    checks: list[str] = field(default_factory=list)
    """Conditions on `found f`."""
    arguments: list[Any] = field(default_factory=list)
    bounds: list[str] = field(default_factory=list)
    """Conditions on `f.place`."""
    places: list[int] = field(default_factory=list)
    few: list[int] | None = None
    """The only places there are, on PostgreSQL."""

    def check(self, condition: str, *arguments: Any) -> None:
        """One more condition."""
        self.checks.append(condition)
        self.arguments.extend(arguments)

    def bound(self, condition: str, place: int) -> None:
        """One more bound of the place."""
        self.bounds.append(condition)
        self.places.append(place)

    def holds(self, place: int) -> bool:
        """Whether a place is within the bounds."""
        known = zip(self.bounds, self.places, strict=True)
        return all(_COMPARED[bound.split()[1]](place, each) for bound, each in known)


def entries(
    reader: Reader,
    asked: Asked,
    *,
    sort: Sort = "newest",
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Found]:
    """One page of the entries that a question asks for.

    Raises:
        BadCursor: the cursor is none of this list.
    """
    found = rows(reader, asked, sort=sort, cursor=cursor, limit=limit)
    return Page(items=tuple(_opened(reader, found.items)), next=found.next)


def rows(
    reader: Reader,
    asked: Asked,
    *,
    sort: Sort = "newest",
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Row]:
    """The same, without opening the entries."""
    limit = bounded(limit)
    where = _where(reader, asked)
    if where is None:
        return Page(items=())
    if cursor is not None:
        where.bound("f.place > ?" if sort == "oldest" else "f.place < ?", key_of(cursor, (int,))[0])
    kept = _rows(reader, where, _LIST, sort=sort, limit=limit + 1)
    found = [Row(**dict(zip(COLUMNS, each, strict=True))) for each in kept]
    more = len(found) > limit
    return Page(
        items=tuple(found[:limit]), next=cursor_of([found[limit - 1].place]) if more else None
    )


def counts(reader: Reader, asked: Asked) -> dict[str, int]:
    """How many entries a question finds, under "", and how many of each of `KINDS` among them (in
    place of its own); none counts beyond `MOST`. On PostgreSQL kinds are left out where very many
    entries have a word that begins so: each of them would be looked for nine times."""
    where = _where(reader, replace(asked, kinds=()))
    if where is None:
        return dict.fromkeys(("", *KINDS), 0)
    if reader.dialect == "sqlite":
        return {kind: _sqlite_count(reader, where, kind) for kind in ("", *KINDS)}
    if where.few is not None:
        return _counted_together(reader, where)
    if any(begins for _, begins in where.tokens):
        return {"": _postgresql_count(reader, where, "")}
    return {kind: _postgresql_count(reader, where, kind) for kind in ("", *KINDS)}


def indexed(reader: Reader) -> Indexed:
    """How far the index has come."""
    taken = following.past(reader, NAME)
    last = reader.one("SELECT position FROM leaves WHERE idx = ?", (taken - 1,)) if taken else None
    position = last[0] if last is not None else 0
    at = reader.value("SELECT at FROM journal WHERE position = ?", (position,)) if last else None
    newer = reader.one("SELECT 1 FROM journal WHERE position > ? LIMIT 1", (position,))
    return Indexed(
        entries=taken, until=moment(at) if at is not None else None, behind=newer is not None
    )


def _opened(reader: Reader, rows: Sequence[Row]) -> list[Found]:
    """The rows with their entries, those of a chain read together."""
    by_chain: dict[str, list[int]] = {}
    for row in rows:
        by_chain.setdefault(row.chain, []).append(row.seq)
    opened = {chain: journal.picked(reader, chain, seqs) for chain, seqs in by_chain.items()}
    return [Found(row=row, entry=opened[row.chain][row.seq]) for row in rows]


def _where(reader: Reader, asked: Asked) -> _Where | None:
    """The conditions; None where nothing can be found."""
    where = _Where()
    if not _words(reader, asked, where) or not _signs(reader, asked, where):
        return None
    _times(asked, where)
    if reader.dialect == "postgresql" and (where.tokens or where.any_of):
        where.few = _few(reader, where)
    return where


def _words(reader: Reader, asked: Asked, where: _Where) -> bool:
    contains = "instr" if reader.dialect == "sqlite" else "strpos"
    words = wanted(asked.q)
    for word in words:
        found = terms(word)
        where.tokens.extend(found)
        if len(found) != 1 or found[0][0] != word:
            where.check(f"{contains}(f.text, ?) > 0", word)
    return not words or bool(where.tokens)


def _signs(reader: Reader, asked: Asked, where: _Where) -> bool:
    given = {
        "v": asked.verb, "o": asked.outcome, "c": asked.process, "r": asked.request,
        "n": asked.node, "d": asked.department, "p": asked.person,
    }  # fmt: skip
    if asked.number:
        requests = reader.all("SELECT id FROM requests WHERE number = ?", (asked.number,))
        if len(requests) != 1 or given["r"] not in ("", requests[0][0]):
            return False
        given["r"] = requests[0][0]
    where.tokens.extend((sign(kind, value), False) for kind, value in given.items() if value)
    where.tokens.extend((sign("k", kind), False) for kind in asked.kinds)
    return asked.owned is None or _owned(reader, asked.owned, where)


def _owned(reader: Reader, processes: tuple[str, ...], where: _Where) -> bool:
    """What an owner may see: not who watches, nor which way a decision went that can be undone."""
    if not processes:
        return False
    where.check("f.watching = 0 AND f.veiled = 0")
    where.any_of = [sign("c", each) for each in processes]
    among, argument = reader.among("f.process", processes)
    where.check(among, argument)
    return True


def _is(kind: str) -> str:
    return "f.outcome <> 'done'" if kind == "refused" else f"f.{kind} = 1"


def _times(asked: Asked, where: _Where) -> None:
    if asked.since is not None:
        since = micros(asked.since)
        where.bound("f.place >= ?", since // 1000)
        where.check("f.at >= ?", since)
    if asked.until is not None:
        until = micros(asked.until)
        where.bound("f.place < ?", until // 1000 + _LATE)
        where.check("f.at < ?", until)


def _few(reader: Reader, where: _Where) -> list[int] | None:
    """The places that have all tokens; None where there are too many to make a list from."""
    sql, arguments = _matched(where)
    rows = reader.all(f"{sql} SELECT c.place FROM c LIMIT ?", (*arguments, FEW + 1))  # noqa: S608
    return None if len(rows) > FEW else [row[0] for row in rows]


def _matched(where: _Where, *more: str) -> tuple[str, list[Any]]:
    """On PostgreSQL, the places `c` that have all tokens, and these more, within the bounds."""
    tokens = [*where.tokens, *((token, False) for token in more)]
    parts = [_tsquery(tokens)] if tokens else []
    if where.any_of:
        parts.append(f"({' | '.join(_quoted(token, False) for token in where.any_of)})")
    bounds = "".join(f" AND {each.replace('f.place', 's.place')}" for each in where.bounds)
    # Materialized: the planner does not hear of the limit, and uses the index of tokens.
    sql = (
        "WITH c AS MATERIALIZED (SELECT s.place FROM search_entries s"  # noqa: S608
        f" WHERE s.words @@ ?::tsquery{bounds})"
    )
    return sql, [" & ".join(parts), *where.places]


def _rows(
    reader: Reader, where: _Where, columns: str, *, sort: Sort | None, limit: int
) -> list[tuple[Any, ...]]:
    order = {None: "", "newest": " ORDER BY f.place DESC", "oldest": " ORDER BY f.place"}[sort]
    if reader.dialect == "sqlite":
        return _sqlite(reader, where, columns, order, limit)
    return _postgresql(reader, where, columns, order, limit)


def _sqlite(
    reader: Reader, where: _Where, columns: str, order: str, limit: int
) -> list[tuple[Any, ...]]:
    tokens = dict.fromkeys(where.tokens)
    # A single character is a token of its own here; longer words have to be looked through.
    parts = [f'"{each}" *' if begins and len(each) > 1 else f'"{each}"' for each, begins in tokens]
    if where.any_of:
        quoted = (f'"{token}"' for token in where.any_of)
        parts.append(f"({' OR '.join(quoted)})")
    if not parts:
        checks = [*where.bounds, *where.checks] or ["1 = 1"]
        sql = f"SELECT {columns} FROM found f WHERE {' AND '.join(checks)}{order} LIMIT ?"  # noqa: S608
        return reader.all(sql, (*where.places, *where.arguments, limit))
    # In this order, so that SQLite ends with the last row that is asked for.
    bounds = [each.replace("f.place", "x.rowid") for each in where.bounds]
    source, checks = "search_entries x", ["x.search_entries MATCH ?", *bounds]
    if where.checks or columns != "1":
        source += " CROSS JOIN found f"
        checks += ["f.place = x.rowid", *where.checks]
    return reader.all(
        f"SELECT {columns} FROM {source} WHERE {' AND '.join(checks)}"  # noqa: S608
        f"{order.replace('f.place', 'x.rowid')} LIMIT ?",
        (" AND ".join(parts), *where.places, *where.arguments, limit),
    )


def _sqlite_count(reader: Reader, where: _Where, kind: str) -> int:
    tokens = [*where.tokens, *([(sign("k", kind), False)] if kind else [])]
    return len(_sqlite(reader, replace(where, tokens=tokens), "1", "", MOST))


def _counted_together(reader: Reader, where: _Where) -> dict[str, int]:
    """Of few rows all counts at once."""
    checks, arguments = _conditions(where)
    each = ", ".join(f"COUNT(*) FILTER (WHERE {_is(kind)})" for kind in KINDS)
    sql = f"SELECT COUNT(*), {each} FROM found f WHERE {' AND '.join(checks)}"  # noqa: S608
    found = reader.all(sql, arguments)[0]
    return {kind: min(count, MOST) for kind, count in zip(("", *KINDS), found, strict=True)}


def _postgresql_count(reader: Reader, where: _Where, kind: str) -> int:
    more = [sign("k", kind)] if kind else []
    if not (more or where.tokens or where.any_of):
        return len(_postgresql(reader, where, "1", "", MOST))
    sql, arguments = _matched(where, *more)
    sql += " SELECT 1 FROM c"
    if where.checks:
        sql += f" JOIN found f ON f.place = c.place WHERE {' AND '.join(where.checks)}"
        arguments += where.arguments
    return len(reader.all(f"{sql} LIMIT ?", (*arguments, MOST)))


def _postgresql(
    reader: Reader, where: _Where, columns: str, order: str, limit: int
) -> list[tuple[Any, ...]]:
    if where.few is not None and order and not where.checks:
        # Nothing else is asked of them: the page's own places are known before they are read.
        within = sorted(filter(where.holds, where.few), reverse=order.endswith("DESC"))
        where = replace(where, few=within[:limit])
    checks, arguments = _conditions(where)
    sql = f"SELECT {columns} FROM found f WHERE {' AND '.join(checks)}{order} LIMIT ?"  # noqa: S608
    return reader.all(sql, (*arguments, limit))


def _conditions(where: _Where) -> tuple[list[str], list[Any]]:
    """The question as conditions on the rows."""
    checks, arguments = [*where.bounds, *where.checks], [*where.places, *where.arguments]
    if where.few is not None:
        checks.append("f.place = ANY(?)")
        arguments.append(where.few)
    elif where.tokens:
        conditions, values = _walked(where)
        checks += conditions
        arguments += values
    return checks or ["TRUE"], arguments


def _walked(where: _Where) -> tuple[list[str], list[Any]]:
    """The tokens as conditions on the rows themselves, of which many have them."""
    conditions: list[str] = []
    values: list[Any] = []
    words: list[tuple[str, bool]] = []
    for token, begins in where.tokens:
        kind, value = signed(token) if token.startswith(SIGN) else ("", token)
        if kind == "k":
            conditions.append(_is(value))
        elif kind:
            conditions.append(_EQUAL[kind])
            values.append(value)
        else:
            conditions.append("strpos(f.text, ?) > 0")
            values.append(value)
            words.append((token, begins))
    if words:
        condition = "(SELECT x.words FROM search_entries x WHERE x.place = f.place) @@ ?::tsquery"
        conditions.append(condition)
        values.append(_tsquery(words))
    return conditions, values


def _tsquery(tokens: list[tuple[str, bool]]) -> str:
    return " & ".join(_quoted(token, begins) for token, begins in tokens)


def _quoted(token: str, begins: bool) -> str:
    return f"'{token}':*" if begins else f"'{token}'"
