"""Versions of processes: their files kept by content, compiled once by each system process."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from threading import Lock

from engine.diagrams.compiler import compile_definition
from engine.diagrams.definition import Definition
from engine.diagrams.words import ProcessWords
from engine.ids import PersonId
from forms import read
from storage import journal
from storage.moments import micros, moment
from storage.starts import keep_starts
from storage.transaction import Transaction

CACHED = 256
"""Compiled definitions that are held in memory: those used last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What is kept of a definition; whoever compiled it elsewhere need not do so here."""

    key: str
    name: str
    name_en: str
    digest: str
    files: Mapping[str, bytes]
    starts: tuple[tuple[str, str], ...] = ()
    """What starts it besides people: the kind, and the message's or signal's name."""

    @classmethod
    def of(cls, definition: Definition) -> "Version":
        """What is kept of one that was compiled here."""
        return cls(
            key=definition.key,
            name=definition.name,
            name_en=definition.process.name_en,
            digest=definition.digest,
            files=definition.files,
            starts=tuple(
                (each.kind, each.message or each.expression)
                for each in definition.process.starts.values()
            ),
        )


class NotOwned(Exception):
    """The process belongs to others than who deploys it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """What a deployment came to."""

    key: str
    version: int
    digest: str
    new: bool
    """False: the latest version has this very content already."""


class Definitions:
    """What one process knows of deployed versions; safe between threads, since none changes."""

    def __init__(self) -> None:
        self._compiled: OrderedDict[str, Definition] = OrderedDict()
        self._digests: dict[int, str] = {}
        self._places: dict[str, int] = {}
        self._hidden: dict[int, frozenset[str]] = {}
        self._words: dict[str, ProcessWords] = {}
        self._lock = Lock()

    def get(self, transaction: Transaction, digest: str) -> Definition:
        """The compiled definition. Raises KeyError if no such version was deployed."""
        with self._lock:
            if digest in self._compiled:
                self._compiled.move_to_end(digest)
                return self._compiled[digest]
        files = files_of(transaction, digest)
        if not files:
            raise KeyError(digest)
        key = transaction.value("SELECT MIN(process) FROM definitions WHERE digest = ?", (digest,))
        return self.keep(compile_definition(files, read, key=key, deployed=True))

    def process(self, transaction: Transaction, digest: str) -> ProcessWords:
        """What a version says of its process as a whole: little, so that lists of many processes
        need not compile each of them again. Raises KeyError if no such version was deployed."""
        found = self._words.get(digest)
        if found is None:
            found = self._words[digest] = self.get(transaction, digest).process
        return found

    def beginning(self, transaction: Transaction, start: str) -> Definition:
        """The definition whose digest begins so, as entries name it. Raises KeyError."""
        digest = transaction.value(
            "SELECT MIN(digest) FROM definitions WHERE digest >= ? AND digest < ?",
            (start, start + "g"),
        )
        if digest is None:
            raise KeyError(start)
        return self.get(transaction, digest)

    def keep(self, definition: Definition) -> Definition:
        """Put one that was just compiled into the cache."""
        with self._lock:
            self._compiled[definition.digest] = definition
            while len(self._compiled) > CACHED:
                self._compiled.popitem(last=False)
        return definition

    def latest(self, transaction: Transaction, process: str) -> Definition | None:
        """The version that new requests of this process start with."""
        digest = transaction.value(
            "SELECT digest FROM definitions WHERE process = ? ORDER BY version DESC LIMIT 1",
            (process,),
        )
        return None if digest is None else self.get(transaction, digest)

    def called(
        self, transaction: Transaction, process: str, binding: str, version: str, of: str
    ) -> Definition | None:
        """The version of `process` that the version of digest `of` calls: `latest`; that of a
        `version` number; or for `deployment` the latest when `of` had been deployed."""
        if binding == "latest":
            return self.latest(transaction, process)
        found: str | None = None
        if binding == "version" and version.isascii() and version.isdigit() and len(version) < 10:
            found = transaction.value(
                "SELECT digest FROM definitions WHERE process = ? AND version = ?",
                (process, int(version)),
            )
        elif binding == "deployment":
            found = transaction.value(
                "SELECT digest FROM definitions WHERE process = ? AND deployed_at <="
                " (SELECT MAX(deployed_at) FROM definitions WHERE digest = ?)"
                " ORDER BY version DESC LIMIT 1",
                (process, of),
            )
        return None if found is None else self.get(transaction, found)

    def digest(self, transaction: Transaction, place: int) -> str:
        """The digest of the version that rows name by this number."""
        if place not in self._digests:
            digest = transaction.value("SELECT digest FROM definitions WHERE place = ?", (place,))
            if digest is None:
                raise KeyError(place)
            self._digests[place] = digest
        return self._digests[place]

    def place(self, transaction: Transaction, digest: str) -> int:
        """The number by which rows name the version of this digest."""
        if digest not in self._places:
            place = transaction.value(
                "SELECT MIN(place) FROM definitions WHERE digest = ?", (digest,)
            )
            if place is None:
                raise KeyError(digest)
            self._places[digest] = place
        return self._places[digest]

    def hidden(self, transaction: Transaction, place: int) -> frozenset[str]:
        """The fields that some node of this version hides from its signers."""
        if place not in self._hidden:
            definition = self.get(transaction, self.digest(transaction, place))
            self._hidden[place] = frozenset(
                field for words in definition.nodes.values() for field in words.fields_hide
            )
        return self._hidden[place]


