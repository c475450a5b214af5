"""Forms that stand in the diagram itself: `camunda:formData`, and Activiti's and Flowable's
`formProperty`; and the keys by which a diagram names a form."""

import re
from collections.abc import Iterator
from dataclasses import replace

from engine.diagrams import source
from engine.diagrams.findings import Findings
from engine.diagrams.source import Element
from forms import DataField, Form, from_form_data

FIELDS_MAX = 500
KEY_MAX = 200
_ENDINGS = (".form", ".html", ".htm", ".xhtml", ".json")


def form_key(element: Element) -> str:
    """The form that an element names: a key to look up among the deployed forms, never a path.

    What modelers write around it (`camunda-forms:deployment:`, folders, an address, the file's
    ending) is left out. "" where it names none; `<id>:fields` where its fields stand in it.
    """
    named = source.attribute(element, "formRef") or source.attribute(element, "formKey")
    if "${" in named or "#{" in named:
        return named
    bare = re.split(r"[/\\:]", re.split(r"[?#]", named, maxsplit=1)[0])[-1].strip()
    for ending in _ENDINGS:
        bare = bare.removesuffix(ending)
    bare = bare.strip(".")[:KEY_MAX]
    return bare or (f"{source.identity(element)}:fields" if read_form_data(element) else "")


def forms_in(process: Element, findings: Findings) -> dict[str, Form]:
    """The forms that stand in a process's start events and user tasks, by their keys; a form file
    of the same key is meant where there is one."""
    found: dict[str, Form] = {}
    for tag in ("startEvent", "userTask"):
        for element in process.iter(f"{{{source.BPMN}}}{tag}"):
            form = _form_of(element, findings)
            if form is not None:
                found.setdefault(form.key, form)
    return found


def _form_of(element: Element, findings: Findings) -> Form | None:
    """The form that stands in an element; None: none does, or none that could be read."""
    fields = read_form_data(element)
    if not fields:
        return None
    here = source.identity(element)
    if len(fields) > FIELDS_MAX:
        findings.refuse(here, "form", f"more than {FIELDS_MAX} form fields")
        return None
    form = from_form_data(form_key(element), fields)
    for where, what in form.warnings:
        findings.warn(here, "form-content", f"{where}: {what}"[:1000])
    return replace(form, warnings=())


def read_form_data(element: Element) -> tuple[DataField, ...]:
    """The fields of an element's `formData`, then its `formProperty`s."""
    data = source.extensions(element, "formData")
    found = [_field(each) for holder in data for each in holder if _is(each, "formField")]
    found += [
        field
        for each in source.extensions(element, "formProperty")
        if (field := _property(each)) is not None
    ]
    return tuple(found)


def _is(element: Element, tag: str) -> bool:
    return source.local(element) == tag


def _field(element: Element) -> DataField:
    constraints = {
        limit.get("name", ""): limit.get("config", "")
        for holder in element
        if _is(holder, "validation")
        for limit in holder
        if _is(limit, "constraint")
    }
    return DataField(
        id=element.get("id", ""),
        label=element.get("label", ""),
        type=element.get("type", "string"),
        default=element.get("defaultValue", ""),
        values=tuple(_values(element)),
        constraints=constraints,
    )


def _property(element: Element) -> DataField | None:
    """A `formProperty`; None where it is not to be shown."""
    if element.get("readable") == "false" and element.get("writable") == "false":
        return None
    constraints = {}
    if element.get("required") == "true":
        constraints["required"] = "true"
    if element.get("writable") == "false":
        constraints["readonly"] = "true"
    if element.get("expression"):
        constraints["expression"] = element.get("expression", "")
    return DataField(
        id=element.get("variable", "") or element.get("id", ""),
        label=element.get("name", ""),
        type=element.get("type", "string"),
        default=element.get("default", ""),
        values=tuple(_values(element)),
        constraints=constraints,
    )


def _values(element: Element) -> Iterator[tuple[str, str]]:
    for each in element:
        if _is(each, "value"):
            yield each.get("id", ""), each.get("name", "")
