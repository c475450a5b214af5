"""The paper form of a request: which desks stand on which sheet, and who signed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import forms
from engine.desk import desk_of
from engine.diagrams.definition import Definition
from engine.diagrams.words import NodeId
from engine.requests import AMEND_NODE, ROUNDS_NODE, Slot
from storage import queries
from storage.reader import Reader
from web.pages import here, looking
from web.pages.drawn import Drawer, node_name
from web.pages.names import Names

SIGNED = ("approved", "rejected", "completed", "returned")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One signer: what he said, and where he signed."""

    name: str
    department: str
    at: datetime | None
    status: str
    comment: str
    items: tuple[Any, ...]
    """His own answers, where each signer has some."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One box of the paper."""

    title: str
    number: str
    items: tuple[Any, ...]
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One sheet."""

    title: str
    desks: tuple[Desk, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A request on paper."""

    pages: tuple[Page, ...]
    notes: tuple[str, ...]
    files: Mapping[str, Any]


def paper(reader: Reader, row: queries.RequestRow) -> Paper:
    """The paper form of a request that one may read."""
    versions = queries.Versions.of_request(reader, row.definition)
    definition = versions.own
    flow, names = queries.flow(reader, row.id), Names.of_reader(reader)
    case = looking.case_of(reader, row.id)
    drawer = Drawer(
        reader=reader, versions=versions, variables=flow.variables, names=names, case=case
    )
    maker = _Maker(drawer=drawer, row=row, slots=_last(queries.slots(reader, row.id)), names=names)
    properties = definition.process.properties

    def text(name: str) -> str:
        template = here.said(properties.get(name, ""), properties.get(f"{name}.en"))
        return looking.text(case, template, flow.variables)

    title = text("print.title") or here.said(definition.process.name, definition.process.name_en)
    second = [part.strip() for part in properties.get("print.second", "").split(",") if part]
    pages = [Page(title=title, desks=maker.desks(flow.answers, second, within=False))]
    back = maker.desks(flow.answers, second, within=True)
    if back:
        pages.append(Page(title=text("print.second.title") or title, desks=back))
    notes = text("print.notes").splitlines()
    files = {file.id: file for file in queries.attachments(reader, row.id)}
    return Paper(pages=tuple(pages), notes=tuple(n for n in notes if n.strip()), files=files)


def _last(slots: Sequence[Slot]) -> list[Slot]:
    """Signed slots that still count: of each node its last pass, of numbered work every one."""
    last: dict[tuple[str, str], tuple[int, int]] = {}
    for slot in slots:
        if slot.status in SIGNED:
            place = (slot.definition, slot.node)
            last[place] = max(last.get(place, (0, 0)), (slot.round, slot.pass_))
    return [
        slot
        for slot in slots
        if slot.status in SIGNED
        and slot.node not in (AMEND_NODE, ROUNDS_NODE)
        and (slot.number or (slot.round, slot.pass_) == last[slot.definition, slot.node])
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Maker:
    drawer: Drawer
    row: queries.RequestRow
    slots: list[Slot]
    names: Names

    def desks(
        self, answers: Mapping[str, Any], second: Sequence[str], *, within: bool
    ) -> tuple[Desk, ...]:
        """The boxes of one sheet: those that `print.second` names, or the others."""
        found = [self._start(answers, second, within)]
        boxes: dict[tuple[str, str], list[Slot]] = {}
        for slot in self.slots:
            if (slot.node in second) == within:
                boxes.setdefault((slot.definition, slot.node), []).append(slot)
        for slots in boxes.values():
            if self._joint(slots):
                found.append(self._box(slots))
            else:
                found.extend(self._box([slot]) for slot in slots)
        return tuple(desk for desk in found if desk is not None)

    def _start(
        self, answers: Mapping[str, Any], second: Sequence[str], within: bool
    ) -> Desk | None:
        definition = self.drawer.definition
        desk = desk_of(definition, None)
        known = {k: v for k, v in self.drawer.variables.items() if k in desk.form.by_key}
        drawing = self.drawer.filled(desk, {**answers, **known}, self._hidden())
        items = tuple(each for each in drawing.items if (_id(each) in second) == within)
        if within and not items:
            return None
        signed = Signature(
            name=self.names.of(self.row.requester),
            department=self.row.department,
            at=self.row.submitted_at,
            status="",
            comment="",
            items=(),
        )
        return Desk(title=_start_title(definition), number="", items=items, signatures=(signed,))

    def _joint(self, slots: list[Slot]) -> bool:
        words = self.drawer.versions.of(slots[0]).nodes.get(NodeId(slots[0].node))
        return words is not None and words.approval is not None

    def _hidden(self) -> frozenset[str]:
        return self.drawer.hidden(self.row, self.slots)

    def _box(self, slots: list[Slot]) -> Desk:
        alone = len(slots) == 1
        return Desk(
            title=node_name(self.drawer.versions.of(slots[0]), slots[0].node),
            number=slots[0].number or "",
            items=self._items(slots[0]) if alone else (),
            signatures=tuple(self._signature(slot, alone) for slot in slots),
        )

    def _signature(self, slot: Slot, alone: bool) -> Signature:
        return Signature(
            name=self.names.of(slot.decided_by),
            department=slot.department or self.names.department_of(slot.decided_by),
            at=slot.decided_at,
            status=slot.status,
            comment=slot.comment,
            items=() if alone else self._items(slot),
        )

    def _items(self, slot: Slot) -> tuple[forms.Item, ...]:
        desk = desk_of(self.drawer.versions.of(slot), slot.node)
        if not desk.own or not slot.answers:
            return ()
        return self.drawer.filled(desk, slot.answers, self._hidden(), slot).items


def _id(item: forms.Item) -> str:
    return item.id


def _start_title(definition: Definition) -> str:
    from web.pages.wording import gettext

    name = definition.names.get(definition.process.start, "")
    return name if name and here.locale() == "zh" else gettext("Application")
