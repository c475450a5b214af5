"""A diagram as SVG: shapes, lines, names, and a mark on every node that was entered."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from markupsafe import Markup, escape

from engine.diagrams.layout import Drawing, Edge, Shape, middle
from web.drawing.texts import lines
from web.pages.wording import gettext
from web.pages.words import NODE, sign

State = Literal["done", "open", "back", "gone"]

SIGNS: Mapping[State, str] = {
    "done": "m-4 0 3 3 5-6",
    "open": "M0-4a4 4 0 1 0 .01 0zM0 0h.01",
    "back": "M1-4-3 0 1 4M-3 0h7",
    "gone": "m-3-3 6 6m0-6-6 6",
}
"""The strokes of a mark, around its middle."""

GLYPHS: Mapping[str, str] = {
    "userTask": "M8 12a3 3 0 1 1 .01 0M2 20c.5-5 3-7 6-7s5.500 2 6 7z",
    "serviceTask": "M3 6h11v9H3zM6 9l2 1.500-2 1.500M10 13h2",
    "timer": "M0-7a7 7 0 1 0 .01 0M0-4v4l3 2",
    "message": "M-7-5H7V5H-7zM-7-5 0 1 7-5",
    "terminate": "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0",
    "exclusiveGateway": "m-6-6 12 12m0-12-12 12",
    "parallelGateway": "M-8 0H8M0-8V8",
    "inclusiveGateway": "M-7 0a7 7 0 1 0 14 0a7 7 0 1 0-14 0",
    "eventBasedGateway": "M0-8 7-2 4 6h-8l-3-8z",
    "parallel": "M-4-4v8M0-4v8M4-4v8",
    "sequential": "M-5-3H5M-5 0H5M-5 3H5",
}


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
    taken: Sequence[str] = (),
) -> Markup:
    """The figure; nothing where the diagram carries no drawing. `taken`: elements passed."""
    if drawing is None:
        return Markup("")
    passed = set(taken)
    parts = [_edge(edge, edge.id in passed, english) for edge in drawing.edges]
    pools = [s for s in drawing.shapes if s.kind in ("participant", "lane", "group")]
    others = [s for s in drawing.shapes if s.kind not in ("participant", "lane", "group")]
    body = Markup("").join(
        [
            *(_pool(s, english) for s in pools),
            *parts,
            *(_shape(s, _state(s, states, passed), english) for s in others),
        ]
    )
    return Markup(
        '<figure class="diagram" data-diagram><div class="diagram__view" tabindex="0"'
        ' role="region" aria-label="{}"><svg xmlns="http://www.w3.org/2000/svg"'
        ' width="{w}" height="{h}" viewBox="0 0 {w} {h}" role="img" aria-label="{}">{}</svg>'
        "</div>{}</figure>"
    ).format(
        gettext("Diagram, scrolls sideways"),
        gettext("Diagram of the process"),
        body,
        _key(states),
        w=drawing.width,
        h=drawing.height,
    )


def _state(shape: Shape, states: Mapping[str, State], passed: set[str]) -> State | None:
    if shape.id in states:
        return states[shape.id]
    return "done" if shape.id in passed else None


def _key(states: Mapping[str, State]) -> Markup:
    if not states:
        return Markup("")
    used = [state for state in SIGNS if state in states.values()]
    chips = Markup(" ").join(sign(NODE, state).chip() for state in used)
    return Markup('<figcaption class="diagram__key">{}</figcaption>').format(chips)


def _name(thing: Shape | Edge, english: bool) -> str:
    return thing.name_en if english and thing.name_en else thing.name


def _pool(shape: Shape, english: bool) -> Markup:
    box, kind = shape.box, "pool" if shape.kind == "participant" else "lane"
    name = _name(shape, english)
    if shape.horizontal:
        x, y = box.x + 15, box.y + box.height // 2
        text = Markup(
            '<text class="label" x="{x}" y="{y}" text-anchor="middle" dy="4"'
            ' transform="rotate(-90 {x} {y})">{}</text>'
        )
        band = Markup('<rect class="band" x="{}" y="{}" width="30" height="{}"/>').format(
            box.x, box.y, box.height
        )
        label = text.format(name, x=x, y=y)
    else:
        band = Markup('<rect class="band" x="{}" y="{}" width="{}" height="30"/>').format(
            box.x, box.y, box.width
        )
        label = Markup('<text class="label" x="{}" y="{}" text-anchor="middle">{}</text>').format(
            box.x + box.width // 2, box.y + 19, name
        )
    return Markup('<g>{}<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>{}</g>').format(
        band, kind, box.x, box.y, box.width, box.height, label
    )


def _edge(edge: Edge, passed: bool, english: bool) -> Markup:
    points = " ".join(f"{x},{y}" for x, y in edge.points)
    tail = " flow--taken" if passed else ""
    line = Markup('<polyline class="flow{}{}" points="{}"/>').format(
        tail, "" if edge.kind == "sequenceFlow" else " flow--loose", points
    )
    arrow = _arrow(edge, passed) if edge.kind != "association" else Markup("")
    name = _name(edge, english)
    label = Markup("")
    if name:
        box = edge.label
        x, y = (box.x + box.width // 2, box.y + 11) if box else _above(middle(edge))
        label = _text(name, x, y, 90, "label", middle=False)
    return Markup("<g>{}{}{}</g>").format(line, arrow, label)


def _above(point: tuple[int, int]) -> tuple[int, int]:
    return point[0], point[1] - 5


def _arrow(edge: Edge, passed: bool) -> Markup:
    (x1, y1), (x2, y2) = edge.points[-2], edge.points[-1]
    length = max(1.0, ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5)
    dx, dy = (x2 - x1) / length, (y2 - y1) / length
    left = f"{x2 - 9 * dx + 4.5 * dy:.1f},{y2 - 9 * dy - 4.5 * dx:.1f}"
    right = f"{x2 - 9 * dx - 4.5 * dy:.1f},{y2 - 9 * dy + 4.5 * dx:.1f}"
    return Markup('<polygon class="arrow{}" points="{},{} {} {}"/>').format(
        " arrow--taken" if passed else "", x2, y2, left, right
    )


def _shape(shape: Shape, state: State | None, english: bool) -> Markup:
    name = _name(shape, english)
    word = str(sign(NODE, state).word) if state else ""
    title = (
        Markup("<title>{}</title>").format(f"{name} – {word}" if word else name)
        if name
        else Markup("")
    )
    if shape.kind.endswith("Event"):
        inner = _event(shape, name)
    elif shape.kind.endswith("Gateway"):
        inner = _gateway(shape, name)
    elif shape.kind == "textAnnotation":
        inner = _note(shape, name)
    elif shape.kind in ("dataObjectReference", "dataStoreReference"):
        inner = _data(shape, name)
    else:
        inner = _activity(shape, name)
    mark = _mark(shape, state, word) if state and not shape.kind.endswith("Gateway") else Markup("")
    kind = f"shape shape--{state}" if state else "shape"
    return Markup('<g class="{}">{}{}{}</g>').format(kind, title, inner, mark)


def _event(shape: Shape, name: str) -> Markup:
    box = shape.box
    x, y, r = box.x + box.width // 2, box.y + box.height // 2, box.width // 2
    kinds = ["thick"] if shape.kind == "endEvent" else []
    kinds += [] if shape.interrupting else ["dashed"]
    ring = Markup('<circle class="{}" cx="{}" cy="{}" r="{}"/>')
    rings = ring.format(" ".join(kinds), x, y, r)
    if shape.kind in ("intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"):
        rings += ring.format(" ".join(kinds), x, y, r - 4)
    glyph = _glyph(shape.marker, x, y)
    at = shape.label
    label = _text(
        name,
        at.x + at.width // 2 if at else x,
        at.y + 11 if at else y + r + 14,
        100,
        "label",
        middle=False,
    )
    return rings + glyph + label


def _gateway(shape: Shape, name: str) -> Markup:
    box = shape.box
    x, y, half = box.x + box.width // 2, box.y + box.height // 2, box.width // 2
    body = Markup('<path class="body" d="M{} {}l{h} {h}-{h} {h}-{h}-{h}z"/>').format(
        x, y - half, h=half
    )
    at = shape.label
    label = _text(
        name,
        at.x + at.width // 2 if at else x,
        at.y + 11 if at else y - half - 6,
        100,
        "label",
        middle=False,
    )
    return body + _glyph(shape.kind, x, y) + label


def _activity(shape: Shape, name: str) -> Markup:
    box = shape.box
    rect = Markup('<rect x="{}" y="{}" width="{}" height="{}" rx="9"/>').format(
        box.x, box.y, box.width, box.height
    )
    parts = rect
    if shape.kind in ("userTask", "serviceTask"):
        parts += Markup(
            '<path class="glyph" transform="translate({} {}) scale(.8)" d="{}"/>'
        ).format(box.x + 6, box.y + 3, GLYPHS[shape.kind])
    if shape.many:
        parts += _glyph(shape.many, box.x + box.width // 2, box.y + box.height - 9)
    top = shape.expanded and shape.kind == "subProcess"
    y = box.y + 18 if top else box.y + box.height // 2
    return parts + _text(name, box.x + box.width // 2, y, box.width - 14, "", middle=not top)


def _note(shape: Shape, name: str) -> Markup:
    box = shape.box
    bracket = Markup('<path class="glyph" d="M{} {}h-8v{}h8"/>').format(
        box.x + 8, box.y, box.height
    )
    text = _rows(lines(name, box.width - 12, 11), box.x + 10, box.y + 14, 14, "label", "start")
    return bracket + text


def _data(shape: Shape, name: str) -> Markup:
    box = shape.box
    body = Markup('<path class="glyph" d="M{} {}h{}l8 8v{}h-{}z"/>').format(
        box.x, box.y, box.width - 8, box.height - 8, box.width
    )
    at = shape.label
    x, y = (
        (at.x + at.width // 2, at.y + 11)
        if at
        else (box.x + box.width // 2, box.y + box.height + 14)
    )
    return body + _text(name, x, y, 100, "label", middle=False)


def _mark(shape: Shape, state: State, word: str) -> Markup:
    """The sign and the word at the upper edge; an event is too small for a word."""
    box = shape.box
    x = box.x + box.width - (12 if not shape.kind.endswith("Event") else 3)
    y = box.y + (12 if not shape.kind.endswith("Event") else 3)
    sign_ = Markup(
        '<circle class="badge" cx="{x}" cy="{y}" r="8"/>'
        '<path class="sign" transform="translate({x} {y})" d="{}"/>'
    ).format(SIGNS[state], x=x, y=y)
    if shape.kind.endswith("Event"):
        return sign_
    return sign_ + Markup('<text class="word" x="{}" y="{}" text-anchor="end">{}</text>').format(
        x - 10, y + 4, word
    )


def _glyph(kind: str, x: int, y: int) -> Markup:
    if kind not in GLYPHS:
        return Markup("")
    return Markup('<path class="glyph" transform="translate({} {})" d="{}"/>').format(
        x, y, GLYPHS[kind]
    )


def _text(name: str, x: int, y: int, width: int, kind: str, *, middle: bool) -> Markup:
    rows = lines(name, width, 11 if kind == "label" else 12)
    height = 14 if kind == "label" else 15
    first = y + 4 - (len(rows) - 1) * height // 2 if middle else y
    return _rows(rows, x, first, height, kind, "middle")


def _rows(rows: Sequence[str], x: int, y: int, height: int, kind: str, anchor: str) -> Markup:
    if not rows:
        return Markup("")
    spans = Markup("").join(
        Markup('<tspan x="{}" y="{}">{}</tspan>').format(x, y + index * height, escape(row))
        for index, row in enumerate(rows)
    )
    named = Markup(' class="{}"').format(kind) if kind else Markup("")
    return Markup('<text{} text-anchor="{}">{}</text>').format(named, anchor, spans)
