"""What auditors search: entries of every chain, by words, people, verbs, times and signs."""

from typing import Any

from marshmallow import ValidationError, fields

from forms import Message
from storage import finding
from storage.queries import Page
from web import finding as shared
from web.api import documents, who
from web.api.calls import call
from web.api.documents import Document
from web.api.schemas import Flag, OneOf, Paged, Text
from web.api.shapes import Ref, Shape
from web.finding import Told, may_ask, moment_of, told
from web.pages import here

OUTCOMES = ("done", "refused", "failed")
NOT_TIME = Message(
    "应为日期，或带时区的日期时间，如 2026-11-05 或 2026-11-05T09:00:00+08:00",
    "Expected a date, or a date-time with its offset, such as 2026-11-05 or"
    " 2026-11-05T09:00:00+08:00",
)


class Time(Text):
    """A date, or a date-time with its offset."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(40, load_default="", **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            moment_of(text, here.zone())
        except ValueError:
            raise ValidationError([NOT_TIME]) from None
        return text


class EntriesQuery(Paged):
    """Which entries; all that is given has to hold. `since` and `until`: a date counts from its
    beginning and to its end. `kind`: a saved question."""

    q = Text(200, load_default="")
    number = Text(200, load_default="")
    person = Text(200, load_default="")
    verb = Text(100, load_default="")
    process = Text(200, load_default="")
    outcome = OneOf(OUTCOMES, load_default="")
    override = Flag(load_default=False)
    substitution = Flag(load_default=False)
    kind = OneOf(finding.KINDS, load_default="")
    request = Text(100, load_default="")
    node = Text(200, load_default="")
    department = Text(200, load_default="")
    since = Time()
    until = Time()
    sort = OneOf(("newest", "oldest"), load_default="newest")


class AboutRequest(Shape):
    """The request that an entry is part of or about."""

    id = fields.String(required=True)
    number = fields.String(required=True, allow_none=True)
    title = fields.String(required=True)


class EntryRefusal(Shape):
    """Why an attempt was refused."""

    reason = fields.String(required=True)
    sentence = fields.String(required=True)


class FoundEntry(Shape):
    """An entry. `chain` is the request's id, or `system`."""

    chain = fields.String(required=True)
    seq = fields.Integer(required=True, strict=True)
    at = fields.String(required=True)
    verb = fields.String(required=True)
    outcome = fields.String(required=True)
    kinds = fields.List(fields.String(), required=True)
    actor = fields.Nested(Ref, required=True)
    on_behalf_of = fields.Nested(Ref, required=True, allow_none=True)
    subject = fields.Nested(Ref, required=True, allow_none=True)
    override = fields.Boolean(required=True)
    request = fields.Nested(AboutRequest, required=True, allow_none=True)
    requests = fields.Integer(required=True, strict=True)
    process = fields.String(required=True, allow_none=True)
    node = fields.Nested(Ref, required=True, allow_none=True)
    department = fields.String(required=True, allow_none=True)
    comment = fields.String(required=True, allow_none=True)
    refusal = fields.Nested(EntryRefusal, required=True, allow_none=True)
    what = fields.String(required=True, allow_none=True)


class HowFar(Shape):
    """How far the index has come: the time of its last entry, and whether there are newer ones."""

    until = fields.String(required=True, allow_none=True)
    behind = fields.Boolean(required=True)


class FoundEntries(Shape):
    """Entries, and how far the index has come."""

    items = fields.List(fields.Nested(FoundEntry), required=True)
    next = fields.String(required=True, allow_none=True)
    indexed = fields.Nested(HowFar, required=True)


def _first() -> None:
    with here.reading() as reader:
        may_ask(reader, who.viewer())


@call("GET", "/entries", query=EntriesQuery, answer=FoundEntries, first=_first)
def list_entries(asked: dict[str, Any]) -> Document:
    """Entries of every chain, to auditors; to owners those of their processes.

    Of the system chain an owner finds his processes' deployments, and never who watches."""
    with here.reading() as reader:
        owned = may_ask(reader, who.viewer())
        found = finding.entries(
            reader,
            _question(asked, owned),
            sort=asked["sort"],
            cursor=asked["cursor"],
            limit=asked["limit"],
        )
        page: Page[Told] = Page(items=tuple(told(reader, found.items)), next=found.next)
        far = finding.indexed(reader)
    return {
        **documents.page(page, [_document(each) for each in page.items]),
        "indexed": {"until": documents.moment(far.until), "behind": far.behind},
    }


def _question(asked: dict[str, Any], owned: tuple[str, ...] | None) -> finding.Asked:
    flags = [name for name in ("override", "substitution") if asked[name]]
    kinds = dict.fromkeys([*flags, *([asked["kind"]] if asked["kind"] else [])])
    names = ("q", "number", "person", "verb", "process", "outcome", "request", "node", "department")
    return finding.Asked(
        **{name: asked[name] for name in names},
        kinds=tuple(kinds),
        since=moment_of(asked["since"], here.zone()),
        until=moment_of(asked["until"], here.zone(), end=True),
        owned=owned,
    )


def _document(each: shared.Told) -> Document:
    about = each.request
    refusal = each.refusal
    return {
        "chain": each.chain,
        "seq": each.seq,
        "at": documents.moment(each.at),
        "verb": each.verb,
        "outcome": each.outcome,
        "kinds": list(each.kinds),
        "actor": _ref(each.actor),
        "on_behalf_of": _ref(each.on_behalf_of),
        "subject": _ref(each.subject),
        "override": "override" in each.kinds,
        "request": about and {"id": about.id, "number": about.number or None, "title": about.title},
        "requests": each.requests,
        "process": each.process or None,
        "node": _ref(each.node),
        "department": each.department or None,
        "comment": each.comment or None,
        "refusal": refusal and {"reason": refusal[0], "sentence": refusal[1]},
        "what": each.what or None,
    }


def _ref(pair: tuple[str, str] | None) -> Document | None:
    return None if pair is None else {"id": pair[0], "name": pair[1]}
