"""The kinds of field as marshmallow fields: what a posted value must be, and how it is kept."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from marshmallow import RAISE, Schema, ValidationError, fields

from forms import messages
from forms.messages import Message
from forms.model import Field, Kind
from forms.patterns import LONGEST_TEXT, Pattern

MOST_TEXT = 64 * 1024
"""Longest text, in bytes of UTF-8."""
MOST_ROWS = 200
MOST_CHOICES = 200
MOST_FILES = 100
_LONGEST_ID = 200

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\u2028\u2029]")
_NUMBER = re.compile(r"[+-]?(\d{1,40}(\.\d{0,40})?|\.\d{1,40})", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d{1,15}", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"\d{2}:\d{2}(:\d{2})?", re.ASCII)
_DATETIME = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})", re.ASCII
)
EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@.]{1,63}(\.[^\s@.]{1,63}){1,8}")
PHONE = re.compile(r"\+?[0-9][0-9 ()/.\-]{3,30}")

_Check = Callable[[Any], None]


def refuse(message: Message) -> ValidationError:
    """The error by which marshmallow carries a message of ours."""
    return ValidationError([message])


class Sheet(Schema):
    """Base of the schemas built from forms and of those for a table's rows."""

    error_messages = {  # noqa: RUF012  # marshmallow declares it so
        "unknown": cast("str", messages.UNKNOWN),  # passed through as they are
        "type": cast("str", messages.NOT_ROW),
    }

    class Meta:
        """Names that the form does not have are an error, not ignored."""

        unknown = RAISE


class _Line(fields.Field[Any]):
    """Text of one line, without white space around it; empty text is no answer."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str | None:
        text = plain(value).strip()
        if "\n" in text or "\t" in text:
            raise refuse(messages.ONE_LINE)
        return text or None


class _Area(fields.Field[Any]):
    """Text of several lines; white space alone is no answer."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str | None:
        text = plain(value)
        return text if text.strip() else None


def plain(value: object) -> str:
    """A text as it may be kept, line ends as \\n; raises marshmallow's error otherwise."""
    if not isinstance(value, str):
        raise refuse(messages.NOT_TEXT)
    if "\r" in value:
        value = value.replace("\r\n", "\n").replace("\r", "\n")
    try:
        size = len(value) if value.isascii() else len(value.encode())
    except UnicodeEncodeError:  # half of a surrogate pair
        raise refuse(messages.NOT_PLAIN) from None
    if size > MOST_TEXT:
        raise refuse(messages.TOO_MUCH_TEXT)
    if _CONTROL.search(value):
        raise refuse(messages.NOT_PLAIN)
    return value


class _Whole(fields.Field[Any]):
    """A whole number of up to 15 digits (every JSON reader keeps those exactly)."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> int | None:
        if isinstance(value, str):
            value = value.strip()
            if not value:
                return None
            if not _WHOLE.fullmatch(value):
                raise refuse(messages.NOT_WHOLE)
            return int(value)
        if isinstance(value, float) and value.is_integer() and abs(value) < 10**15:
            return int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise refuse(messages.NOT_WHOLE)
        if abs(value) >= 10**15:
            raise refuse(messages.TOO_BIG)
        return value


class _Decimal(fields.Field[Any]):
    """A decimal, kept as the one text that its value has: no exponent, no needless zeros."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str | None:
        number = _decimal(value)
        return None if number is None else written(number)


def _decimal(value: object) -> Decimal | None:
    if isinstance(value, float):
        text = repr(value)
        if len(text.strip("-").replace(".", "")) > 15 and "e" not in text:
            raise refuse(messages.LOST_DIGITS)
    elif isinstance(value, str):
        text = value.strip()
        if not text:
            return None
        if not _NUMBER.fullmatch(text):
            raise refuse(messages.NOT_NUMBER)
    elif isinstance(value, int) and not isinstance(value, bool):
        if abs(value) >= 10**30:
            raise refuse(messages.TOO_LONG_NUMBER)
        text = str(value)
    else:
        raise refuse(messages.NOT_NUMBER)
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise refuse(messages.NOT_NUMBER) from None
    if not number.is_finite():
        raise refuse(messages.NOT_NUMBER)
    if number.adjusted() >= 30 or len(written(number).strip("-").replace(".", "")) > 30:
        raise refuse(messages.TOO_LONG_NUMBER)
    return number


