"""A message or signal that nothing waits for is lost."""

from collections.abc import Iterator

from engine.diagrams.subjects import Built, Finding, Severity
from engine.diagrams.ways import literal

NAME = "uncaught-message"
SEVERITY: Severity = "warn"


def check(built: Built) -> Iterator[Finding]:
    """Those thrown, with a name that nothing in the diagram catches and no receiver named."""
    starts = built.process.starts.values()
    caught = {(e.kind, e.message or e.expression) for e in starts}
    for step in built.steps:
        if step.event is not None and step.kind not in ("throw", "raise"):
            caught.add((step.event.kind, step.event.message or step.event.expression))
    for step in built.steps:
        event = step.event
        if event is None or step.kind != "throw" or event.to:
            continue
        name = event.message or event.expression
        if (event.kind, name) not in caught and literal(name):
            yield Finding(
                element=step.id,
                message=f"nothing in the diagram waits for the {event.kind} {name}: see that "
                "another process does",
            )
