"""Drafts of open tasks, and what was read: tiny writes of their own, not commands."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.ids import PersonId, split_task_id
from storage.moments import micros
from storage.packing import pack, unpack
from storage.transaction import Transaction

_SAVE = (
    "INSERT INTO drafts (request, ordinal, person, answers, at)"
    " SELECT request, ordinal, ?, ?, ? FROM slots"
    " WHERE request = ? AND ordinal = ? AND status = 'open'"
    " ON CONFLICT (request, ordinal, person) DO UPDATE SET answers = excluded.answers,"
    " at = excluded.at"
)


def task_draft(
    transaction: Transaction, task_id: str, person: PersonId
) -> Mapping[str, Any] | None:
    """What this person has filled in at a task and not sent."""
    found = split_task_id(task_id)
    if found is None:
        return None
    kept = transaction.value(
        "SELECT answers FROM drafts WHERE request = ? AND ordinal = ? AND person = ?",
        (*found, person),
    )
    if kept is None:
        return None
    answers: Mapping[str, Any] = unpack(kept)
    return answers


def save_task_draft(
    transaction: Transaction,
    task_id: str,
    person: PersonId,
    answers: Mapping[str, Any],
    at: datetime,
) -> bool:
    """Keep what he has filled in, whatever it is worth; False if the task is not open any more.
    Whether he holds it is asked before."""
    found = split_task_id(task_id)
    if found is None:
        return False
    kept = (person, pack(dict(answers)), micros(at), *found)
    return transaction.execute(_SAVE, kept) > 0


def read_notices(
    transaction: Transaction, person: PersonId, ids: list[str] | None, at: datetime
) -> int:
    """Mark notices of this person as read: those named, or (None) all; how many were not."""
    sql = "UPDATE notices SET read_at = ? WHERE person = ? AND read_at IS NULL"
    if ids is None:
        return transaction.execute(sql, (micros(at), person))
    keys = [found for found in map(split_task_id, ids) if found is not None]
    return sum(
        transaction.execute(f"{sql} AND request = ? AND ordinal = ?", (micros(at), person, *key))
        for key in keys
    )


def read_copy(transaction: Transaction, person: PersonId, request: str, at: datetime) -> bool:
    """Record that he has read his copy (C1); False if there is none or he has already."""
    sql = "UPDATE copies SET read_at = ? WHERE request = ? AND person = ? AND read_at IS NULL"
    return transaction.execute(sql, (micros(at), request, person)) > 0
