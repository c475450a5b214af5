"""A parallel gateway that both joins and forks waits for all before it begins anything: mostly only
one of the two was meant."""

from collections.abc import Iterator

from engine.diagrams.subjects import Drawn, Finding, Severity

NAME = "no-gateway-join-fork"
SEVERITY: Severity = "warn"


def check(drawn: Drawn) -> Iterator[Finding]:
    """Parallel gateways with several flows in and out."""
    for container in drawn.containers:
        for node, _ in container.of("parallelGateway"):
            if len(container.into[node]) > 1 and len(container.out[node]) > 1:
                yield Finding(
                    element=node, message="joins and forks: draw two gateways, one for each"
                )
