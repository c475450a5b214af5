"""Who has to do with a request: holders, past and present, and those who were copied or asked."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from engine.ids import PersonId, RequestId
from storage.moments import micros
from storage.unit_of_work.base import Base
from storage.visibility import Viewer, referable, sight

_HOLD = (
    "INSERT INTO involved (request, person, place, held) VALUES (?, ?, ?, 1)"
    " ON CONFLICT (request, person) DO UPDATE SET held = 1"
)
_INVOLVE = (
    "INSERT INTO involved (request, person, place, held) VALUES (?, ?, ?, 0)"
    " ON CONFLICT (request, person) DO NOTHING"
)
_COPY = (
    "INSERT INTO copies (request, person, by, at, read_at) VALUES (?, ?, ?, ?, NULL)"
    " ON CONFLICT (request, person) DO NOTHING"
)
_INVOLVED = "SELECT person FROM involved WHERE request = ? ORDER BY person"
_PARTICIPANTS = "SELECT person FROM involved WHERE request = ? AND held = 1 ORDER BY person"
_IS_INVOLVED = "SELECT 1 FROM involved WHERE request = ? AND person = ?"


class Involvement(Base):
    """Keeps who may see a request because of what he had to do with it."""

    def involve(self, request: RequestId, people: Sequence[PersonId]) -> None:
        """They have to do with it from now on. Those who hold a task of it are known already."""
        new = [person for person in people if (request, person) not in self._held]
        if new:
            place = self._place(request)
            self._transaction.many(_INVOLVE, [(request, person, place) for person in new])

    def involved(self, request: RequestId) -> list[PersonId]:
        """Everyone who holds, held or was copied, sorted."""
        rows = self._transaction.all(_INVOLVED, (request,))
        return sorted(PersonId(row[0]) for row in rows)

    def participants(self, request: RequestId) -> list[PersonId]:
        """Everyone who holds or held a task of it, sorted (copied people left out)."""
        rows = self._transaction.all(_PARTICIPANTS, (request,))
        return sorted(PersonId(row[0]) for row in rows)

    def is_involved(self, request: RequestId, person: PersonId) -> bool:
        """Whether he holds, held or was copied."""
        return self._transaction.one(_IS_INVOLVED, (request, person)) is not None

    def may_see(self, request: RequestId, person: PersonId) -> bool:
        """Whether he may see the request and what it says."""
        organisation = self.organisation
        found = organisation.person(person)
        if found is None:
            return False
        return sight(self._transaction, Viewer.of(organisation, found), request) == "all"

    def referable(self, process: str, person: PersonId) -> list[tuple[RequestId, str, str]]:
        """(id, number, title) of the submitted requests of a process that a person may see, the
        newest first, to choose from."""
        found = self.organisation.person(person)
        if found is None:
            return []
        return referable(self._transaction, Viewer.of(self.organisation, found), process)

    def copy(
        self, request: RequestId, people: Sequence[PersonId], by: PersonId, at: datetime
    ) -> None:
        """They get a copy. A second one to the same person changes nothing."""
        when = micros(at)
        self._transaction.many(_COPY, [(request, person, by, when) for person in people])
        self.involve(request, people)

    def _hold(self, holders: Iterable[tuple[RequestId, PersonId]]) -> None:
        """Mark who has come to hold a task of a request."""
        new = set(holders) - self._held
        if not new:
            return
        self._held |= new
        self._transaction.many(
            _HOLD, [(request, person, self._place(request)) for request, person in sorted(new)]
        )
