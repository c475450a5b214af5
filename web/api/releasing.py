"""Owners of processes, and what a second one has to release."""

from typing import Any, cast

from marshmallow import fields

from engine.refusals import Refused, Unknown
from storage import queries, releasing
from storage.moments import micros
from storage.queries.cursors import cursor as cursor_of
from storage.queries.cursors import key as key_of
from storage.reader import Reader
from storage.releasing import Proposal, State
from web import releasing as acts
from web.api import documents, who
from web.api.calls import call
from web.api.documents import Document
from web.api.schemas import Given, Names, OneOf, Paged, Text
from web.api.shapes import Ref, Shape
from web.api.working import Whole
from web.door import Door
from web.pages import here
from web.releasing import MOST_COMMENT

STATES = ("open", "released", "refused", "withdrawn")
_ENDINGS: tuple[tuple[str, State], ...] = (
    ("release", "released"),
    ("refuse", "refused"),
    ("withdraw", "withdrawn"),
)


class ProposalsQuery(Paged):
    """Which proposals; all states where none is named."""

    state = OneOf(STATES, load_default="")


class Deciding(Given):
    """What is said to it, and the version of the proposal that was read."""

    comment = Text(MOST_COMMENT, load_default="")
    version = Text(64, load_default="")


class Owning(Given):
    """Whose process it is from now on."""

    owners = Names(single=False, required=True)
    comment = Text(MOST_COMMENT, load_default="")


class Ruling(Given):
    """How many people release a process: one or two."""

    people = Whole(1, releasing.TWO, required=True)
    comment = Text(MOST_COMMENT, load_default="")


class Fact(Shape):
    """A property before and after; empty where there was none."""

    name = fields.String(required=True)
    old = fields.String(required=True)
    new = fields.String(required=True)


class Difference(Shape):
    """One element or file: `added`, `removed` or `changed`."""

    kind = fields.String(required=True)
    file = fields.String(required=True)
    element = fields.String(required=True)
    type = fields.String(required=True)
    name = fields.String(required=True)
    facts = fields.List(fields.Nested(Fact), required=True)


class Compared(Shape):
    """What a proposed version changes of one process; `base` is "" for a new one."""

    process = fields.String(required=True)
    base = fields.String(required=True)
    digest = fields.String(required=True)
    differences = fields.List(fields.Nested(Difference), required=True)


class ProposalShape(Shape):
    """What one owner wants. `kind`: `version`, `owners`, `rule`; `state`: `open`, `released`,
    `refused`, `withdrawn`."""

    id = fields.String(required=True)
    version = fields.String(required=True)
    kind = fields.String(required=True)
    processes = fields.List(fields.String(), required=True)
    comment = fields.String(required=True)
    by = fields.Nested(Ref, required=True)
    at = fields.String(required=True)
    state = fields.String(required=True)
    decided_by = fields.Nested(Ref, required=True, allow_none=True)
    decided_at = fields.String(required=True, allow_none=True)
    said = fields.String(required=True)
    owners = fields.List(fields.Nested(Ref), required=True)
    """Of kind `owners`: who they would be."""
    people = fields.Integer(required=True, strict=True, allow_none=True)
    """Of kind `rule`."""


class ProposalRead(ProposalShape):
    """One proposal, with what it changes, and what the caller may do with it."""

    compared = fields.List(fields.Nested(Compared), required=True)
    can = fields.Dict(keys=fields.String(), required=True)
    why_not = fields.Dict(keys=fields.String(), required=True)


class Proposals(Shape):
    """Proposals, the latest first."""

    items = fields.List(fields.Nested(ProposalShape), required=True)
    next = fields.String(required=True, allow_none=True)


class Owned(Shape):
    """Whose process it is, how many people release it, and the proposal that this call made."""

    process = fields.String(required=True)
    owners = fields.List(fields.Nested(Ref), required=True)
    people = fields.Integer(required=True, strict=True)
    proposal = fields.String(required=True, allow_none=True)


@call("GET", "/proposals", query=ProposalsQuery, answer=Proposals)
def list_proposals(asked: dict[str, Any]) -> Document:
    """What waits, or waited, for a second owner of my processes.

    Auditors and administrators see everybody's.
    """
    everybody = who.viewer().role in ("auditor", "administrator")
    limit = asked["limit"]
    with here.reading() as reader:
        found = releasing.of(
            reader,
            owner=None if everybody else here.me().id,
            state=asked["state"],
            after=key_of(asked["cursor"], (int, str)) if asked["cursor"] is not None else (),
            limit=limit + 1,
        )
        names = queries.Names(reader)
        items = [_proposal(each, names) for each in found[:limit]]
    last = found[limit - 1] if len(found) > limit else None
    return {
        "items": items,
        "next": None if last is None else cursor_of([micros(last.made_at), last.id]),
    }


@call("GET", "/proposals/<id>", answer=ProposalRead)
def read_proposal(id: str) -> Document:
    """One proposal: element by element what it changes."""
    with here.reading() as reader:
        return _read(reader, _known(reader, id))


