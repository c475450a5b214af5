"""The functions that every JUEL expression may call; the caller adds those that need the world."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta

from engine.expressions.errors import ExpressionError
from engine.expressions.juel_json import parsed
from engine.expressions.juel_rules import add, same, truth
from engine.expressions.limits import check_text
from engine.expressions.lists import flattened, without_repeats
from engine.expressions.moments import parse_length
from engine.expressions.printing import text_of
from engine.expressions.values import Months, Number, compare, key_of, kind_of, moment_of, number_of


def _listed(value: object) -> list[object]:
    """A list as it is, null as none, anything else as the only item."""
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _field(row: object, key: object) -> object:
    if isinstance(row, Mapping):
        return row.get(text_of(key))
    if row is None:
        return None
    raise ExpressionError(f"The list's items must be maps, but one is {kind_of(row)}")


def where(items: object, key: object, value: object) -> list[object]:
    """The rows of `items` whose `key` equals `value`."""
    return [row for row in _listed(items) if same(_field(row, key), value)]


def without(items: object, key: object, value: object) -> list[object]:
    """The rows of `items` whose `key` does not equal `value`."""
    return [row for row in _listed(items) if not same(_field(row, key), value)]


def pluck(items: object, key: object) -> list[object]:
    """The value under `key` of each row, null where a row has none."""
    return [_field(row, key) for row in _listed(items)]


def join(items: object, separator: object = "、") -> str:
    """The items as one text; null items are left out."""
    texts = (text_of(each) for each in _listed(items) if each is not None)
    return check_text(text_of(separator).join(texts))


def count(items: object) -> int:
    """How many items; null has none, a single value is one."""
    return len(items) if isinstance(items, Mapping) else len(_listed(items))


def total(items: object, key: object = None) -> Number:
    """`sum`: of the items, or of what they have under `key`; null counts nothing."""
    result: object = 0
    for each in _listed(items):
        value = each if key is None else _field(each, key)
        if value is not None:
            result = add(result, number(value))
    found = number_of(result)
    return 0 if found is None else found


def first(items: object) -> object:
    """The first item, null where there is none."""
    listed = _listed(items)
    return listed[0] if listed else None


def last(items: object) -> object:
    """The last item, null where there is none."""
    listed = _listed(items)
    return listed[-1] if listed else None


def contains(items: object, value: object) -> bool:
    """Whether a list has the item, a map the key, or a text the part."""
    if isinstance(items, str):
        return value is not None and text_of(value) in items
    if isinstance(items, Mapping):
        return text_of(value) in items
    return any(same(each, value) for each in _listed(items))


def distinct(items: object) -> list[object]:
    """The items without repeats, in order."""
    return without_repeats(_listed(items))


def union(*items: object) -> list[object]:
    """Lists and single values in one list: in order, without null and repeats."""
    return without_repeats(_flat(items))


def _flat(items: object) -> list[object]:
    """The items of lists in lists, null left out."""
    return [each for each in flattened(_listed(items)) if each is not None]


def minus(items: object, others: object) -> list[object]:
    """The items that are not among `others`."""
    gone = {key_of(each) for each in _listed(others)}
    return [each for each in _listed(items) if key_of(each) not in gone]


def to_date(value: object) -> date | None:
    """`date`: the day of a date, a date-time or ISO text; null of null."""
    if value is None:
        return None
    moment = moment_of(value)
    if isinstance(moment, datetime):
        return moment.date()
    if isinstance(moment, date):
        return moment
    raise ExpressionError(f"A date is needed here, but this is {kind_of(value)}")


def days(start: object, end: object) -> int | None:
    """How many calendar days `end` lies after `start` (negative before); null with null."""
    a, b = to_date(start), to_date(end)
    return None if a is None or b is None else (b - a).days


def to_duration(value: object) -> timedelta | Months | None:
    """`duration`: the length that ISO text writes (`P3D`, `PT4H`, `P1M`); null of null."""
    if value is None or isinstance(value, (timedelta, Months)):
        return value
    found = parse_length(text_of(value))
    if found is None:
        raise ExpressionError(f"A duration is needed here, but this is {kind_of(value)}")
    return found


def number(value: object) -> Number | None:
    """The number that a text writes; null of null and of empty text."""
    if value is None or value == "":
        return None
    found = number_of(value)
    if found is None:
        raise ExpressionError(f"A number is needed here, but this is {kind_of(value)}")
    return found


def formatted(value: object) -> str:
    """`format`: as a person reads it: lists joined by “、”, 是/否, minutes instead of seconds."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (list, tuple)):
        return check_text("、".join(formatted(each) for each in _flat(value)))
    moment = moment_of(value)
    if isinstance(moment, datetime):
        return f"{moment:%Y-%m-%d %H:%M}"
    if isinstance(moment, time):
        return f"{moment:%H:%M}"
    return text_of(value)


def concat(*values: object) -> str:
    """All values as one text; null is empty."""
    return check_text("".join(text_of(each) for each in values))


def ifelse(condition: object, yes: object, no: object) -> object:
    """`yes` where the condition holds, else `no` (both are evaluated)."""
    return yes if truth(condition) else no


def coalesce(*values: object) -> object:
    """The first value that is not null."""
    return next((each for each in values if each is not None), None)


def largest(*values: object) -> object:
    """`max` of a list or of the arguments; null is passed over, of nothing it is null."""
    return _extreme(values, 1)


def smallest(*values: object) -> object:
    """`min` of a list or of the arguments; null is passed over, of nothing it is null."""
    return _extreme(values, -1)


def _extreme(values: tuple[object, ...], sign: int) -> object:
    best: object = None
    for each in _flat(values):
        if best is None:
            best = each
            continue
        order = compare(each, best)
        if order is None:
            raise ExpressionError(f"Can't compare {kind_of(each)} with {kind_of(best)}")
        best = each if order == sign else best
    return best


def some(items: object, key: object, value: object) -> bool:
    """`any`: whether a row's `key` equals `value`."""
    return any(same(_field(row, key), value) for row in _listed(items))


def every(items: object, key: object, value: object) -> bool:
    """`all`: whether each row's `key` equals `value`; true of an empty list."""
    return all(same(_field(row, key), value) for row in _listed(items))


def make_list(*values: object) -> list[object]:
    """`list`: the arguments as a list."""
    return list(values)


def make_map(*values: object) -> dict[str, object]:
    """`map`: keys and values in turn."""
    if len(values) % 2:
        raise ExpressionError("“map” takes keys and values in turn")
    return {text_of(key): value for key, value in zip(values[::2], values[1::2], strict=True)}


STANDARD: Mapping[str, Callable[..., object]] = {
    "where": where,
    "S": parsed,
    "JSON": parsed,
    "without": without,
    "pluck": pluck,
    "join": join,
    "count": count,
    "sum": total,
    "first": first,
    "last": last,
    "contains": contains,
    "distinct": distinct,
    "union": union,
    "minus": minus,
    "date": to_date,
    "days": days,
    "duration": to_duration,
    "format": formatted,
    "text": text_of,
    "number": number,
    "concat": concat,
    "ifelse": ifelse,
    "coalesce": coalesce,
    "max": largest,
    "min": smallest,
    "any": some,
    "all": every,
    "list": make_list,
    "map": make_map,
}
"""The standard functions by the name that an expression calls them by."""
