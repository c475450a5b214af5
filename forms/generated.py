"""The form of a node for which the diagram names none: variables of any ordinary name."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from marshmallow import ValidationError

from forms import messages
from forms.answers import Answers, Invalid, minted
from forms.kinds import MOST_TEXT, checker, plain, refuse, schema_of
from forms.messages import Message
from forms.model import Field, Form, Kind, Option, Options
from forms.names import is_ordinary_variable

_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """A variable that a generated form asks for."""

    name: str
    kind: Literal["text", "number", "boolean", "choice"] = "text"
    choices: tuple[str, ...] = ()
    """Texts to choose from; through the API others are taken, too."""


_KINDS: Mapping[str, tuple[Kind, str]] = {
    "text": ("text", "textfield"),
    "number": ("decimal", "number"),
    "boolean": ("checkbox", "checkbox"),
    "choice": ("select", "select"),
}
"""Of a wanted variable: the field's kind, and the component's type."""


def generated(
    name: str,
    variables: Sequence[str | Wanted],
    *,
    labels: Mapping[str, Message] | None = None,
    refused: Collection[str] = (),
) -> Form:
    """A form that draws a field for each of these variables, and takes others as well.

    `refused` are names that it never takes: fields of other nodes' forms, verdict variables. A
    variable of a forbidden name among `variables` is left out.
    """
    wanted = {e.name: e for e in (Wanted(v) if isinstance(v, str) else v for v in variables)}
    kept = [e for e in wanted.values() if is_ordinary_variable(e.name) and e.name not in refused]
    fields = tuple(
        Field(
            id=f"field_{number}",
            key=each.name,
            kind=_KINDS[each.kind][0],
            label=(labels or {}).get(each.name, Message(each.name)),
            step="any" if each.kind == "number" else "",
            options=Options(static=tuple(Option(value, value) for value in each.choices)),
        )
        for number, each in enumerate(kept)
    )
    components = [
        {
            "type": _KINDS[each.kind][1],
            "key": each.name,
            "label": made.label.zh,
            **(
                {"values": [{"value": v, "label": v} for v in each.choices]} if each.choices else {}
            ),
        }
        for each, made in zip(kept, fields, strict=True)
    ]
    fields = tuple(replace(f, raw=raw) for f, raw in zip(fields, components, strict=True))
    raw = {"type": "default", "id": name, "components": components}
    identity = json.dumps([raw, sorted(refused)], ensure_ascii=False, sort_keys=True)
    return Form(
        key=name,
        fields=fields,
        components=fields,
        digest=hashlib.sha256(identity.encode()).hexdigest(),
        schema=schema_of(fields),
        raw=raw,
        generated=True,
        refused=frozenset(refused),
    )


def parse_generated(
    form: Form,
    posted: Mapping[str, object],
    context: Mapping[str, object],
    edit: Collection[str] | None = None,
) -> Answers:
    """The posted variables, or `Invalid`; `initiator` may only name who the context says he is.

    `edit` are the only names that are taken; None: any ordinary one.
    """
    errors: dict[str, Message] = {}
    values: dict[str, object] = {}
    for name, value in posted.items():
        if not isinstance(name, str) or not is_ordinary_variable(name) or name in form.refused:
            errors[str(name)[:_LONGEST_NAME]] = messages.BAD_NAME
        elif edit is not None and name not in edit:
            errors[name[:_LONGEST_NAME]] = messages.NOT_YOURS
        elif name == "initiator":
            if value is None or value != context.get("initiator"):
                errors[name] = messages.BAD_NAME
        else:
            try:
                values[name] = _asked(form.by_key.get(name), value)
            except ValidationError as error:
                errors[name] = _message(error)
    if not errors and len(json.dumps(values, ensure_ascii=False).encode()) > MOST_TEXT:
        errors[""] = messages.TOO_MUCH
    if errors:
        raise Invalid(errors)
    return minted(values, form.digest)


_WHOLE = checker(Field(id="", key="any", kind="integer", label=Message("")))
_DECIMAL = checker(Field(id="", key="any", kind="decimal", label=Message("")))


def _asked(field: Field | None, value: object) -> Any:
    """A variable; what a page sends as text for a number or a box becomes one."""
    if field is not None and field.kind == "checkbox":
        value = _BOXES.get(value, value) if isinstance(value, str | None) else value
    elif field is not None and field.kind == "decimal" and isinstance(value, str):
        found = _DECIMAL.deserialize(value)
        whole = found is not None and len(found) <= 15 and found.removeprefix("-").isdigit()
        return int(found) if whole else found
    return _variable(value)


_BOXES: Mapping[str | None, bool] = {None: False, "": False, "true": True, "false": False}


def _variable(value: object) -> Any:
    """A scalar or a list of scalars, checked; numbers with a fraction become decimals as text."""
    if isinstance(value, list):
        return [_scalar(each) for each in value]
    return _scalar(value)


def _scalar(value: object) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return _WHOLE.deserialize(value)
    if isinstance(value, float):
        return _DECIMAL.deserialize(value)
    if isinstance(value, str):
        return plain(value)
    raise refuse(messages.NOT_SCALAR)


def _message(error: ValidationError) -> Message:
    first = error.messages[0] if isinstance(error.messages, list) else None
    return first if isinstance(first, Message) else messages.NOT_SCALAR
