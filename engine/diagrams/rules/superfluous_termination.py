"""A terminate end cuts off what goes on beside it; as the only end, it has nothing to cut off."""

from collections.abc import Iterator

from engine.diagrams.subjects import Drawn, Finding, Severity

NAME = "superfluous-termination"
SEVERITY: Severity = "warn"


def check(drawn: Drawn) -> Iterator[Finding]:
    """The only end of a process without anything beside it, where it terminates."""
    for container in drawn.containers:
        ends = [node for node in container.nodes if not container.out[node]]
        terminating = {node for node, _, _ in container.triggered("terminate")}
        beside = any(True for _ in container.of("parallelGateway", "inclusiveGateway"))
        beside = beside or any(
            each.get("cancelActivity") == "false" for _, each in container.of("boundaryEvent")
        )
        if len(ends) == 1 and ends[0] in terminating and not beside:
            yield Finding(element=ends[0], message="terminates nothing: a plain end does")
