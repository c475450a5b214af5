"""What a pattern becomes: states, each reading a set of characters or moving on freely."""

from dataclasses import dataclass

MOST_STATES = 300
"""Largest pattern; with the longest text it bounds the work of one match."""

Ranges = tuple[tuple[str, str], ...]


class PatternProblem(ValueError):
    """A pattern that is no pattern, or one whose matching could take more than linear time."""


@dataclass(frozen=True, slots=True)
class Chars:
    """A set of characters: these ranges, or everything but them."""

    ranges: Ranges
    negated: bool = False

    def has(self, char: str) -> bool:
        """Whether the character belongs to the set."""
        for low, high in self.ranges:
            if low <= char <= high:
                return not self.negated
        return self.negated


@dataclass(slots=True)
class State:
    """One state: reads a character of `chars`, or moves on freely, perhaps only at an end."""

    chars: Chars | None = None
    at: str = ""
    to: tuple[int, ...] = ()
