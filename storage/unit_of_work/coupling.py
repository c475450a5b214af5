"""What reaches beyond one command: timers, links between requests, counters, drafts of tasks."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from engine.ids import PersonId, RequestId
from engine.requests import Timer
from engine.unit_of_work import Link
from storage.moments import micros, moment
from storage.packing import pack, unpack
from storage.unit_of_work.base import Base

_TIMERS = (
    "SELECT request, key, due, remaining, every, attached_to FROM timers WHERE request = ?"
    " ORDER BY due, key"
)
_PUT_TIMER = (
    "INSERT INTO timers (request, key, due, remaining, every, attached_to, not_before)"
    " VALUES (?, ?, ?, ?, ?, ?, 0) ON CONFLICT (request, key) DO UPDATE SET due = excluded.due,"
    " remaining = excluded.remaining, every = excluded.every, attached_to = excluded.attached_to,"
    " not_before = 0"
)
_DUE = (
    "SELECT request, key, due, remaining, every, attached_to FROM timers"
    " WHERE due <= ? AND not_before <= ? ORDER BY due, request, key LIMIT ?"
)
_REMOVE_TIMER = "DELETE FROM timers WHERE request = ? AND key = ?"
_DROP_LINKS = "DELETE FROM links WHERE source = ?"
_ADD_LINK = "INSERT INTO links (source, field, target) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
_LINKED = (
    "SELECT l.source, l.field, l.target FROM links l JOIN requests r ON r.id = l.source"
    " WHERE l.target = ? AND r.status <> 'draft' ORDER BY r.submitted_at, r.place, l.field"
)
_NEXT = (
    "INSERT INTO counters (name, value) VALUES (?, 1)"
    " ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value"
)
_DRAFT = "SELECT answers FROM drafts WHERE request = ? AND ordinal = ? ORDER BY at DESC LIMIT 1"
_DROP_DRAFT = "DELETE FROM drafts WHERE request = ? AND ordinal = ?"
_KEEP_DRAFT = (
    "INSERT INTO drafts (request, ordinal, person, answers, at) VALUES (?, ?, ?, ?, ?)"
    " ON CONFLICT (request, ordinal, person) DO UPDATE SET answers = excluded.answers,"
    " at = excluded.at"
)


PUT_OFF = timedelta(minutes=1)
"""How long a timer that can't be fired is left alone."""


class Coupling(Base):
    """Timers, links, numbers and drafts."""

    def timers(self, request: RequestId) -> list[Timer]:
        """What is due some time, the earliest first."""
        return [timer_of(row) for row in self._transaction.all(_TIMERS, (request,))]

    def put_timer(self, timer: Timer) -> None:
        """Adds, or replaces the one of the same key."""
        self._transaction.execute(
            _PUT_TIMER,
            (
                timer.request,
                timer.key,
                micros(timer.due),
                timer.left,
                timer.every,
                timer.attached_to,
            ),
        )

    def remove_timers(self, request: RequestId, keys: Sequence[str]) -> None:
        """They have fired, or are no longer wanted."""
        self._transaction.many(_REMOVE_TIMER, [(request, key) for key in keys])

    def due_timers(self, now: datetime, limit: int) -> list[Timer]:
        """What is due by `now` and not put off, in order of due time, at most `limit`. On
        PostgreSQL those that another command is just firing are left out."""
        sql = _DUE if self._dialect == "sqlite" else f"{_DUE} FOR UPDATE SKIP LOCKED"
        at = micros(now)
        return [timer_of(row) for row in self._transaction.all(sql, (at, at, limit))]

    def put_off(self, timer: Timer, now: datetime) -> None:
        """Leave a timer that could not be fired alone for `PUT_OFF`, so that it does not hold up
        what is due behind it. This ends the transaction: it is no part of any command."""
        until = micros(now + PUT_OFF)
        self._transaction.execute(
            "UPDATE timers SET not_before = ? WHERE request = ? AND key = ? AND due = ?",
            (until, timer.request, timer.key, micros(timer.due)),
        )
        self._transaction.finish()

    def set_links(self, source: RequestId, links: Sequence[Link]) -> None:
        """What `source` refers to from now on."""
        self._transaction.execute(_DROP_LINKS, (source,))
        if links:
            self._transaction.many(
                _ADD_LINK, [(link.source, link.field, link.target) for link in links]
            )

    def linked(self, target: RequestId) -> list[Link]:
        """Who refers to `target`, drafts left out, in the order of submission."""
        return [
            Link(source=RequestId(source), field=field, target=RequestId(to))
            for source, field, to in self._transaction.all(_LINKED, (target,))
        ]

    def next_number(self, counter: str) -> int:
        """The next of a counter. Gapless: others wait for this transaction's end."""
        return int(self._transaction.value(_NEXT, (counter,)))

    def task_draft(self, request: RequestId, ordinal: int) -> Mapping[str, Any] | None:
        """What a holder has filled in and not sent; of several holders' the last."""
        kept = self._transaction.value(_DRAFT, (request, ordinal))
        if kept is None:
            return None
        answers: Mapping[str, Any] = unpack(kept)
        return answers

    def drop_task_draft(self, request: RequestId, ordinal: int) -> None:
        """The drafts of a task that is done."""
        self._transaction.execute(_DROP_DRAFT, (request, ordinal))

    def keep_task_draft(
        self,
        request: RequestId,
        ordinal: int,
        person: PersonId,
        answers: Mapping[str, Any],
        at: datetime,
    ) -> None:
        """What a person had typed before he undid his decision."""
        kept = (request, ordinal, person, pack(dict(answers)), micros(at))
        self._transaction.execute(_KEEP_DRAFT, kept)


def timer_of(row: tuple[Any, ...]) -> Timer:
    """The timer of a row: request, key, due, remaining, every, attached to."""
    return Timer(
        request=RequestId(row[0]),
        key=row[1],
        due=moment(row[2]),
        left=row[3],
        every=row[4],
        attached_to=row[5],
    )
