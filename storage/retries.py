"""Which of a database's errors mean: the same again, from the start."""

import sqlite3

import psycopg
from psycopg import errors


def is_retryable(error: BaseException) -> bool:
    """Whether nothing was kept and the same work may well succeed now."""
    if isinstance(error, (errors.DeadlockDetected, errors.SerializationFailure)):
        return True
    if isinstance(error, psycopg.errors.UniqueViolation):
        # Two transactions added the same row (the same idempotency key, say): the loser's
        # second run finds the winner's.
        return True
    if isinstance(error, sqlite3.OperationalError):
        return "locked" in str(error)
    return is_lost(error)


def is_lost(error: BaseException) -> bool:
    """Whether the connection itself is gone."""
    return isinstance(error, psycopg.OperationalError) and not isinstance(
        error, (errors.DeadlockDetected, errors.SerializationFailure, errors.LockNotAvailable)
    )
