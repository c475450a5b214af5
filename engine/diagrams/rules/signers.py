"""Where the requester's own answers choose who signs, he chooses who decides on him."""

from collections.abc import Iterator

from engine.diagrams.reads import people
from engine.diagrams.subjects import Built, Finding, Severity
from engine.diagrams.ways import template

NAME = "signers"
SEVERITY: Severity = "warn"


def check(built: Built) -> Iterator[Finding]:
    """Approvals whose signers follow from fields of the start form."""
    start = built.forms.get(built.process.start_form)
    chosen = {field.key for field in start.fields} if start is not None else set()
    for node in built.words.nodes.values():
        for text in people(node) if node.approval is not None and node.chosen is None else ():
            found = template(text)
            if found is not None and not found.reads.isdisjoint(chosen):
                yield Finding(
                    element=node.id,
                    message=f"the requester's own answers choose who signs: {text}",
                )
