"""Whole numbers and decimals; a decimal is kept as the one text that its value has."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from marshmallow import fields

from forms import messages
from forms.kinds.errors import refuse

_NUMBER = re.compile(r"[+-]?(\d{1,40}(\.\d{0,40})?|\.\d{1,40})", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d{1,15}", re.ASCII)


class Whole(fields.Field[Any]):
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


class Fraction(fields.Field[Any]):
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
