"""Where things stand."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.diagrams.boxes import Box, Point
from engine.diagrams.source import Element

Line = tuple[Point, ...]


@dataclass(slots=True)
class Plan:
    """Boxes and lines by their elements, from (0, 0) to (`width`, `height`)."""

    boxes: dict[Element, Box] = field(default_factory=dict)
    lines: dict[Element, Line] = field(default_factory=dict)
    width: int = 0
    height: int = 0

    def add(self, other: "Plan", dx: int, dy: int) -> None:
        """Take in another plan, moved."""
        for element, box in other.boxes.items():
            self.boxes[element] = box.moved(dx, dy)
        for element, line in other.lines.items():
            self.lines[element] = tuple((x + dx, y + dy) for x, y in line)
        self.width = max(self.width, other.width + dx)
        self.height = max(self.height, other.height + dy)


def by_id(boxes: Mapping[Element, Box]) -> dict[str, tuple[Element, Box]]:
    """The boxes of elements that have an id."""
    return {each.get("id", ""): (each, box) for each, box in boxes.items() if each.get("id")}
