"""A called process that is not deployed when a token comes is an incident."""

from collections.abc import Iterator

from engine.diagrams.subjects import Built, Finding, Severity
from engine.diagrams.ways import literal

NAME = "called-process"
SEVERITY: Severity = "warn"


def check(built: Built) -> Iterator[Finding]:
    """Called processes that are not among the files."""
    known = built.known.processes
    for step in built.steps if known is not None else ():
        name = literal(step.call.process) if step.call is not None else ""
        if known is not None and name and name not in known:
            yield Finding(
                element=step.id,
                message=f"the called process {name} is not among the files: it must be deployed "
                "when a request comes here",
            )
