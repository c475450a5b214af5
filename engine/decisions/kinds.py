"""The types of inputs, outputs and variables (`typeRef`): values made theirs, or refused."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from engine.decisions.source import Element, child, children, text, title
from engine.expressions import ExpressionError
from engine.expressions.moments import parse_length
from engine.expressions.printing import text_of
from engine.expressions.values import Months, kind_of, moment_of, number_of, truth_of

Convert = Callable[[object], object]
"""A value as one of the type; null stays null; raises ExpressionError where it is of another."""


def as_is(value: object) -> object:
    """Any type: the value itself."""
    return value


def _wrong(value: object, wanted: str) -> ExpressionError:
    return ExpressionError(f"{wanted} is needed, but this is {kind_of(value)}")


def _string(value: object) -> object:
    if isinstance(value, (list, tuple, Mapping)):
        raise _wrong(value, "a text")
    return text_of(value)


def _boolean(value: object) -> object:
    found = truth_of(value)
    if found is None:
        raise _wrong(value, "true or false")
    return found


def _number(value: object) -> object:
    found = None if isinstance(value, bool) else number_of(value)
    if found is None:
        raise _wrong(value, "a number")
    return found


def _whole(value: object) -> object:
    found = _number(value)
    if isinstance(found, Decimal):
        if found != found.to_integral_value():
            raise _wrong(value, "a whole number")
        return int(found)
    return found


def _date(value: object) -> object:
    found = moment_of(value)
    if not isinstance(found, date):
        raise _wrong(value, "a date")
    return found


def _date_time(value: object) -> object:
    found = _date(value)
    return found if isinstance(found, datetime) else datetime.combine(_day(found), time())


def _day(value: object) -> date:
    assert isinstance(value, date)
    return value


def _time(value: object) -> object:
    found = moment_of(value)
    if isinstance(found, datetime):
        return found.timetz()
    if not isinstance(found, time):
        raise _wrong(value, "a time of day")
    return found


def _duration(value: object) -> object:
    found = parse_length(value) if isinstance(value, str) else value
    if not isinstance(found, (timedelta, Months)):
        raise _wrong(value, "a duration")
    return found


_KINDS: Mapping[str, Convert] = {
    "string": _string,
    "boolean": _boolean,
    "number": _number,
    "double": _number,
    "float": _number,
    "decimal": _number,
    "integer": _whole,
    "int": _whole,
    "long": _whole,
    "short": _whole,
    "date": _date,
    "time": _time,
    "datetime": _date_time,
    "date and time": _date_time,
    "daytimeduration": _duration,
    "yearmonthduration": _duration,
    "days and time duration": _duration,
    "years and months duration": _duration,
}


def _single(convert: Convert) -> Convert:
    """`convert` of anything but null; a list of one is its only item, as FEEL has it."""

    def run(value: object) -> object:
        if isinstance(value, (list, tuple)) and len(value) == 1:
            value = value[0]
        return None if value is None else convert(value)

    return run


def _each(convert: Convert) -> Convert:
    def run(value: object) -> object:
        if value is None:
            return None
        return [convert(each) for each in (value if isinstance(value, (list, tuple)) else [value])]

    return run


def own(root: Element) -> dict[str, Element]:
    """The types that a file defines itself, by name."""
    return {title(each): each for each in children(root, "itemDefinition")}


def converter(reference: str, types: Mapping[str, Element]) -> Convert:
    """What makes a value one of the type `reference`; structures and unknown types are any."""
    for _ in range(20):  # types that stand for one another in a circle
        base = reference.rpartition(":")[2].strip()
        known = _KINDS.get(base.lower())
        if base not in types:
            return as_is if known is None else _single(known)
        definition = types[base]
        if child(definition, "itemComponent") is not None:
            return as_is
        reference = text(child(definition, "typeRef"))
        if definition.get("isCollection", "").strip() == "true":
            return _each(converter(reference, {k: v for k, v in types.items() if k != base}))
    return as_is


def allowed(reference: str, types: Mapping[str, Element]) -> str:
    """The values that the file's own type `reference` allows, as written."""
    definition = types.get(reference.rpartition(":")[2].strip())
    return "" if definition is None else text(child(definition, "allowedValues"))
