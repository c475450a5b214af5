"""Forgetting what was erased: particulars that repeat it, rows made of it, contents of files.

Owns what an erasure comes to beside the journal (storage.erasing): which particulars of the chain
say the same again, and what of the derived rows, drafts, notices, the outbox, words for search and
attachments has to go with them. Rows keep a tombstone's words in the values' place.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any

from engine.ids import SYSTEM_CHAIN, PersonId
from engine.journal import Entry, Particulars
from engine.journal.entry import ANSWERS
from storage import attachments, erasing, finding, journal, organisation
from storage.attachments import ERASED_NAME
from storage.database import Database
from storage.erasing import ATTACHMENT, Where
from storage.packing import pack, unpack
from storage.search import refresh
from storage.transaction import Transaction

WORDS = "(已依法删除 / erased by law)"
"""What stands in rows where something was erased."""
PERSONAL = (
    f"{ANSWERS}.*name*", f"{ANSWERS}.*phone*", f"{ANSWERS}.*mobile*", f"{ANSWERS}.*mail*",
    f"{ANSWERS}.*address*", f"{ANSWERS}.*id_number*", f"{ANSWERS}.applicant*",
    f"{ANSWERS}.contact*",
)  # fmt: skip
"""Paths of answers that are taken for personal, unless other patterns are given."""
_SHORTEST = 2
"""Characters of a text that is looked for elsewhere: a shorter one says nothing by itself."""
_PACKED = (
    ("requests", "id", "rest"), ("flows", "request", "flow"), ("slots", "request", "rest"),
    ("notices", "request", "text"), ("externals", "request", "rest"),
    ("drafts", "request", "answers"), ("posts", "request", "payload"),
)  # fmt: skip
_PLAIN = (("requests", "id", "title"), ("incidents", "request", "message"))
_KEPT = frozenset({"marking"})
"""Parts of packed rows that say where tokens stand: no words of anybody."""


@dataclass(slots=True, kw_only=True)
class Plan:
    """What an erasure comes to."""

    what: dict[Where, set[str]] = field(default_factory=dict)
    texts: dict[str, set[str]] = field(default_factory=dict)
    """By chain: what must not be read any more."""
    fields: dict[str, set[str]] = field(default_factory=dict)
    """By chain: the fields whose values are gone."""
    uploads: dict[str, str] = field(default_factory=dict)
    """Attachments: id -> digest of the content."""

    def paths(self) -> int:
        """How many particulars go."""
        return sum(len(paths) for paths in self.what.values())


class NothingThere(KeyError):
    """There is no such entry, or no such particular in it; or it was erased before."""


def plan(transaction: Transaction, named: Mapping[Where, Iterable[str]]) -> Plan:
    """What has to go where these particulars go: those of the chain that say the same again, the
    digests of variables, uploads.

    Raises NothingThere.
    """
    made = Plan()
    for chain in sorted({chain for chain, _ in named}):
        entries = {each.seq: each for each in journal.kept_entries(transaction, chain)}
        private = {seq: Particulars.load(kept.particulars) for seq, kept in entries.items()}
        for (of, seq), paths in named.items():
            if of == chain:
                _name(made, chain, seq, sorted(set(paths)), private.get(seq))
        _follow(made, chain, private)
    return made


def _name(made: Plan, chain: str, seq: int, paths: Sequence[str], kept: Particulars | None) -> None:
    for path in paths:
        if kept is None or path not in kept.values:
            raise NothingThere(f"entry {seq} of {chain} has no particular {path}")
        value = kept.values[path]
        made.what.setdefault((chain, seq), set()).add(path)
        if chain == SYSTEM_CHAIN and path == "row" and isinstance(value, dict):
            value = [value.get("name"), value.get("email")]
        made.texts.setdefault(chain, set()).update(_texts(value))
        start, _, name = path.rpartition(".")
        if chain != SYSTEM_CHAIN and start in (ANSWERS, "changed"):
            made.fields.setdefault(chain, set()).add(name)
            files = kept.values.get("input.files")
            given: dict[str, str] = files if isinstance(files, dict) else {}
            for text in _texts(value):
                if text in given:
                    made.uploads[text] = given[text]
                    made.what[chain, seq].add(f"{ATTACHMENT}{text}")


def _follow(made: Plan, chain: str, private: Mapping[int, Particulars]) -> None:
    """What says the same again in this chain."""
    texts, fields = made.texts.get(chain, set()), made.fields.get(chain, set())
    first = min((seq for of, seq in made.what if of == chain), default=0)
    for seq, kept in private.items():
        for path, value in kept.values.items():
            start, _, name = path.rpartition(".")
            again = start == "changed" and name in fields
            again = again or (path == "state" and bool(fields) and seq >= first)
            again = again or any(_holds(text, texts) for text in _texts(value))
            if again and path != "input.files":
                made.what.setdefault((chain, seq), set()).add(path)


def forget(
    database: Database,
    made: Plan,
    *,
    by: PersonId,
    at: datetime,
    reason: str,
    name: str = "",
) -> int:
    """Erase what was planned, with its account, and what was made of it, in one transaction; the
    number of the entry that tells of it."""
    with database.write() as transaction:
        number = erasing.erase(transaction, made.what, by=by, at=at, reason=reason, name=name)
        snapshot = organisation.read(transaction)
        for chain in sorted({chain for chain, _ in made.what}):
            numbers = sorted(seq for of, seq in made.what if of == chain)
            if chain == SYSTEM_CHAIN:
                _comments(transaction, numbers)
            else:
                _scrub(transaction, chain, made)
                refresh(transaction, chain, database.definitions, snapshot)
            finding.renew_entries(transaction, chain, numbers)
        for id in made.uploads:
            transaction.execute("UPDATE attachments SET name = ? WHERE id = ?", (ERASED_NAME, id))
        gone = _contents(transaction, made)
    for digest in gone:
        with suppress(FileNotFoundError):
            attachments.path(database.home, digest).unlink()
    return number


def _scrub(transaction: Transaction, chain: str, made: Plan) -> None:
    """Take the values out of every row of a request."""
    texts, fields = made.texts.get(chain, set()), made.fields.get(chain, set())
    for table, column, name in _PACKED:
        sql = f'SELECT DISTINCT "{name}" FROM "{table}" WHERE {column} = ?'  # noqa: S608 - our names
        for (kept,) in transaction.all(sql, (chain,)):
            old = unpack(bytes(kept))
            new = _without(old, texts, fields)
            if new != old:
                put = f'UPDATE "{table}" SET "{name}" = ? WHERE {column} = ? AND "{name}" = ?'  # noqa: S608
                transaction.execute(put, (pack(new), chain, kept))
    for table, column, name in _PLAIN:
        sql = f'SELECT DISTINCT "{name}" FROM "{table}" WHERE {column} = ?'  # noqa: S608 - our names
        for (text,) in transaction.all(sql, (chain,)):
            new = _without(text, texts, fields)
            if new != text:
                put = f'UPDATE "{table}" SET "{name}" = ? WHERE {column} = ? AND "{name}" = ?'  # noqa: S608
                transaction.execute(put, (new, chain, text))


def _without(value: Any, texts: set[str], fields: set[str]) -> Any:
    if isinstance(value, str):
        for text in sorted(texts, key=len, reverse=True):
            if value == text or len(text) >= _SHORTEST * 2 or not text.isascii():
                value = value.replace(text, WORDS)
        return value
    if isinstance(value, list):
        return [_without(item, texts, fields) for item in value]
    if isinstance(value, dict):
        return {
            key: item
            if key in _KEPT
            else (WORDS if key in fields and item is not None else _without(item, texts, fields))
            for key, item in value.items()
        }
    return value


def _comments(transaction: Transaction, numbers: Sequence[int]) -> None:
    """Rows that repeat a comment of an entry of the system chain."""
    for entry in journal.picked(transaction, SYSTEM_CHAIN, numbers).values():
        table = {"handover.made": "handovers", "release.proposed": "proposals"}.get(
            str(entry.body.get("verb"))
        )
        if table is not None:
            transaction.execute(
                f"UPDATE {table} SET comment = '' WHERE id = ?",  # noqa: S608 - our own names
                (entry.body["id"],),
            )


def _contents(transaction: Transaction, made: Plan) -> list[str]:
    """The contents that no attachment needs any more that was not erased."""
    gone = []
    for digest in sorted(set(made.uploads.values())):
        rows = transaction.all(
            "SELECT id FROM attachments WHERE sha256 = ?", (bytes.fromhex(digest),)
        )
        others = {row[0] for row in rows} - set(made.uploads)
        if all(_was_erased(transaction, id) for id in others):
            gone.append(digest)
    return gone


def _was_erased(transaction: Transaction, id: str) -> bool:
    row = transaction.one("SELECT 1 FROM erasures WHERE path = ?", (f"{ATTACHMENT}{id}",))
    return row is not None


def of_person(
    transaction: Transaction, person: str, patterns: Sequence[str] = PERSONAL
) -> dict[Where, set[str]]:
    """Where the journal says something about a person that is his own: his name and address in what
    he did, his comments, what the organisation said of him, and answers of his requests whose path
    fits a pattern."""
    mine = {
        row[0] for row in transaction.all("SELECT id FROM requests WHERE requester = ?", (person,))
    }
    found: dict[Where, set[str]] = {}
    for kept in journal.in_order(transaction):
        private = Particulars.load(kept.particulars)
        paths = set(_his(kept.entry, private, person))
        if kept.chain in mine:
            paths.update(
                path
                for path in private.values
                if any(fnmatchcase(path, pattern) for pattern in patterns)
            )
        if paths:
            found[kept.chain, kept.seq] = paths
    return found


def _his(entry: Entry, private: Particulars, person: str) -> Iterator[str]:
    if entry.body.get("actor") == person:
        for path in ("actor.name", "actor.origin", "input.comment"):
            if path in private.values:
                yield path
    if entry.chain == SYSTEM_CHAIN and entry.body.get("subject") == person:
        for path in ("row", "changed.name", "changed.email"):
            if path in private.values:
                yield path


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if len(value.strip()) >= _SHORTEST and value not in ("true", "false"):
            yield value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)


def _holds(text: str, wanted: set[str]) -> bool:
    """Whether a text says one of these: as a whole, or within if it is long enough."""
    if text in wanted:
        return True
    return any(each in text for each in wanted if len(each) >= _SHORTEST * 2 or not each.isascii())
