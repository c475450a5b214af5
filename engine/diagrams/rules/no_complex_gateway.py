"""What a complex gateway waits for is written in no language that modelers agree on."""

from collections.abc import Iterator

from engine.diagrams.subjects import Drawn, Finding, Severity

NAME = "no-complex-gateway"
SEVERITY: Severity = "refuse"


def check(drawn: Drawn) -> Iterator[Finding]:
    """Complex gateways."""
    for container in drawn.containers:
        for node, _ in container.of("complexGateway"):
            yield Finding(
                element=node,
                message="complex gateways are not supported: draw it with exclusive, inclusive "
                "or parallel ones",
            )
