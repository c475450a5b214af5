"""People and departments by name, from the organisation as one snapshot sees it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from flask import g

from engine.ids import ORGANISATION, PROCESS, TIMER
from storage.organisation import Snapshot
from storage.reader import Reader
from web.pages import here
from web.pages.wording import gettext

_POST = re.compile(
    r"(?P<before>岗位 |的 )(?P<zh>[\w.-]+)|\bpost (?P<en>[\w.-]+)|(?P<at>[\w.-]+)(?= in \S)"
)
_OF_UNIT = re.compile(r"(\b(?:of|in) )([^\s,;]+)")


def unit(name: str) -> str:
    """A department's name in the page's language, as of now: a filter of templates."""
    if here.locale() == "zh" or not name:
        return name
    if not hasattr(g, "units"):
        with here.reading() as reader:
            g.units = Names.of_reader(reader)
    return str(g.units.unit(name))


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

    def unit(self, name: str) -> str:
        """A department's name in the page's language, by what it is or was called."""
        found = self.organisation.department(name)
        return here.said(name, found.name_en) if found is not None else name

    def post(self, id: str) -> str:
        """What a post is called in the page's language; its id where it has no name."""
        found = self.organisation.posts.get(id)
        return here.said(found.name, found.name_en) if found is not None else id

    def worded(self, text: str) -> str:
        """A reason with posts and departments by name, where it has them as diagrams write them
        (engine.people.reasons)."""
        text = _POST.sub(self._post_named, text)
        return _OF_UNIT.sub(self._unit_named, text) if here.locale() == "en" else text

    def _post_named(self, found: re.Match[str]) -> str:
        post = self.organisation.posts.get(found["zh"] or found["en"] or found["at"])
        if post is None:
            return found[0]
        before = {"岗位 ": "岗位", "的 ": "的"}.get(found["before"] or "", "")
        return before + here.said(post.name, post.name_en)

    def _unit_named(self, found: re.Match[str]) -> str:
        unit = self.organisation.department(found[2])
        return found[1] + (unit.name_en or found[2]) if unit is not None else found[0]

    def department_of(self, id: object) -> str:
        """A person's department, empty if there is none."""
        person = self.organisation.person(str(id))
        return person.department if person is not None else ""
