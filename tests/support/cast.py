"""The people of the demo organisation, as stories call them, and the organisation they work in.

Read from the file that `countersign init --demo` imports, so that a test speaks of the people
whom a person meets who tries the demo.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from engine.ids import PersonId
from engine.people.directory import Department, Person
from engine.people.substitution import Substitution, by_person, standing_in

ORGANISATION = Path(__file__).parents[2] / "workflows" / "demo" / "organisation.yaml"

BUSINESS_OFFICER = PersonId("business.officer")
BUSINESS_MANAGER = PersonId("business.manager")
CARD_OFFICER = PersonId("card.officer")
CARD_MANAGER = PersonId("card.manager")
PRODUCT_MANAGER = PersonId("product.manager")
PRODUCT_DESIGNER = PersonId("product.designer")
TECH_MANAGER = PersonId("tech.manager")
TECH_LEAD = PersonId("tech.lead")
RISK_MANAGER = PersonId("risk.manager")
FINANCE_MANAGER = PersonId("finance.manager")
SERVICE_MANAGER = PersonId("service.manager")
OPERATIONS_MANAGER = PersonId("operations.manager")
OFFICE_MANAGER = PersonId("office.manager")
ARCHIVIST = PersonId("office.archivist")
DEPUTY = PersonId("deputy.gm")
OTHER_DEPUTY = PersonId("deputy.gm2")
GENERAL_MANAGER = PersonId("gm")
OWNER = PersonId("owner")
AUDITOR = PersonId("auditor")
ADMINISTRATOR = PersonId("admin")


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """An organisation in memory that answers as the engine's `Directory` asks."""

    people: Mapping[str, Person]
    departments: Mapping[str, Department]
    groups: frozenset[str] = frozenset()
    substitutions: list[Substitution] = field(default_factory=list)
    heirs: dict[str, str] = field(default_factory=dict)

    def person(self, id: str) -> Person | None:
        """The person with this sign-in id."""
        return self.people.get(id)

    def department(self, name: str) -> Department | None:
        """The department of this name."""
        return self.departments.get(name)

    def members(self, kind: str, name: str, department: str = "") -> list[PersonId]:
        """Active members of a `dept`, `post` (perhaps within a department) or `group`."""
        among = [one for one in self.people.values() if one.active]
        if department:
            among = [one for one in among if one.department == department]
        return sorted(one.id for one in among if name in _belongs(one, kind))

    def resolve_group(self, name: str) -> str:
        """What a bare name is: a group, else a department, else a post."""
        if name in self.groups:
            return "group"
        if name in self.departments:
            return "dept"
        return "post" if any(name in one.posts for one in self.people.values()) else ""

    def standing_in(self, person: str, process: str, at: datetime) -> PersonId | None:
        """Who stands in for a person now."""
        return standing_in(by_person(self.substitutions), person, process, at)

    def heir(self, person: str) -> PersonId | None:
        """To whom he has handed over."""
        found = self.heirs.get(person)
        return None if found is None else PersonId(found)

    def administrators(self) -> list[PersonId]:
        """Active people of the role administrator."""
        administrators = (one for one in self.people.values() if one.role == "administrator")
        return sorted(one.id for one in administrators if one.active)


def _belongs(person: Person, kind: str) -> tuple[str, ...]:
    """The departments, posts or groups of a person."""
    return {"dept": (person.department,), "post": person.posts, "group": person.groups}[kind]


@cache
def demo() -> Organisation:
    """The demo organisation."""
    written = yaml.safe_load(ORGANISATION.read_text())
    people = [_person(one) for one in written["people"]]
    return Organisation(
        people={one.id: one for one in people},
        departments={one["name"]: Department(**one) for one in written["departments"]},
        groups=frozenset(one["name"] for one in written["groups"]),
    )


def _person(written: Mapping[str, Any]) -> Person:
    superiors = written.get("superior", [])
    return Person(
        id=PersonId(written["id"]),
        name=written["name"],
        department=written.get("department", ""),
        posts=tuple(written.get("posts", ())),
        groups=tuple(written.get("groups", ())),
        superiors=tuple(_ids([superiors] if isinstance(superiors, str) else superiors)),
        email=written.get("email", ""),
        active=written.get("active", True),
        role=written.get("role", ""),
    )


def _ids(names: Iterable[str]) -> Iterable[PersonId]:
    return (PersonId(name) for name in names)
