"""Putting a task off: it leaves its holder's list until a time; what is due stays due."""

from datetime import datetime
from typing import Any

from marshmallow import ValidationError, fields

from engine.refusals import Changed
from forms import Message
from storage import queries, snoozing
from web.api import bodies, shapes
from web.api.calls import call
from web.api.documents import Document
from web.api.schemas import Given
from web.api.state import known_task, may, request_document, task_document
from web.api.wrong import Wrong
from web.pages import here

NOT_MOMENT = Message(
    "应为带时区的日期时间，如 2026-11-05T09:00:00+08:00,或 null",
    "Expected a date-time with its offset, such as 2026-11-05T09:00:00+08:00, or null",
)
NOT_LATER = Message("应晚于现在，且在一年之内", "It has to be later than now, and within a year")


class When(fields.Field[datetime | None]):
    """A moment with its offset; null: none."""

    def __init__(self, **kwargs: Any) -> None:
        words = {"type": ["string", "null"]}
        super().__init__(metadata=words, allow_none=True, **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> datetime:
        try:
            found = datetime.fromisoformat(value)
        except (TypeError, ValueError):
            raise ValidationError([NOT_MOMENT]) from None
        if found.tzinfo is None:
            raise ValidationError([NOT_MOMENT])
        return found


class Snoozing(Given):
    """Until when; null: show it again."""

    until = When(required=True)


@call("POST", "/tasks/<id>/snooze", body=Snoozing, answer=shapes.Done, verb=True,
      first=lambda id: _first(id))  # fmt: skip
def snooze_task(id: str, given: dict[str, Any]) -> Document:
    """Hide my task from my list `until` then, without stopping its deadline; null: show it."""
    _first(id)
    bodies.key()  # the same call again comes to the same
    _unchanged(id)
    until, now = given["until"], here.now()
    if until is not None and not snoozing.fits(until, now):
        raise Wrong(422, bodies.NOT_RIGHT, {"until": NOT_LATER})
    with here.system().database.write() as transaction:
        snoozing.put_off(transaction, id, here.me().id, until, now)
    with here.reading() as reader:
        request, _, _ = known_task(reader, id)
        return {"task": task_document(reader, id), "request": request_document(reader, request)}


def _unchanged(id: str) -> None:
    """Raise `Changed` where the call names a version that is not the task's now (K1)."""
    seen = bodies.version()
    with here.reading() as reader:
        row = queries.task(reader, id)
        if row is not None and seen not in (None, row.version):
            raise Changed(version=row.version, changed=[], task=row.id)


def _first(id: str) -> None:
    """Raise what comes before anything that is wrong with the call. That somebody who may not has
    tried is nothing to remember: it would have changed nothing of the request."""
    may("snooze", id)
