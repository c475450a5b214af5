"""A gateway with one way in and one out does nothing."""

from collections.abc import Iterator

from engine.diagrams import source
from engine.diagrams.subjects import Drawn, Finding, Severity

NAME = "superfluous-gateway"
SEVERITY: Severity = "warn"


def check(drawn: Drawn) -> Iterator[Finding]:
    """Such gateways."""
    for container in drawn.containers:
        for node, each in container.nodes.items():
            if source.local(each).endswith("Gateway") and (
                len(container.into[node]) == len(container.out[node]) == 1
            ):
                yield Finding(element=node, message="one way in and one out: take it away")
