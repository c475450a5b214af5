"""A process as drawn, with a number at each desk: a heat map.

Never by colour alone: the more, the denser the pattern, the more bars beside the number.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from engine.diagrams.drawing import Drawing, Shape
from web.drawing.labels import name_of
from web.drawing.lines import edge
from web.drawing.shapes import BACKGROUND, background
from web.drawing.shapes import drawn as looks
from web.drawing.svg import WIDEST
from web.drawing.texts import cut
from web.pages.wording import gettext

LEVELS = 5
_GAPS = (16, 11, 8, 6, 4)
"""How far apart the lines of each level's pattern are."""
_BAR, _HEIGHT = 4, 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Heat:
    """What is told of one desk: how much of the most it is, 0 (nothing) to `LEVELS`."""

    level: int
    figure: str
    """Short, to stand at the desk."""
    told: str
    """In full, for whoever points at it or has it read out."""


def level_of(value: float | None, most: float) -> int:
    """Which level a value is of, where the most is `most`."""
    if not value or most <= 0:
        return 0
    return min(LEVELS, max(1, -int(-LEVELS * value // most)))


def drawn(
    drawing: Drawing | None,
    heats: Mapping[str, Heat],
    address: Callable[[str], str],
    *,
    english: bool,
) -> Markup:
    """The figure; nothing where there is no drawing. `address`: where a desk's numbers stand."""
    if drawing is None:
        return Markup("")
    behind = [shape for shape in drawing.shapes if shape.kind in BACKGROUND]
    others = [shape for shape in drawing.shapes if shape.kind not in BACKGROUND]
    body = Markup("").join(
        [
            *(background(shape, cut(name_of(shape, english))) for shape in behind),
            *(edge(line, passed=False, english=english) for line in drawing.edges),
            *(_shape(shape, heats.get(shape.id), address, english) for shape in others),
        ]
    )
    scale = min(1.0, WIDEST / max(1, drawing.width, drawing.height))
    return Markup(
        '<div class="diagram__view" tabindex="0" role="region" aria-label="{}">'
        '<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="{}" viewBox="0 0 {} {}"'
        ' role="group" aria-label="{}">{}{}</svg></div>'
    ).format(
        gettext("Diagram, scrolls sideways"),
        round(drawing.width * scale),
        round(drawing.height * scale),
        drawing.width,
        drawing.height,
        gettext("Diagram with numbers"),
        patterns(),
        body,
    )


def patterns() -> Markup:
    """What the levels look like, to be referred to from anywhere in the page."""
    return Markup("<defs>{}</defs>").format(
        Markup("").join(_pattern(level, gap) for level, gap in enumerate(_GAPS, 1))
    )


def legend(ranges: Sequence[str]) -> Markup:
    """The scale: from each level's pattern to what it stands for, from little to much."""
    items = Markup("").join(
        Markup(
            '<li><svg class="heat__swatch" viewBox="0 0 40 18" aria-hidden="true">'
            '<rect class="heat__ground" width="40" height="18" rx="4" fill="url(#heat-{level})"/>'
            "</svg>{bars}<span>{text}</span></li>"
        ).format(level=level, bars=_alone(level), text=text)
        for level, text in enumerate(ranges, 1)
    )
    return Markup('<ol class="heat__scale">{}</ol>').format(items)


def _alone(level: int) -> Markup:
    return Markup('<svg class="heat__bars" viewBox="0 0 {} 14" aria-hidden="true">{}</svg>').format(
        LEVELS * _BAR, _bars(level, 0, 0)
    )


def _pattern(level: int, gap: int) -> Markup:
    return Markup(
        '<pattern id="heat-{level}" width="{gap}" height="{gap}" patternUnits="userSpaceOnUse"'
        ' patternTransform="rotate(45)"><rect class="heat__tint heat__tint--{level}" width="{gap}"'
        ' height="{gap}"/><path class="heat__line" d="M0 0V{gap}"/></pattern>'
    ).format(level=level, gap=gap)


def _shape(shape: Shape, heat: Heat | None, address: Callable[[str], str], english: bool) -> Markup:
    name = cut(name_of(shape, english))
    if heat is None:
        title = Markup("<title>{}</title>").format(name) if name else Markup("")
        return Markup('<g class="shape">{}{}</g>').format(title, looks(shape, name))
    told = f"{name or shape.id}: {heat.told}"
    return Markup(
        '<a href="{}" class="heat" aria-label="{}"><title>{}</title><g class="shape">{}{}</g>{}</a>'
    ).format(
        address(shape.id), told, told, _ground(shape, heat), looks(shape, name), _badge(shape, heat)
    )


def _ground(shape: Shape, heat: Heat) -> Markup:
    if not heat.level:
        return Markup(
            '<rect class="heat__none" x="{}" y="{}" width="{}" height="{}" rx="9"/>'
        ).format(shape.box.x, shape.box.y, shape.box.width, shape.box.height)
    box = shape.box
    return Markup(
        '<rect class="heat__ground" x="{}" y="{}" width="{}" height="{}" rx="9"'
        ' fill="url(#heat-{})"/>'
    ).format(box.x, box.y, box.width, box.height, heat.level)


def _badge(shape: Shape, heat: Heat) -> Markup:
    """The number on the upper edge, bars before it."""
    wide = sum(12 if ord(letter) > 0x2E7F else 7 for letter in heat.figure)
    width = LEVELS * _BAR + wide + 16
    x = shape.box.x + shape.box.width + 8 - width
    y = shape.box.y - _HEIGHT + 4
    return Markup(
        '<g class="heat__badge"><rect x="{x}" y="{y}" width="{width}" height="{height}" rx="9"/>'
        '{bars}<text x="{end}" y="{base}" text-anchor="end">{figure}</text></g>'
    ).format(
        x=x,
        y=y,
        width=width,
        height=_HEIGHT,
        bars=_bars(heat.level, x + 6, y + 2),
        end=x + width - 6,
        base=y + 13,
        figure=heat.figure,
    )


def _bars(level: int, x: int, y: int) -> Markup:
    """As many of five rising bars as the level says."""
    return Markup("").join(
        Markup('<rect class="heat__bar{}" x="{}" y="{}" width="3" height="{}"/>').format(
            " heat__bar--on" if at < level else "", x + at * _BAR, y + 11 - at * 2, 3 + at * 2
        )
        for at in range(LEVELS)
    )
