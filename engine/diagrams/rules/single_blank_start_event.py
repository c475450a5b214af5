"""A person begins a request at the one start without a trigger; of two, a variable must say
which."""

from collections.abc import Iterator

from engine.diagrams.events import definitions
from engine.diagrams.subjects import Drawn, Finding, Severity

NAME = "single-blank-start-event"
SEVERITY: Severity = "warn"


def check(drawn: Drawn) -> Iterator[Finding]:
    """The second and further ones."""
    for container in drawn.containers:
        blank = [node for node, each in container.of("startEvent") if not definitions(each)]
        for node in blank[1:]:
            yield Finding(
                element=node, message=f"a second start beside {blank[0]}: begin with one of them"
            )
