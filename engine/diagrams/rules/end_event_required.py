"""A process without an end event ends where nothing goes on, and says nothing of its outcome."""

from collections.abc import Iterator

from engine.diagrams.subjects import Drawn, Finding, Severity

NAME = "end-event-required"
SEVERITY: Severity = "warn"


def check(drawn: Drawn) -> Iterator[Finding]:
    """Processes and sub-processes without one."""
    for container in drawn.containers:
        if container.nodes and not any(True for _ in container.of("endEvent")):
            yield Finding(element=container.id or "process", message="has no end event: draw one")
