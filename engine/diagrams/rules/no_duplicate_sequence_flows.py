"""Two equal flows between the same nodes carry two tokens: what follows happens twice."""

from collections.abc import Iterator

from engine.diagrams import source
from engine.diagrams.subjects import Drawn, Finding, Severity

NAME = "no-duplicate-sequence-flows"
SEVERITY: Severity = "warn"


def check(drawn: Drawn) -> Iterator[Finding]:
    """The second and further ones."""
    for container in drawn.containers:
        seen = set()
        for flow, each in container.flows:
            said = source.text(source.child(each, "conditionExpression"))
            key = each.get("sourceRef"), each.get("targetRef"), said
            if key in seen:
                yield Finding(
                    element=flow, message="a second flow of the same ends: remove one of them"
                )
            seen.add(key)
