"""The signers of a node as its pages show them: the places that the diagram gave, with those that
were added, handed over or asked for an opinion under the place that they came from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import forms
from engine.desk import desk_of
from engine.diagrams.words import NodeWords
from storage import queries
from web.pages import here, timeline, words
from web.pages.drawn import Drawer
from web.pages.formats import listed
from web.pages.names import Names
from web.pages.wording import gettext
from web.pages.words import Sign

DECIDED = ("approved", "rejected", "returned", "completed", "advised", "transferred")


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """One signer's place, and what he has said so far."""

    task: str
    person: str
    name: str
    department: str
    status: str
    sign: Sign
    came: tuple[tuple[str, str], ...]
    """How the place came to be, and what it waits for: (icon, words)."""
    under: int
    """How many places it came through, for display."""
    at: datetime | None
    comment: str
    kept_from: int | None
    round: int
    on_behalf_of: str
    mine: bool
    answers: forms.Drawing | None
    removable: bool
    """Whether whoever looks may take this signer out."""


@dataclass(slots=True, kw_only=True)
class Gatherer:
    """Gathers the votes of one node for whoever looks at one of its tasks."""

    drawer: Drawer
    versions: queries.Versions
    names: Names
    words: NodeWords | None
    mine: int
    """The ordinal of the task that is looked at."""
    removable: frozenset[str] = frozenset()
    """Whom he may take out."""

    def votes(self, slots: Sequence[Any]) -> tuple[Vote, ...]:
        """The signers in their order; nothing where only one person works alone."""
        alone = len(slots) < 2 and (self.words is None or self.words.approval in (None, "single"))
        if self.words is None or alone:
            return ()
        known = {slot.ordinal: slot for slot in slots}
        return tuple(self._vote(slot, under, known) for slot, under in _nested(slots))

    def _vote(self, slot: Any, under: int, known: dict[int, Any]) -> Vote:
        desk = desk_of(self.versions.of(slot), slot.node)
        shown = desk.own and slot.answers and slot.status in (*words.SAID, "advised")
        hide = frozenset(self.words.fields_hide) if self.words else frozenset()
        person = str(slot.decided_by or slot.signer or "")
        return Vote(
            task=slot.id,
            person=person,
            name=self.names.of(person or None) or listed(self.names.all(slot.candidates)),
            department=slot.department,
            status=slot.status,
            sign=sign_of(slot),
            came=tuple(self._came(slot, known)),
            under=under,
            at=slot.decided_at,
            comment=said_at(slot),
            kept_from=slot.kept_from,
            round=slot.round,
            on_behalf_of=self.names.of(slot.on_behalf_of),
            mine=slot.ordinal == self.mine,
            answers=self.drawer.filled(desk, slot.answers, hide, slot) if shown else None,
            removable=slot.origin == "added"
            and slot.status in ("open", "waiting")
            and person in self.removable,
        )

    def _came(self, slot: Any, known: dict[int, Any]) -> Iterator[tuple[str, str]]:
        by = self.names.of(slot.made_by)
        if slot.origin == "added":
            yield "plus", str(words.ADDED[slot.mode]) % {"name": by}
            together = [s for s in known.values() if s.group == slot.group]
            if len(together) > 1:
                yield "people", str(words.TOGETHER[slot.group_mode])
        elif slot.origin == "transferred":
            yield "right", gettext("taken over from %(name)s", name=by)
        elif slot.origin == "delegated":
            yield "say", gettext("asked for an opinion by %(name)s", name=by)
        if slot.undo:
            until = datetime.fromisoformat(slot.undo["until"]).astimezone(here.zone())
            yield "clock", gettext("can be undone until %(time)s", time=f"{until:%H:%M:%S}")
        if slot.held:
            yield "clock", gettext("counts when those after it have signed")


def _nested(slots: Sequence[Any]) -> Iterator[tuple[Any, int]]:
    """Every place after the one that it came from, with how deep it stands under others."""
    ordinals = {slot.ordinal for slot in slots}
    below: dict[int | None, list[Any]] = {}
    for slot in sorted(slots, key=lambda s: (s.position, s.ordinal)):
        below.setdefault(slot.parent if slot.parent in ordinals else None, []).append(slot)
    waiting = [(slot, 0) for slot in reversed(below.get(None, []))]
    while waiting:
        slot, under = waiting.pop()
        yield slot, under
        waiting += [(each, under + 1) for each in reversed(below.get(slot.ordinal, []))]


def said_at(slot: Any) -> str:
    """The comment of whoever decided, or why the place ended without him."""
    comment: str = slot.comment
    return comment if slot.status in DECIDED or slot.decided_by else timeline.cause(comment)


def sign_of(slot: Any) -> Sign:
    """The sign of a place; of one that waits what it waits for, of an opinion what it is."""
    if slot.status == "waiting" and slot.waits:
        return words.sign(words.WAITS, slot.waits)
    if slot.status == "advised":
        return words.sign(words.ADVICE, slot.advice)
    return words.sign(words.SLOT, slot.status)
