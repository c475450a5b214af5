"""An event sub-process begins when its event comes, so its start says which."""

from collections.abc import Iterator

from engine.diagrams.events import definitions
from engine.diagrams.subjects import Drawn, Finding, Severity

NAME = "event-sub-process-typed-start-event"
SEVERITY: Severity = "refuse"


def check(drawn: Drawn) -> Iterator[Finding]:
    """Starts without a trigger in event sub-processes."""
    for container in drawn.containers[1:]:
        if container.element.get("triggeredByEvent") != "true":
            continue
        for node, each in container.of("startEvent"):
            if not definitions(each):
                yield Finding(
                    element=node, message="give the start its event: timer, message, error, …"
                )
