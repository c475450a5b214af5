"""Names for ids: people of the organisation, processes and nodes of a definition."""

from collections.abc import Iterable

from engine.diagrams.words import NodeId
from engine.ids import PersonId
from engine.requests import AMEND_NODE, ROUNDS_NODE
from storage.organisation import Snapshot
from storage.queries.rows import PersonRef
from storage.reader import Reader

DESKS = {
    AMEND_NODE: ("修改后重新提交", "Amend and resubmit"),
    ROUNDS_NODE: ("是否再来一轮", "Allow one more round"),
}
"""The desks that no diagram draws."""


class Names:
    """What ids are called, for the rows of one read."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._versions: dict[int, tuple[str, str, str, int]] = {}
        self.organisation: Snapshot = reader.organisation.current(reader)

    def person(self, id: str) -> PersonRef:
        """A person; one who is not in the organisation goes by his id."""
        found = self.organisation.person(id)
        return PersonRef(id=PersonId(id), name=found.name if found else id)

    def optional(self, id: str | None) -> PersonRef | None:
        """A person, if there is one."""
        return None if id is None else self.person(id)

    def people(self, ids: Iterable[str]) -> tuple[PersonRef, ...]:
        """Several people."""
        return tuple(self.person(id) for id in ids)

    def version(self, place: int) -> tuple[str, str, str, int]:
        """Of the version of a process that rows name by this number: digest, name, English name
        (empty if there is none) and number."""
        if place not in self._versions:
            row = self._reader.one(
                "SELECT digest, name, name_en, version FROM definitions WHERE place = ?", (place,)
            )
            assert row is not None, f"no definition {place}"
            self._versions[place] = row
        return self._versions[place]

    def node(self, place: int, node: str, called: str = "") -> tuple[str, str]:
        """The same as `node_of`, by the number of the request's version; `called` is the digest of
        the called process's version that the node belongs to, "" where it is the request's own."""
        return self.node_of(called or self.version(place)[0], node)

    def node_of(self, digest: str, node: str) -> tuple[str, str]:
        """A node's name and its English name; without one the other, else its id."""
        if node in DESKS:
            return DESKS[node]
        definition = self._reader.definitions.get(self._reader, digest)
        name = definition.names.get(NodeId(node)) or node
        return name, definition.names_en.get(NodeId(node)) or name
