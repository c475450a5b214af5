"""Behind an event gateway stand only events to wait for, each reached from it alone; else nobody
could say which came first."""

from collections.abc import Iterator

from engine.diagrams.subjects import Built, Finding, Severity

NAME = "event-gateway"
SEVERITY: Severity = "refuse"


def check(built: Built) -> Iterator[Finding]:
    """Ways out of an event gateway that lead to no such event."""
    for ways in built.ways:
        for step in ways.graph.steps:
            if step.kind != "event-gateway":
                continue
            for flow in ways.out[step.id]:
                if ways.steps[flow.target].kind != "catch":
                    message = f"{flow.target} is no event that can be waited for"
                    yield Finding(element=step.id, message=message)
                elif len(ways.into[flow.target]) > 1:
                    message = f"{flow.target} can be reached in another way as well"
                    yield Finding(element=step.id, message=message)
