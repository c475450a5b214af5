"""Who stands in for whom, from when until when, and who takes over from whom for good (T4, T7)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.ids import PersonId

LONGEST_LINE = 3
"""How far substitution cascades (T5)."""
MOST_FOLLOWED = 100
"""How far a line is looked along for whether it turns back on itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Substitution:
    """One person stands in for another in [since, until), for all processes or for some."""

    id: str
    person: PersonId
    """Who is absent."""
    substitute: PersonId
    since: datetime
    until: datetime
    processes: tuple[str, ...] = ()
    """Keys; none: every process."""

    def in_force(self, process: str, at: datetime) -> bool:
        """Whether it holds for a request of a process at a time: half-open (T4)."""
        return self.since <= at < self.until and (not self.processes or process in self.processes)


def by_person(found: Iterable[Substitution]) -> dict[PersonId, list[Substitution]]:
    """Substitutions by who is absent; of several in force at a time the one begun last counts."""
    kept: dict[PersonId, list[Substitution]] = {}
    for each in sorted(found, key=lambda one: (one.since, one.id), reverse=True):
        kept.setdefault(each.person, []).append(each)
    return kept


def standing_in(
    kept: Mapping[PersonId, list[Substitution]], person: str, process: str, at: datetime
) -> PersonId | None:
    """Who stands in for a person in requests of a process at a time, if anybody does."""
    for each in kept.get(PersonId(person), ()):
        if each.in_force(process, at):
            return each.substitute
    return None
