"""Times as integers: microseconds since 1970 in UTC, the same on both databases, sortable, 8 bytes.

An integer can't come back without its zone, as a date-time column does on SQLite.
"""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
NEVER = 2**62
"""Later than every time: what has no due time sorts last."""


def micros(at: datetime) -> int:
    """The integer of an aware date-time. Raises TypeError for one without a zone."""
    return (at - EPOCH) // _MICROSECOND


def optional_micros(at: datetime | None) -> int | None:
    """The same where there may be none."""
    return None if at is None else (at - EPOCH) // _MICROSECOND


def moment(kept: int) -> datetime:
    """The UTC date-time of an integer."""
    return EPOCH + timedelta(microseconds=kept)


def optional_moment(kept: int | None) -> datetime | None:
    """The same where there may be none."""
    return None if kept is None else EPOCH + timedelta(microseconds=kept)
