"""A sub-process begins when a token comes: its start waits for nothing."""

from collections.abc import Iterator

from engine.diagrams.events import definitions
from engine.diagrams.subjects import Drawn, Finding, Severity

NAME = "sub-process-blank-start-event"
SEVERITY: Severity = "refuse"


def check(drawn: Drawn) -> Iterator[Finding]:
    """Starts with a trigger in ordinary sub-processes."""
    for container in drawn.containers[1:]:
        if container.element.get("triggeredByEvent") == "true":
            continue
        for node, each in container.of("startEvent"):
            if definitions(each):
                yield Finding(
                    element=node,
                    message="the start of a sub-process has no trigger: take it away, or make it "
                    "an event sub-process",
                )
