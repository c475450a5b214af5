"""The organisation as the engine may ask about it; every answer is recorded with the command."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from engine.ids import PersonId

Role = Literal["", "owner", "auditor", "administrator"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One person of the organisation, as of now."""

    id: PersonId
    name: str
    department: str = ""
    posts: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    superiors: tuple[PersonId, ...] = ()
    email: str = ""
    active: bool = True
    role: Role = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """One department: its short name stands in serial numbers."""

    name: str
    short: str
    head: PersonId | None = None
    deputy: PersonId | None = None
    days: tuple[tuple[str, bool], ...] = ()
    """Its own calendar: single days (ISO) and whether they are worked, above the organisation's
    (X5)."""
    name_en: str = ""
    former: tuple[str, ...] = ()
    """Names that it had before: what was recorded under them is still its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What a post is called; nothing is decided by it."""

    id: str
    name: str
    name_en: str = ""


class Directory(Protocol):
    """Organisation look-ups. Unknown names give None or an empty list, never an error."""

    def person(self, id: str) -> Person | None:
        """The person with this sign-in id."""

    def department(self, name: str) -> Department | None:
        """The department of this name."""

    def members(self, kind: str, name: str, department: str = "") -> list[PersonId]:
        """Active members, sorted by id: kind `dept`, `post` (optionally only within a
        department), or `group`."""

    def resolve_group(self, name: str) -> str:
        """What a bare group name is: `group`, `dept`, `post`, or `` if unknown."""

    def administrators(self) -> list[PersonId]:
        """Active people of the role administrator: told when a process needs one. Decides
        nothing, so it is not recorded."""

    def departments(self) -> list[str]:
        """The departments' names, for choosing from."""

    def standing_in(self, person: str, process: str, at: datetime) -> PersonId | None:
        """Who stands in for a person in requests of a process at a time (T4)."""

    def heir(self, person: str) -> PersonId | None:
        """To whom a person has handed over what he holds and what would come to him (T7)."""

    def listed(self, which: str) -> list[tuple[PersonId, str]]:
        """Active people to choose from, (id, name): `` all, `dept:x`, `post:x`, `group:x`."""
