"""Lines of a diagram: sequence and message flows, associations."""

from markupsafe import Markup

from engine.diagrams.drawing import Edge, middle
from web.drawing.glyphs import SIGNS, glyph
from web.drawing.labels import beside, name_of

LOOSE = {
    "messageFlow": "flow--message",
    "association": "flow--loose",
    "dataInputAssociation": "flow--loose",
    "dataOutputAssociation": "flow--loose",
}


def edge(line: Edge, *, passed: bool, english: bool, fault: str | None = None) -> Markup:
    """One line with its ends and its name; `fault`: what is wrong with it."""
    points = " ".join(f"{x},{y}" for x, y in line.points)
    kinds = ["flow", *([LOOSE[line.kind]] if line.kind in LOOSE else [])]
    kinds += ["flow--taken"] if passed else []
    kinds += ["flow--wrong"] if fault is not None else []
    drawn = Markup('<polyline class="{}" points="{}"/>').format(" ".join(kinds), points)
    name = name_of(line, english)
    label = Markup("")
    if name:
        x, y = middle(line)
        label = beside(name, line.label, x, y - 5)
    ends = _start(line) + _arrow(line, passed)
    if fault is None:
        return Markup("<g>{}{}{}</g>").format(drawn, ends, label)
    x, y = middle(line)
    badge = Markup('<circle class="badge" cx="{}" cy="{}" r="8"/>').format(x, y)
    sign = glyph(SIGNS["halt"], x, y, kind="sign")
    return Markup('<g class="fault"><title>{}</title>{}{}{}{}{}</g>').format(
        fault, drawn, ends, label, badge, sign
    )


def _along(line: Edge, *, start: bool) -> tuple[float, float, float, float]:
    """The end of a line, and the direction in which the line goes there."""
    (x1, y1), (x2, y2) = line.points[:2] if start else line.points[-2:]
    length = max(1.0, ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5)
    x, y = (x1, y1) if start else (x2, y2)
    return x, y, (x2 - x1) / length, (y2 - y1) / length


def _start(line: Edge) -> Markup:
    """How a line begins: with a circle, a diamond, a stroke, or with nothing."""
    x, y, dx, dy = _along(line, start=True)
    if line.kind == "messageFlow":
        return Markup('<circle class="foot" cx="{}" cy="{}" r="4"/>').format(x, y)
    if line.conditional:
        corners = ((0, 0), (7, 4), (14, 0), (7, -4))
        points = " ".join(
            f"{x + a * dx - b * dy:.1f},{y + a * dy + b * dx:.1f}" for a, b in corners
        )
        return Markup('<polygon class="foot" points="{}"/>').format(points)
    if line.default:
        (a, b), (c, d) = (7, -5), (12, 5)
        return Markup('<path class="flow" d="M{:.1f} {:.1f}L{:.1f} {:.1f}"/>').format(
            x + a * dx - b * dy, y + a * dy + b * dx, x + c * dx - d * dy, y + c * dy + d * dx
        )
    return Markup("")


def _arrow(line: Edge, passed: bool) -> Markup:
    if line.kind == "association":
        return Markup("")
    x, y, dx, dy = _along(line, start=False)
    left = f"{x - 9 * dx + 4.5 * dy:.1f},{y - 9 * dy - 4.5 * dx:.1f}"
    right = f"{x - 9 * dx - 4.5 * dy:.1f},{y - 9 * dy + 4.5 * dx:.1f}"
    kind = "arrow arrow--taken" if passed else "arrow"
    kind = "arrow arrow--hollow" if line.kind == "messageFlow" else kind
    return Markup('<polygon class="{}" points="{},{} {} {}"/>').format(kind, x, y, left, right)
