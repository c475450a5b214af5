"""FEEL's functions on lists and contexts."""

from collections.abc import Callable
from decimal import Decimal
from functools import cmp_to_key

from engine.expressions.feel_asking import (
    Builtin,
    Unfit,
    context,
    listed,
    number,
    spread,
    table,
    text,
    whole,
)
from engine.expressions.feel_rules import add, divide, multiply, ordered, same
from engine.expressions.limits import check_items
from engine.expressions.lists import flattened, without_repeats
from engine.expressions.values import ARITHMETIC, Number, decimal, key_of


def _extreme(sign: int) -> Callable[..., object]:
    def extreme(*values: object) -> object:
        items = spread(values)
        if not items:
            return None
        best = items[0]
        for each in items[1:]:
            order = ordered(each, best)
            if order is None:
                raise Unfit
            best = each if order == sign else best
        return best

    return extreme


def total(*values: object) -> object:
    """`sum`: null of an empty list."""
    items = spread(values)
    result: object = None
    for each in items:
        value = number(each)
        result = value if result is None else add(result, value)
    return result


def product(*values: object) -> object:
    """The numbers multiplied; null of an empty list."""
    result: object = None
    for each in spread(values):
        value = number(each)
        result = value if result is None else multiply(result, value)
    return result


def mean(*values: object) -> object:
    """The average; null of an empty list."""
    items = spread(values)
    return divide(total(items), len(items)) if items else None


def median(*values: object) -> object:
    """The middle one, or the average of the two in the middle."""
    items = sorted(number(each) for each in spread(values))
    if not items:
        return None
    middle = len(items) // 2
    return items[middle] if len(items) % 2 else divide(add(items[middle - 1], items[middle]), 2)


def deviation(*values: object) -> object:
    """The sample standard deviation; null of fewer than two numbers."""
    items = [decimal(number(each)) for each in spread(values)]
    if len(items) < 2:
        return None
    average = mean(list(items))
    assert isinstance(average, Decimal)
    squares = Decimal(0)
    for each in items:
        apart = ARITHMETIC.subtract(each, average)
        squares = ARITHMETIC.add(squares, ARITHMETIC.multiply(apart, apart))
    return ARITHMETIC.sqrt(ARITHMETIC.divide(squares, Decimal(len(items) - 1)))


def mode(*values: object) -> list[object]:
    """The most frequent numbers in rising order."""
    counts: dict[Number, int] = {}
    for each in spread(values):
        value = number(each)
        counts[value] = counts.get(value, 0) + 1
    most = max(counts.values(), default=0)
    return [value for value, count in sorted(counts.items()) if count == most]


def _verdict(decisive: bool) -> Callable[..., object]:
    """`any` (true decides) and `all` (false decides); null where others than booleans occur."""

    def verdict(*values: object) -> object:
        items = spread(values)
        if decisive in [each for each in items if isinstance(each, bool)]:
            return decisive
        return (not decisive) if all(isinstance(each, bool) for each in items) else None

    return verdict


def has(items: object, element: object) -> bool:
    """`list contains`."""
    return any(same(each, element) is True for each in listed(items))


def index_of(items: object, match: object) -> list[object]:
    """Every place (from 1) where `match` stands."""
    return [place for place, each in enumerate(listed(items), 1) if same(each, match) is True]


def sublist(items: object, start: object, length: object = None) -> list[object]:
    """From place `start` (1 is the first, -1 the last)."""
    found = listed(items)
    begin = _place(found, start)
    return found[begin:] if length is None else found[begin : begin + max(whole(length), 0)]


def _place(items: list[object], position: object) -> int:
    place = whole(position)
    if place == 0 or abs(place) > len(items):
        raise Unfit
    return place - 1 if place > 0 else len(items) + place


def insert(items: object, position: object, item: object) -> list[object]:
    """`insert before`."""
    found = listed(items)
    place = _place(found, position)
    return [*found[:place], item, *found[place:]]


def remove(items: object, position: object) -> list[object]:
    """The list without the item at `position`."""
    found = listed(items)
    place = _place(found, position)
    return found[:place] + found[place + 1 :]


def replaced(items: object, position: object, item: object) -> list[object]:
    """`list replace` at a position, or wherever a function of item and new item is true."""
    found = listed(items)
    if callable(position):
        return [item if position(each, item) is True else each for each in found]
    found[_place(found, position)] = item
    return found


