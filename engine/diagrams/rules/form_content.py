"""What a form holds and nobody will see here, its author should know of."""

from collections.abc import Iterator

from engine.diagrams.subjects import Built, Finding, Severity

NAME = "form-content"
SEVERITY: Severity = "warn"


def check(built: Built) -> Iterator[Finding]:
    """Components that are left out."""
    for form in built.forms.values():
        for where, what in form.warnings:
            yield Finding(element=form.key, message=f"{where}: {what}")
