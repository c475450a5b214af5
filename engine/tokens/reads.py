"""Which variables the texts of a timer may read."""

import re
from collections.abc import Collection, Iterable

_WORD = re.compile(r"\w+")


def reads_any(texts: Iterable[str], names: Collection[str]) -> bool:
    """Whether any of `names` stands in one of the texts. A name inside a quoted text counts too:
    computing a time anew too often does no harm."""
    wanted = set(names)
    return any(not wanted.isdisjoint(_WORD.findall(text)) for text in texts)
