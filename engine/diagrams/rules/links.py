"""`links` names the fields of the start form that hold requests; a name that is not there links
nothing."""

from collections.abc import Iterator

from engine.diagrams.subjects import Built, Finding, Severity

NAME = "links"
SEVERITY: Severity = "refuse"


def check(built: Built) -> Iterator[Finding]:
    """Links that the start form has no field for."""
    form = built.forms.get(built.process.start_form)
    if form is None:
        return
    fields = {field.key for field in form.fields}
    for link in built.process.links:
        if link not in fields:
            yield Finding(
                element=built.process.key, message=f"links: the start form has no field {link}"
            )
