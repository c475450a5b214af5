"""The methods that JUEL expressions may call, on data only."""

from collections.abc import Callable, Mapping, Sequence

from engine.expressions.errors import ExpressionError
from engine.expressions.juel_moments import MOMENT_METHODS
from engine.expressions.juel_rules import is_empty, item, same, truth
from engine.expressions.juel_texts import TEXT_METHODS, number
from engine.expressions.printing import text_of
from engine.expressions.values import kind_of, number_of


def _equals(value: object, other: object) -> object:
    return same(value, other)


def _size(value: object) -> object:
    return len(_sized(value, "size"))


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


def _sized(value: object, method: str) -> Sequence[object]:
    if isinstance(value, Mapping):
        return list(value)
    if isinstance(value, (list, tuple, str)):
        return value
    raise ExpressionError(
        f"“.{method}()” needs a text, a list or a map, but this is {kind_of(value)}"
    )


def _last_index_of(value: object, part: object) -> object:
    if isinstance(value, str):
        return value.rfind(text_of(part))
    items = _sized(value, "lastIndexOf")
    found = (i for i in range(len(items) - 1, -1, -1) if same(items[i], part))
    return next(found, -1)


def _compare_to(value: object, other: object) -> object:
    a, b = number_of(value), number_of(other)
    if a is not None and b is not None:
        return (a > b) - (a < b)
    left, right = text_of(value), text_of(other)
    return (left > right) - (left < right)


def _contains_all(value: object, others: object) -> object:
    items = _sized(value, "containsAll")
    return all(any(same(each, one) for each in items) for one in _sized(others, "containsAll"))


def _map(value: object, method: str) -> Mapping[str, object]:
    if isinstance(value, Mapping):
        return value
    raise ExpressionError(f"“.{method}()” needs a map, but this is {kind_of(value)}")


def _contains_value(value: object, wanted: object) -> object:
    return any(same(each, wanted) for each in _map(value, "containsValue").values())


def _get_or_default(value: object, key: object, other: object) -> object:
    return _map(value, "getOrDefault").get(text_of(key), other)


def _keys(value: object) -> object:
    return list(_map(value, "keySet"))


def _values(value: object) -> object:
    return list(_map(value, "values").values())


def _int_value(value: object) -> object:
    return int(number(value))


def _listed(value: object) -> object:
    return value if isinstance(value, list) else [value]


def _itself(value: object) -> object:
    return value


_METHODS: dict[str, tuple[int, Callable[..., object]]] = {
    "equals": (1, _equals),
    "size": (0, _size),
    "contains": (1, _contains),
    "containsKey": (1, _contains_key),
    "get": (1, item),
    "isEmpty": (0, _is_empty),
    "indexOf": (1, _index_of),
    "toString": (0, text_of),
    "lastIndexOf": (1, _last_index_of),
    "compareTo": (1, _compare_to),
    "containsAll": (1, _contains_all),
    "containsValue": (1, _contains_value),
    "getOrDefault": (2, _get_or_default),
    "keySet": (0, _keys),
    "values": (0, _values),
    "intValue": (0, _int_value),
    "longValue": (0, _int_value),
    "doubleValue": (0, number),
    "floatValue": (0, number),
    "booleanValue": (0, truth),
    # Camunda's Spin: JSON data in expressions
    "prop": (1, item),
    "hasProp": (1, _contains_key),
    "elements": (0, _listed),
    "value": (0, _itself),
    "stringValue": (0, text_of),
    "numberValue": (0, number),
    "boolValue": (0, truth),
    **TEXT_METHODS,
    **MOMENT_METHODS,
}
_MORE = {"substring": 2}
"""Methods that may take more arguments than they must."""

METHODS: dict[str, tuple[int, int, Callable[..., object]]] = {
    name: (least, _MORE.get(name, least), call) for name, (least, call) in _METHODS.items()
}
"""Methods by name: the least and most arguments, and what they do. On null every one gives
null."""
