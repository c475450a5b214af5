"""Forms that stand in the diagram itself (`camunda:formData`), as form files of ours."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from forms.model import Form
from forms.problems import FormProblem
from forms.reading import read

_TYPES: Mapping[str, Mapping[str, object]] = {
    "string": {"type": "textfield"},
    "long": {"type": "number", "decimalDigits": 0},
    "boolean": {"type": "checkbox"},
    "date": {"type": "datetime", "subtype": "date"},
    "enum": {"type": "select"},
}
_NUMBERS = {"minlength": "minLength", "maxlength": "maxLength", "min": "min", "max": "max"}
_WHOLE = re.compile(r"-?\d{1,15}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class DataField:
    """One `camunda:formField` as the diagram has it."""

    id: str
    label: str = ""
    type: str = "string"
    """`string`, `long`, `boolean`, `date` or `enum`."""
    default: str = ""
    values: tuple[tuple[str, str], ...] = ()
    """An enum's options, each as (id, name)."""
    constraints: Mapping[str, str] = field(default_factory=dict)
    """`required`, `readonly`, `minlength`, `maxlength`, `min`, `max` with their configuration."""


def from_form_data(key: str, fields: Sequence[DataField]) -> Form:
    """The form of these fields, under this key; raises `FormProblem` for what is not supported."""
    problems: list[tuple[str, str]] = []
    components = [_component(each, problems) for each in fields]
    if problems:
        raise FormProblem(tuple(problems))
    whole = {"type": "default", "id": key, "components": components}
    return read(json.dumps(whole, ensure_ascii=False).encode())


def _component(each: DataField, problems: list[tuple[str, str]]) -> dict[str, object]:
    if each.type not in _TYPES:
        problems.append((each.id, f"form fields of type {each.type!r} are not supported"))
        return {}
    made: dict[str, object] = {
        **_TYPES[each.type],
        "id": each.id,
        "key": each.id,
        "label": each.label,
        "validate": _limits(each, problems),
        "readonly": each.constraints.get("readonly", "false") != "false",
    }
    if each.type == "enum":
        made["values"] = [{"value": value, "label": name or value} for value, name in each.values]
    if each.default:
        made["defaultValue"] = _default(each, problems)
    return made


def _limits(each: DataField, problems: list[tuple[str, str]]) -> dict[str, object]:
    limits: dict[str, object] = {}
    for name, configured in each.constraints.items():
        if name == "required":
            # A boolean that must be answered is answered either way in Camunda.
            limits["required"] = configured != "false" and each.type != "boolean"
        elif name in _NUMBERS and _WHOLE.fullmatch(configured):
            limits[_NUMBERS[name]] = int(configured)
        elif name != "readonly":
            problems.append((each.id, f"constraint {name}={configured!r} is not supported"))
    return limits


def _default(each: DataField, problems: list[tuple[str, str]]) -> object:
    if "${" in each.default or "#{" in each.default:
        problems.append((each.id, "an expression as default value is not supported"))
        return None
    if each.type == "boolean":
        return each.default == "true"
    return each.default
