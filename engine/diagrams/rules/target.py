"""What `return.to` and `approval.onRejected` name must be there."""

from collections.abc import Iterator

from engine.diagrams.subjects import Built, Finding, Severity
from engine.diagrams.words import NodeId

NAME = "target"
SEVERITY: Severity = "refuse"


def check(built: Built) -> Iterator[Finding]:
    """Properties that name a user task which the diagram does not have."""
    for node in built.words.nodes.values():
        named = [("return.to", each) for each in node.return_to if each not in ("any", "none")]
        if node.on_rejected not in ("", "end"):
            named.append(("approval.onRejected", node.on_rejected))
        for what, target in named:
            if target != "initiator" and NodeId(target) not in built.words.nodes:
                yield Finding(element=node.id, message=f"{what}: there is no user task {target}")
