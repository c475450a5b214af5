"""An approval that is not approved needs a way on: a condition that reads its verdict, or
`approval.onRejected` (V3)."""

from collections.abc import Iterator

from engine.diagrams.subjects import Built, Finding, Severity
from engine.diagrams.verdicts import approvals

NAME = "V3"
SEVERITY: Severity = "refuse"


def check(built: Built) -> Iterator[Finding]:
    """Approvals of which a rejection would change nothing."""
    for node, conditions in approvals(built):
        if not conditions and not node.on_rejected:
            yield Finding(
                element=node.id,
                message="no way on for a rejection: neither approval.onRejected nor a condition "
                f"that reads {node.verdict}",
            )
