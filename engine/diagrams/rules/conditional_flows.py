"""Beside flows with conditions, one without is always taken: mostly it was meant as the default."""

from collections.abc import Iterator

from engine.diagrams import source
from engine.diagrams.subjects import Drawn, Finding, Severity

NAME = "conditional-flows"
SEVERITY: Severity = "warn"


TAGS = ("Task", "task", "callActivity", "subProcess", "Event")


def check(drawn: Drawn) -> Iterator[Finding]:
    """Such flows out of activities; out of exclusive gateways they are read as the default."""
    for container in drawn.containers:
        for node, each in container.nodes.items():
            ways = container.out[node]
            if not source.local(each).endswith(TAGS) or not any(
                container.is_conditional(flow) for flow in ways
            ):
                continue
            for flow in ways:
                if not container.is_conditional(flow) and flow != each.get("default"):
                    yield Finding(
                        element=flow,
                        message=f"always taken, whatever the other conditions of {node} say: "
                        "make it the default flow where that is meant",
                    )
