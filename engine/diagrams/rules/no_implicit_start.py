"""What begins without a start event has nobody who begins it."""

from collections.abc import Iterator

from engine.diagrams import source
from engine.diagrams.subjects import Drawn, Finding, Severity

NAME = "no-implicit-start"
SEVERITY: Severity = "warn"


BEGINS = frozenset({"startEvent", "boundaryEvent"})


def check(drawn: Drawn) -> Iterator[Finding]:
    """Nodes without a flow in, other than starts."""
    for container in drawn.containers:
        links = {node for node, _, _ in container.triggered("link")}
        for node, each in container.nodes.items():
            by_itself = "true" in (each.get("triggeredByEvent"), each.get("isForCompensation"))
            if container.into[node] or by_itself or node in links or not container.out[node]:
                continue
            if source.local(each) not in BEGINS:
                yield Finding(
                    element=node, message="no flow leads here: draw one, or a start event before it"
                )
