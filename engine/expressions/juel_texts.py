"""JUEL's methods on texts."""

from collections.abc import Callable

from engine.expressions.errors import ExpressionError
from engine.expressions.limits import check_items, check_text
from engine.expressions.patterns import expression, is_plain, occurs
from engine.expressions.printing import text_of
from engine.expressions.values import Number, kind_of, number_of


def text(value: object, method: str) -> str:
    """`value`, a text; raises ExpressionError in the name of `method`."""
    if isinstance(value, str):
        return value
    raise ExpressionError(f"“.{method}()” needs a text, but this is {kind_of(value)}")


def number(value: object) -> Number:
    """`value`, a number or a text that writes one; raises ExpressionError."""
    found = None if isinstance(value, bool) else number_of(value)
    if found is None:
        raise ExpressionError(f"A number is needed here, but this is {kind_of(value)}")
    return found


def _whole(value: object, method: str) -> int:
    found = number(value)
    if found != int(found):
        raise ExpressionError(f"“.{method}()” needs a whole number")
    return int(found)


def _length(value: object) -> object:
    return len(text(value, "length"))


def _starts_with(value: object, start: object) -> object:
    return text(value, "startsWith").startswith(text_of(start))


def _ends_with(value: object, end: object) -> object:
    return text(value, "endsWith").endswith(text_of(end))


def _equals_ignoring_case(value: object, other: object) -> object:
    return text(value, "equalsIgnoreCase").casefold() == text_of(other).casefold()


def _upper(value: object) -> object:
    return text(value, "toUpperCase").upper()


def _lower(value: object) -> object:
    return text(value, "toLowerCase").lower()


def _trim(value: object) -> object:
    return text(value, "trim").strip()


def _substring(value: object, start: object, end: object = None) -> object:
    found = text(value, "substring")
    first = _whole(start, "substring")
    last = len(found) if end is None else _whole(end, "substring")
    if not 0 <= first <= last <= len(found):
        raise ExpressionError(f"“.substring()” goes beyond the text's {len(found)} characters")
    return found[first:last]


def _char_at(value: object, place: object) -> object:
    return _substring(value, place, _whole(place, "charAt") + 1)


def _replace(value: object, part: object, other: object) -> object:
    return check_text(text(value, "replace").replace(text_of(part), text_of(other)))


def _replace_all(value: object, pattern: object, other: object) -> object:
    wanted = text_of(pattern)
    if is_plain(wanted):
        return _replace(value, wanted, other)
    found = expression(wanted)
    searched = found.fit(text(value, "replaceAll"))
    return check_text(found.compiled.sub(lambda _: text_of(other), searched))


def _split(value: object, pattern: object) -> object:
    whole, wanted = text(value, "split"), text_of(pattern)
    if is_plain(wanted):
        return check_items(list(whole.split(wanted) if wanted else whole))
    found = expression(wanted)
    return check_items(list(found.compiled.split(found.fit(whole))))


def _matches(value: object, pattern: object) -> object:
    """Of the whole text, as in Java."""
    return occurs(f"^(?:{text_of(pattern)})$", text(value, "matches"))


def _concat(value: object, other: object) -> object:
    return check_text(text_of(value) + text_of(other))


def _is_blank(value: object) -> object:
    return not text(value, "isBlank").strip()


TEXT_METHODS: dict[str, tuple[int, Callable[..., object]]] = {
    "length": (0, _length),
    "startsWith": (1, _starts_with),
    "endsWith": (1, _ends_with),
    "equalsIgnoreCase": (1, _equals_ignoring_case),
    "toUpperCase": (0, _upper),
    "toLowerCase": (0, _lower),
    "trim": (0, _trim),
    "substring": (1, _substring),
    "charAt": (1, _char_at),
    "replace": (2, _replace),
    "replaceAll": (2, _replace_all),
    "split": (1, _split),
    "matches": (1, _matches),
    "concat": (1, _concat),
    "isBlank": (0, _is_blank),
}
"""Methods by name: the least number of arguments, and what they do."""
