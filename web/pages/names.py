"""People and departments by name, from the organisation as one snapshot sees it."""

from collections.abc import Iterable
from dataclasses import dataclass

from engine.ids import ORGANISATION, PROCESS, TIMER
from storage.organisation import Snapshot
from storage.reader import Reader
from web.pages.wording import gettext


@dataclass(frozen=True, slots=True)
class Names:
    """Names of ids."""

    organisation: Snapshot

    @classmethod
    def of_reader(cls, reader: Reader) -> "Names":
        """From the organisation that this snapshot sees."""
        return cls(reader.organisation.current(reader))

    def of(self, id: object) -> str:
        """A person's name; an id that nobody has stands for itself."""
        if id is None:
            return ""
        if id == TIMER:
            return gettext("Timer")
        if id == PROCESS:
            return gettext("Process")
        if id == ORGANISATION:
            return gettext("Organisation")
        person = self.organisation.person(str(id))
        return person.name if person is not None else str(id)

    def all(self, ids: Iterable[object]) -> list[str]:
        """Names of several people."""
        return [self.of(id) for id in ids]

    def department_of(self, id: object) -> str:
        """A person's department, empty if there is none."""
        person = self.organisation.person(str(id))
        return person.department if person is not None else ""
