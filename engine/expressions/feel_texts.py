"""FEEL's functions on texts. Patterns run in bounded time (see `patterns`)."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, time

from engine.expressions.errors import ExpressionError
from engine.expressions.feel_asking import Builtin, Unfit, listed, number, table, text, whole
from engine.expressions.feel_rules import Interval
from engine.expressions.limits import DEPTH, check_items, check_text
from engine.expressions.patterns import expression, is_plain, occurs
from engine.expressions.printing import text_of
from engine.expressions.values import Number, parse_number


def string(value: object) -> str | None:
    """`string(x)`: lists and contexts as FEEL writes them; null of null."""
    if value is None:
        return None
    return value if isinstance(value, str) else check_text(_written(value, DEPTH))


def _written(value: object, depth: int) -> str:
    if depth <= 0:
        raise ExpressionError(f"The data is nested more than {DEPTH} levels deep")
    if value is None:
        return "null"
    if isinstance(value, str):
        return '"' + value.replace('"', '\\"') + '"'
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_written(each, depth - 1) for each in value) + "]"
    if isinstance(value, Mapping):
        parts = (f"{key}: {_written(each, depth - 1)}" for key, each in value.items())
        return "{" + ", ".join(parts) + "}"
    if isinstance(value, Interval):
        start, end = _written(value.start, depth - 1), _written(value.end, depth - 1)
        return f"{'(' if value.start_open else '['}{start}..{end}{')' if value.end_open else ']'}"
    return _moment_text(value) if isinstance(value, (datetime, time)) else text_of(value)


def _moment_text(value: datetime | time) -> str:
    """With the zone's name where it has one, `Z` for UTC, and no idle digits of a second."""
    zone = getattr(value.tzinfo, "key", "")
    written = (value.replace(tzinfo=None) if zone else value).isoformat()
    if value.microsecond:
        written = re.sub(r"(\.[0-9]*?)0+(?=[+-]|$)", r"\1", written)
    return f"{written}@{zone}" if zone else written.replace("+00:00", "Z")


def substring(value: object, start: object, length: object = None) -> str:
    """From place `start` (1 is the first, -1 the last)."""
    whole_text, place = text(value), whole(start)
    if place == 0 or abs(place) > len(whole_text):
        raise Unfit
    begin = place - 1 if place > 0 else len(whole_text) + place
    if length is None:
        return whole_text[begin:]
    return whole_text[begin : begin + max(whole(length), 0)]


def before(value: object, part: object) -> str:
    """What stands before the first `part`; empty where it does not occur."""
    head, found, _ = text(value).partition(text(part) or "\0")
    return head if found else ""


def after(value: object, part: object) -> str:
    """What stands after the first `part`; empty where it does not occur."""
    if part == "":
        return text(value)
    _, _, tail = text(value).partition(text(part))
    return tail


def replace(value: object, pattern: object, replacement: object, flags: object = None) -> str:
    """Each match of `pattern` by `replacement`, in which `$1` is what its first group matched."""
    written, put = text(pattern), text(replacement)
    if is_plain(written) and not flags and "$" not in put:
        if not written:
            raise Unfit
        return check_text(text(value).replace(written, put))
    found = expression(written, _flags(flags))
    if found.compiled.search(""):
        raise Unfit
    return check_text(found.compiled.sub(_groups_in(put), found.fit(text(value))))


def _groups_in(replacement: str) -> Callable[[re.Match[str]], str]:
    def put(match: re.Match[str]) -> str:
        def group(reference: re.Match[str]) -> str:
            number = int(reference[1])
            return (match[number] or "") if number <= (match.re.groups or 0) else ""

        return re.sub(r"\$([0-9])", group, replacement)

    return put


def _flags(flags: object) -> str:
    return "" if flags is None else text(flags)


def split(value: object, delimiter: object) -> list[object]:
    """The stretches between the matches of `delimiter`."""
    written = text(delimiter)
    if not written:
        raise Unfit
    if len(written) == 1 or is_plain(written):
        return check_items(list(text(value).split(written)))
    found = expression(written)
    return check_items(list(found.compiled.split(found.fit(text(value)))))


def matches(value: object, pattern: object, flags: object = None) -> bool:
    """Whether `pattern` matches somewhere."""
    return occurs(text(pattern), text(value), _flags(flags))


def extract(value: object, pattern: object) -> list[object]:
    """Every stretch that `pattern` matches."""
    found = expression(text(pattern))
    matched = found.compiled.finditer(found.fit(text(value)))
    return check_items([each[0] for each in matched])


def join(
    items: object, delimiter: object = None, prefix: object = None, suffix: object = None
) -> str:
    """The texts of a list with `delimiter` between; null is left out."""
    texts = [text(each) for each in listed(items) if each is not None]
    between = "" if delimiter is None else text(delimiter)
    return check_text(text_of(prefix) + between.join(texts) + text_of(suffix))


def to_number(value: object, grouping: object = None, point: object = None) -> Number:
    """The number that a text writes, with these separators."""
    if not isinstance(value, str):
        return number(value)
    if grouping not in (None, " ", ",", ".") or point not in (None, ".", ","):
        raise Unfit
    if grouping is not None and grouping == point:
        raise Unfit
    written = value if grouping is None else value.replace(text(grouping), "")
    found = parse_number(written if point is None else written.replace(text(point), "."))
    if found is None:
        raise Unfit
    return found


_ENTRIES: dict[str, Callable[..., object]] = {
    "string(from)": string,
    "number(from, [grouping separator], [decimal separator])": to_number,
    "string length(string)": lambda value: len(text(value)),
    "contains(string, match)": lambda value, part: text(part) in text(value),
    "starts with(string, match)": lambda value, part: text(value).startswith(text(part)),
    "ends with(string, match)": lambda value, part: text(value).endswith(text(part)),
    "substring(string, start position, [length])": substring,
    "substring before(string, match)": before,
    "substring after(string, match)": after,
    "upper case(string)": lambda value: text(value).upper(),
    "lower case(string)": lambda value: text(value).lower(),
    "trim(string)": lambda value: text(value).strip(),
    "replace(input, pattern, replacement, [flags])": replace,
    "split(string, delimiter)": split,
    "matches(input, pattern, [flags])": matches,
    "extract(string, pattern)": extract,
    "is blank(string)": lambda value: not text(value).strip(),
    "string join(list, [delimiter], [prefix], [suffix])": join,
}
FUNCTIONS: dict[str, Builtin] = table(_ENTRIES)
"""Functions on texts by name."""
