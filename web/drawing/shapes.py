"""Shapes of a diagram: events, gateways, activities, data, notes, groups, pools and lanes."""

from markupsafe import Markup

from engine.diagrams.drawing import Shape
from web.drawing.glyphs import EVENTS, FEET, GATEWAYS, TASKS, glyph
from web.drawing.labels import beside, inside, rows
from web.drawing.texts import lines

CONTAINERS = ("subProcess", "transaction", "adHocSubProcess")
INNER_RING = ("intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent")
BACKGROUND = ("participant", "lane", "group")


def drawn(shape: Shape, name: str) -> Markup:
    """What a shape looks like, by its kind; what is not known is a box with its name."""
    if shape.kind.endswith("Event"):
        return _event(shape, name)
    if shape.kind.endswith("Gateway"):
        return _gateway(shape, name)
    if shape.kind == "textAnnotation":
        return _note(shape, name)
    if shape.kind == "dataStoreReference":
        return _store(shape, name)
    if shape.kind.startswith("data"):
        return _data(shape, name)
    return _activity(shape, name)


def background(shape: Shape, name: str) -> Markup:
    """A pool, a lane or a group."""
    if shape.kind == "group":
        return _group(shape, name)
    box, kind = shape.box, "pool" if shape.kind == "participant" else "lane"
    rect = _rect(shape, kind)
    if not shape.expanded:
        return Markup("<g>{}{}</g>").format(rect, inside(name, box, top=False))
    if shape.horizontal:
        x, y = box.x + 15, box.y + box.height // 2
        words = lines(name, max(30, box.height - 10), 11)[:2]
        text = Markup("").join(
            Markup('<tspan x="{}" dy="{}">{}</tspan>').format(x, 12 if index else 0, each)
            for index, each in enumerate(words)
        )
        label = Markup(
            '<text class="label" x="{x}" y="{y}" text-anchor="middle" dy="{dy}"'
            ' transform="rotate(-90 {x} {y})">{text}</text>'
        ).format(x=x, y=y, dy=4 if len(words) < 2 else -2, text=text)
        band = Markup('<rect class="band" x="{}" y="{}" width="30" height="{}"/>').format(
            box.x, box.y, box.height
        )
    else:
        words = lines(name, max(30, box.width - 10), 11)[:1]
        label = rows(words, box.x + box.width // 2, box.y + 19, 14, "label", "middle")
        band = Markup('<rect class="band" x="{}" y="{}" width="{}" height="30"/>').format(
            box.x, box.y, box.width
        )
    return Markup("<g>{}{}{}</g>").format(band, rect, label)


def _rect(shape: Shape, kind: str = "", corner: int = 0) -> Markup:
    box = shape.box
    round_ = Markup(' rx="{}"').format(corner) if corner else Markup("")
    return Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"{}/>').format(
        kind, box.x, box.y, box.width, box.height, round_
    )


def _group(shape: Shape, name: str) -> Markup:
    box = shape.box
    label = beside(name, shape.label, box.x + box.width // 2, box.y - 4)
    return Markup("<g>{}{}</g>").format(_rect(shape, "group", 9), label)


def _event(shape: Shape, name: str) -> Markup:
    box = shape.box
    x, y = box.x + box.width // 2, box.y + box.height // 2
    r = max(6, min(box.width, box.height) // 2)
    kinds = ["thick"] if shape.kind == "endEvent" else []
    kinds += [] if shape.interrupting else ["dashed"]
    ring = Markup('<circle class="{}" cx="{}" cy="{}" r="{}"/>')
    found = ring.format(" ".join(kinds), x, y, r)
    if shape.kind in INNER_RING:
        found += ring.format(" ".join(kinds), x, y, r - 4)
    filled = shape.throwing or shape.marker == "terminate"
    kind = "glyph glyph--filled" if filled else "glyph"
    sign = glyph(EVENTS.get(shape.marker, ""), x, y, kind=kind)
    return found + sign + beside(name, shape.label, x, y + r + 14)


def _gateway(shape: Shape, name: str) -> Markup:
    box = shape.box
    x, y, half = box.x + box.width // 2, box.y + box.height // 2, box.width // 2
    body = Markup('<path class="body" d="M{} {}l{h} {h}-{h} {h}-{h}-{h}z"/>').format(
        x, y - half, h=half
    )
    sign = glyph(GATEWAYS.get(shape.kind, ""), x, y, kind="glyph glyph--firm")
    return body + sign + beside(name, shape.label, x, y - half - 6)


def _activity(shape: Shape, name: str) -> Markup:
    open_ = shape.expanded and shape.kind in CONTAINERS
    kinds = ["bold"] if shape.kind == "callActivity" else []
    kinds += ["dotted"] if shape.triggered else []
    kinds += ["frame"] if open_ else []
    parts = _rect(shape, " ".join(kinds), 9)
    box = shape.box
    if shape.kind == "transaction" and box.width > 20 and box.height > 20:
        parts += Markup('<rect class="inner" x="{}" y="{}" width="{}" height="{}" rx="7"/>').format(
            box.x + 3, box.y + 3, box.width - 6, box.height - 6
        )
    kind = "glyph glyph--filled" if shape.kind == "sendTask" else "glyph"
    parts += glyph(TASKS.get(shape.kind, ""), box.x + 6, box.y + 3, kind=kind, scale=".8")
    return parts + _feet(shape, open_) + inside(name, box, top=open_)


def _feet(shape: Shape, open_: bool) -> Markup:
    feet = [shape.many] if shape.many else []
    if shape.kind in CONTAINERS and not open_:
        feet.append("collapsed")
    if shape.kind == "adHocSubProcess":
        feet.append("adHoc")
    box = shape.box
    left = box.x + box.width // 2 - 8 * (len(feet) - 1)
    return Markup("").join(
        glyph(FEET.get(foot, ""), left + 16 * index, box.y + box.height - 9)
        for index, foot in enumerate(feet)
    )


def _note(shape: Shape, name: str) -> Markup:
    box = shape.box
    bracket = Markup('<path class="glyph" d="M{} {}h-8v{}h8"/>').format(
        box.x + 8, box.y, box.height
    )
    most = max(1, box.height // 14)
    text = lines(name, max(40, box.width - 12), 11, most)
    return bracket + rows(text, box.x + 10, box.y + 14, 14, "label", "start")


def _data(shape: Shape, name: str) -> Markup:
    box = shape.box
    body = Markup('<path class="body sheet" d="M{} {}h{}l8 8v{}h-{}z"/>').format(
        box.x, box.y, max(1, box.width - 8), max(1, box.height - 8), box.width
    )
    return body + beside(name, shape.label, box.x + box.width // 2, box.y + box.height + 14)


def _store(shape: Shape, name: str) -> Markup:
    box = shape.box
    half, cap = box.width / 2, min(8, box.height / 4)
    body = Markup(
        '<path class="body sheet" d="M{x} {y}a{half} {cap} 0 0 1 {w} 0v{h}'
        "a{half} {cap} 0 0 1-{w} 0z"
        'M{x} {y}a{half} {cap} 0 0 0 {w} 0"/>'
    ).format(x=box.x, y=box.y + cap, half=half, cap=cap, w=box.width, h=box.height - 2 * cap)
    return body + beside(name, shape.label, box.x + box.width // 2, box.y + box.height + 14)
