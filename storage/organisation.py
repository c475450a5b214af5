"""The organisation as the engine asks about it: held in memory, read again when it has changed."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from json import loads
from secrets import randbits

from engine.ids import PersonId
from engine.people.directory import Department, Person, Post
from engine.people.substitution import Substitution, by_person, standing_in
from storage.moments import moment
from storage.transaction import Transaction

REVISION = "organisation"
PEOPLE = "SELECT id, name, department, posts, groups, superiors, email, active, role FROM people"
DEPARTMENTS = "SELECT name, short, head, deputy, days, name_en, former FROM departments"
GROUPS = "SELECT name FROM groups"
POSTS = "SELECT id, name, name_en FROM named_posts"
SUBSTITUTIONS = (
    "SELECT id, person, substitute, since, until, processes FROM substitutions"
    " WHERE cancelled_at IS NULL AND followed < 2"
)
HEIRS = "SELECT person, heir FROM handovers WHERE cancelled_at IS NULL"


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """`engine.Directory` as it was at one revision."""

    people: dict[str, Person]
    units: dict[str, Department] = field(default_factory=dict)
    groups: frozenset[str] = frozenset()
    substitutions: Mapping[PersonId, list[Substitution]] = field(default_factory=dict)
    """Those not cancelled nor long over, by who is absent."""
    heirs: Mapping[str, PersonId] = field(default_factory=dict)
    """Who has handed over, and to whom."""
    posts: Mapping[str, Post] = field(default_factory=dict)
    """The posts that have a name of their own."""

    def person(self, id: str) -> Person | None:
        """The person with this sign-in id."""
        return self.people.get(id)

    def department(self, name: str) -> Department | None:
        """The department of this name, or the one that had it before."""
        return self.units.get(self._now(name))

    def members(self, kind: str, name: str, department: str = "") -> list[PersonId]:
        """Active members, sorted by id: kind `dept`, `post` (optionally only within a
        department), or `group`. A department is found by a name that it had before, too."""
        name = self._now(name) if kind == "dept" else name
        department = self._now(department)
        found = self._members.get((kind, name), ())
        if kind == "post" and department:
            return [id for id in found if self.people[id].department == department]
        return list(found)

    def resolve_group(self, name: str) -> str:
        """What a bare group name is: `group`, `dept`, `post`, or `` if unknown."""
        if name in self.groups or ("group", name) in self._named:
            return "group"
        if name in self.units or ("dept", name) in self._named:
            return "dept"
        if ("post", name) in self._named or name in self.posts:
            return "post"
        return "dept" if name in self._former else ""

    def written(self, words: str) -> list[PersonId]:
        """The members of a group as diagrams write it: `dept:产品部`, `post:manager@产品部`,
        `group:x`, or bare: a group, else a department, else a post."""
        kind, colon, name = words.partition(":")
        if not colon or kind not in ("dept", "post", "group"):
            kind, name = self.resolve_group(words), words
        post, _, department = name.partition("@")
        return self.members(kind, post if kind == "post" else name, department)

    def administrators(self) -> list[PersonId]:
        """Active people of the role administrator, sorted."""
        return sorted(
            person.id
            for person in self.people.values()
            if person.active and person.role == "administrator"
        )

    def headed_by(self, person: str) -> tuple[str, ...]:
        """The names of the departments that a person heads, sorted; those that they had before
        too, under which requests were made."""
        heads = {name for name, unit in self.units.items() if unit.head == person}
        before = {old for old, name in self._former.items() if name in heads}
        return tuple(sorted(heads | before))

    def departments(self) -> list[str]:
        """The departments' names, for choosing from, sorted."""
        return sorted(self.units)

    def standing_in(self, person: str, process: str, at: datetime) -> PersonId | None:
        """Who stands in for a person in requests of a process at a time (T4)."""
        return standing_in(self.substitutions, person, process, at)

    def heir(self, person: str) -> PersonId | None:
        """To whom a person has handed over what he holds and what would come to him (T7)."""
        return self.heirs.get(person)

    def listed(self, which: str) -> list[tuple[PersonId, str]]:
        """Active people to choose from, (id, name): `` all, `dept:x`, `post:x`, `group:x`."""
        if not which:
            found = sorted(person.id for person in self.people.values() if person.active)
        else:
            kind, _, name = which.partition(":")
            post, _, department = name.partition("@")
            found = self.members(kind, post if kind == "post" else name, department)
        return [(id, self.people[id].name) for id in found]

    def _now(self, name: str) -> str:
        """What a department of this name is called now."""
        return name if name in self.units else self._former.get(name, name)

    @cached_property
    def _former(self) -> Mapping[str, str]:
        """Names that no department has any more -> what the one that had it is called now."""
        return {
            old: unit.name
            for unit in self.units.values()
            for old in unit.former
            if old not in self.units
        }

    @cached_property
    def _named(self) -> frozenset[tuple[str, str]]:
        return frozenset(key for person in self.people.values() for key in _places(person))

    @cached_property
    def _members(self) -> dict[tuple[str, str], tuple[PersonId, ...]]:
        found: dict[tuple[str, str], list[PersonId]] = {}
        for id in sorted(self.people):
            if self.people[id].active:
                for key in _places(self.people[id]):
                    found.setdefault(key, []).append(PersonId(id))
        return {key: tuple(people) for key, people in found.items()}