def written(number: Decimal) -> str:
    """A finite decimal in plain digits; equal numbers give equal text."""
    if not number:
        return "0"
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


class _Date(fields.Field[Any]):
    """A real calendar date."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str | None:
        if value == "":
            return None
        if not isinstance(value, str) or not _DATE.fullmatch(value):
            raise refuse(messages.NOT_DATE)
        try:
            day = date.fromisoformat(value)
        except ValueError:
            raise refuse(messages.NOT_DATE) from None
        if not 1900 <= day.year <= 2999:
            raise refuse(messages.NOT_DATE)
        return value


class _Time(fields.Field[Any]):
    """A time of day, to the minute where it has no seconds."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str | None:
        if value == "":
            return None
        if not isinstance(value, str) or not _TIME.fullmatch(value):
            raise refuse(messages.NOT_TIME)
        try:
            of_day = time.fromisoformat(value)
        except ValueError:
            raise refuse(messages.NOT_TIME) from None
        return of_day.isoformat() if of_day.second else of_day.isoformat("minutes")


class _DateTime(fields.Field[Any]):
    """A moment: date and time with its offset, kept to the second."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str | None:
        if value == "":
            return None
        if not isinstance(value, str) or not _DATETIME.fullmatch(value):
            raise refuse(messages.NOT_DATETIME)
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise refuse(messages.NOT_DATETIME) from None
        if not 1900 <= moment.year <= 2999:
            raise refuse(messages.NOT_DATETIME)
        return moment.isoformat(timespec="seconds")


class _Box(fields.Field[Any]):
    """True or false and nothing that merely looks like it."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> bool:
        if value is True or value is False:
            return bool(value)
        raise refuse(messages.NOT_BOOLEAN)


class _One(fields.Field[Any]):
    """One option's value; whether it is offered is checked where options are known."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str | None:
        if not isinstance(value, str):
            raise refuse(messages.NOT_OPTION)
        return value or None


class _Many(fields.Field[Any]):
    """A list of options' values, each once."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> list[str]:
        if not isinstance(value, list):
            raise refuse(messages.NOT_LIST)
        if len(value) > MOST_CHOICES:
            raise refuse(messages.TOO_MANY_CHOICES)
        if not all(isinstance(each, str) and each for each in value):
            raise refuse(messages.NOT_OPTION)
        return list(dict.fromkeys(value))


