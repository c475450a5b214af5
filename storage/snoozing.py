"""Tasks that a person has put off: hidden from his list until a time. What others see and when the
task is due stays as it is; nothing of it is journalled."""

from datetime import datetime, timedelta

from engine.ids import PersonId, split_task_id
from storage.moments import micros, moment
from storage.reader import Reader
from storage.transaction import Transaction

LONGEST = timedelta(days=366)
_PUT = (
    "INSERT INTO snoozed (person, request, ordinal, until) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (person, request, ordinal) DO UPDATE SET until = excluded.until"
)
_DROP = "DELETE FROM snoozed WHERE person = ? AND request = ? AND ordinal = ?"
_PAST = "DELETE FROM snoozed WHERE person = ? AND until <= ?"
_UNTIL = "SELECT until FROM snoozed WHERE person = ? AND request = ? AND ordinal = ? AND until > ?"


def fits(until: datetime, now: datetime) -> bool:
    """Whether a task can be put off until then: later than now, and within a year."""
    return now < until <= now + LONGEST


def put_off(
    transaction: Transaction, task_id: str, person: PersonId, until: datetime | None, now: datetime
) -> None:
    """Hide a task from this person's list until then; None: show it again. What has come back by
    itself is forgotten on the way. Whether he holds it is asked before."""
    place = split_task_id(task_id)
    assert place is not None
    transaction.execute(_PAST, (person, micros(now)))
    if until is None:
        transaction.execute(_DROP, (person, *place))
    else:
        transaction.execute(_PUT, (person, *place, micros(until)))


def put_off_until(reader: Reader, task_id: str, person: PersonId, now: datetime) -> datetime | None:
    """Until when this person has put a task off; None: he has not."""
    place = split_task_id(task_id)
    if place is None:
        return None
    until = reader.value(_UNTIL, (person, *place, micros(now)))
    return None if until is None else moment(until)
