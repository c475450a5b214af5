"""An inclusive gateway that forks without conditions is a parallel one; drawn as such, everybody
reads it so."""

from collections.abc import Iterator

from engine.diagrams.subjects import Drawn, Finding, Severity

NAME = "no-inclusive-gateway"
SEVERITY: Severity = "warn"


def check(drawn: Drawn) -> Iterator[Finding]:
    """Inclusive gateways that take every way."""
    for container in drawn.containers:
        for node, _ in container.of("inclusiveGateway"):
            out = container.out[node]
            if len(out) > 1 and not any(container.is_conditional(flow) for flow in out):
                yield Finding(
                    element=node, message="no way has a condition: draw a parallel gateway"
                )
