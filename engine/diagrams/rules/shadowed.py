"""A form field of a name that the engine sets itself would never be what was filled in, or would
change what others read."""

from collections.abc import Iterator

from engine.diagrams.reads import ENGINE
from engine.diagrams.subjects import Built, Finding, Severity

NAME = "shadowed"
SEVERITY: Severity = "warn"


def check(built: Built) -> Iterator[Finding]:
    """Fields named like variables of the engine."""
    for form in built.forms.values():
        for field in form.fields:
            if field.key in ENGINE or field.key == built.process.initiator_variable:
                yield Finding(
                    element=form.key,
                    message=f"the field {field.key} has the name of a variable that the engine "
                    "sets: give it another",
                )