class _Files(fields.Field[Any]):
    """A list of attachment ids, each once."""

    def __init__(self, *, multiple: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._multiple = multiple

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> list[str]:
        if not isinstance(value, list):
            raise refuse(messages.NOT_ATTACHMENTS)
        if len(value) > MOST_FILES:
            raise refuse(messages.TOO_MANY_FILES)
        if not all(isinstance(each, str) and 0 < len(each) <= _LONGEST_ID for each in value):
            raise refuse(messages.NOT_ATTACHMENTS)
        ids = list(dict.fromkeys(value))
        if len(ids) > 1 and not self._multiple:
            raise refuse(messages.ONE_FILE)
        return ids


class _Rows(fields.List[Any]):
    """A table: rows, each checked by the schema of its columns."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> list[Any]:
        if not isinstance(value, list):
            raise refuse(messages.NOT_LIST)
        if len(value) > MOST_ROWS:
            raise refuse(messages.TOO_MANY_ROWS)
        return super()._deserialize(value, attr, data, **kwargs)


_PLAIN: Mapping[Kind, type[fields.Field[Any]]] = {
    "text": _Line,
    "area": _Area,
    "integer": _Whole,
    "decimal": _Decimal,
    "date": _Date,
    "time": _Time,
    "datetime": _DateTime,
    "checkbox": _Box,
    "radio": _One,
    "select": _One,
    "checklist": _Many,
    "taglist": _Many,
}


def checker(field: Field) -> fields.Field[Any]:
    """The marshmallow field that checks this field's values by themselves."""
    if field.kind == "files":
        return _Files(multiple=field.multiple, allow_none=True)
    if field.kind == "table":
        # Nested reports a row that is no mapping by the row schema's own message.
        nested = fields.Nested(schema_of(field.columns), required=True)
        return _Rows(nested, allow_none=True)
    return _PLAIN[field.kind](allow_none=True, validate=list(_checks(field)))


def schema_of(form_fields: tuple[Field, ...]) -> Schema:
    """A schema that takes these fields, each optional, and no other name."""
    made = Sheet.from_dict({each.key: checker(each) for each in form_fields}, name="Sheet")
    return made()


def _checks(field: Field) -> list[_Check]:
    checks: list[_Check] = []
    if field.min_length is not None or field.max_length is not None:
        checks.append(_length(field.min_length, field.max_length))
    if field.pattern is not None:
        checks.append(_pattern(field.pattern, field.pattern_message or messages.BAD_PATTERN))
    elif field.pattern_message is messages.BAD_EMAIL:
        checks.append(_looks_like(EMAIL, messages.BAD_EMAIL))
    elif field.pattern_message is messages.BAD_PHONE:
        checks.append(_looks_like(PHONE, messages.BAD_PHONE))
    if field.minimum is not None or field.maximum is not None:
        checks.append(_range(field.minimum, field.maximum))
    if field.kind == "decimal" and field.digits is not None:
        checks.append(_precision(field.digits))
    return checks


def _length(least: int | None, most: int | None) -> _Check:
    def check(value: str | None) -> None:
        if value is None:
            return
        if least is not None and len(value) < least:
            raise refuse(messages.too_short(least))
        if most is not None and len(value) > most:
            raise refuse(messages.too_long(most))

    return check


def _pattern(pattern: Pattern, message: Message) -> _Check:
    def check(value: str | None) -> None:
        if value is None:
            return
        if len(value) > LONGEST_TEXT:
            raise refuse(messages.too_long(LONGEST_TEXT))
        if not pattern.matches(value):
            raise refuse(message)

    return check


def _looks_like(expression: re.Pattern[str], message: Message) -> _Check:
    def check(value: str | None) -> None:
        if value is not None and not expression.fullmatch(value):
            raise refuse(message)

    return check


def _range(least: Decimal | None, most: Decimal | None) -> _Check:
    def check(value: str | int | None) -> None:
        if value is None:
            return
        number = Decimal(value)
        if least is not None and number < least:
            raise refuse(messages.too_small(written(least)))
        if most is not None and number > most:
            raise refuse(messages.too_large(written(most)))

    return check


def _precision(digits: int) -> _Check:
    def check(value: str | None) -> None:
        if value is not None and len(value.partition(".")[2]) > digits:
            raise refuse(messages.too_precise(digits))

    return check


def flattened(errors: object, path: str = "") -> dict[str, Message]:
    """marshmallow's nested errors as one message per path, such as `documents[0].copies`."""
    if isinstance(errors, Message):
        return {path: errors}
    if isinstance(errors, Mapping):
        flat: dict[str, Message] = {}
        for key, inner in errors.items():
            flat.update(flattened(inner, _below(path, key)))
        return flat
    if isinstance(errors, list) and errors:
        return flattened(errors[0], path)
    raise TypeError(f"no message of ours at {path}: {errors!r}")


def _below(path: str, key: object) -> str:
    if key == "_schema":
        return path
    if isinstance(key, int) and not isinstance(key, bool):
        return f"{path}[{key}]"
    name = str(key)[:100]
    return f"{path}.{name}" if path else name
