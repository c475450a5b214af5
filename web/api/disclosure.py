"""Which fields of a request stay hidden from its viewer (`fields.hide`), wherever they stand.

A field that some node hides is shown to the requester, to auditors and the process's owners, and
to whoever holds or held a task at a node that shows it; to nobody else, in no list, history, file
or message.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.diagrams.definition import Definition
from engine.diagrams.words import NodeId
from engine.ids import PersonId
from engine.requests import Slot
from storage import queries
from storage.reader import Reader
from storage.visibility import Viewer

_ANSWERS = "_answers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """What of a request one person is shown."""

    hidden: frozenset[str] = frozenset()
    """Fields, and columns as `table.column`."""

    def shows(self, name: str) -> bool:
        """Whether this field is shown at all."""
        return name not in self.hidden

    def values(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values without what is hidden."""
        if not self.hidden:
            return dict(values)
        return {name: self.value(name, each) for name, each in values.items() if self.shows(name)}

    def value(self, name: str, value: Any) -> Any:
        """A field's value without hidden columns; a node's `…_answers` without hidden fields."""
        if not self.hidden or not isinstance(value, list):
            return value
        if name.endswith(_ANSWERS):
            return [self._answered(each) for each in value]
        columns = {each.partition(".")[2] for each in self.hidden if each.startswith(f"{name}.")}
        return [
            {key: inner for key, inner in row.items() if key not in columns}
            if isinstance(row, Mapping)
            else row
            for row in value
        ]

    def _answered(self, row: Any) -> Any:
        if not isinstance(row, Mapping) or not isinstance(row.get("answers"), Mapping):
            return row
        return {**row, "answers": self.values(row["answers"])}


def hidden_somewhere(*definitions: Definition) -> frozenset[str]:
    """The fields that some node of these versions hides from its signers."""
    return frozenset(
        name
        for definition in definitions
        for words in definition.nodes.values()
        for name in words.fields_hide
    )


def disclosure(
    reader: Reader, viewer: Viewer, row: queries.RequestRow, slots: Iterable[Slot] | None = None
) -> Disclosure:
    """What of this request the viewer is shown; that he may see it was asked before."""
    held = tuple(queries.slots(reader, row.id) if slots is None else slots)
    versions = queries.Versions.of_request(reader, row.definition)
    everywhere = hidden_somewhere(*versions.all(held))
    if not everywhere or row.requester == viewer.person or viewer.role == "auditor":
        return Disclosure()
    if viewer.may_own and viewer.person in queries.owners(reader, row.process):
        return Disclosure()
    mine = {(slot.definition, slot.node) for slot in held if _has(slot, viewer.person)}
    words = [versions.at(digest).nodes.get(NodeId(node)) for digest, node in mine]
    hides = [frozenset(each.fields_hide if each is not None else ()) for each in words]
    return Disclosure(
        hidden=frozenset(
            name for name in everywhere if not hides or all(name in each for each in hides)
        )
    )


def _has(slot: Slot, person: PersonId) -> bool:
    if slot.status == "waiting" and not slot.undo:
        return False
    return (
        person in slot.holders
        or person in (slot.decided_by, slot.signer)
        or (slot.status == "open" and not slot.holders and person in slot.candidates)
    )
