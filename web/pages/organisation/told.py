"""The history of the organisation in words: who changed what, and when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import LazyString, lazy_gettext

from storage import past
from storage.past import Told
from storage.reader import Reader
from web.pages.organisation.common import Then, field_name, shown
from web.pages.wording import gettext

MOST = 50
VERBS: dict[str, LazyString] = {
    "person.changed": lazy_gettext("Person changed"),
    "department.changed": lazy_gettext("Department changed"),
    "department.renamed": lazy_gettext("Department renamed"),
    "department.removed": lazy_gettext("Department removed"),
    "post.changed": lazy_gettext("Post changed"),
    "post.removed": lazy_gettext("Post removed"),
    "group.changed": lazy_gettext("Group changed"),
    "group.removed": lazy_gettext("Group removed"),
    "substitution.made": lazy_gettext("Substitution made"),
    "substitution.cancelled": lazy_gettext("Substitution ended"),
    "handover.made": lazy_gettext("Handed over"),
    "handover.cancelled": lazy_gettext("Handover ended"),
    "user.disabled": lazy_gettext("Account disabled"),
    "user.enabled": lazy_gettext("Account opened again"),
    "password.changed": lazy_gettext("Password set"),
    "token.added": lazy_gettext("Token added"),
    "token.revoked": lazy_gettext("Token revoked"),
}
ADDED = {
    "person.changed": lazy_gettext("Person added"),
    "department.changed": lazy_gettext("Department added"),
    "post.changed": lazy_gettext("Post added"),
    "group.changed": lazy_gettext("Group added"),
}
TABLE_OF = {"person": "people", "department": "departments", "post": "posts", "group": "groups"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One change, as its reader is told of it."""

    seq: int
    at: datetime
    what: str
    by: str
    subject: str
    name: str
    table: str
    new: bool
    """Whether it is the beginning of it: there was nothing before."""
    fields: tuple[tuple[str, str, str], ...]
    more: str
    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Changes, the latest first, and where the next page begins."""

    lines: tuple[Line, ...]
    next: int | None


def history(
    reader: Reader, of: Then, *, table: str = "", key: str = "", before: int | None = None,
    most: int = MOST,
) -> Lines:  # fmt: skip
    """The changes of everything, of a table, or of one of its entries."""
    found = past.history(reader, table=table, key=key, before=before, limit=most + 1)
    lines = tuple(_line(each, of) for each in found[:most])
    return Lines(lines=lines, next=lines[-1].seq if len(found) > most else None)


def _line(each: Told, of: Then) -> Line:
    kind = each.verb.partition(".")[0]
    table = TABLE_OF.get(kind, "people")
    what = (ADDED if each.new else VERBS).get(each.verb, each.verb)
    return Line(
        seq=each.seq,
        at=each.at,
        what=str(what),
        by=each.by_name or _by(each.by, of),
        subject=each.subject,
        name=of.called_in(table, each.subject),
        table=table,
        new=each.new,
        fields=tuple(
            (field_name(table, field), shown(of, field, old), shown(of, field, new))
            for field, old, new in each.fields
            if not (each.new and field in ("id", "name"))
        ),
        more=_more(each, of),
        comment=each.comment,
    )


def _by(id: str, of: Then) -> str:
    return gettext("Command line") if id == "system:command line" else of.called(id)


def _more(each: Told, of: Then) -> str:
    about: dict[str, Any] = dict(each.about)
    if each.verb.startswith("substitution."):
        return f"{of.called(each.subject)} → {of.called(about.get('substitute', ''))}"
    if each.verb.startswith("handover."):
        return f"{of.called(each.subject)} → {of.called(about.get('heir', ''))}"
    if each.verb == "department.renamed":
        return gettext("people moved along: %(count)s", count=len(about.get("people", ())))
    return ""