def concatenate(*items: object) -> list[object]:
    """The items of all lists."""
    return check_items([each for some in items for each in listed(some)])


def distinct(items: object) -> list[object]:
    """`distinct values`: without repeats, in order."""
    return without_repeats(listed(items))


def flatten(items: object) -> list[object]:
    """The items of lists in lists."""
    return flattened(listed(items))


def duplicates(items: object) -> list[object]:
    """`duplicate values`: those that stand in it more than once, each once."""
    seen: dict[object, int] = {}
    for each in listed(items):
        seen[key_of(each)] = seen.get(key_of(each), 0) + 1
    return [each for each in distinct(items) if seen[key_of(each)] > 1]


def partition(items: object, size: object) -> list[object]:
    """The list in lists of `size` items."""
    found, count = listed(items), whole(size)
    if count < 1:
        raise Unfit
    return [found[place : place + count] for place in range(0, len(found), count)]


def get_value(mapping: object, key: object) -> object:
    """The entry under `key`, or along a list of keys."""
    value: object = context(mapping)
    for each in key if isinstance(key, list) else [key]:
        value = context(value).get(text(each))
    return value


def get_entries(mapping: object) -> list[object]:
    """Each entry as a context of `key` and `value`."""
    return [{"key": key, "value": value} for key, value in context(mapping).items()]


def from_entries(entries: object) -> dict[str, object]:
    """`context`: the reverse of `get entries`; null where a key occurs twice."""
    made: dict[str, object] = {}
    for each in listed(entries):
        entry = context(each)
        key = text(entry.get("key"))
        if key in made or "value" not in entry:
            raise Unfit
        made[key] = entry["value"]
    return made


def put(mapping: object, key: object, value: object) -> dict[str, object]:
    """`context put`, also along a list of keys."""
    made = dict(context(mapping))
    if isinstance(key, list):
        if not key or len(key) > 50:
            raise Unfit
        if len(key) > 1:
            value = put(made.get(text(key[0])) or {}, key[1:], value)
        key = key[0]
    made[text(key)] = value
    return made


def merge(contexts: object) -> dict[str, object]:
    """`context merge`: later entries win."""
    made: dict[str, object] = {}
    for each in listed(contexts):
        made.update(context(each))
    return made


def sort(items: object, precedes: object = None) -> list[object]:
    """In rising order, or as the function `precedes` of two items says."""

    def order(left: object, right: object) -> int:
        if callable(precedes):
            if precedes(left, right) is True:
                return -1
            return 1 if precedes(right, left) is True else 0
        found = ordered(left, right)
        if found is None:
            raise Unfit
        return found

    return sorted(listed(items), key=cmp_to_key(order))


_ENTRIES: dict[str, Callable[..., object]] = {
    "list contains(list, element)": has,
    "count(list)": lambda items: len(listed(items)),
    "min(list, …)": _extreme(-1),
    "max(list, …)": _extreme(1),
    "sum(list, …)": total,
    "product(list, …)": product,
    "mean(list, …)": mean,
    "median(list, …)": median,
    "stddev(list, …)": deviation,
    "mode(list, …)": mode,
    "all(list, …)": _verdict(False),
    "any(list, …)": _verdict(True),
    "sublist(list, start position, [length])": sublist,
    "append(list, item, …)": lambda items, *more: [*listed(items), *more],
    "concatenate(list, …)": concatenate,
    "insert before(list, position, newItem)": insert,
    "remove(list, position)": remove,
    "list replace(list, position, newItem)": replaced,
    "reverse(list)": lambda items: listed(items)[::-1],
    "index of(list, match)": index_of,
    "sort(list, [precedes])": sort,
    "union(list, …)": lambda *items: distinct(concatenate(*items)),
    "distinct values(list)": distinct,
    "flatten(list)": flatten,
    "is empty(list)": lambda items: not listed(items),
    "duplicate values(list)": duplicates,
    "partition(list, size)": partition,
    "get or else(value, default)": lambda value, other: other if value is None else value,
    "get value(m, key)": get_value,
    "get entries(m)": get_entries,
    "context(entries)": from_entries,
    "context put(context, key, value)": put,
    "context merge(contexts)": merge,
}
FUNCTIONS: dict[str, Builtin] = table(_ENTRIES)
"""Functions on lists and contexts by name."""
