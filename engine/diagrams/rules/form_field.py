"""`fields.edit`, `fields.hide` and `fields.variables` name fields of the form that the desk shows;
a misspelt one hides or opens nothing."""

from collections.abc import Iterator

from engine.diagrams.subjects import Built, Finding, Severity

NAME = "form-field"
SEVERITY: Severity = "warn"


def check(built: Built) -> Iterator[Finding]:
    """Names among them that the form does not have."""
    for node in built.words.nodes.values():
        form = built.forms.get(node.form) or built.forms.get(built.process.start_form)
        if form is None:
            continue
        fields = {field.key for field in form.fields}
        fields |= {f"{table.key}.{each.key}" for table in form.fields for each in table.columns}
        for what, names in (
            ("fields.edit", node.fields_edit),
            ("fields.hide", node.fields_hide),
            ("fields.variables", node.field_variables),
        ):
            for name in names:
                if name not in fields:
                    yield Finding(
                        element=node.id, message=f"{what}: the form {form.key} has no field {name}"
                    )
