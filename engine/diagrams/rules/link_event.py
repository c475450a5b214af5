"""A link is a flow drawn in two halves: each half needs a name, and its other half in the same
process."""

from collections import Counter
from collections.abc import Iterator

from engine.diagrams import source
from engine.diagrams.subjects import Drawn, Finding, Severity

NAME = "link-event"
SEVERITY: Severity = "refuse"


def check(drawn: Drawn) -> Iterator[Finding]:
    """Links without a name, without a target, or with several."""
    for container in drawn.containers:
        links = [
            (node, source.local(each), source.title(definition))
            for node, each, definition in container.triggered("link")
        ]
        counts = Counter((tag, name) for _, tag, name in links)
        for node, tag, name in links:
            caught = counts["intermediateCatchEvent", name]
            thrown = counts["intermediateThrowEvent", name]
            if not name:
                yield Finding(element=node, message="give the link a name, and its other half too")
            elif tag == "intermediateThrowEvent" and not caught:
                yield Finding(element=node, message=f"no link named {name} to go on at is here")
            elif tag == "intermediateCatchEvent" and not thrown:
                yield Finding(element=node, message=f"no link named {name} leads here")
            elif tag == "intermediateCatchEvent" and caught > 1:
                yield Finding(element=node, message=f"several links named {name} to go on at")
