"""Text: one line or several, without control characters."""

import re
from typing import Any

from marshmallow import fields

from forms import messages
from forms.kinds.errors import refuse

MOST_TEXT = 64 * 1024
"""Longest text, in bytes of UTF-8."""

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\u2028\u2029]")


class Line(fields.Field[Any]):
    """Text of one line, without white space around it; empty text is no answer."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str | None:
        text = plain(value).strip()
        if "\n" in text or "\t" in text:
            raise refuse(messages.ONE_LINE)
        return text or None


class Area(fields.Field[Any]):
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
