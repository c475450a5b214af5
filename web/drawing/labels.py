"""Names in a diagram: inside a shape, or beside it."""

from collections.abc import Sequence

from markupsafe import Markup

from engine.diagrams.boxes import Box
from engine.diagrams.drawing import Edge, Shape
from web.drawing.texts import lines

LABEL, INNER = 11, 12
"""Heights of letters: beside a shape, and in it."""
LABEL_WIDTH = 100


def name_of(thing: Shape | Edge, english: bool) -> str:
    """A thing's name in the page's language."""
    return thing.name_en if english and thing.name_en else thing.name


def beside(name: str, placed: Box | None, x: int, y: int) -> Markup:
    """A name where its author placed it, else around (x, y)."""
    if placed is not None:
        x, y = placed.x + placed.width // 2, placed.y + LABEL
    width = max(LABEL_WIDTH, placed.width if placed is not None else 0)
    return rows(lines(name, width, LABEL), x, y, 14, "label", "middle")


def inside(name: str, box: Box, *, top: bool) -> Markup:
    """A name in the middle of an activity, or at the top of what has others in it."""
    found = lines(name, max(20, box.width - 14), INNER)
    x = box.x + box.width // 2
    if top:
        return rows(found, x, box.y + 18, 15, "", "middle")
    first = box.y + box.height // 2 + 4 - (len(found) - 1) * 15 // 2
    return rows(found, x, first, 15, "", "middle")


def rows(texts: Sequence[str], x: int, y: int, height: int, kind: str, anchor: str) -> Markup:
    """Lines of text, one below the other."""
    if not texts:
        return Markup("")
    spans = Markup("").join(
        Markup('<tspan x="{}" y="{}">{}</tspan>').format(x, y + index * height, text)
        for index, text in enumerate(texts)
    )
    named = Markup(' class="{}"').format(kind) if kind else Markup("")
    return Markup('<text{} text-anchor="{}">{}</text>').format(named, anchor, spans)
