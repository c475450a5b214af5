"""Finding people in the organisation, as it is or as it was."""

from dataclasses import dataclass

from engine.people.directory import Person
from storage.organisation import Snapshot
from storage.queries.catalogue import has_words
from storage.search import fold
from web.organising.accounting import Accounts

STATES = ("active", "left", "no-superior", "no-sign-in", "all")
"""Which people: those who are here (and of these those without a superior, or who can't sign in),
those who have left, everybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which people."""

    q: str = ""
    department: str = ""
    post: str = ""
    group: str = ""
    role: str = ""
    """A role; `none`: those who have none."""
    state: str = "active"

    @property
    def narrowed(self) -> bool:
        """Whether this leaves anybody out who is active."""
        return self != Wanted()


def people(snapshot: Snapshot, wanted: Wanted, accounts: Accounts, *, mail: bool) -> list[Person]:
    """People, by id; `mail`: whether a part of an e-mail address finds its person, and not only
    all of it."""
    words = fold(wanted.q)
    everybody = (snapshot.people[id] for id in sorted(snapshot.people))
    return [
        person
        for person in everybody
        if _is(person, wanted, accounts) and has_words(person, words, mail=mail)
    ]


def _is(person: Person, wanted: Wanted, accounts: Accounts) -> bool:
    return (
        (not wanted.department or person.department == wanted.department)
        and (not wanted.post or wanted.post in person.posts)
        and (not wanted.group or wanted.group in person.groups)
        and (not wanted.role or person.role == ("" if wanted.role == "none" else wanted.role))
        and _in_state(person, wanted.state, accounts)
    )


def _in_state(person: Person, state: str, accounts: Accounts) -> bool:
    match state:
        case "all":
            return True
        case "left":
            return not person.active
        case "no-superior":
            return person.active and not person.superiors
        case "no-sign-in":
            return person.active and accounts.state(person.id) in ("none", "disabled")
    return person.active
