"""What stands still until an administrator acts, and what waits for a message or signal."""

from collections.abc import Sequence
from typing import Any

from engine.ids import PersonId, RequestId
from engine.requests import Incident, Subscription
from storage.moments import micros, moment
from storage.packing import digest_of, keep_digest
from storage.unit_of_work.base import Base

INCIDENT_COLUMNS = "request, ordinal, key, node, kind, message, at, tries, definition"
_INCIDENTS = f"SELECT {INCIDENT_COLUMNS} FROM incidents WHERE request = ? ORDER BY ordinal"  # noqa: S608
_PUT_INCIDENT = (
    f"INSERT INTO incidents ({INCIDENT_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
    " ON CONFLICT (request, ordinal) DO UPDATE SET kind = excluded.kind,"
    " message = excluded.message, at = excluded.at, tries = excluded.tries"
)
_REMOVE_INCIDENT = "DELETE FROM incidents WHERE request = ? AND ordinal = ?"
_FORGET = "DELETE FROM subscriptions WHERE request = ?"
_SUBSCRIBE = (
    "INSERT INTO subscriptions (request, key, kind, name, correlation) VALUES (?, ?, ?, ?, ?)"
)
_WAITING = (
    "SELECT s.request, s.key, s.kind, s.name, s.correlation FROM subscriptions s"
    " JOIN requests r ON r.id = s.request WHERE s.kind = ? AND s.name = ?"
)
_IN_ORDER = " ORDER BY r.place, s.key LIMIT ?"
_STARTED_BY = "SELECT process FROM starts WHERE kind = ? AND name = ? ORDER BY process"
_OWNS = "SELECT 1 FROM owners WHERE process = ? AND person = ?"
_OWNED_BY = "SELECT person FROM owners WHERE process = ? ORDER BY person"
_OWNS_ANY = "SELECT 1 FROM owners WHERE person = ? LIMIT 1"


class Waiting(Base):
    """Loads and saves both."""

    def incidents(self, request: RequestId) -> list[Incident]:
        """Those that are open, in order of ordinal."""
        return [incident_of(row) for row in self._transaction.all(_INCIDENTS, (request,))]

    def put_incident(self, incident: Incident) -> None:
        """Adds, or replaces the one of the same ordinal."""
        self._transaction.execute(
            _PUT_INCIDENT,
            (
                incident.request,
                incident.ordinal,
                incident.key,
                incident.node,
                incident.kind,
                incident.message,
                micros(incident.at),
                incident.tries,
                keep_digest(incident.definition),
            ),
        )

    def remove_incidents(self, request: RequestId, ordinals: Sequence[int]) -> None:
        """They are over."""
        self._transaction.many(_REMOVE_INCIDENT, [(request, ordinal) for ordinal in ordinals])

    def subscribe(self, request: RequestId, rows: Sequence[Subscription]) -> None:
        """What the request waits for from now on, in place of what it waited for."""
        self._transaction.execute(_FORGET, (request,))
        if rows:
            self._transaction.many(
                _SUBSCRIBE,
                [(request, row.key, row.kind, row.name, row.correlation) for row in rows],
            )

    def waiting(
        self,
        kind: str,
        name: str,
        *,
        limit: int,
        correlation: str | None = None,
        request: RequestId | None = None,
    ) -> list[Subscription]:
        """Who waits for a message or signal of this name (with this correlation key; in this
        request), in the order of the requests, at most `limit` rows."""
        sql, arguments = _WAITING, [kind, name]
        if correlation is not None:
            sql += " AND s.correlation = ?"
            arguments.append(correlation)
        if request is not None:
            sql += " AND s.request = ?"
            arguments.append(request)
        rows = self._transaction.all(sql + _IN_ORDER, (*arguments, limit))
        return [
            Subscription(
                request=RequestId(row[0]), key=row[1], kind=row[2], name=row[3], correlation=row[4]
            )
            for row in rows
        ]

    def started_by(self, kind: str, name: str) -> list[str]:
        """The keys of the processes whose latest version has a start event for it, sorted."""
        return sorted(row[0] for row in self._transaction.all(_STARTED_BY, (kind, name)))

    def owns(self, process: str, person: PersonId) -> bool:
        """Whether a process belongs to this person."""
        return self._transaction.one(_OWNS, (process, person)) is not None

    def owns_any(self, person: PersonId) -> bool:
        """Whether any process does."""
        return self._transaction.one(_OWNS_ANY, (person,)) is not None

    def owned_by(self, process: str) -> list[PersonId]:
        """Whom a process belongs to, sorted."""
        return [PersonId(row[0]) for row in self._transaction.all(_OWNED_BY, (process,))]


def incident_of(row: tuple[Any, ...]) -> Incident:
    """The incident of a row of `INCIDENT_COLUMNS`."""
    return Incident(
        request=RequestId(row[0]),
        ordinal=row[1],
        key=row[2],
        node=row[3],
        kind=row[4],
        message=row[5],
        at=moment(row[6]),
        tries=row[7],
        definition=digest_of(row[8]),
    )
