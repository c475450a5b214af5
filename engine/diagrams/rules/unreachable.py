"""No flow leads here from a start, so nobody would ever be asked what stands here."""

from collections.abc import Iterator

from engine.diagrams.graphs import END, SPLIT
from engine.diagrams.subjects import Built, Finding, Severity

NAME = "unreachable"
SEVERITY: Severity = "warn"


def check(built: Built) -> Iterator[Finding]:
    """Steps to which no token can get."""
    for ways in built.ways:
        reached = ways.reached(*ways.starts)
        for step in ways.steps:
            if step not in reached and not step.endswith((END, SPLIT)):
                yield Finding(
                    element=step,
                    message="no token ever gets here, so nobody is asked: draw a flow to it, or "
                    "take it out",
                )
