"""Nothing leads into a start or an event on an edge, and nothing out of an end."""

from collections.abc import Iterator

from engine.diagrams.subjects import Built, Finding, Severity

NAME = "flow"
SEVERITY: Severity = "refuse"


def check(built: Built) -> Iterator[Finding]:
    """Flows that no token can take, or that would begin what begins by itself."""
    for ways in built.ways:
        for step in ways.graph.steps:
            into, out = ways.into[step.id], ways.out[step.id]
            if into and step.kind in ("start", "boundary", "event-sub-process"):
                yield Finding(
                    element=step.id, message=f"{into[0].id} leads into it, which nothing may"
                )
            if out and step.ends:
                yield Finding(element=step.id, message=f"{out[0].id} leads out of an end")
