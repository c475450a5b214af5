"""Whom one can name for a place: people found by name, department or id, each with the reason where
he can't take it."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.case import Case
from engine.people import newcomers
from engine.people.directory import Person
from engine.refusals import Invalid, Refused
from engine.requests import Slot
from storage import queries
from storage.reader import Reader
from web.pages import here
from web.pages.formats import listed
from web.pages.names import Names

SHOWN = 12
"""How many people are offered at once; a search narrows them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody who may be named."""

    id: str
    name: str
    department: str
    posts: str
    chosen: bool
    why_not: str
    """Why he can't be; empty: he can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picker:
    """Who is offered, and for which words."""

    q: str
    single: bool
    people: tuple[Candidate, ...]
    more: bool
    """Whether there are more than are shown."""


def picker(
    reader: Reader,
    case: Case,
    slots: Sequence[Slot],
    chosen: Sequence[str],
    q: str,
    *,
    single: bool,
    votes: bool,
) -> Picker:
    """Those chosen already, then those found; without words those near to whoever looks."""
    organisation = reader.organisation.current(reader)
    names = Names(organisation)
    first = [person for id in chosen if (person := organisation.person(id)) is not None]
    found = queries.people(reader, q, SHOWN + 1) if q else _near(reader)
    rest = [person for person in found if person.id not in chosen]
    return Picker(
        q=q,
        single=single,
        people=tuple(
            Candidate(
                id=person.id,
                name=person.name,
                department=names.unit(person.department),
                posts=listed(names.post(each) for each in person.posts),
                chosen=person.id in chosen,
                why_not=_why_not(case, slots, person, votes=votes),
            )
            for person in [*first, *rest[:SHOWN]]
        ),
        more=len(rest) > SHOWN,
    )


def _near(reader: Reader) -> list[Person]:
    """Superiors and colleagues first, then everybody else."""
    me = here.me()
    everybody = queries.people(reader, "", 400)
    watching = ("auditor", "administrator")
    others = [p for p in everybody if p.id != me.id and p.role not in watching]
    return sorted(others, key=lambda p: (p.id not in me.superiors, p.department != me.department))


def _why_not(case: Case, slots: Sequence[Slot], person: Person, *, votes: bool) -> str:
    try:
        newcomers.check(case, slots, [person.id], votes=votes)
    except Invalid as invalid:
        said = invalid.errors.get("to")
        return said.said(here.locale()) if said is not None else ""
    except Refused as refused:
        return refused.sentence(here.locale())
    return ""
