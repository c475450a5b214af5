"""A row as a line of JSON, and back: bytes stand as `{"b": …}` in base64."""

import json
from base64 import b64decode, b64encode
from collections.abc import Sequence
from typing import Any


def line_of(row: Sequence[Any]) -> bytes:
    """The line, its end included."""
    values = [
        {"b": b64encode(value).decode()} if isinstance(value, bytes | memoryview) else value
        for value in row
    ]
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass") + b"\n"


def row_of(line: bytes) -> list[Any]:
    """The row of a line. Raises ValueError if it is none."""
    values = json.loads(line.decode("utf-8", "surrogatepass"))
    if not isinstance(values, list):
        raise ValueError("not a row")
    return [b64decode(value["b"]) if isinstance(value, dict) else value for value in values]
