"""A process may call itself, but at most twenty deep."""

from collections.abc import Iterator

from engine.diagrams.circles import own_calls
from engine.diagrams.subjects import Built, Finding, Severity

NAME = "recursive-call"
SEVERITY: Severity = "warn"


def check(built: Built) -> Iterator[Finding]:
    """Calls of the process itself, on some way."""
    at_once = set(own_calls(built, certain=True))
    for step in own_calls(built, certain=False):
        if step not in at_once:
            yield Finding(
                element=step,
                message="the process calls itself: see that a condition ends this before it is "
                "twenty deep",
            )
