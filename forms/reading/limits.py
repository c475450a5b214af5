"""Limits that are expressions, as rules of a field."""

from collections.abc import Mapping
from typing import Any

from forms import messages
from forms.messages import Message
from forms.model import Kind, Rule

_WRITTEN: Mapping[str, tuple[str, Message]] = {
    "min": ("value >= ({limit})", messages.BELOW),
    "max": ("value <= ({limit})", messages.ABOVE),
    "minLength": ("string length(value) >= ({limit})", messages.SHORT),
    "maxLength": ("string length(value) <= ({limit})", messages.LONG),
    "pattern": ("matches(value, ({limit}))", messages.BAD_PATTERN),
}


def limit_rules(limits: Mapping[str, Any], kind: Kind, english: str) -> tuple[Rule, ...]:
    """A rule for each limit that is an expression; a limit that is null limits nothing.

    `english` is what the pattern's own message says in English.
    """
    found = []
    for name, (test, message) in _WRITTEN.items():
        limit = limits.get(name)
        if isinstance(limit, str) and limit.startswith("=") and kind != "table":
            bare = inner(limit)
            said = limits.get("patternErrorMessage") if name == "pattern" else ""
            condition = f"=({bare}) = null or {test.format(limit=bare)}"
            found.append(Rule(condition, Message(said, english) if said else message))
    return tuple(found)


def either(one: str, other: str) -> str:
    """The condition that holds where one of two does."""
    return f"=({inner(one)}) = true or ({inner(other)}) = true"


def inner(expression: str) -> str:
    """An expression without its `=`, to stand in brackets even where a comment ends it."""
    return expression.strip().removeprefix("=") + "\n"
