"""What somebody typed into a form: values, files, and the small buttons that reshape the form.

Works without scripts: files come with the post and are kept at once, so that an error elsewhere
costs nobody his upload; rows are added and removed by posting the form back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Request

import forms
from web.pages import here
from web.pages.attachments import keep

_UPLOAD = "_file."


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A posted form: its values as they were typed, and what was pressed."""

    values: dict[str, Any]
    verb: str
    comment: str = ""
    to: str = ""
    version: str | None = None
    errors: Mapping[str, forms.Message] = field(default_factory=dict)

    @property
    def reshaped(self) -> bool:
        """Whether only the form's shape is to change: a row more or less, a file less, a redraw."""
        return self.verb == "redraw"


def read(request: Request, form: forms.Form) -> Typed:
    """Read a post for this form: files are kept, rows added or removed as the button says."""
    posted = {name: request.form.getlist(name) for name in request.form}
    errors: dict[str, forms.Message] = {}
    for name, ids in _kept_files(request, errors).items():
        posted[name] = [*posted.get(name, []), *ids]
    try:
        values = forms.from_html(form, posted, zone=here.zone())
    except forms.Invalid as invalid:
        values, errors = _without(form, posted, invalid), {**invalid.errors, **errors}
    pressed = request.form.get("_press", "")
    if pressed:
        values = _with_empty_rows(form, values, posted)
    values = _reshape(values, pressed)
    return Typed(
        values=values,
        verb="redraw" if pressed else request.form.get("_verb", ""),
        comment=request.form.get("_comment", "").strip(),
        to=request.form.get("_to", ""),
        version=request.form.get("_version") or None,
        errors=errors,
    )


def _kept_files(request: Request, errors: dict[str, forms.Message]) -> dict[str, list[str]]:
    """Files that came along, kept as attachments: field -> ids."""
    found: dict[str, list[str]] = {}
    for name, files in request.files.lists():
        if not name.startswith(_UPLOAD):
            continue
        for file in files:
            if file.filename:
                kept = keep(file)
                if isinstance(kept, forms.Message):
                    errors[_path(name.removeprefix(_UPLOAD))] = kept
                else:
                    found.setdefault(name.removeprefix(_UPLOAD), []).append(kept)
    return found


def _path(name: str) -> str:
    table, _, rest = name.partition(".")
    row, _, column = rest.partition(".")
    return f"{table}[{row}].{column}" if column else name


def _without(
    form: forms.Form, posted: Mapping[str, list[str]], invalid: forms.Invalid
) -> dict[str, Any]:
    """The values without the names that the form does not know."""
    good = {name: given for name, given in posted.items() if name not in invalid.errors}
    return forms.from_html(form, good, zone=here.zone())


def _with_empty_rows(
    form: forms.Form, values: Mapping[str, Any], posted: Mapping[str, list[str]]
) -> dict[str, Any]:
    """The values with rows that nothing is in yet, which a form that is only redrawn keeps."""
    seen: dict[str, dict[int, bool]] = {}
    for name, given in posted.items():
        table, _, rest = name.partition(".")
        index = rest.partition(".")[0]
        if rest and index.isdigit() and table in form.by_key:
            rows = seen.setdefault(table, {})
            rows[int(index)] = rows.get(int(index), False) or any(text.strip() for text in given)
    full = dict(values)
    for table, rows in seen.items():
        filled = iter(values.get(table) or [])
        full[table] = [next(filled, {}) if rows[index] else {} for index in sorted(rows)]
    return full


def _reshape(values: dict[str, Any], pressed: str) -> dict[str, Any]:
    what, _, rest = pressed.partition(":")
    key, _, which = rest.partition(":")
    rows = values.get(key)
    if what == "add" and key in values:
        values[key] = [*(rows or []), {}]
    elif what == "remove" and isinstance(rows, list) and which.isdigit():
        values[key] = [row for index, row in enumerate(rows) if index != int(which)]
    elif what == "drop":
        _drop(values, key, which)
    return values


def _drop(values: dict[str, Any], name: str, attachment: str) -> None:
    """Take one file out of a field, or out of a cell named `table.row.column`."""
    table, _, rest = name.partition(".")
    row, _, column = rest.partition(".")
    if not column:
        values[name] = [id for id in values.get(name) or [] if id != attachment]
        return
    rows = values.get(table)
    if isinstance(rows, list) and row.isdigit() and int(row) < len(rows):
        cell = rows[int(row)].get(column) or []
        rows[int(row)][column] = [id for id in cell if id != attachment]
