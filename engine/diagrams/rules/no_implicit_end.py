"""A node that nothing leaves ends its way without saying so."""

from collections.abc import Iterator

from engine.diagrams import source
from engine.diagrams.subjects import Drawn, Finding, Severity

NAME = "no-implicit-end"
SEVERITY: Severity = "warn"


def check(drawn: Drawn) -> Iterator[Finding]:
    """Activities, gateways and events without a flow out, other than ends."""
    for container in drawn.containers:
        links = {node for node, _, _ in container.triggered("link")}
        undo = {node for node, _, _ in container.triggered("compensate")}
        for node, each in container.nodes.items():
            by_itself = "true" in (each.get("triggeredByEvent"), each.get("isForCompensation"))
            if container.out[node] or by_itself or node in links | undo:
                continue
            if source.local(each) != "endEvent":
                yield Finding(element=node, message="nothing leaves it: draw the end that it is")
