"""The meta-schema: what a form file may say, component by component.

Whatever only concerns looks (layout, appearance) is let through unread; whatever would be a rule
that we do not keep is refused.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields
from marshmallow.validate import Equal, Length, OneOf, Range, Regexp

MOST_OPTIONS = 1000
MOST_COLUMNS = 50
DIGITS_MAX = 40
_TEXT = Length(max=20_000)
_NAME = Length(min=1, max=200)


def _moderate(value: Decimal) -> None:
    """No number whose digits, written out, would fill the memory."""
    if (
        not -DIGITS_MAX <= value.adjusted() <= DIGITS_MAX
        or len(value.as_tuple().digits) > DIGITS_MAX
    ):
        raise ValidationError(f"A number has at most {DIGITS_MAX} digits.")


class Or(fields.Field[Any]):
    """A value of another kind, or a FEEL expression (a text that begins with `=`)."""

    def __init__(self, inner: fields.Field[Any]) -> None:
        super().__init__()
        self._inner = inner

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, str) and value.startswith("="):
            return value
        return self._inner.deserialize(value)


class FormFile(Schema):
    """The file itself."""

    class Meta:
        unknown = EXCLUDE

    type = fields.String(validate=Equal("default"), load_default="default")
    id = fields.String(required=True, validate=Regexp(r"[A-Za-z_][A-Za-z0-9_.\-]{0,199}\Z"))
    schemaVersion = fields.Integer(strict=True, validate=Range(min=1, max=99))
    components = fields.List(fields.Dict(), required=True)


class Conditional(Schema):
    """`conditional`: only `hide`."""

    class Meta:
        unknown = RAISE

    hide = fields.String(allow_none=True)


class Limits(Schema):
    """`validate`: every rule in it is one that we keep; others are refused."""

    class Meta:
        unknown = RAISE

    required = Or(fields.Boolean(truthy={True}, falsy={False}))
    minLength = Or(fields.Integer(strict=True, validate=Range(min=0)))
    maxLength = Or(fields.Integer(strict=True, validate=Range(min=0)))
    min = Or(fields.Decimal(validate=_moderate))
    max = Or(fields.Decimal(validate=_moderate))
    pattern = fields.String()
    patternErrorMessage = fields.String()
    validationType = fields.String(validate=OneOf(["", "custom", "email", "phone"]))


class Choice(Schema):
    """One of `values`."""

    class Meta:
        unknown = RAISE

    value = fields.String(required=True, validate=_NAME)
    label = fields.String(validate=_TEXT)


class Heading(Schema):
    """One of a read-only table's `columns`."""

    class Meta:
        unknown = EXCLUDE

    key = fields.String(required=True, validate=_NAME)
    label = fields.String(validate=_TEXT)


class ComponentFile(Schema):
    """What the components of all types have in common, and what any of them has of its own."""

    class Meta:
        unknown = EXCLUDE

    type = fields.String(required=True)
    id = fields.String(validate=_NAME)
    key = fields.String()
    path = fields.String()
    label = fields.String(validate=_TEXT)
    dateLabel = fields.String(validate=_TEXT)
    timeLabel = fields.String(validate=_TEXT)
    description = fields.String(validate=_TEXT)
    text = fields.String(validate=_TEXT)
    conditional = fields.Nested(Conditional)
    limits = fields.Nested(Limits, data_key="validate")
    properties = fields.Dict(keys=fields.String())
    readonly = fields.Raw()
    disabled = fields.Boolean()
    multiple = fields.Raw()
    accept = fields.String()
    subtype = fields.String(validate=OneOf(["date", "time", "datetime"]))
    disallowPassedDates = fields.Boolean()
    decimalDigits = fields.Integer(strict=True, validate=Range(min=0, max=15))
    increment = fields.Decimal(validate=_moderate)
    defaultValue = fields.Raw()
    values = fields.List(fields.Nested(Choice), validate=Length(max=MOST_OPTIONS))
    valuesKey = fields.String()
    valuesExpression = fields.String()
    content = fields.String(validate=_TEXT)
    expression = fields.String(validate=_TEXT)
    dataSource = fields.String(validate=_TEXT)
    columns = fields.List(fields.Nested(Heading), validate=Length(max=MOST_COLUMNS))
    columnsExpression = fields.String(validate=_TEXT)
    components = fields.List(fields.Dict())
    allowAddRemove = fields.Boolean()
    defaultRepetitions = fields.Integer(strict=True, validate=Range(min=0, max=200))


_FILE = FormFile()
_COMPONENT = ComponentFile()


def file_words(raw: object) -> tuple[dict[str, Any], list[str]]:
    """The file's own words, and what is wrong with them."""
    return _loaded(_FILE, raw)


def component_words(raw: object) -> tuple[dict[str, Any], list[str]]:
    """A component's words, and what is wrong with them."""
    for name, most in (("values", MOST_OPTIONS), ("columns", MOST_COLUMNS)):
        found = raw.get(name) if isinstance(raw, Mapping) else None
        if isinstance(raw, Mapping) and isinstance(found, list) and len(found) > most:
            # Not even looked at: there may be very many.
            words, wrong = component_words({key: raw[key] for key in raw if key != name})
            return words, [*wrong, f"{name}: more than {most}"]
    return _loaded(_COMPONENT, raw)


def _loaded(schema: Schema, raw: object) -> tuple[dict[str, Any], list[str]]:
    if not isinstance(raw, Mapping):
        return {}, ["Expected an object"]
    try:
        words = schema.load(raw)
    except ValidationError as error:
        valid = error.valid_data if isinstance(error.valid_data, dict) else {}
        return valid, _sentences(error.messages)
    return dict(words), []


def _sentences(errors: object, path: str = "") -> list[str]:
    if isinstance(errors, Mapping):
        return [
            sentence
            for key, inner in errors.items()
            for sentence in _sentences(inner, f"{path}.{key}" if path else str(key))
        ]
    said = errors if isinstance(errors, list) else [errors]
    return [f"{path}: {each}" if path else str(each) for each in said]
