"""A desk whose form is not among the files takes variables of any name; its author meant fields."""

from collections.abc import Iterator

from engine.diagrams.subjects import Built, Finding, Severity

NAME = "form"
SEVERITY: Severity = "warn"


def check(built: Built) -> Iterator[Finding]:
    """Forms that are named but not there."""
    named = [(node.id, node.form) for node in built.words.nodes.values()]
    for element, form in [*named, (built.process.start, built.process.start_form)]:
        if form and form not in built.forms:
            yield Finding(
                element=element,
                message=f"the form {form} is not among the files: deploy it with the diagram",
            )
