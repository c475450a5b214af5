"""Which variables an expression may read."""

import re
from collections.abc import Collection

_WORD = re.compile(r"\w+")


def reads_any(expression: str, names: Collection[str]) -> bool:
    """Whether any of `names` stands in the expression. A name inside a quoted text counts too:
    reading too often does no harm."""
    return not set(names).isdisjoint(_WORD.findall(expression))
