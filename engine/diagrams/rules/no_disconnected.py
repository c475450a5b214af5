"""A node to which nothing leads and that leads nowhere takes no part in the process."""

from collections.abc import Iterator

from engine.diagrams import source
from engine.diagrams.subjects import Drawn, Finding, Severity

NAME = "no-disconnected"
SEVERITY: Severity = "warn"


ALONE = frozenset({"startEvent", "boundaryEvent", "subProcess", "adHocSubProcess"})


def check(drawn: Drawn) -> Iterator[Finding]:
    """Nodes without any flow, beside others."""
    for container in drawn.containers:
        links = {node for node, _, _ in container.triggered("link")}
        for node, each in container.nodes.items():
            tag = source.local(each)
            if each.get("triggeredByEvent") == "true" or each.get("isForCompensation") == "true":
                continue
            if tag in ALONE or container.into.get(node) or container.out.get(node):
                continue
            if node not in links:
                yield Finding(element=node, message="no flow leads here or on: connect or remove")
