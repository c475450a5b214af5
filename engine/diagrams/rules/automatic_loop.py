"""A cycle in which nothing is waited for ends only by its conditions; where they never do, the
request gets an incident after two thousand steps."""

from collections.abc import Iterator

from engine.diagrams.circles import cycles
from engine.diagrams.subjects import Built, Finding, Severity
from engine.diagrams.ways import drawn

NAME = "automatic-loop"
SEVERITY: Severity = "warn"


def check(built: Built) -> Iterator[Finding]:
    """The first element of each such cycle that has a way out."""
    for ways in built.ways:
        for cycle in cycles(ways):
            if not cycle.endless:
                yield Finding(
                    element=drawn(cycle.first),
                    message="a circle in which nothing is waited for: see that its conditions "
                    "change in it",
                )
