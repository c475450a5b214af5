"""A name on a flow that decides nothing reads as if it did."""

from collections.abc import Iterator

from engine.diagrams import source
from engine.diagrams.subjects import Drawn, Finding, Severity

NAME = "superfluous-label"
SEVERITY: Severity = "warn"


def check(drawn: Drawn) -> Iterator[Finding]:
    """Named flows out of what takes every way."""
    for container in drawn.containers:
        for flow, each in container.flows:
            origin = container.nodes.get(each.get("sourceRef", ""))
            if origin is None or not source.title(each) or container.is_conditional(flow):
                continue
            forks = len(container.out[source.identity(origin)]) > 1
            decides = source.local(origin) in ("exclusiveGateway", "inclusiveGateway") and forks
            if not decides and flow != origin.get("default"):
                yield Finding(
                    element=flow, message=f"named {source.title(each)}, but always taken: unname it"
                )
