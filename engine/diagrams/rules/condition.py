"""A parallel or event gateway takes every way: a condition on one of them is not what its author
thinks it is."""

from collections.abc import Iterator

from engine.diagrams.subjects import Built, Finding, Severity
from engine.diagrams.ways import drawn

NAME = "condition"
SEVERITY: Severity = "warn"


def check(built: Built) -> Iterator[Finding]:
    """Conditions that nothing reads."""
    for ways in built.ways:
        for step in ways.graph.steps:
            if step.kind in ("parallel", "event-gateway"):
                for flow in ways.out[step.id]:
                    if flow.condition:
                        yield Finding(
                            element=flow.id,
                            message=f"not read: {drawn(step.id)} takes every way; use an "
                            "inclusive gateway where it is meant",
                        )
