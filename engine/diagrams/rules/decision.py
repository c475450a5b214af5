"""A decision that is not there when a token comes is an incident."""

from collections.abc import Iterator

from engine.diagrams.subjects import Built, Finding, Severity
from engine.diagrams.ways import literal

NAME = "decision"
SEVERITY: Severity = "warn"


def check(built: Built) -> Iterator[Finding]:
    """Decisions that are not among the files."""
    known = built.known.decisions
    for action in built.words.actions.values() if known is not None else ():
        name = literal(action.decision)
        if known is not None and name and name not in known:
            yield Finding(
                element=action.id,
                message=f"the decision {name} is not among the files: deploy it with the diagram",
            )
