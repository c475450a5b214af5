"""An event on an edge needs an activity under it that can be waited for."""

from collections.abc import Iterator

from engine.diagrams.subjects import Built, Finding, Severity

NAME = "boundary"
SEVERITY: Severity = "refuse"


HOSTS = frozenset({"task", "sub-process", "call", "external", "action", "catch", "pass", "throw"})


def check(built: Built) -> Iterator[Finding]:
    """Events on the edge of nothing, or of what carries none."""
    for ways in built.ways:
        for step in ways.graph.steps:
            if step.kind != "boundary":
                continue
            host = ways.steps.get((step.event and step.event.attached_to) or "")
            if host is None or host.kind not in HOSTS:
                yield Finding(
                    element=step.id,
                    message="stands on nothing, or on what carries no boundary events: put it on "
                    "a task, a call or a sub-process",
                )
