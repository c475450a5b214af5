"""An event that waits for a condition needs one; without it, it never happens."""

from collections.abc import Iterator

from engine.diagrams import source
from engine.diagrams.subjects import Drawn, Finding, Severity

NAME = "conditional-event"
SEVERITY: Severity = "warn"


def check(drawn: Drawn) -> Iterator[Finding]:
    """Conditional events without a condition."""
    for container in drawn.containers:
        for node, _, definition in container.triggered("conditional"):
            if not source.text(source.child(definition, "condition")):
                yield Finding(element=node, message="give the event its condition: ${…}")
