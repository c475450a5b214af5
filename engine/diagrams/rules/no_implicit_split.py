"""Several flows out of a task are all taken, or all whose condition holds; a gateway would say
which is meant."""

from collections.abc import Iterator

from engine.diagrams import source
from engine.diagrams.subjects import Drawn, Finding, Severity

NAME = "no-implicit-split"
SEVERITY: Severity = "warn"


TAGS = ("Task", "task", "callActivity", "subProcess", "Event")


def check(drawn: Drawn) -> Iterator[Finding]:
    """Activities and events that several unconditional flows leave."""
    for container in drawn.containers:
        for node, each in container.nodes.items():
            bare = [
                flow
                for flow in container.out[node]
                if not container.is_conditional(flow) and flow != each.get("default")
            ]
            if source.local(each).endswith(TAGS) and len(bare) > 1:
                yield Finding(
                    element=node,
                    message="its flows are taken side by side: draw a parallel gateway, or an "
                    "exclusive one with conditions",
                )
