"""The methods that JUEL expressions may call, on data only."""

from collections.abc import Callable, Mapping, Sequence
from json import JSONDecodeError, loads

from engine.expressions.errors import ExpressionError
from engine.expressions.juel_moments import MOMENT_METHODS
from engine.expressions.juel_rules import is_empty, item, same, truth
from engine.expressions.limits import RESULT_TEXT, check_items, check_text
from engine.expressions.patterns import expression, is_plain, occurs
from engine.expressions.printing import text_of
from engine.expressions.values import Number, kind_of, number_of, parse_number


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


def _substring(value: object, start: object, end: object = None) -> object:
    text = _text(value, "substring")
    first = _whole(start, "substring")
    last = len(text) if end is None else _whole(end, "substring")
    if not 0 <= first <= last <= len(text):
        raise ExpressionError(f"“.substring()” goes beyond the text's {len(text)} characters")
    return text[first:last]


def _char_at(value: object, place: object) -> object:
    return _substring(value, place, _whole(place, "charAt") + 1)


def _replace(value: object, part: object, other: object) -> object:
    return check_text(_text(value, "replace").replace(text_of(part), text_of(other)))


def _replace_all(value: object, pattern: object, other: object) -> object:
    wanted = text_of(pattern)
    if is_plain(wanted):
        return _replace(value, wanted, other)
    found = expression(wanted)
    text = found.fit(_text(value, "replaceAll"))
    return check_text(found.compiled.sub(lambda _: text_of(other), text))


def _split(value: object, pattern: object) -> object:
    text, wanted = _text(value, "split"), text_of(pattern)
    if is_plain(wanted):
        return check_items(list(text.split(wanted) if wanted else text))
    found = expression(wanted)
    return check_items(list(found.compiled.split(found.fit(text))))


def _matches(value: object, pattern: object) -> object:
    """Of the whole text, as in Java."""
    return occurs(f"^(?:{text_of(pattern)})$", _text(value, "matches"))


def _last_index_of(value: object, part: object) -> object:
    if isinstance(value, str):
        return value.rfind(text_of(part))
    items = _sized(value, "lastIndexOf")
    found = (i for i in range(len(items) - 1, -1, -1) if same(items[i], part))
    return next(found, -1)


def _concat(value: object, other: object) -> object:
    return check_text(text_of(value) + text_of(other))


def _compare_to(value: object, other: object) -> object:
    a, b = number_of(value), number_of(other)
    if a is not None and b is not None:
        return (a > b) - (a < b)
    left, right = text_of(value), text_of(other)
    return (left > right) - (left < right)


def _is_blank(value: object) -> object:
    return not _text(value, "isBlank").strip()


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


def _number(value: object) -> Number:
    found = None if isinstance(value, bool) else number_of(value)
    if found is None:
        raise ExpressionError(f"A number is needed here, but this is {kind_of(value)}")
    return found


def _whole(value: object, method: str) -> int:
    found = _number(value)
    if found != int(found):
        raise ExpressionError(f"“.{method}()” needs a whole number")
    return int(found)


def _int_value(value: object) -> object:
    return int(_number(value))


def _listed(value: object) -> object:
    return value if isinstance(value, list) else [value]


def _itself(value: object) -> object:
    return value


def parsed(value: object) -> object:
    """`S(x)`, `JSON(x)`: the data that JSON text writes; data itself stays as it is."""
    if not isinstance(value, str) or len(value) > RESULT_TEXT:
        return value
    try:
        return loads(value, parse_float=_exact, parse_int=_exact, parse_constant=lambda _: None)
    except JSONDecodeError as error:
        raise ExpressionError(f"This text is no JSON: {error.msg}") from None
    except (RecursionError, ValueError):
        raise ExpressionError("This text is no JSON that can be read") from None


def _exact(digits: str) -> object:
    return parse_number(digits)


_METHODS: dict[str, tuple[int, Callable[..., object]]] = {
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
    "substring": (1, _substring),
    "charAt": (1, _char_at),
    "replace": (2, _replace),
    "replaceAll": (2, _replace_all),
    "split": (1, _split),
    "matches": (1, _matches),
    "lastIndexOf": (1, _last_index_of),
    "concat": (1, _concat),
    "compareTo": (1, _compare_to),
    "isBlank": (0, _is_blank),
    "containsAll": (1, _contains_all),
    "containsValue": (1, _contains_value),
    "getOrDefault": (2, _get_or_default),
    "keySet": (0, _keys),
    "values": (0, _values),
    "intValue": (0, _int_value),
    "longValue": (0, _int_value),
    "doubleValue": (0, _number),
    "floatValue": (0, _number),
    "booleanValue": (0, truth),
    # Camunda's Spin: JSON data in expressions
    "prop": (1, item),
    "hasProp": (1, _contains_key),
    "elements": (0, _listed),
    "value": (0, _itself),
    "stringValue": (0, text_of),
    "numberValue": (0, _number),
    "boolValue": (0, truth),
    **MOMENT_METHODS,
}
_MORE = {"substring": 2}
"""Methods that may take more arguments than they must."""

METHODS: dict[str, tuple[int, int, Callable[..., object]]] = {
    name: (least, _MORE.get(name, least), call) for name, (least, call) in _METHODS.items()
}
"""Methods by name: the least and most arguments, and what they do. On null every one gives
null."""
