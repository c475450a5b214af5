"""Where nobody is to be asked and the node is skipped, a condition says what that means (V7)."""

from collections.abc import Iterator

from engine.diagrams.subjects import Built, Finding, Severity
from engine.diagrams.verdicts import approvals

NAME = "V7"
SEVERITY: Severity = "refuse"


def check(built: Built) -> Iterator[Finding]:
    """Approvals that may be skipped without a condition that knows it."""
    for node, conditions in approvals(built):
        if node.empty == "skip" and not any("skipped" in each for each in conditions):
            yield Finding(
                element=node.id,
                message="approval.empty is skip, but no condition says what "
                f"{node.verdict} = 'skipped' does",
            )