def files_of(transaction: Transaction, digest: str) -> dict[str, bytes]:
    """The files that a version was deployed with, by name; empty if there is none."""
    rows = transaction.all(
        "SELECT d.name, f.content FROM definition_files d JOIN files f ON f.digest = d.file"
        " WHERE d.definition = ? ORDER BY d.name",
        (digest,),
    )
    return {name: bytes(content) for name, content in rows}


def deploy_together(
    transaction: Transaction,
    versions: Sequence[Version],
    *,
    by: PersonId,
    at: datetime,
    owners: tuple[PersonId, ...] = (),
    name: str = "",
    via: str = "command line",
    owned: bool = False,
    released: tuple[PersonId, str] | None = None,
) -> tuple[Deployed, ...]:
    """Deploy them all, at the same time; nothing may be kept of any if one of them fails.

    `owned`: who deploys has to be an owner of each that has owners. `released`: which second
    person has released them, and by which proposal.

    Raises:
        NotOwned: he is not.
    """
    journal.lock_system(transaction)
    if owned:
        check_owned(transaction, [version.key for version in versions], by)
    at = _after_all_others(transaction, at)
    return tuple(
        deploy(
            transaction,
            version,
            by=by,
            at=at,
            owners=owners,
            name=name,
            via=via,
            released=released,
        )
        for version in versions
    )


def _after_all_others(transaction: Transaction, at: datetime) -> datetime:
    """The time, later than that of every deployment before, also where this machine's clock is
    behind: what was deployed together is known by it."""
    at = journal.system_time(transaction, at)
    newest = transaction.value("SELECT MAX(deployed_at) FROM definitions")
    return at if newest is None or micros(at) > newest else moment(newest + 1)


def check_owned(transaction: Transaction, processes: Iterable[str], by: PersonId) -> None:
    """Raise `NotOwned` for the first of these processes that has owners, `by` none of them."""
    for process in processes:
        theirs = transaction.all("SELECT person FROM owners WHERE process = ?", (process,))
        if theirs and by not in {row[0] for row in theirs}:
            raise NotOwned(process)


def deploy(
    transaction: Transaction,
    definition: Definition | Version,
    *,
    by: PersonId,
    at: datetime,
    owners: tuple[PersonId, ...] = (),
    name: str = "",
    via: str = "command line",
    released: tuple[PersonId, str] | None = None,
) -> Deployed:
    """Make this the latest version of its process, unless it is already, with an entry in the
    system chain. The first deployment names the owners: `owners`, else whoever deploys.

    `name` is the name of `by` now, for the entry.
    """
    if isinstance(definition, Definition):
        definition = Version.of(definition)
    journal.lock_system(transaction)
    at = journal.system_time(transaction, at)
    row = transaction.one(
        "SELECT version, digest FROM definitions WHERE process = ? ORDER BY version DESC LIMIT 1",
        (definition.key,),
    )
    if row is not None and row[1] == definition.digest:
        return Deployed(key=definition.key, version=row[0], digest=row[1], new=False)
    version = 1 if row is None else row[0] + 1
    _keep_files(transaction, definition)
    keep_starts(transaction, definition.key, definition.starts)
    transaction.execute(
        "INSERT INTO definitions"
        " (digest, process, version, name, name_en, deployed_at, deployed_by)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            definition.digest,
            definition.key,
            version,
            definition.name,
            definition.name_en,
            micros(at),
            by,
        ),
    )
    body = {
        "verb": "deploy",
        "outcome": "done",
        "actor": by,
        "via": via,
        "process": definition.key,
        "version": version,
        "definition": definition.digest,
    }
    if released is not None:
        body["released_by"], body["proposal"] = released
    if row is None:
        named = sorted(set(owners or (by,)))
        transaction.many(
            "INSERT INTO owners (process, person) VALUES (?, ?) ON CONFLICT DO NOTHING",
            [(definition.key, person) for person in named],
        )
        body["owners"] = named
    journal.record(transaction, at=at, body=body, particulars={"actor.name": name} if name else {})
    return Deployed(key=definition.key, version=version, digest=definition.digest, new=True)


def _keep_files(transaction: Transaction, definition: Version) -> None:
    for name, content in definition.files.items():
        digest = sha256(content).hexdigest()
        transaction.execute(
            "INSERT INTO files (digest, content) VALUES (?, ?) ON CONFLICT DO NOTHING",
            (digest, content),
        )
        transaction.execute(
            "INSERT INTO definition_files (definition, name, file) VALUES (?, ?, ?)"
            " ON CONFLICT DO NOTHING",
            (definition.digest, name, digest),
        )


def versions(transaction: Transaction, process: str) -> list[tuple[int, str]]:
    """Every deployed version of a process: (version, digest), the oldest first."""
    rows = transaction.all(
        "SELECT version, digest FROM definitions WHERE process = ? ORDER BY version", (process,)
    )
    return [(version, digest) for version, digest in rows]
