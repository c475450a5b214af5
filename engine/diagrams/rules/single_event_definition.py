"""An event that waits for two things at once says twice what it is."""

from collections.abc import Iterator

from engine.diagrams.events import definitions
from engine.diagrams.subjects import Drawn, Finding, Severity

NAME = "single-event-definition"
SEVERITY: Severity = "refuse"


def check(drawn: Drawn) -> Iterator[Finding]:
    """Events with several definitions."""
    for container in drawn.containers:
        for node, each in container.nodes.items():
            if len(definitions(each)) > 1:
                yield Finding(
                    element=node, message="an event has one definition: draw one event for each"
                )
