"""Forms that stand in the diagram itself (`camunda:formData`, `formProperty`), as form files of
ours."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from forms.model import Form
from forms.problems import FormProblem
from forms.reading import read

Notes = list[tuple[str, str]]

_TYPES: Mapping[str, Mapping[str, object]] = {
    "string": {"type": "textfield"},
    "text": {"type": "textarea"},
    "long": {"type": "number", "decimalDigits": 0},
    "double": {"type": "number"},
    "boolean": {"type": "checkbox"},
    "date": {"type": "datetime", "subtype": "date"},
    "enum": {"type": "select"},
    "user": {"type": "select", "properties": {"options": "person"}},
}
_ALIASES: Mapping[str, str] = {
    "": "string",
    "int": "long",
    "integer": "long",
    "short": "long",
    "float": "double",
    "decimal": "double",
    "number": "double",
    "bool": "boolean",
    "multi-line-text": "text",
    "dropdown": "enum",
    "people": "user",
}
"""Names that other modelers give the same types."""
_NUMBERS = {"minlength": "minLength", "maxlength": "maxLength", "min": "min", "max": "max"}
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?", re.ASCII)
_UNREAD = frozenset({"readonly", "validator", "expression"})


@dataclass(frozen=True, slots=True, kw_only=True)
class DataField:
    """One `camunda:formField` or `formProperty` as the diagram has it."""

    id: str
    label: str = ""
    type: str = "string"
    """`string`, `text`, `long`, `double`, `boolean`, `date`, `enum` or `user`, or another
    modeler's name for one of them."""
    default: str = ""
    values: tuple[tuple[str, str], ...] = ()
    """An enum's options, each as (id, name)."""
    constraints: Mapping[str, str] = field(default_factory=dict)
    """`required`, `readonly`, `minlength`, `maxlength`, `min`, `max` with their configuration;
    `validator` and `expression` are code of another system, which is not run."""


def from_form_data(key: str, fields: Sequence[DataField]) -> Form:
    """The form of these fields, under this key; raises `FormProblem` for what is not supported.

    What is left out (a validator, a default that is an expression or no value of the field) stands
    in the form's warnings.
    """
    problems: Notes = []
    warnings: Notes = []
    components = [_component(each, problems, warnings) for each in fields]
    if problems:
        raise FormProblem(tuple(problems))
    whole = {"type": "default", "id": "fields", "components": components}
    form = read(json.dumps(whole, ensure_ascii=False).encode())
    identity = json.dumps([key, whole], ensure_ascii=False).encode()
    digest = hashlib.sha256(identity).hexdigest()
    return replace(form, key=key, digest=digest, warnings=tuple(warnings))


def _component(each: DataField, problems: Notes, warnings: Notes) -> dict[str, object]:
    named = each.type.strip().lower()
    kind = _ALIASES.get(named, named)
    if kind not in _TYPES:
        problems.append((each.id, f"form fields of type {each.type[:60]!r} are not supported"))
        return {}
    made: dict[str, object] = {
        **_TYPES[kind],
        "id": each.id,
        "key": each.id,
        "label": _plain(each.label),
        "validate": _limits(each, kind, problems, warnings),
        "readonly": each.constraints.get("readonly", "false") != "false",
    }
    if kind == "enum":
        made["values"] = [{"value": value, "label": name or value} for value, name in each.values]
    if each.default:
        _set_default(each, kind, made, warnings)
    return made


def _plain(label: str) -> str:
    """A label that is no expression, whatever it begins with."""
    return label.replace("{{", "{ {").lstrip("= ")


def _limits(each: DataField, kind: str, problems: Notes, warnings: Notes) -> dict[str, object]:
    limits: dict[str, object] = {}
    for name, configured in each.constraints.items():
        text = configured.strip()
        if name == "required":
            # A boolean that must be answered is answered either way in Camunda.
            limits["required"] = text != "false" and kind != "boolean"
        elif name in _NUMBERS and _NUMBER.fullmatch(text):
            whole = "." not in text
            limits[_NUMBERS[name]] = int(text) if whole else text
        elif name in ("validator", "expression"):
            warnings.append((each.id, f"{name} {configured[:100]!r} is not run"))
        elif name not in _UNREAD:
            message = f"constraint {name[:60]}={configured[:60]!r} is not supported"
            problems.append((each.id, message))
    return limits


def _set_default(each: DataField, kind: str, made: dict[str, object], warnings: Notes) -> None:
    value = _default(each.default.strip(), kind)
    known = {option for option, _ in each.values}
    if value is None or (kind == "enum" and value not in known) or kind == "user":
        warnings.append((each.id, f"the default value {each.default[:100]!r} is left out"))
    else:
        made["defaultValue"] = value


def _default(text: str, kind: str) -> object:
    """The default as JSON has it; None where it is no value of this kind, or an expression."""
    if "${" in text or "#{" in text:
        return None
    if kind == "boolean":
        return {"true": True, "false": False}.get(text.lower())
    if kind == "long":
        return int(text) if _NUMBER.fullmatch(text) and "." not in text else None
    if kind == "double":
        return text if _NUMBER.fullmatch(text) else None
    if kind == "date":
        return _day(text)
    return text


def _day(text: str) -> str | None:
    """A day as ISO writes it, or as Camunda's and Activiti's forms do by default."""
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        pass
    for order in ("%d/%m/%Y", "%d-%m-%Y"):
        try:
            return datetime.strptime(text, order).date().isoformat()  # noqa: DTZ007  # a day only
        except ValueError:
            continue
    return None
