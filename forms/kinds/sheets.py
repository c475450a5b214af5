"""From a form's fields to the marshmallow schema that checks posted values by themselves."""

from collections.abc import Mapping
from typing import Any, cast

from marshmallow import RAISE, Schema, fields

from forms import messages
from forms.kinds import choices, moments, numbers, texts
from forms.kinds.limits import checks
from forms.model import Field, Kind

# marshmallow passes messages through as they are, but declares them to be texts.
_ROW: dict[str, str | list[Any] | dict[Any, Any]] = {
    name: cast("str", messages.NOT_ROW) for name in ("null", "type", "required")
}


class Sheet(Schema):
    """Base of the schemas built from forms and of those for a table's rows."""

    error_messages = {  # noqa: RUF012  # marshmallow declares it so
        "unknown": cast("str", messages.UNKNOWN),  # passed through as they are
        "type": cast("str", messages.NOT_ROW),
    }

    class Meta:
        """Names that the form does not have are an error, not ignored."""

        unknown = RAISE


_PLAIN: Mapping[Kind, type[fields.Field[Any]]] = {
    "text": texts.Line,
    "area": texts.Area,
    "integer": numbers.Whole,
    "decimal": numbers.Fraction,
    "date": moments.Date,
    "time": moments.Time,
    "datetime": moments.DateTime,
    "checkbox": choices.Box,
    "radio": choices.One,
    "select": choices.One,
    "checklist": choices.Many,
    "taglist": choices.Many,
}


def checker(field: Field) -> fields.Field[Any]:
    """The marshmallow field that checks this field's values by themselves."""
    if field.kind == "files":
        return choices.Files(multiple=field.multiple, allow_none=True)
    if field.kind == "table":
        nested = fields.Nested(schema_of(field.columns), error_messages=_ROW)
        return choices.Rows(nested, allow_none=True)
    if field.kind == "computed":
        return choices.Computed(allow_none=True)
    return _PLAIN[field.kind](allow_none=True, validate=list(checks(field)))


def schema_of(form_fields: tuple[Field, ...]) -> Schema:
    """A schema that takes these fields, each optional, and no other name."""
    made = Sheet.from_dict({each.key: checker(each) for each in form_fields}, name="Sheet")
    return made()


def column_checker(table: fields.Field[Any], column: str) -> fields.Field[Any]:
    """The marshmallow field of a column, within that of its table."""
    if isinstance(table, fields.List) and isinstance(table.inner, fields.Nested):
        schema = table.inner.schema
        if isinstance(schema, Schema):
            return schema.load_fields[column]
    raise TypeError("not the field of a table")
