"""An HTML form's post as posted values: names to keys and rows, texts to JSON's types."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo

from forms import messages
from forms.answers import Invalid
from forms.entitlement import Entitlement
from forms.messages import Message
from forms.model import LISTS, Field, Form, Rights

_CELL = re.compile(r"(?P<table>[^.]+)\.(?P<row>0|[1-9][0-9]{0,5})\.(?P<column>[^.]+)")
_NAIVE = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d{1,15}", re.ASCII)
_EVERYTHING = Rights()
_TICKED = {"true": True, "on": True, "false": False, "": False}


def from_html(
    form: Form,
    fields: Mapping[str, Sequence[str]],
    *,
    zone: tzinfo | None = None,
    rights: Rights = _EVERYTHING,
) -> dict[str, object]:
    """Posted values from an HTML form's fields (each name with all its values).

    Every field of the form is in the result, None where nothing was filled in: a page cannot say
    otherwise that a field was emptied or a box unticked. Cells are named `documents.0.title`;
    gaps between rows are closed and empty rows dropped, except in tables whose rows are fixed
    (which may follow from `rights`).
    A date-time without offset is one of `zone`. `csrf_token` and names that begin with `_` are
    left out; any other name that the form does not have raises `Invalid`.
    """
    errors: dict[str, Message] = {}
    values: dict[str, object] = {each.key: None for each in form.fields}
    tables: dict[str, dict[int, dict[str, object]]] = {}
    for name, given in fields.items():
        if name == "csrf_token" or name.startswith("_"):
            continue
        found = _field(form, name)
        if found is None:
            errors[name[:100]] = messages.UNKNOWN
        elif len(given) > 1 and found[0].kind not in LISTS and found[0].kind != "checkbox":
            errors[name] = messages.TWICE
        elif isinstance(found[1], int):
            rows = tables.setdefault(found[2], {})
            rows.setdefault(found[1], {})[found[0].key] = _value(found[0], given, zone)
        else:
            values[name] = _value(found[0], given, zone)
    if errors:
        raise Invalid(errors)
    entitlement = Entitlement(form, rights)
    for key, rows in tables.items():
        table = form.by_key[key]
        fixed = table.fixed or bool(entitlement.locked_columns(table))
        values[key] = _rows(table, rows, fixed=fixed)
    return values


def _field(form: Form, name: str) -> tuple[Field, int | None, str] | None:
    """The field of this name; for a cell also its row and table."""
    each = form.by_key.get(name)
    if each is not None:
        return None if each.kind == "table" else (each, None, "")
    cell = _CELL.fullmatch(name)
    table = form.by_key.get(cell["table"]) if cell else None
    if cell is None or table is None:
        return None
    column = next((c for c in table.columns if c.key == cell["column"]), None)
    return None if column is None else (column, int(cell["row"]), table.key)


def _rows(
    table: Field, rows: Mapping[int, Mapping[str, object]], *, fixed: bool
) -> list[dict[str, object]]:
    whole = {
        index: {column.key: row.get(column.key) for column in table.columns}
        for index, row in rows.items()
    }
    if fixed:
        last = min(max(whole), 1000)
        return [whole.get(index, {}) for index in range(last + 1)]
    return [
        whole[index]
        for index in sorted(whole)
        if any(column.is_filled(whole[index][column.key]) for column in table.columns)
    ]


def _value(field: Field, given: Sequence[str], zone: tzinfo | None) -> object:
    if field.kind in LISTS:
        return [each for each in given if each] or None
    text = given[-1] if given else ""
    if field.kind == "checkbox":
        # A page may send false from a hidden input before the box itself.
        return _TICKED.get(text, text)
    if not text.strip():
        return None
    if field.kind == "integer" and _WHOLE.fullmatch(text.strip()):
        return int(text)
    if field.kind == "datetime" and zone is not None and _NAIVE.fullmatch(text):
        try:
            return datetime.fromisoformat(text).replace(tzinfo=zone).isoformat("T", "seconds")
        except ValueError:
            return text
    return text
