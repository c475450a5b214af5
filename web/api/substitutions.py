"""Who stands in for whom, and handovers of those who leave (T4, T7)."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from marshmallow import fields

from engine.refusals import NotYours, OnlyReads
from storage import handing_over, queries, standing_in
from storage.handing_over import Handover as KeptHandover
from storage.moments import micros
from storage.queries.cursors import cursor as cursor_of
from storage.queries.cursors import key as key_of
from storage.standing_in import Kept
from web import absences, staffing
from web.api import bodies, documents, who
from web.api.calls import call
from web.api.documents import Document
from web.api.schemas import Flag, Given, Names, Paged, Text
from web.api.shapes import Ref, Shape
from web.door import Door
from web.once import Once
from web.pages import here

MOST_ID = 200
MOST_MOMENT = 40


class Substituting(Given):
    """Who stands in, [from, until), for which processes (none: all); `person`: for whom, where an
    administrator makes it for another."""

    substitute = Text(MOST_ID, nothing=False, required=True)
    since = Text(MOST_MOMENT, data_key="from", load_default="")
    until = Text(MOST_MOMENT, nothing=False, required=True)
    processes = Names(single=False, load_default=list)
    person = Text(MOST_ID, load_default="")


class SubstitutionsQuery(Paged):
    """Mine; `all`: everybody's, for an administrator."""

    every = Flag(data_key="all", load_default=False)


class HandingOver(Given):
    """Who leaves, who takes over, and why."""

    person = Text(MOST_ID, nothing=False, required=True)
    to = Text(MOST_ID, nothing=False, required=True)
    comment = Text(absences.MOST_COMMENT, nothing=False, required=True)


class HandoverPreviewQuery(Given):
    """Who would leave."""

    person = Text(MOST_ID, nothing=False, required=True)


class Substitution(Shape):
    """One person stands in for another. `state`: `planned`, `running`, `over`, `cancelled`."""

    id = fields.String(required=True)
    person = fields.Nested(Ref, required=True)
    substitute = fields.Nested(Ref, required=True)
    since = fields.String(data_key="from", required=True)
    until = fields.String(required=True)
    processes = fields.List(fields.String(), required=True)
    state = fields.String(required=True)
    by = fields.Nested(Ref, required=True)
    at = fields.String(required=True)
    cancelled_at = fields.String(required=True, allow_none=True)


class Substitutions(Shape):
    """Substitutions, the latest first."""

    items = fields.List(fields.Nested(Substitution), required=True)
    next = fields.String(required=True, allow_none=True)


class MovedTask(Shape):
    """A task that moved, and to whom."""

    task = fields.String(required=True)
    request = fields.String(required=True)
    to = fields.Nested(Ref, required=True)


class MovedSubstitution(Shape):
    """A substitution that moved; `to` is null where it ended."""

    id = fields.String(required=True)
    person = fields.Nested(Ref, required=True)
    to = fields.Nested(Ref, required=True, allow_none=True)


class Handover(Shape):
    """What passed from one person to another, and when it was taken back."""

    id = fields.String(required=True)
    person = fields.Nested(Ref, required=True)
    to = fields.Nested(Ref, required=True)
    comment = fields.String(required=True)
    tasks = fields.List(fields.Nested(MovedTask), required=True)
    substitutions = fields.List(fields.Nested(MovedSubstitution), required=True)
    by = fields.Nested(Ref, required=True)
    at = fields.String(required=True)
    cancelled_at = fields.String(required=True, allow_none=True)


class Handovers(Shape):
    """Handovers, the latest first."""

    items = fields.List(fields.Nested(Handover), required=True)
    next = fields.String(required=True, allow_none=True)


class HandoverPreview(Shape):
    """What a handover would move now: ids of tasks and of substitutions."""

    tasks = fields.List(fields.String(), required=True)
    substitutions = fields.List(fields.String(), required=True)


@call("GET", "/substitutions", query=SubstitutionsQuery, answer=Substitutions)
def list_substitutions(asked: dict[str, Any]) -> Document:
    """Where I am absent or stand in; to an administrator, with `all`, everybody's."""
    with here.reading() as reader:
        names = queries.Names(reader)
        limit, after = asked["limit"], _after(asked)
        if asked["every"] and who.administers():
            found = standing_in.every(reader, limit=limit + 1, after=after)
        else:
            found = standing_in.of(reader, here.me().id, limit=limit + 1, after=after)
        items = [_substitution(each, names) for each in found[:limit]]
        return {"items": items, "next": _next(found, limit, lambda each: each.since)}


def _acts() -> None:
    """Raise what comes before a body that is not right."""
    if here.me().role == "auditor":
        raise OnlyReads()


