"""As many instances as nobody will ever have would fill the memory."""

from collections.abc import Iterator

from engine.diagrams.subjects import Built, Finding, Severity
from engine.diagrams.ways import literal
from engine.diagrams.words import NodeId
from engine.tokens.nested import INSTANCES_MAX

NAME = "count"
SEVERITY: Severity = "refuse"


def check(built: Built) -> Iterator[Finding]:
    """Literal numbers of instances that are no number, or beyond a thousand."""
    counts = [(node.id, node.cardinality) for node in built.words.nodes.values()]
    counts += [(NodeId(s.id), s.each.cardinality) for s in built.steps if s.each is not None]
    for element, text in counts:
        number = literal(text).strip()
        if not number:
            continue
        plain = number.isascii() and number.isdigit() and len(number) <= len(str(INSTANCES_MAX))
        if not plain or int(number) > INSTANCES_MAX:
            yield Finding(
                element=element,
                message=f"loopCardinality {number[:40]!r}: a whole number up to {INSTANCES_MAX}",
            )
