"""What both languages do with lists."""

from engine.expressions.errors import ExpressionError
from engine.expressions.limits import RESULT_ITEMS, check_items
from engine.expressions.values import key_of


def flattened(items: list[object]) -> list[object]:
    """The items of lists in lists, in order; without recursion, and never without end."""
    flat: list[object] = []
    waiting = items[::-1]
    turns = 0
    while waiting:
        turns += 1
        if turns > 2 * RESULT_ITEMS:
            raise ExpressionError(f"The list would have more than {RESULT_ITEMS} items")
        each = waiting.pop()
        if isinstance(each, (list, tuple)):
            waiting.extend(reversed(each))
        else:
            flat.append(each)
    return check_items(flat)


def without_repeats(items: list[object]) -> list[object]:
    """The items in order, each once (by what they are: 1 and 1.0 are the same)."""
    seen: dict[object, object] = {}
    for each in items:
        seen.setdefault(key_of(each), each)
    return list(seen.values())
