"""Requests as documents: rows, tasks, files and histories, as their reader may see them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.journal import Entry
from engine.journal.entry import stamp
from engine.people.directory import Person
from engine.requests import Flow, Node, Slot
from storage import queries
from storage.queries import RequestRow
from storage.reader import Reader
from storage.visibility import Viewer
from web.api.disclosure import Disclosure, disclosure
from web.api.history import told
from web.api.variables import told as is_told
from web.exports.tracing import Life
from web.undoing import veil, veiled

Document = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exporter:
    """Who exports: what he may see decides what is in the file."""

    viewer: Viewer
    person: Person
    via: str
    origin: str = ""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One request as its exporter sees it."""

    reader: Reader
    exporter: Exporter
    row: RequestRow
    slots: tuple[Slot, ...]
    shown: Disclosure

    @classmethod
    def of(cls, reader: Reader, exporter: Exporter, row: RequestRow) -> "Seen":
        """What he is shown of it."""
        slots = queries.slots(reader, row.id)
        shown = disclosure(reader, exporter.viewer, row, slots)
        return cls(reader=reader, exporter=exporter, row=row, slots=slots, shown=shown)

    def entries(self) -> list[Document]:
        """Its history."""
        return told(self.reader, self.row, self.shown, me=self.exporter.person)

    def life(self) -> Life:
        """What an event log is made of."""
        nodes: tuple[Node, ...] = queries.nodes(self.reader, self.row.id)
        flow: Flow = queries.whole_flow(self.reader, self.row.id)
        return Life(
            id=self.row.id,
            status=self.row.status,
            definition=self.reader.definitions.get(self.reader, self.row.definition),
            entries=self._unveiled(),
            nodes=nodes,
            slots=self.slots,
            flow=flow,
        )

    def _unveiled(self) -> list[Entry]:
        entries = queries.history(self.reader, self.row.id)
        hidden = veiled(entries, self.exporter.person)
        return [veil(each) if each.seq in hidden else each for each in entries]

    def document(self) -> Document:
        """All of it, history included."""
        row = self.row
        found = queries.flow(self.reader, row.id)
        variables = {n: v for n, v in found.variables.items() if is_told(n)}
        return {
            "id": row.id,
            "number": row.number,
            "process": row.process,
            "process_name": row.process_name,
            "version": row.definition_version,
            "definition": row.definition,
            "title": row.title,
            "requester": {"id": row.requester, "name": row.requester_name},
            "department": row.department,
            "status": row.status,
            "outcome": row.outcome,
            "round": row.round,
            "created_at": at(row.created_at),
            "submitted_at": at(row.submitted_at),
            "ended_at": at(row.ended_at),
            "ends": list(row.ends),
            "variables": self.shown.values(variables),
            "tasks": list(self.tasks()),
            "attachments": list(self._files(found)),
            "history": self.entries(),
        }

    def tasks(self) -> Iterator[Document]:
        """Every signer's place, of every round."""
        names = queries.Names(self.reader)
        for slot in self.slots:
            yield {
                "id": slot.id,
                "node": slot.node,
                "node_name": names.node_of(slot.definition or self.row.definition, slot.node)[0],
                "round": slot.round,
                "pass": slot.pass_,
                "signer": slot.signer,
                "holders": list(slot.holders),
                "status": slot.status,
                "opened_at": at(slot.opened_at),
                "due": at(slot.due),
                "decided_at": at(slot.decided_at),
                "decided_by": slot.decided_by,
                "on_behalf_of": slot.on_behalf_of,
                "comment": slot.comment,
                "answers": self.shown.values(slot.answers),
                "why": dict(slot.why),
            }

    def _files(self, found: queries.FlowRow) -> Iterator[Document]:
        """The attachments, those in hidden fields left out."""
        shown: set[str] | None = None
        if self.shown.hidden:
            told = [self.shown.values(found.variables), self.shown.values(found.answers)]
            told += [self.shown.values(slot.answers) for slot in self.slots]
            shown = {text for values in told for text in _texts(values)}
        for each in queries.attachments(self.reader, self.row.id):
            mine = each.uploaded_by.id == self.exporter.viewer.person
            if shown is None or mine or each.id in shown:
                yield {
                    "id": each.id,
                    "name": each.name,
                    "size": each.size,
                    "sha256": each.sha256,
                }


def at(moment: datetime | None) -> str | None:
    """A moment as entries write it."""
    return None if moment is None else stamp(moment)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