@call(
    "POST",
    "/substitutions",
    body=Substituting,
    answer=Substitution,
    status=201,
    verb=True,
    first=_acts,
)
def make_substitution(given: dict[str, Any]) -> Document:
    """Have somebody stand in for me; an administrator also for another."""
    made = absences.substitute(
        _door(),
        here.me(),
        who.actor(override=_for_another(given["person"])),
        person=given["person"],
        to=given["substitute"],
        since=given["since"],
        until=given["until"],
        processes=given["processes"],
        once=_once(given),
    )
    with here.reading() as reader:
        return _substitution(made, queries.Names(reader))


@call("DELETE", "/substitutions/<id>", answer=Substitution)
def cancel_substitution(id: str) -> Document:
    """It ends now: open tasks are the absent person's alone again."""
    ended = absences.end(_door(), here.me(), who.actor(), id)
    with here.reading() as reader:
        return _substitution(ended, queries.Names(reader))


def _administrators_only() -> None:
    if not who.administers():
        raise NotYours()


def _who_may_hand_over() -> None:
    """Raise what comes before anything that is wrong with the call; it is an entry (R2)."""
    absences.may_administer(_door(), here.me(), who.actor(), "handover.made")


@call("GET", "/handovers", query=Paged, answer=Handovers, first=_administrators_only)
def list_handovers(asked: dict[str, Any]) -> Document:
    """What was handed over (an administrator)."""
    _administrators_only()
    with here.reading() as reader:
        names = queries.Names(reader)
        limit = asked["limit"]
        found = handing_over.every(reader, limit=limit + 1, after=_after(asked))
        items = [handover_document(each, names) for each in found[:limit]]
        return {"items": items, "next": _next(found, limit, lambda each: each.made_at)}


@call("GET", "/handovers/preview", query=HandoverPreviewQuery, answer=HandoverPreview,
      first=_administrators_only)  # fmt: skip
def preview_handover(asked: dict[str, Any]) -> Document:
    """What a handover of this person's would move now (an administrator)."""
    _administrators_only()
    with here.reading() as reader:
        tasks, found = staffing.would_move(reader, asked["person"], _door())
    return {"tasks": tasks, "substitutions": found}


@call("POST", "/handovers", body=HandingOver, answer=Handover, status=201, verb=True,
      first=_who_may_hand_over)  # fmt: skip
def make_handover(given: dict[str, Any]) -> Document:
    """Hand over everything of somebody who leaves, in one act (an administrator)."""
    made = absences.hand_over(
        _door(), here.me(), who.actor(override=True), **given, once=_once(given)
    )
    with here.reading() as reader:
        return handover_document(made, queries.Names(reader))


@call("DELETE", "/handovers/<id>", answer=Handover)
def cancel_handover(id: str) -> Document:
    """What would come to him comes to him again; what has moved stays (an administrator)."""
    ended = absences.take_back(_door(), here.me(), who.actor(override=True), id)
    with here.reading() as reader:
        return handover_document(ended, queries.Names(reader))


def _door() -> Door:
    door = here.system()
    assert isinstance(door, Door)
    return door


def _for_another(person: str) -> bool:
    return bool(person) and person != here.me().id


def _once(given: dict[str, Any]) -> Once:
    return Once(person=here.me().id, key=bodies.key(), body=bodies.call_digest(given))


def _after(asked: dict[str, Any]) -> list[Any]:
    return key_of(asked["cursor"], (int, str)) if asked["cursor"] is not None else []


def _next(found: Sequence[Any], limit: int, at: Callable[[Any], datetime]) -> str | None:
    """Where the next page begins, where there is more than one page holds."""
    if len(found) <= limit:
        return None
    last = found[limit - 1]
    return cursor_of([micros(at(last)), last.id])


def _substitution(each: Kept, names: queries.Names) -> Document:
    return {
        "id": each.id,
        "person": documents.person(names.person(each.person)),
        "substitute": documents.person(names.person(each.substitute)),
        "from": documents.moment(each.since),
        "until": documents.moment(each.until),
        "processes": list(each.processes),
        "state": each.state(here.now()),
        "by": documents.person(names.person(each.made_by)),
        "at": documents.moment(each.made_at),
        "cancelled_at": documents.moment(each.cancelled_at),
    }


def handover_document(each: KeptHandover, names: queries.Names) -> Document:
    """A handover, as the API tells it."""

    def called(id: str) -> Document | None:
        return documents.person(names.person(id)) if id else None

    return {
        "id": each.id,
        "person": called(each.person),
        "to": called(each.heir),
        "comment": each.comment,
        "tasks": [{**row, "to": called(row["to"])} for row in each.moved.get("tasks", ())],
        "substitutions": [
            {"id": row["id"], "person": called(row["person"]), "to": called(row["to"])}
            for row in each.moved.get("substitutions", ())
        ],
        "by": called(each.made_by),
        "at": documents.moment(each.made_at),
        "cancelled_at": documents.moment(each.cancelled_at),
    }
