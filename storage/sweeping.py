"""What is no longer needed, swept out by the scheduler now and then. Never history."""

from datetime import datetime, timedelta

from storage.database import Database
from storage.moments import micros

REMEMBERED = timedelta(days=1)
"""How long the answer to a repeated call is kept (K1)."""
SESSIONS_KEPT = timedelta(days=30)
"""How long a session that has ended can still be looked up."""


def sweep(database: Database, now: datetime) -> int:
    """Forget old idempotency keys, sessions long over, and crowds that wait for nothing; how many
    rows went."""
    with database.write() as transaction:
        forgotten = transaction.execute(
            "DELETE FROM idempotency WHERE at < ?", (micros(now - REMEMBERED),)
        )
        ended = micros(now - SESSIONS_KEPT)
        sessions = transaction.execute(
            "DELETE FROM sessions WHERE expires_at < ? OR revoked_at < ?", (ended, ended)
        )
        crowds = transaction.execute(
            "DELETE FROM crowds WHERE NOT EXISTS"
            " (SELECT 1 FROM queue WHERE queue.member = crowds.crowd)"
        )
    return forgotten + sessions + crowds
