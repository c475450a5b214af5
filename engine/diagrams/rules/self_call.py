"""A process that calls itself before it has waited for anything calls itself for ever."""

from collections.abc import Iterator

from engine.diagrams.circles import own_calls
from engine.diagrams.subjects import Built, Finding, Severity

NAME = "self-call"
SEVERITY: Severity = "refuse"


def check(built: Built) -> Iterator[Finding]:
    """Calls of the process itself that every run comes to at once."""
    for step in own_calls(built, certain=True):
        yield Finding(
            element=step,
            message="the process calls itself before anything is waited for or decided: call "
            "another, or draw the way back with a gateway",
        )
