"""An ad-hoc sub-process says neither what comes first nor when it is over."""

from collections.abc import Iterator

from engine.diagrams.subjects import Drawn, Finding, Severity

NAME = "ad-hoc-sub-process"
SEVERITY: Severity = "refuse"


def check(drawn: Drawn) -> Iterator[Finding]:
    """Ad-hoc sub-processes."""
    for container in drawn.containers:
        for node, _ in container.of("adHocSubProcess"):
            yield Finding(
                element=node,
                message="ad-hoc sub-processes are not supported: draw the order, or tasks side "
                "by side",
            )
