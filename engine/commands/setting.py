"""Variables that an administrator sets when he has something tried again."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from engine.case import Case
from engine.diagrams.definition import Definition
from engine.given import variables_of
from engine.refusals import Invalid
from forms import Message

MOST_BYTES = 64 * 1024
"""So large may they be together, as JSON."""
MOST_DEPTH = 8
"""So deep may lists and maps lie in one another."""


def set_by_administrator(
    case: Case, definition: Definition, given: Mapping[str, Any]
) -> dict[str, Any]:
    """The variables that these values are: of ordinary names (no verdict, nobody's identity),
    scalars, lists and maps. In a replay the recorded ones.

    Raises:
        Invalid: by name.
    """
    if case.facts.replaying or not given:
        return dict(given)
    variables_of(case, definition, dict.fromkeys(given), mapped=False)
    errors: dict[str, Message] = {}
    for name, value in given.items():
        if not _is_shallow(value, MOST_DEPTH):
            errors[f"variables.{name}"] = Message(
                "结构过深,或者键名不合规", "Nested too deep, or a key that is not accepted"
            )
    if errors:
        raise Invalid(errors)
    if len(json.dumps(given, ensure_ascii=False).encode()) > MOST_BYTES:
        said = Message("内容过大,合计最多64 KB", "Too much, at most 64 KB in all")
        raise Invalid({"variables": said})
    return {name: _checked(case, definition, name, value) for name, value in given.items()}


def _checked(case: Case, definition: Definition, name: str, value: Any) -> Any:
    """A value whose scalars are what a variable takes: decimals as text."""
    leaves = list(_leaves(value))
    checked = variables_of(case, definition, {name: leaves}, mapped=False)[name]
    return _rebuilt(value, iter(checked))


def _is_shallow(value: Any, depth: int) -> bool:
    if isinstance(value, Mapping):
        keys = all(isinstance(k, str) and 0 < len(k) <= 100 and k[0] != "_" for k in value)
        return depth > 0 and keys and all(_is_shallow(v, depth - 1) for v in value.values())
    if isinstance(value, list):
        return depth > 0 and all(_is_shallow(v, depth - 1) for v in value)
    return True


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping | list):
        for each in value.values() if isinstance(value, Mapping) else value:
            yield from _leaves(each)
    else:
        yield value


def _rebuilt(value: Any, leaves: Iterator[Any]) -> Any:
    if isinstance(value, Mapping):
        return {name: _rebuilt(each, leaves) for name, each in value.items()}
    if isinstance(value, list):
        return [_rebuilt(each, leaves) for each in value]
    return next(leaves)
