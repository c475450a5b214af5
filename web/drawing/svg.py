"""A diagram as SVG: shapes, lines, names, and a mark on every node that was entered."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from markupsafe import Markup

from engine.diagrams.drawing import Drawing, Shape
from web.drawing.glyphs import SIGNS, State, glyph
from web.drawing.labels import name_of
from web.drawing.lines import edge
from web.drawing.shapes import BACKGROUND, background
from web.drawing.shapes import drawn as looks
from web.drawing.texts import cut
from web.pages.wording import gettext
from web.pages.words import NODE, sign

WIDEST = 20_000
"""Units at most on the page: what is larger is shown smaller."""


def marks(nodes: Iterable[Any]) -> dict[str, State]:
    """What became of each node: its last entry says."""
    found: dict[str, State] = {}
    for node in nodes:
        if node.status == "open":
            found[node.node] = "open"
        elif node.status in ("cancelled", "superseded"):
            found[node.node] = "gone"
        else:
            found[node.node] = "back" if node.verdict in ("returned", "rejected") else "done"
    return found


def drawn(
    drawing: Drawing | None,
    states: Mapping[str, State],
    *,
    english: bool,
    taken: Collection[str] = (),
    faults: Mapping[str, str] | None = None,
    name: str = "",
) -> Markup:
    """The figure; nothing where there is no drawing.

    `taken`: elements passed. `faults`: what is wrong with elements, each shown at its element.
    `name`: the process's, where there are several figures on a page.
    """
    if drawing is None:
        return Markup("")
    passed, wrong = set(taken), faults or {}
    behind = [shape for shape in drawing.shapes if shape.kind in BACKGROUND]
    others = [shape for shape in drawing.shapes if shape.kind not in BACKGROUND]
    body = Markup("").join(
        [
            *(background(shape, cut(name_of(shape, english))) for shape in behind),
            *(
                edge(line, passed=line.id in passed, english=english, fault=wrong.get(line.id))
                for line in drawing.edges
            ),
            *(shaped(s, _state(s, states, passed), english, wrong.get(s.id)) for s in others),
        ]
    )
    scale = min(1.0, WIDEST / max(1, drawing.width, drawing.height))
    called = f": {cut(name)}" if name else ""
    view, picture = gettext("Diagram, scrolls sideways"), gettext("Diagram of the process")
    return Markup(
        '<figure class="diagram" data-diagram><div class="diagram__view" tabindex="0"'
        ' role="region" aria-label="{}"><svg xmlns="http://www.w3.org/2000/svg"'
        ' width="{}" height="{}" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>'
        "</div>{}</figure>"
    ).format(
        view + called,
        round(drawing.width * scale),
        round(drawing.height * scale),
        drawing.width,
        drawing.height,
        picture + called,
        body,
        _key(drawing, states),
    )


def _state(shape: Shape, states: Mapping[str, State], passed: set[str]) -> State | None:
    if shape.id in states:
        return states[shape.id]
    return "done" if shape.id in passed else None


def _key(drawing: Drawing, states: Mapping[str, State]) -> Markup:
    there = {states[shape.id] for shape in drawing.shapes if shape.id in states}
    if not there:
        return Markup("")
    chips = Markup(" ").join(sign(NODE, state).chip() for state in SIGNS if state in there)
    return Markup('<figcaption class="diagram__key">{}</figcaption>').format(chips)


def shaped(shape: Shape, state: State | None, english: bool, fault: str | None = None) -> Markup:
    """One shape with its mark."""
    name = cut(name_of(shape, english))
    word = str(sign(NODE, state).word) if state else ""
    told = " – ".join(each for each in (name, word, fault or "") if each)
    title = Markup("<title>{}</title>").format(told) if told else Markup("")
    mark = _mark(shape, state, word) if state and not shape.kind.endswith("Gateway") else Markup("")
    kinds = ["shape", *([f"shape--{state}"] if state else [])]
    if fault is not None:
        kinds.append("shape--wrong")
        mark = _badge(shape, "halt", -1)
    return Markup('<g class="{}">{}{}{}</g>').format(
        " ".join(kinds), title, looks(shape, name), mark
    )


def times(shape: Shape, often: int) -> Markup:
    """How often a shape was passed, at its lower edge."""
    box = shape.box
    told = gettext("passed %(n)s times", n=often)
    return Markup(
        '<text class="times" x="{}" y="{}" text-anchor="end"><title>{}</title>×{}</text>'
    ).format(box.x + box.width + 2, box.y + box.height + 11, told, often)


def _mark(shape: Shape, state: State, word: str) -> Markup:
    """The sign and the word at the upper edge; an event is too small for a word."""
    badge = _badge(shape, state, 1)
    box = shape.box
    if shape.kind.endswith("Event") or box.width < 60:
        return badge
    return badge + Markup('<text class="word" x="{}" y="{}" text-anchor="end">{}</text>').format(
        box.x + box.width - 22, box.y + 16, word
    )


def _badge(shape: Shape, state: State, side: int) -> Markup:
    """A sign in a small circle, at the right (1) or left (-1) upper corner."""
    box, inset = shape.box, 3 if shape.kind.endswith(("Event", "Gateway")) else 12
    x, y = box.x + box.width - inset if side > 0 else box.x + inset, box.y + inset
    circle = Markup('<circle class="badge" cx="{}" cy="{}" r="8"/>').format(x, y)
    return circle + glyph(SIGNS[state], x, y, kind="sign")
