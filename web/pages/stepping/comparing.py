"""Two steps beside each other: what differs between them."""

from dataclasses import dataclass
from typing import Any

from engine.replay import GONE, State
from engine.replay.state import changes
from engine.requests import Node, Slot
from web.pages import words
from web.pages.formats import listed
from web.pages.stepping.desks import sign_of_node
from web.pages.stepping.knowing import Knowing
from web.pages.stepping.values import Cell, Sayer
from web.pages.votes import sign_of
from web.pages.wording import gettext
from web.pages.words import Sign


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Something at the one step and at the other; None: it is not there."""

    name: str
    one: Any
    other: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What differs."""

    one: int
    other: int
    status: tuple[Sign, Sign]
    rounds: tuple[int, int]
    values: tuple[Beside, ...]
    """Of cells."""
    nodes: tuple[Beside, ...]
    """Of signs: desks that stand otherwise."""
    votes: tuple[Beside, ...]
    """Of signs: places that stand otherwise."""


def compared(knowing: Knowing, one: int, other: int) -> Comparison:
    """Two steps beside each other, in the order in which they are given."""
    first, second = knowing.steps.at(one), knowing.steps.at(other)
    assert first.request is not None
    assert second.request is not None
    return Comparison(
        one=one,
        other=other,
        status=(
            words.sign(words.STATUS, first.request.status),
            words.sign(words.STATUS, second.request.status),
        ),
        rounds=(first.request.round, second.request.round),
        values=tuple(_values(knowing, first, second)),
        nodes=tuple(_nodes(knowing, first, second)),
        votes=tuple(_votes(knowing, first, second)),
    )


def _filled(state: State) -> dict[tuple[str, str], Any]:
    return {**{("", name): value for name, value in state.answers.items()}, **state.variables}


def _values(knowing: Knowing, first: State, second: State) -> list[Beside]:
    sayer, found = Sayer.of(knowing), []
    for (scope, name), old, new in changes(_filled(first), _filled(second)):
        hidden = name.startswith("_") or name in ("me", "round") or name.endswith("_answers")
        if hidden or not knowing.shown.shows(name):
            continue
        cells = [None if each is GONE else sayer.cell(name, each) for each in (old, new)]
        if all(cell is None or cell.empty for cell in cells) or cells[0] == cells[1]:
            continue
        definition = knowing.places.at(scope) if scope else None
        label = sayer.label(name)
        where = f" ({definition.name})" if definition is not None else ""
        found.append(Beside(name=label + where, one=cells[0] or Cell(), other=cells[1] or Cell()))
    return found


def _nodes(knowing: Knowing, first: State, second: State) -> list[Beside]:
    found = []
    for _, old, new in changes(first.nodes, second.nodes):
        one, other = (_mark(each) for each in (old, new))
        if one != other:
            node = new if new is not GONE else old
            found.append(Beside(name=_named(knowing, node), one=one, other=other))
    return found


def _mark(node: Any) -> Sign | None:
    return None if node is GONE else sign_of_node(node)


def _named(knowing: Knowing, row: Node | Slot) -> str:
    said = gettext("round %(n)s", n=row.round)
    if row.pass_ > 1:
        said = f"{said} · {gettext('pass %(n)s', n=row.pass_)}"
    return f"{knowing.node_name(row)} · {said}"


def _votes(knowing: Knowing, first: State, second: State) -> list[Beside]:
    found = []
    for _, old, new in changes(first.slots, second.slots):
        one, other = (None if each is GONE else sign_of(each) for each in (old, new))
        if one != other:
            slot = new if new is not GONE else old
            signer = slot.decided_by or slot.signer
            people = [signer] if signer else slot.holders or slot.candidates
            who = listed(knowing.names.all(people))
            found.append(Beside(name=f"{_named(knowing, slot)} · {who}", one=one, other=other))
    return found
