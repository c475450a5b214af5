"""Where the next page begins: the key of the last row, as text that says nothing to its reader."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any

MOST = 200
"""Rows of a page."""


class BadCursor(ValueError):
    """The cursor is none that this list gave."""


def cursor(key: Sequence[Any]) -> str:
    """The text of a key."""
    return urlsafe_b64encode(json.dumps(list(key)).encode()).decode().rstrip("=")


def key(cursor: str, shape: Sequence[type]) -> list[Any]:
    """The key of a text. Raises `BadCursor` if it hasn't this shape."""
    try:
        found = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError as error:
        raise BadCursor(cursor) from error
    if not isinstance(found, list) or [type(part) for part in found] != list(shape):
        raise BadCursor(cursor)
    if any(isinstance(part, int) and not -(2**63) <= part < 2**63 for part in found):
        raise BadCursor(cursor)
    return found


def bounded(limit: int) -> int:
    """The limit, between 1 and `MOST`."""
    return max(1, min(limit, MOST))
