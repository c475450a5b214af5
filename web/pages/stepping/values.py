"""The values of one step, in the order of the forms: what each was then, what this step made of
it, and which step and who set it last."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import g

from engine.desk import desk_of
from engine.replay import GONE, State, Step
from engine.requests import Slot
from storage import queries
from storage.reader import Reader
from web.pages import here, words
from web.pages.drawn import file_ids
from web.pages.formats import listed
from web.pages.stepping.knowing import Knowing
from web.pages.stepping.rows import Rows
from web.pages.values import Texts
from web.pages.wording import gettext

_CONTEXT = frozenset({"me", "round"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A value as it is shown: a text, a table, or files."""

    text: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    """(id, name)."""

    @property
    def empty(self) -> bool:
        """Whether nothing is filled in."""
        return not (self.text or self.rows or self.files)


@dataclass(slots=True, kw_only=True)
class Sayer:
    """Says values, tables and files included."""

    texts: Texts
    files: Mapping[str, Any]
    shown: Any
    verdicts: Mapping[str, str]
    """The variables that desks' verdicts stand in, with the desks' names."""
    reader: Reader
    requests: dict[str, str] = field(default_factory=dict)
    """What other requests are called, by id."""

    @classmethod
    def of(cls, knowing: Knowing) -> "Sayer":
        """For the values of one request."""
        files = queries.attachments(knowing.reader, knowing.row.id)
        return cls(
            texts=knowing.texts,
            files={each.id: each for each in files},
            shown=knowing.shown,
            reader=knowing.reader,
            verdicts={
                node.verdict or f"{node.id}_verdict": here.said(node.name, node.name_en)
                for definition in knowing.definitions
                for node in definition.nodes.values()
                if node.approval is not None
            },
        )

    def label(self, name: str) -> str:
        """A field's label; of a desk's verdict, that it is one."""
        node = self.verdicts.get(name)
        return gettext("%(node)s: verdict", node=node) if node else self.texts.label(name)

    def cell(self, name: str, value: Any) -> Cell:
        """A field's value."""
        value = self.shown.value(name, value)
        if name in self.verdicts and value in words.OUTCOME:
            return Cell(text=str(words.OUTCOME[value].word))
        known = self.texts.fields.get(name)
        if known is not None and known.options.source.startswith("request"):
            ids = value if isinstance(value, list) else [value]
            return Cell(text=listed(self._request(id) for id in ids if isinstance(id, str) and id))
        if isinstance(value, list) and any(isinstance(row, Mapping) for row in value):
            return self._table([row for row in value if isinstance(row, Mapping)])
        if isinstance(value, list) and value:
            files = tuple((id, self.files[id].name) for id in file_ids([value]) if id in self.files)
            if files:
                return Cell(files=files)
        return Cell(text=self.texts.said(name, value))

    def _request(self, id: str) -> str:
        """Another request's number and title, to who may know of it."""
        if id not in self.requests:
            row = queries.request(self.reader, g.viewer, id)
            told = " ".join(filter(None, (row.number, row.title))) if row is not None else ""
            self.requests[id] = told or id
        return self.requests[id]

    def _table(self, rows: list[Mapping[str, Any]]) -> Cell:
        keys = list(dict.fromkeys(key for row in rows for key in row))
        return Cell(
            columns=tuple(self.texts.label(key) for key in keys),
            rows=tuple(tuple(self._inner(key, row.get(key)) for key in keys) for row in rows),
        )

    def _inner(self, key: str, value: Any) -> str:
        files = [self.files[id].name for id in file_ids([value]) if id in self.files]
        return listed(files) if files else self.texts.said(key, value)


@dataclass(slots=True)
class _Held:
    """One value, as it stands now."""

    name: str
    value: Any
    step: int
    who: str
    old: Any = GONE
    plain: int = -1
    """The number of its row while it stays as it is."""


