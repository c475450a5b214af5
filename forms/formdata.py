"""Forms that stand in the diagram itself (`camunda:formData`, `formProperty`), as form files of
ours."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from forms.model import Form
from forms.names import is_ordinary_key
from forms.problems import FormProblem
from forms.reading import read

Notes = list[tuple[str, str]]
Component = dict[str, object]
"""One of a form file's components, as its JSON has it."""

_TYPES: Mapping[str, Mapping[str, object]] = {
    "string": {"type": "textfield"},
    "text": {"type": "textarea"},
    "long": {"type": "number", "decimalDigits": 0},
    "double": {"type": "number"},
    "boolean": {"type": "checkbox"},
    "date": {"type": "datetime", "subtype": "date"},
    "enum": {"type": "select"},
    "user": {"type": "select", "properties": {"options": "person"}},
    "users": {"type": "taglist", "properties": {"options": "person"}},
    "file": {"type": "filepicker", "multiple": True},
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
    "bigtext": "text",
    "textarea": "text",
    "upload": "file",
}
"""Names that other modelers give the same types."""
_LIMITED: Mapping[str, tuple[str, ...]] = {
    "minlength": ("string", "text"),
    "maxlength": ("string", "text"),
    "min": ("long", "double"),
    "max": ("long", "double"),
}
"""The kinds of fields that a limit is checked of."""
_NUMBERS = {"minlength": "minLength", "maxlength": "maxLength", "min": "min", "max": "max"}
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?", re.ASCII)


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
    """The form of these fields, under this key.

    Whatever a field says that does not exist here leaves it a plainer field: a text, without that
    limit or default, under another key. The form's warnings say so, field by field.
    """
    warnings: Notes = []
    components = list(_components(fields, warnings))
    try:
        form = _read(components)
    except FormProblem:
        components = [_readable(each, warnings) for each in components]
        form = _read(components)
    identity = json.dumps([key, _whole(components)], ensure_ascii=False).encode()
    digest = hashlib.sha256(identity).hexdigest()
    return replace(form, key=key, digest=digest, warnings=tuple(warnings))


def _whole(components: Sequence[Component]) -> Component:
    return {"type": "default", "id": "fields", "components": list(components)}


def _read(components: Sequence[Component]) -> Form:
    return read(json.dumps(_whole(components), ensure_ascii=False).encode())


def _readable(component: Component, warnings: Notes) -> Component:
    """The component, or what is left of it where it cannot be read."""
    try:
        _read([component])
    except FormProblem as error:
        key = str(component["key"])
        said = "; ".join(what for _, what in error.problems)
        warnings.append((key, f"taken as a plain text: {said}"))
        return {"type": "textfield", "id": key, "key": key, "label": str(component["label"])[:200]}
    return component


def _components(fields: Sequence[DataField], warnings: Notes) -> Iterator[Component]:
    keys: dict[str, str] = {}
    for number, each in enumerate(fields, 1):
        id = each.id.strip()
        if id and id in keys.values():
            warnings.append((id, "a second field of this name is left out"))
            continue
        key = wanted = _key(id, number)
        while key in keys:
            key = f"{wanted}_{number}"
            number += 1
        keys[key] = id
        if key != id:
            message = f"{id[:60]!r} cannot be the name of a variable: it is {key} here"
            warnings.append((id or key, message))
        yield _component(replace(each, id=key), warnings)


def _key(id: str, number: int) -> str:
    """The field's id, or a name like it that a field can have."""
    if is_ordinary_key(id):
        return id
    plain = re.sub(r"\W+", "_", id).strip("_")[:80]
    if not plain:
        return f"field_{number}"
    tries = (plain, f"field_{plain}", f"field_{plain}_value")
    return next(each for each in tries if is_ordinary_key(each))


def _component(each: DataField, warnings: Notes) -> Component:
    named = each.type.strip().lower()
    kind = _ALIASES.get(named, named)
    if kind not in _TYPES:
        message = f"there are no fields of type {each.type[:60]!r} here: taken as a text"
        warnings.append((each.id, message))
        kind = "string"
    options = _options(each, warnings) if kind == "enum" else []
    if kind == "enum" and not options:
        warnings.append((each.id, "has nothing to choose from: taken as a text"))
        kind = "string"
    made: Component = {
        **_TYPES[kind],
        "id": each.id,
        "key": each.id,
        "label": _plain(each.label),
        "validate": _limits(each, kind, warnings),
        "readonly": each.constraints.get("readonly", "false") != "false",
    }
    if kind == "enum":
        made["values"] = options
    if each.default:
        _set_default(each, kind, made, warnings)
    return made


def _options(each: DataField, warnings: Notes) -> list[dict[str, str]]:
    """What an enum offers, each value once."""
    found: dict[str, str] = {}
    for id, name in each.values:
        value = id.strip() or name.strip()
        if not value or value in found:
            message = f"the option {name or id!r} is left out: it has no id of its own"
            warnings.append((each.id, message))
        else:
            found[value] = name.strip() or value
    return [{"value": value, "label": label} for value, label in found.items()]


def _plain(label: str) -> str:
    """A label that is no expression, whatever it begins with."""
    return label.replace("{{", "{ {").lstrip("= ")


def _limits(each: DataField, kind: str, warnings: Notes) -> dict[str, object]:
    limits: dict[str, object] = {}
    for name, configured in each.constraints.items():
        text = configured.strip()
        if name == "required":
            # A boolean that must be answered is answered either way in Camunda.
            limits["required"] = text != "false" and kind != "boolean"
        elif kind in _LIMITED.get(name, ()) and _NUMBER.fullmatch(text):
            whole = "." not in text
            limits[_NUMBERS[name]] = int(text) if whole else text
        elif name in ("validator", "expression"):
            warnings.append((each.id, f"{name} {configured[:100]!r} is not run"))
        elif name != "readonly":
            message = f"the constraint {name[:60]}={configured[:60]!r} is not checked"
            warnings.append((each.id, message))
    for least, most in (("min", "max"), ("minLength", "maxLength")):
        if least in limits and most in limits:
            low, high = Decimal(str(limits[least])), Decimal(str(limits[most]))
            if low > high:
                warnings.append((each.id, f"{least} {low} is above {most} {high}: not checked"))
                del limits[least], limits[most]
    return limits


def _set_default(each: DataField, kind: str, made: Component, warnings: Notes) -> None:
    value = _default(each.default.strip(), kind)
    known = {str(option["value"]) for option in _listed(made.get("values"))}
    unknown = kind == "enum" and value not in known
    if value is None or unknown or kind in ("user", "users", "file"):
        warnings.append((each.id, f"the default value {each.default[:100]!r} is left out"))
    else:
        made["defaultValue"] = value


def _listed(values: object) -> list[dict[str, str]]:
    return values if isinstance(values, list) else []


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
