"""What the organisation's pages share: who may see what, as of when, and how it is called."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask_babel import lazy_gettext
from werkzeug.exceptions import UnprocessableEntity

from engine.people.directory import Person
from storage import past
from storage.organisation import Snapshot
from storage.reader import Reader
from web.absences import moment_of
from web.door import Door
from web.organising import Desk
from web.pages import here, words
from web.pages.formats import listed
from web.pages.names import Names
from web.pages.wording import gettext

blueprint = Blueprint("organisation", __name__)

WATCHING = ("auditor", "administrator")
TABLES = ("departments", "posts", "groups")
TABLE_WORDS = {
    "people": lazy_gettext("People"),
    "departments": lazy_gettext("Departments"),
    "posts": lazy_gettext("Posts"),
    "groups": lazy_gettext("Groups"),
}
FIELDS = {
    "id": lazy_gettext("Id"),
    "name": lazy_gettext("Name"),
    "name_en": lazy_gettext("English name"),
    "short": lazy_gettext("Short name"),
    "head": lazy_gettext("Head"),
    "deputy": lazy_gettext("Deputy"),
    "worked": lazy_gettext("Days worked besides"),
    "free": lazy_gettext("Days free besides"),
    "department": lazy_gettext("Department"),
    "posts": lazy_gettext("Posts"),
    "groups": lazy_gettext("Groups"),
    "superior": lazy_gettext("Superiors"),
    "email": lazy_gettext("E-mail"),
    "active": lazy_gettext("Active"),
    "role": lazy_gettext("Role"),
    "members": lazy_gettext("Who is in it"),
}
"""What the columns of the organisation are called."""
FULL_NAME = lazy_gettext("Full name")


def field_name(table: str, column: str) -> str:
    """What a column of a table is called: a department has no first name."""
    if column == "name" and table != "people":
        return str(FULL_NAME)
    return str(FIELDS.get(column, column))


def watches() -> bool:
    """Whether whoever looks may see all of it, its past too."""
    return here.me().role in WATCHING


def administers() -> bool:
    """Whether whoever looks keeps it."""
    return here.me().role == "administrator"


def administrators_only() -> None:
    """403 for everybody else."""
    if not administers():
        abort(403)


def watchers_only() -> None:
    """403 for everybody else."""
    if not watches():
        abort(403)


def desk() -> Desk:
    """Where whoever asks sits."""
    door = here.system()
    assert isinstance(door, Door)
    return Desk(door=door, me=here.me(), by=here.actor())


@dataclass(frozen=True, slots=True, kw_only=True)
class Then:
    """The organisation that a page shows: as of now, or of a moment of the past."""

    snapshot: Snapshot
    at: datetime
    typed: str = ""
    """The moment as the address has it; empty: now."""

    @property
    def is_past(self) -> bool:
        """Whether it is not that of now."""
        return bool(self.typed)

    @property
    def kept(self) -> dict[str, str]:
        """What addresses within the same moment carry on."""
        return {"at": self.typed} if self.typed else {}

    def called(self, id: object) -> str:
        """A person's name as it was then."""
        return Names(self.snapshot).of(id)

    def unit(self, name: str) -> str:
        """A department's name in the page's language."""
        return Names(self.snapshot).unit(name)

    def post(self, id: str) -> str:
        """What a post is called in the page's language; its id where it has no name."""
        return Names(self.snapshot).post(id)

    def posts(self, person: Person) -> str:
        """A person's posts by name."""
        return listed(self.post(each) for each in person.posts)

    def inside(self, table: str, key: str) -> list[Person]:
        """Who is in a department or group or holds a post: active people first, by id."""
        column = {"departments": "department"}.get(table, table)
        found = [
            person
            for person in self.snapshot.people.values()
            if (
                person.department == key
                if column == "department"
                else key in getattr(person, column)
            )
        ]
        return sorted(found, key=lambda person: (not person.active, person.id))

    def called_in(self, table: str, key: str) -> str:
        """What something is called in the page's language."""
        match table:
            case "people":
                return self.called(key)
            case "departments":
                return self.unit(key)
            case "posts":
                return self.post(key)
        return key


def then(reader: Reader) -> Then:
    """The organisation that the address asks for. 403 for whoever may not see the past; 422 for
    what is no moment."""
    typed = request.args.get("at", "").strip()[:40]
    if not typed:
        return Then(snapshot=reader.organisation.current(reader), at=here.now())
    watchers_only()
    at = moment_of(typed, here.zone())
    if at is None:
        raise UnprocessableEntity(gettext("This is no date or moment: %(typed)s", typed=typed))
    return Then(snapshot=past.as_of(reader, at), at=at, typed=typed)


def page(template: str, of: Then, **values: Any) -> str:
    """A page of the organisation, with what its frame needs."""
    kept = dict(request.view_args or {})
    return render_template(
        f"organisation/{template}",
        then=of,
        administers=administers() and not of.is_past,
        watches=watches(),
        typed_at=_typed_at(of),
        now_address=url_for(request.endpoint or "organisation.people", **kept),
        FIELDS=FIELDS,
        FULL_NAME=FULL_NAME,
        TABLE_WORDS=TABLE_WORDS,
        **values,
    )


def _typed_at(of: Then) -> str:
    """The moment as a field for moments takes it."""
    return of.at.astimezone(here.zone()).strftime("%Y-%m-%dT%H:%M") if of.is_past else ""


def people_to_choose(snapshot: Snapshot, *also: str) -> list[tuple[str, str]]:
    """Active people and those named already, (id, name)."""
    found: dict[str, str] = dict(snapshot.listed(""))
    found |= {id: snapshot.people[id].name for id in also if id in snapshot.people}
    return sorted(found.items())


def shown(of: Then, column: str, value: Any) -> str:
    """A column's value as people read it."""
    if value is None or value in ("", []):
        return "–"
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    match column:
        case "role":
            return str(words.ROLE.get(str(value), value))
        case "department":
            return of.unit(str(value))
        case "head" | "deputy":
            return of.called(value)
        case "superior" | "members":
            return listed(of.called(each) for each in _listed(value))
        case "posts":
            return listed(of.post(str(each)) for each in _listed(value))
    return listed(_listed(value))


def _listed(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list | tuple) else [value]


def differences(
    of: Then, table: str, changed: Iterable[Mapping[str, Any]]
) -> list[tuple[str, str, str]]:
    """(field, before, now) of what somebody else has changed."""
    return [
        (
            field_name(table, each["field"]),
            shown(of, each["field"], each["old"]),
            shown(of, each["field"], each["new"]),
        )
        for each in changed
    ]