class Values:
    """The rows of values, step after step."""

    def __init__(self, knowing: Knowing, rows: Rows, who: list[str]) -> None:
        self._knowing = knowing
        self._rows = rows
        self._who = who
        self._sayer = Sayer.of(knowing)
        self._start = [f.key for f in desk_of(knowing.versions.own, None).form.fields]
        self._held: dict[tuple[str, str], _Held] = {}
        self._answered: dict[int, list[int]] = {}

    def at(self, step: Step, state: State) -> list[int]:
        """The rows of a step; steps are asked for one after the other."""
        changed = self._changes(step, state)
        found = self._part(gettext("Application"), self._own(), changed)
        others = [
            key
            for key in self._held
            if key[0] == "" and key[1] not in self._start and not key[1].endswith("_answers")
        ]
        found += self._part(gettext("Further values"), others, changed)
        for scope in dict.fromkeys(key[0] for key in self._held if key[0]):
            mine = [k for k in self._held if k[0] == scope and not k[1].endswith("_answers")]
            found += self._part(self._scope_name(scope), mine, changed)
        return found + self._answers(step)

    def _own(self) -> list[tuple[str, str]]:
        """The start form's fields, in their order."""
        return [("", name) for name in self._start if ("", name) in self._held]

    def _changes(self, step: Step, state: State) -> set[tuple[str, str]]:
        """Take over what the step has changed; which values that are."""
        delta = dict(step.delta.variables)
        for name, value in (step.delta.answers or {}).items():
            if ("", name) not in state.variables:
                delta[("", name)] = value
        changed = set()
        for key, value in delta.items():
            name = key[1]
            if name.startswith("_") or name in _CONTEXT or not self._knowing.shown.shows(name):
                continue
            before = self._held.get(key)
            old = before.value if before is not None else GONE
            if old == value or (old is GONE and value in (None, [])):
                continue
            who = self._who[step.number - 1]
            self._held[key] = _Held(name, value, step.number, who, old)
            changed.add(key)
        return changed

    def _part(
        self, title: str, keys: list[tuple[str, str]], changed: set[tuple[str, str]]
    ) -> list[int]:
        found = [number for key in keys if (number := self._row(key, key in changed)) is not None]
        return [self._rows.made("part", title), *found] if found else []

    def _row(self, key: tuple[str, str], changed: bool) -> int | None:
        held = self._held[key]
        empty = held.value is GONE or held.value in (None, [], "")
        if changed:
            return self._made(held, old=True)
        if empty:
            return None
        if held.plain < 0:
            held.plain = self._made(held, old=False)
        return held.plain

    def _made(self, held: _Held, *, old: bool) -> int:
        def cell(value: Any) -> Cell:
            return Cell() if value is GONE else self._sayer.cell(held.name, value)

        return self._rows.made(
            "value",
            self._sayer.label(held.name),
            cell(held.value),
            cell(held.old) if old else None,
            held.step,
            held.who,
        )

    def _scope_name(self, scope: str) -> str:
        definition = self._knowing.places.at(scope)
        own = self._knowing.versions.own
        if definition is None or definition.digest == own.digest:
            return gettext("Inside: %(place)s", place=scope.strip("/"))
        name = here.said(definition.name, definition.process.name_en)
        return gettext("Called process: %(name)s", name=name)

    # ---- what was answered at desks with a form of their own

    def _answers(self, step: Step) -> list[int]:
        for ordinal, slot in step.delta.slots.items():
            if slot is GONE or not slot.answers:
                self._answered.pop(ordinal, None)
            else:
                self._answered[ordinal] = list(self._answer(slot))
        return [number for _, rows in sorted(self._answered.items()) for number in rows]

    def _answer(self, slot: Slot) -> Iterator[int]:
        desk = desk_of(self._knowing.versions.of(slot), slot.node)
        if not desk.own or desk.answers_are_variables:
            return
        values = self._knowing.shown.values(slot.answers)
        filled = {key: value for key, value in values.items() if value not in (None, [], "")}
        if not filled:
            return
        who = self._knowing.names.of(slot.decided_by)
        yield self._rows.made(
            "part",
            gettext(
                "%(node)s: %(name)s, round %(round)s",
                node=self._knowing.node_name(slot),
                name=who,
                round=slot.round,
            ),
        )
        for key, value in filled.items():
            cell = self._sayer.cell(key, value)
            yield self._rows.made("value", self._sayer.label(key), cell, None, 0, who)
