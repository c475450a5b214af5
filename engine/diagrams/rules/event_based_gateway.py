"""An event gateway lets the first of several events decide; with one there is nothing to decide."""

from collections.abc import Iterator

from engine.diagrams.subjects import Drawn, Finding, Severity

NAME = "event-based-gateway"
SEVERITY: Severity = "warn"


def check(drawn: Drawn) -> Iterator[Finding]:
    """Event gateways with fewer than two ways."""
    for container in drawn.containers:
        for node, _ in container.of("eventBasedGateway"):
            if len(container.out[node]) < 2:
                yield Finding(
                    element=node, message="draw the other events, or put the event into the flow"
                )
