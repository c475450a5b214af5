"""What the organisation's calls take and answer with: in the words of the organisation file."""

from marshmallow import fields

from storage.organisation_files import LONGEST
from web.api.schemas import Flag, Given, Names, OneOf, Paged, Text
from web.api.shapes import Ref, Shape
from web.organising.listing import STATES

MOST = 2 * LONGEST
MOST_PEOPLE = 10_000
MOST_DAYS = 1_000


class PersonGiven(Given):
    """What is said of a person; what is left out stays as it is."""

    id = Text(MOST)
    name = Text(MOST)
    department = Text(MOST)
    posts = Names(single=False)
    groups = Names(single=False)
    superior = Names()
    email = Text(MOST)
    active = Flag()
    role = Text(MOST)


class DepartmentGiven(Given):
    """What is said of a department; another `name` renames it."""

    name = Text(MOST)
    name_en = Text(MOST)
    short = Text(MOST)
    head = Text(MOST)
    deputy = Text(MOST)
    worked = Names(MOST_DAYS, single=False)
    free = Names(MOST_DAYS, single=False)


class PostGiven(Given):
    """What a post is called, and who holds it."""

    id = Text(MOST)
    name = Text(MOST)
    name_en = Text(MOST)
    members = Names(MOST_PEOPLE, single=False)


class GroupGiven(Given):
    """A group, and who is in it."""

    name = Text(MOST)
    members = Names(MOST_PEOPLE, single=False)


class LeavingGiven(Given):
    """Who takes over, and why."""

    to = Text(MOST, load_default="")
    comment = Text(1_000, load_default="")


class AtQuery(Given):
    """As of when: a date or a moment; without it, now."""

    at = Text(40, load_default="")


class OrganisationPeopleQuery(Paged):
    """Which people."""

    q = Text(MOST, load_default="")
    department = Text(MOST, load_default="")
    post = Text(MOST, load_default="")
    group = Text(MOST, load_default="")
    role = OneOf(("", "none", "owner", "auditor", "administrator"), load_default="")
    state = OneOf(STATES, load_default="active")


class ChangesQuery(Paged):
    """Changes of what: everything, one table, or one person, department, post or group."""

    kind = OneOf(("", "people", "departments", "posts", "groups"), load_default="")
    subject = Text(MOST, load_default="")


class PersonRow(Shape):
    """A person; without `email` for who need not know it. `account`: `ready`, `once` (he has to
    change his password), `none`, `disabled`; only told to those who keep or watch."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    department = fields.String(required=True)
    posts = fields.List(fields.String(), required=True)
    groups = fields.List(fields.String(), required=True)
    superior = fields.List(fields.String(), required=True)
    email = fields.String()
    active = fields.Boolean(required=True)
    role = fields.String(required=True)
    account = fields.String()
    version = fields.String()
    warnings = fields.List(fields.String())


class PeopleRows(Shape):
    """People."""

    items = fields.List(fields.Nested(PersonRow), required=True)
    next = fields.String(required=True, allow_none=True)


class DepartmentRow(Shape):
    """A department."""

    name = fields.String(required=True)
    name_en = fields.String(required=True)
    short = fields.String(required=True)
    head = fields.String(required=True)
    deputy = fields.String(required=True)
    worked = fields.List(fields.String(), required=True)
    free = fields.List(fields.String(), required=True)
    members = fields.List(fields.String(), required=True)
    version = fields.String()
    warnings = fields.List(fields.String())


class DepartmentRows(Shape):
    """Departments."""

    items = fields.List(fields.Nested(DepartmentRow), required=True)
    next = fields.String(required=True, allow_none=True)


class PostRow(Shape):
    """A post; one that nobody has named is called by its id."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    name_en = fields.String(required=True)
    members = fields.List(fields.String(), required=True)
    version = fields.String()
    warnings = fields.List(fields.String())


class PostRows(Shape):
    """Posts."""

    items = fields.List(fields.Nested(PostRow), required=True)
    next = fields.String(required=True, allow_none=True)


class GroupRow(Shape):
    """A group."""

    name = fields.String(required=True)
    members = fields.List(fields.String(), required=True)
    version = fields.String()
    warnings = fields.List(fields.String())


class GroupRows(Shape):
    """Groups."""

    items = fields.List(fields.Nested(GroupRow), required=True)
    next = fields.String(required=True, allow_none=True)


class RemovedRow(Shape):
    """What was removed."""

    removed = fields.String(required=True)
    warnings = fields.List(fields.String(), required=True)


class StandingRow(Shape):
    """Who stands in for whom."""

    id = fields.String(required=True)
    person = fields.String(required=True)
    substitute = fields.String(required=True)
    since = fields.String(data_key="from", required=True)
    until = fields.String(required=True)
    processes = fields.List(fields.String(), required=True)


class HeirRow(Shape):
    """Who has handed over to whom."""

    person = fields.String(required=True)
    to = fields.String(required=True)


class OrganisationNow(Shape):
    """All of the organisation, as of a moment."""

    at = fields.String(required=True)
    people = fields.List(fields.Nested(PersonRow), required=True)
    departments = fields.List(fields.Nested(DepartmentRow), required=True)
    posts = fields.List(fields.Nested(PostRow), required=True)
    groups = fields.List(fields.Nested(GroupRow), required=True)
    substitutions = fields.List(fields.Nested(StandingRow), required=True)
    handovers = fields.List(fields.Nested(HeirRow), required=True)


class FieldChange(Shape):
    """One field, before and after."""

    field = fields.String(required=True)
    old = fields.Raw(required=True, allow_none=True)
    new = fields.Raw(required=True, allow_none=True)


class OrganisationChange(Shape):
    """One change of the organisation: an entry of the system chain."""

    seq = fields.Integer(required=True, strict=True)
    at = fields.String(required=True)
    verb = fields.String(required=True)
    by = fields.Nested(Ref, required=True)
    via = fields.String(required=True)
    subject = fields.String(required=True)
    new = fields.Boolean(required=True)
    changes = fields.List(fields.Nested(FieldChange), required=True)
    about = fields.Dict(keys=fields.String(), required=True)
    comment = fields.String(required=True)


class OrganisationChanges(Shape):
    """Changes, the latest first."""

    items = fields.List(fields.Nested(OrganisationChange), required=True)
    next = fields.String(required=True, allow_none=True)


class LeavingPreview(Shape):
    """What would move and what would be left when somebody leaves."""

    tasks = fields.List(fields.String(), required=True)
    substitutions = fields.Integer(required=True, strict=True)
    heads = fields.List(fields.String(), required=True)
    below = fields.List(fields.String(), required=True)
    requests = fields.Integer(required=True, strict=True)


class GivenPassword(Shape):
    """A password for once: it is told only here, and has to be changed."""

    password = fields.String(required=True)
