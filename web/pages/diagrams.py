"""The diagrams of one request: its own, and those of the processes that it called."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from engine.diagrams.definition import Definition
from engine.diagrams.layout import drawing_of
from engine.requests import Node
from storage import queries
from web.drawing import svg
from web.drawing.glyphs import State
from web.pages import here
from web.pages.called import Places

MOST = 8
"""Called processes that are drawn: the first ones."""


drawing = lru_cache(maxsize=64)(drawing_of)
"""Reading a diagram's drawing, or making one up, takes longer than anything else on the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One process as drawn, with what happened in it."""

    name: str
    figure: Markup


@dataclass(slots=True, kw_only=True)
class _Found:
    """What happened in the scopes that run one version."""

    nodes: list[Node] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    tokens: list[queries.TokenAt] = field(default_factory=list)


def of(
    places: Places,
    nodes: Iterable[Node],
    tokens: Iterable[queries.TokenAt],
    entries: Sequence[Any],
) -> tuple[Figure, ...]:
    """The request's own process first, then each called one, once, however often it was called."""
    own = places.versions.own
    found: dict[str, _Found] = {own.digest: _Found()}
    by_digest = {own.digest: own}

    def at(definition: Definition) -> _Found:
        by_digest.setdefault(definition.digest, definition)
        return found.setdefault(definition.digest, _Found())

    for node in nodes:
        at(places.versions.of(node)).nodes.append(node)
    for token in tokens:
        if (definition := places.at(token.scope)) is not None:
            at(definition).tokens.append(token)
    known: dict[str, Definition | None] = {}
    for entry in entries:
        for passage in entry.body.get("reached", ()):
            scope = str(passage[2])
            if scope not in known:
                known[scope] = places.at(scope)
            if (definition := known[scope]) is not None:
                at(definition).taken.append(str(passage[1]))
    several = len(found) > 1
    figures = [_figure(by_digest[d], each, several) for d, each in [*found.items()][: MOST + 1]]
    return tuple(figure for figure in figures if figure.figure)


def _figure(definition: Definition, found: _Found, named: bool) -> Figure:
    states: dict[str, State] = svg.marks(found.nodes)
    for token in found.tokens:
        if token.halted:
            states[token.element] = "halt"
        elif states.get(token.element) != "halt":
            states[token.element] = "open"
    name = here.said(definition.name, definition.process.name_en)
    return Figure(
        name=name,
        figure=svg.drawn(
            drawing(definition),
            states,
            english=here.locale() == "en",
            taken=found.taken,
            name=name if named else "",
        ),
    )
