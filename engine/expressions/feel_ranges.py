"""FEEL's functions that say how two ranges, or a point and a range, lie to one another."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time

from engine.expressions.feel_asking import Builtin, Unfit, table, text
from engine.expressions.feel_moments import literal
from engine.expressions.feel_rules import Interval, ordered, same
from engine.expressions.values import parse_number


@dataclass(frozen=True, slots=True)
class _End:
    """A point, or an end of a range: `side` is -1 for one without a beginning, 1 for one without
    an end, and `included` whether the point itself belongs to it."""

    value: object
    included: bool
    side: int = 0


def _start(value: object) -> _End:
    if not isinstance(value, Interval):
        return _End(_point(value), True)
    return _End(value.start, not value.start_open, -1 if value.start is None else 0)


def _end(value: object) -> _End:
    if not isinstance(value, Interval):
        return _End(_point(value), True)
    return _End(value.end, not value.end_open, 1 if value.end is None else 0)


def _point(value: object) -> object:
    if value is None or isinstance(value, bool):
        raise Unfit
    return value


def _range(value: object) -> Interval:
    if not isinstance(value, Interval):
        raise Unfit
    return value


def _order(left: _End, right: _End) -> int:
    """By the values alone."""
    if left.side or right.side:
        return (left.side > right.side) - (left.side < right.side)
    order = ordered(left.value, right.value)
    if order is None:
        raise Unfit
    return order


def _same(left: _End, right: _End) -> bool:
    return _order(left, right) == 0 and left.included == right.included


def before(left: object, right: object) -> bool:
    """Whether all of `left` lies before all of `right`."""
    end, start = _end(left), _start(right)
    order = _order(end, start)
    return order < 0 or (order == 0 and not (end.included and start.included))


def meets(left: object, right: object) -> bool:
    """Whether `left` ends with the point that `right` begins with."""
    end, start = _end(_range(left)), _start(_range(right))
    return _order(end, start) == 0 and end.included and start.included


def overlaps(left: object, right: object) -> bool:
    """Whether they have a point in common."""
    return not before(_range(left), _range(right)) and not before(right, left)


def _starts_first(left: object, right: object) -> bool:
    """Whether `left` has a point before all of `right`."""
    a, b = _start(left), _start(right)
    order = _order(a, b)
    return order < 0 or (order == 0 and a.included and not b.included)


def _ends_within(left: object, right: object) -> bool:
    """Whether `left` ends before or with `right`."""
    a, b = _end(left), _end(right)
    order = _order(a, b)
    return order < 0 or (order == 0 and (b.included or not a.included))


def _starts_within(left: object, right: object) -> bool:
    """Whether `left` starts after or with `right`."""
    return not _starts_first(left, right)


def overlaps_before(left: object, right: object) -> bool:
    """Whether `left` begins before `right` and ends in it."""
    return overlaps(left, right) and _starts_first(left, right) and _ends_within(left, right)


def finishes(left: object, right: object) -> bool:
    """Whether `left`, a point or a range, ends as the range `right` does and lies in it."""
    ends = _same(_end(left), _end(_range(right)))
    return ends and (not isinstance(left, Interval) or _starts_within(left, right))


def starts(left: object, right: object) -> bool:
    """Whether `left`, a point or a range, begins as the range `right` does and lies in it."""
    begins = _same(_start(left), _start(_range(right)))
    return begins and (not isinstance(left, Interval) or _ends_within(left, right))


def during(left: object, right: object) -> bool:
    """Whether `left`, a point or a range, lies in the range `right`."""
    _range(right)
    return _starts_within(left, right) and _ends_within(left, right)


def coincides(left: object, right: object) -> bool:
    """Whether they are the same point, or the same range."""
    if isinstance(left, Interval) is not isinstance(right, Interval):
        raise Unfit
    return _same(_start(left), _start(right)) and _same(_end(left), _end(right))


def is_same(left: object, right: object) -> bool:
    """`is`: of one kind and equal, dates and times in their offset too."""
    a, b = (value if isinstance(value, (date, time)) else None for value in (left, right))
    if a is not None and b is not None:
        return a.__class__ is b.__class__ and _apart(a) == _apart(b)
    return same(left, right) is True


def _apart(value: date | time) -> tuple[object, object]:
    """What the clock shows, and the offset."""
    if isinstance(value, (datetime, time)):
        return value.replace(tzinfo=None), value.utcoffset()
    return value, None


_RANGE = re.compile(r"([\[\](])\s*(\S.*?|)\s*\.\.\s*(\S.*?|)\s*([\[\])])", re.DOTALL)
_CALL = re.compile(r'(?:@|(?:date|time|date and time|duration)\s*\(\s*)"([^"]*)"\s*\)?')


def to_range(value: object) -> Interval:
    """`range("[1..5)")`: from the text of a range whose ends are written out."""
    found = _RANGE.fullmatch(text(value).strip())
    if found is None:
        raise Unfit
    low, high = _written(found[2]), _written(found[3])
    if (low is None and (high is None or found[1] == "[")) or (high is None and found[4] == "]"):
        raise Unfit
    if low is not None and high is not None and (ordered(low, high) or 0) > 0:
        raise Unfit
    if low is not None and high is not None and ordered(low, high) is None:
        raise Unfit
    return Interval(low, high, found[1] != "[" or low is None, found[4] != "]" or high is None)


def _written(end: str) -> object:
    if not end:
        return None
    if call := _CALL.fullmatch(end):
        return literal(call[1])
    if end.startswith('"') and end.endswith('"') and len(end) > 1:
        return end[1:-1]
    found = parse_number(end)
    if found is None:
        raise Unfit
    return found


def _reversed(test: Callable[[object, object], bool]) -> Callable[[object, object], bool]:
    return lambda left, right: test(right, left)


_ENTRIES: dict[str, Callable[..., object]] = {
    "before(value1, value2)": before,
    "after(value1, value2)": _reversed(before),
    "meets(range1, range2)": meets,
    "met by(range1, range2)": _reversed(meets),
    "overlaps(range1, range2)": overlaps,
    "overlaps before(range1, range2)": overlaps_before,
    "overlaps after(range1, range2)": _reversed(overlaps_before),
    "finishes(value, range)": finishes,
    "finished by(range, value)": _reversed(finishes),
    "includes(range, value)": _reversed(during),
    "during(value, range)": during,
    "starts(value, range)": starts,
    "started by(range, value)": _reversed(starts),
    "coincides(value1, value2)": coincides,
    "is(value1, value2)": is_same,
    "range(from)": to_range,
}
FUNCTIONS: dict[str, Builtin] = table(_ENTRIES)
"""Functions on ranges by name."""
