"""A variable that nothing sets is mostly a slip of the pen; where it is read, the request gets an
incident."""

from collections.abc import Iterator

from engine.diagrams.reads import known_names, texts
from engine.diagrams.subjects import Built, Finding, Severity
from engine.diagrams.ways import template

NAME = "variable"
SEVERITY: Severity = "warn"


def check(built: Built) -> Iterator[Finding]:
    """Names that expressions read and that nothing sets."""
    known = known_names(built)
    if known is None:
        return
    for element, text in texts(built):
        found = template(text)
        for name in sorted(found.reads - known) if found is not None else ():
            yield Finding(
                element=element,
                message=f"{text!r} reads {name}, which no form, task or event sets",
            )
