"""How the system stands, for an administrator."""

from datetime import UTC, datetime

from storage.moments import micros, optional_moment
from storage.queries.rows import SystemRow
from storage.reader import Reader


def system(reader: Reader, now: datetime | None = None) -> SystemRow:
    """Counts, the oldest unsent message, and what was due before `now` (if not given, by the
    machine's time) and was not fired."""
    outbox = reader.one("SELECT COUNT(*), MIN(send_at) FROM notices WHERE send_at IS NOT NULL")
    timers = reader.one("SELECT COUNT(*), MIN(due) FROM timers")
    journal = reader.one("SELECT COUNT(*), COALESCE(MAX(position), 0) FROM journal")
    assert outbox is not None
    assert timers is not None
    assert journal is not None
    at = micros(now or datetime.now(UTC))
    overdue = reader.value("SELECT COUNT(*) FROM timers WHERE due <= ?", (at,))
    return SystemRow(
        requests=dict(reader.all("SELECT status, COUNT(*) FROM requests GROUP BY status")),
        open_tasks=reader.value("SELECT COUNT(*) FROM slots WHERE status = 'open'"),
        people=reader.value("SELECT COUNT(*) FROM people WHERE active = 1"),
        entries=journal[0],
        last_position=journal[1],
        outbox=outbox[0],
        outbox_oldest=optional_moment(outbox[1]),
        timers=timers[0],
        timers_overdue=overdue,
        timers_oldest=optional_moment(timers[1]),
    )
