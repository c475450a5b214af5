"""What has no start begins with whatever no flow leads to."""

from collections.abc import Iterator

from engine.diagrams.subjects import Drawn, Finding, Severity

NAME = "start-event-required"
SEVERITY: Severity = "warn"


def check(drawn: Drawn) -> Iterator[Finding]:
    """Processes and sub-processes without one."""
    for container in drawn.containers:
        if not any(True for _ in container.of("startEvent")):
            yield Finding(element=container.id or "process", message="has no start event: draw one")