@call("GET", "/processes/<key>/owners", answer=Owned)
def read_owners(key: str) -> Document:
    """Whose process it is, and how many people release it."""
    with here.reading() as reader:
        return _owned(reader, key, None)


def _who_may_name(key: str) -> None:
    with here.reading() as reader:
        acts.check_owner(reader, key, here.me(), administrators=True)


def _who_may_rule(key: str) -> None:
    with here.reading() as reader:
        acts.check_owner(reader, key, here.me())


@call("PUT", "/processes/<key>/owners", body=Owning, answer=Owned, first=_who_may_name)
def change_owners(key: str, given: dict[str, Any]) -> tuple[Document, int]:
    """Name the owners: one of them, or an administrator with a reason.

    202: a second owner has to release it.
    """
    made = acts.change_owners(
        _door(),
        here.me(),
        who.actor(override=who.administers()),
        key,
        given["owners"],
        given["comment"],
    )
    return _changed(key, made)


@call("PUT", "/processes/<key>/release", body=Ruling, answer=Owned, first=_who_may_rule)
def change_release(key: str, given: dict[str, Any]) -> tuple[Document, int]:
    """Say how many people release it: two at once; one again if a second owner agrees (202)."""
    made = acts.change_rule(_door(), here.me(), who.actor(), key, given["people"], given["comment"])
    return _changed(key, made)


def _ending(verb: str, state: State) -> None:
    """A call that decides about a proposal."""

    def first(id: str) -> None:
        with here.reading() as reader:
            no = acts.refusal(reader, _known(reader, id), here.me(), state)
        if no is not None:
            raise no

    def decide(id: str, given: dict[str, Any]) -> Document:
        acts.decide(
            _door(),
            here.me(),
            who.actor(),
            id,
            state,
            given["comment"],
            seen=given["version"],
        )
        with here.reading() as reader:
            return _read(reader, _known(reader, id))

    decide.__name__ = f"{verb}_proposal"
    decide.__doc__ = _SAID[verb]
    call("POST", f"/proposals/<id>/{verb}", body=Deciding, answer=ProposalRead, first=first)(decide)


_SAID = {
    "release": "It takes effect: another owner than who proposed it has read it.",
    "refuse": "It does not take effect, with a reason.",
    "withdraw": "Whoever proposed it takes it back.",
}
for _verb, _state in _ENDINGS:
    _ending(_verb, _state)


def _door() -> Door:
    return cast(Door, here.system())


def _known(reader: Reader, id: str) -> Proposal:
    found = releasing.one(reader, id)
    if found is None or not acts.may_see(reader, found, here.me()):
        raise Unknown()
    return found


def _changed(key: str, made: Proposal | None) -> tuple[Document, int]:
    with here.reading() as reader:
        return _owned(reader, key, made), 200 if made is None else 202


def _owned(reader: Reader, key: str, made: Proposal | None) -> Document:
    if not releasing.latest(reader, key):
        raise Unknown()
    names = queries.Names(reader)
    return {
        "process": key,
        "owners": [documents.person(names.person(each)) for each in queries.owners(reader, key)],
        "people": releasing.TWO if releasing.wants_two(reader, [key]) else 1,
        "proposal": None if made is None else made.id,
    }


def _proposal(each: Proposal, names: queries.Names) -> Document:
    def called(id: str | None) -> Document | None:
        return documents.person(names.person(id)) if id else None

    return {
        "id": each.id,
        "version": acts.version_of(each),
        "kind": each.kind,
        "processes": list(each.processes),
        "comment": each.comment,
        "by": called(each.made_by),
        "at": documents.moment(each.made_at),
        "state": each.state,
        "decided_by": called(each.decided_by),
        "decided_at": documents.moment(each.decided_at),
        "said": each.said,
        "owners": [called(id) for id in each.what.get("owners", ())],
        "people": each.what.get("people"),
    }


def _read(reader: Reader, found: Proposal) -> Document:
    refusals = _refusals(reader, found)
    return {
        **_proposal(found, queries.Names(reader)),
        "compared": [
            {
                "process": each.process,
                "base": each.base,
                "digest": each.digest,
                "differences": [_difference(one) for one in each.differences],
            }
            for each in acts.compared(reader, found)
        ],
        "can": {verb: no is None for verb, no in refusals.items()},
        "why_not": documents.why_not({v: no for v, no in refusals.items() if no is not None}),
    }


def _refusals(reader: Reader, found: Proposal) -> dict[str, Refused | None]:
    me = here.me()
    return {verb: acts.refusal(reader, found, me, state) for verb, state in _ENDINGS}


def _difference(each: Any) -> Document:
    return {
        "kind": each.kind,
        "file": each.file,
        "element": each.element,
        "type": each.type,
        "name": each.name,
        "facts": [{"name": f.name, "old": f.old, "new": f.new} for f in each.facts],
    }