class Organisation:
    """The newest snapshot that this process has read."""

    def __init__(self) -> None:
        self._known: tuple[int, Snapshot] | None = None
        self.past: OrderedDict[tuple[int, int], Snapshot] = OrderedDict()
        """What storage.past has read lately: (revision, entry) -> the organisation after it."""

    def current(self, transaction: Transaction) -> Snapshot:
        """The organisation as this transaction sees it."""
        revision = revision_of(transaction)
        known = self._known
        if known is None or known[0] != revision:
            # Two threads that both read it anew do no harm: a tuple is replaced at once.
            known = self._known = (revision, read(transaction))
        return known[1]


def revision_of(transaction: Transaction) -> int:
    """The number that is another one with every change."""
    found = transaction.value("SELECT value FROM revisions WHERE name = ?", (REVISION,))
    return int(found or 0)


def touch(transaction: Transaction) -> None:
    """Say that the organisation has changed. A random number, since a counter's next value
    could be seen twice: by a change that is rolled back, and by the one after it."""
    transaction.execute(
        "INSERT INTO revisions (name, value) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (REVISION, randbits(60) + 1),
    )


def read(transaction: Transaction) -> Snapshot:
    """The organisation, from its tables."""
    return Snapshot(
        people={row[0]: person_of(row) for row in transaction.all(PEOPLE)},
        units={
            row[0]: Department(
                name=row[0],
                short=row[1],
                head=None if row[2] is None else PersonId(row[2]),
                deputy=None if row[3] is None else PersonId(row[3]),
                days=tuple(sorted(loads(row[4]).items())) if row[4] else (),
                name_en=row[5] or "",
                former=tuple(loads(row[6])) if row[6] else (),
            )
            for row in transaction.all(DEPARTMENTS)
        },
        groups=frozenset(row[0] for row in transaction.all(GROUPS)),
        substitutions=by_person(map(substitution_of, transaction.all(SUBSTITUTIONS))),
        heirs={row[0]: PersonId(row[1]) for row in transaction.all(HEIRS)},
        posts={row[0]: Post(id=row[0], name=row[1], name_en=row[2])
               for row in transaction.all(POSTS)},
    )  # fmt: skip


def substitution_of(row: tuple[object, ...]) -> Substitution:
    """The substitution of a row of `SUBSTITUTIONS`."""
    id, person, substitute, since, until, processes = row
    return Substitution(
        id=str(id),
        person=PersonId(str(person)),
        substitute=PersonId(str(substitute)),
        since=moment(int(str(since))),
        until=moment(int(str(until))),
        processes=tuple(loads(str(processes))),
    )


def person_of(row: tuple[object, ...]) -> Person:
    """The person of a row of `PEOPLE`."""
    id, name, department, posts, groups, superiors, email, active, role = row
    return Person(
        id=PersonId(str(id)),
        name=str(name),
        department=str(department),
        posts=tuple(loads(str(posts))),
        groups=tuple(loads(str(groups))),
        superiors=tuple(PersonId(each) for each in loads(str(superiors))),
        email=str(email),
        active=bool(active),
        role=str(role),  # type: ignore[arg-type]  # the table holds only what was checked
    )


def _places(person: Person) -> Iterable[tuple[str, str]]:
    if person.department:
        yield "dept", person.department
    for post in person.posts:
        yield "post", post
    for group in person.groups:
        yield "group", group
