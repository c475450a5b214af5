"""A cycle in which nothing is waited for, and which no condition ends, would turn for ever; where
it forks, it would fill the memory."""

from collections.abc import Iterator

from engine.diagrams.circles import cycles
from engine.diagrams.subjects import Built, Finding, Severity
from engine.diagrams.ways import drawn

NAME = "endless-loop"
SEVERITY: Severity = "refuse"


def check(built: Built) -> Iterator[Finding]:
    """The first element of each such cycle."""
    for ways in built.ways:
        for cycle in cycles(ways):
            if cycle.endless:
                yield Finding(
                    element=drawn(cycle.first),
                    message="turns in a circle in which nothing is ever waited for and nothing "
                    "ends it: let it wait for a person or a timer, or draw a way out",
                )
