"""What has become of a request so far: its path, its few fields for lists, what was changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.desk import desk_of
from engine.diagrams.definition import Definition
from engine.recorded import changed_where
from storage import queries
from web.pages import drawn
from web.pages.drawn import Drawer
from web.pages.formats import listed
from web.pages.names import Names
from web.pages.values import Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One node on the path so far."""

    name: str
    state: str
    """`done`, `back`, `now`, `gone`."""
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A field that an amendment or another request has changed."""

    label: str
    old: str
    new: str


def round_began(entries: Sequence[Any], round: int) -> int:
    """The entry by which the request was returned into this round."""
    for entry in entries:
        for fact in entry.body.get("did", ()):
            if fact[0] == "opened" and fact[3] == round:
                return int(entry.seq)
    return 0


def changes(
    entries: Sequence[Any],
    texts: Texts,
    *,
    since: int = 0,
    hidden: frozenset[str] = frozenset(),
) -> tuple[Change, ...]:
    """Fields that changed from entry `since` on: the first old value, the last new one. What was
    filled in for the first time is no change."""
    found: dict[str, tuple[Any, Any]] = {}
    for entry in entries:
        if entry.seq < since:
            continue
        for where, change in entry.particulars.items():
            name = changed_where(where.removeprefix("changed."))[1]
            if where.startswith("changed.") and isinstance(change, list) and name in texts.fields:
                found[name] = (found[name][0] if name in found else change[0], change[1])
    return tuple(
        Change(label=texts.label(name), old=texts.said(name, old), new=texts.said(name, new))
        for name, (old, new) in found.items()
        if old != new and old is not None and old != [] and name not in hidden
    )


def summary(definition: Definition, request: Any, drawer: Drawer) -> tuple[tuple[str, str], ...]:
    """The few fields that lists show, by their labels."""
    if not request.summary:
        return ()
    start = desk_of(definition, None)
    drawing = drawer.filled(start, {**drawer.variables, **request.summary}, frozenset())
    texts = {item.key: item for item in drawing.fields}
    found = [(texts[key].label, texts[key].text) for key in request.summary if key in texts]
    return tuple((label, text) for label, text in found if text)


def path(
    versions: queries.Versions, nodes: Sequence[Any], slots: Sequence[Any], names: Names
) -> tuple[Step, ...]:
    """The nodes of this round in order of opening: past, sent back, cancelled, now."""
    if not nodes:
        return ()
    last = max(node.round for node in nodes)
    steps = []
    for node in nodes:
        if node.round != last and node.status != "settled":
            continue
        state = _state(node)
        if node.status == "superseded":
            continue
        people = [s for s in slots if s.node_key == node.key]
        who = (
            [names.of(s.decided_by) for s in people if s.decided_by]
            if state != "now"
            else [
                name
                for s in people
                if s.status == "open"
                for name in names.all(s.holders or s.candidates)
            ]
        )
        name = drawn.node_name(versions.of(node), node.node)
        steps.append(Step(name=name, state=state, who=_few(who)))
    return tuple(steps)


def _state(node: Any) -> str:
    if node.status == "open":
        return "now"
    if node.status in ("cancelled", "superseded"):
        return "gone"
    return "back" if node.verdict in ("returned", "rejected") else "done"


def _few(names: Sequence[str]) -> str:
    unique = list(dict.fromkeys(names))
    return listed(unique[:2]) + (f" +{len(unique) - 2}" if len(unique) > 2 else "")
