"""What the form file limits of a value: length, pattern, range, decimal places."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from forms import messages
from forms.kinds.errors import refuse
from forms.kinds.numbers import written
from forms.messages import Message
from forms.model import Field
from forms.patterns import LONGEST_TEXT, Pattern

EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@.]{1,63}(\.[^\s@.]{1,63}){1,8}")
PHONE = re.compile(r"\+?[0-9][0-9 ()/.\-]{3,30}")

_Check = Callable[[Any], None]


def checks(field: Field) -> list[_Check]:
    """marshmallow validators for the limits of this field."""
    found: list[_Check] = []
    if field.min_length is not None or field.max_length is not None:
        found.append(_length(field.min_length, field.max_length))
    if field.pattern is not None:
        found.append(_pattern(field.pattern, field.pattern_message or messages.BAD_PATTERN))
    elif field.pattern_message is messages.BAD_EMAIL:
        found.append(_looks_like(EMAIL, messages.BAD_EMAIL))
    elif field.pattern_message is messages.BAD_PHONE:
        found.append(_looks_like(PHONE, messages.BAD_PHONE))
    if field.minimum is not None or field.maximum is not None:
        found.append(_range(field.minimum, field.maximum))
    if field.kind == "decimal" and field.digits is not None:
        found.append(_precision(field.digits))
    return found


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
