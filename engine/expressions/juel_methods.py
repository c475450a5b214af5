"""The few methods that JUEL expressions may call, on data only."""

from collections.abc import Callable, Mapping, Sequence

from engine.expressions.errors import ExpressionError
from engine.expressions.juel_rules import is_empty, item, same
from engine.expressions.printing import text_of
from engine.expressions.values import kind_of


def _equals(value: object, other: object) -> object:
    return same(value, other)


def _size(value: object) -> object:
    return len(_sized(value, "size"))


def _length(value: object) -> object:
    return len(_text(value, "length"))


def _contains(value: object, part: object) -> object:
    if isinstance(value, str):
        return text_of(part) in value
    if isinstance(value, Mapping):
        return text_of(part) in value
    return any(same(each, part) for each in _sized(value, "contains"))


def _contains_key(value: object, key: object) -> object:
    if not isinstance(value, Mapping):
        raise ExpressionError(f"“.containsKey()” needs a map, but this is {kind_of(value)}")
    return text_of(key) in value


def _is_empty(value: object) -> object:
    _sized(value, "isEmpty")
    return is_empty(value)


def _index_of(value: object, part: object) -> object:
    if isinstance(value, str):
        return value.find(text_of(part))
    found = (i for i, each in enumerate(_sized(value, "indexOf")) if same(each, part))
    return next(found, -1)


def _starts_with(value: object, start: object) -> object:
    return _text(value, "startsWith").startswith(text_of(start))


def _ends_with(value: object, end: object) -> object:
    return _text(value, "endsWith").endswith(text_of(end))


def _equals_ignoring_case(value: object, other: object) -> object:
    return _text(value, "equalsIgnoreCase").casefold() == text_of(other).casefold()


def _upper(value: object) -> object:
    return _text(value, "toUpperCase").upper()


def _lower(value: object) -> object:
    return _text(value, "toLowerCase").lower()


def _trim(value: object) -> object:
    return _text(value, "trim").strip()


def _text(value: object, method: str) -> str:
    if isinstance(value, str):
        return value
    raise ExpressionError(f"“.{method}()” needs a text, but this is {kind_of(value)}")


def _sized(value: object, method: str) -> Sequence[object]:
    if isinstance(value, Mapping):
        return list(value)
    if isinstance(value, (list, tuple, str)):
        return value
    raise ExpressionError(
        f"“.{method}()” needs a text, a list or a map, but this is {kind_of(value)}"
    )


METHODS: dict[str, tuple[int, Callable[..., object]]] = {
    "equals": (1, _equals),
    "equalsIgnoreCase": (1, _equals_ignoring_case),
    "size": (0, _size),
    "length": (0, _length),
    "contains": (1, _contains),
    "containsKey": (1, _contains_key),
    "get": (1, item),
    "isEmpty": (0, _is_empty),
    "indexOf": (1, _index_of),
    "startsWith": (1, _starts_with),
    "endsWith": (1, _ends_with),
    "toString": (0, text_of),
    "toUpperCase": (0, _upper),
    "toLowerCase": (0, _lower),
    "trim": (0, _trim),
}
"""Methods by name: how many arguments, and what they do. On null every one gives null."""
