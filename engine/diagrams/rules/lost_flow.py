"""A way that just stops, beside an end that nothing reaches: the flow between them was lost, and
what was meant to follow (a status, an outcome, copies) would silently not happen."""

from collections.abc import Iterator

from engine.diagrams import source
from engine.diagrams.rules import no_implicit_end
from engine.diagrams.subjects import Drawn, Finding, Severity

NAME = "lost-flow"
SEVERITY: Severity = "refuse"


def check(drawn: Drawn) -> Iterator[Finding]:
    """End events that nothing leads to, in a process or sub-process where a way stops."""
    stops = {finding.element for finding in no_implicit_end.check(drawn)}
    for container in drawn.containers:
        lost = sorted(
            node
            for node in stops & container.nodes.keys()
            if container.into[node] or source.local(container.nodes[node]) == "boundaryEvent"
        )
        for end, _ in container.of("endEvent"):
            if lost and not container.into[end]:
                message = f"nothing leads to this end, while {', '.join(lost)} leads nowhere: "
                yield Finding(element=end, message=message + "draw the flow, or remove the end")
