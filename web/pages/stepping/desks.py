"""The desks of one step: those that are open with every signer's place, then those that are over;
and what else it waits for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.flow import windows
from engine.replay import GONE, State, Step
from engine.requests import INCIDENT_WORDS, Node, Slot
from web.drawing.glyphs import State as Mark
from web.pages import here, words
from web.pages.called import scope_of
from web.pages.formats import listed
from web.pages.stepping.knowing import Knowing
from web.pages.stepping.rows import Rows
from web.pages.votes import said_at, sign_of
from web.pages.why import why
from web.pages.wording import gettext
from web.pages.words import Sign


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One signer's place at a step."""

    sign: Sign
    who: str
    department: str
    could: str
    """Who could act, where that is not (only) the signer."""
    on_behalf_of: str
    why: str
    comment: str
    at: datetime | None
    came: str
    kept_from: int | None
    due: datetime | None
    task: str


def sign_of_node(node: Node) -> Sign:
    """What has become of a node."""
    return words.sign(words.NODE, state_of(node))


def state_of(node: Node) -> Mark:
    """The same as the diagram says it."""
    if node.status == "open":
        return "open"
    if node.status == "superseded":
        return "undone"
    if node.status == "cancelled":
        return "gone"
    return "back" if node.verdict in ("returned", "rejected") else "done"


class Desks:
    """The rows of desks; steps are asked for one after the other."""

    def __init__(self, knowing: Knowing, rows: Rows) -> None:
        self._knowing = knowing
        self._rows = rows
        self._kept: dict[tuple[str, Any], tuple[Any, int]] = {}
        self._open: dict[str, Node] = {}
        self._places: dict[str, set[int]] = {}
        self._over: dict[str, int] = {}

    def at(self, step: Step, state: State) -> list[int]:
        """The open desks and those that the step has touched, each with its places."""
        touched = {key for key, node in step.delta.nodes.items() if node is not GONE}
        for slot in step.delta.slots.values():
            if slot is not GONE:
                touched.add(slot.node_key)
                self._places.setdefault(slot.node_key, set()).add(slot.ordinal)
        for key in touched:
            self._take(state.nodes[key])
        found: list[int] = []
        for key in sorted(
            {*self._open, *touched}, key=lambda key: (state.nodes[key].opened_at, key)
        ):
            found.append(self._once("desk", key, state.nodes[key], self._desk))
            slots = [state.slots[each] for each in sorted(self._places.get(key, ()))]
            found += [self._once("place", slot.ordinal, slot, self._place) for slot in slots]
        return found

    def _take(self, node: Node) -> None:
        if node.status == "open":
            self._open[node.key] = node
            self._over.pop(node.key, None)
        else:
            self._open.pop(node.key, None)
            self._over[node.key] = self._once("past", node.key, node, self._past)

    def past(self) -> list[int]:
        """Every desk that is over, the last one first; after `at`."""
        return [*reversed(self._over.values())]

    def _once(self, what: str, key: Any, row: Any, make: Any) -> int:
        """A row's number: made once, as long as the row is the same."""
        kept = self._kept.get((what, key))
        if kept is None or kept[0] is not row:
            kept = self._kept[what, key] = (row, make(row))
        return kept[1]

    def _desk(self, node: Node) -> int:
        known = self._knowing
        return self._rows.made(
            "desk", known.node_name(node), known.called(node), sign_of_node(node), node,
            _verdict(node),
        )  # fmt: skip

    def _past(self, node: Node) -> int:
        known = self._knowing
        return self._rows.made(
            "past", known.node_name(node), known.called(node), sign_of_node(node), node,
            _verdict(node),
        )  # fmt: skip

    def _place(self, slot: Slot) -> int:
        names = self._knowing.names
        signer = slot.decided_by or slot.signer
        could = [person for person in slot.holders or slot.candidates if person != signer]
        place = Place(
            sign=sign_of(slot),
            who=names.of(signer) if signer else gettext("not claimed yet"),
            department=slot.department,
            could=listed(names.all(could)),
            on_behalf_of=names.of(slot.on_behalf_of),
            why=why(slot, here.me().id, names.of, names.worded),
            comment=said_at(slot),
            at=slot.decided_at,
            came=_came(slot, names),
            kept_from=slot.kept_from,
            due=slot.due,
            task=slot.id,
        )
        return self._rows.made("place", place)

    # ---- what else it waits for

    def waits(self, state: State) -> list[int]:
        """Timers, outside systems, what stands still, and events that tokens wait for."""
        return [*self._timers(state), *self._outside(state), *self._still(state)]

    def _timers(self, state: State) -> Iterator[int]:
        for timer in sorted(state.timers.values(), key=lambda each: (each.due, each.key)):
            yield self._rows.made("wait", "clock", gettext("Timer"), self._timer(timer.key),
                                  timer.due, "")  # fmt: skip

    def _timer(self, key: str) -> str:
        what, _, node = key.partition(":")
        if key == windows.TIMER:
            return gettext("a decision takes effect")
        if what in ("remind", "due") and node:
            said = gettext("reminder") if what == "remind" else gettext("deadline")
            return f"{self._at(node)}: {said}"
        return self._at(key)

    def _at(self, key: str) -> str:
        element = key.rpartition("/")[2].partition("#")[0]
        return self._knowing.places.name(scope_of(key), element)

    def _outside(self, state: State) -> Iterator[int]:
        for row in state.externals.values():
            yield self._rows.made("wait", "gears", gettext("Outside system"),
                                  self._knowing.node_name(row), None, row.topic)  # fmt: skip

    def _still(self, state: State) -> Iterator[int]:
        for row in state.incidents.values():
            said = here.said(*INCIDENT_WORDS.get(row.kind, ("", "")))
            told = f"{said}: {row.message}" if self._knowing.tells and row.message else said
            yield self._rows.made("wait", "alert", gettext("Stands still"),
                                  self._knowing.node_name(row), row.at, told)  # fmt: skip


def _verdict(node: Node) -> Sign | None:
    return words.sign(words.OUTCOME, node.verdict) if node.verdict else None


def _came(slot: Slot, names: Any) -> str:
    by = names.of(slot.made_by)
    if slot.origin == "added":
        return str(words.ADDED[slot.mode]) % {"name": by}
    if slot.origin == "transferred":
        return gettext("taken over from %(name)s", name=by)
    if slot.origin == "delegated":
        return gettext("asked for an opinion by %(name)s", name=by)
    return ""
