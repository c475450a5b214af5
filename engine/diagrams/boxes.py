"""Rectangles and points of a drawing."""

from dataclasses import dataclass

Point = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle, in the drawing's units; (x, y) is its upper left corner."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """Its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """Its lower edge."""
        return self.y + self.height

    @property
    def centre(self) -> Point:
        """Its middle."""
        return self.x + self.width // 2, self.y + self.height // 2

    def moved(self, dx: int, dy: int) -> "Box":
        """The same elsewhere."""
        return Box(x=self.x + dx, y=self.y + dy, width=self.width, height=self.height)
