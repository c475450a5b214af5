"""What diagrams of Java systems write and data has under another name: getters of what is in a
variable, the conversions of Java's classes, and the request's own id and number."""

import re
from collections.abc import Mapping

from engine.expressions.juel_asking import ASKED, OWNERS
from engine.expressions.juel_methods import METHODS
from engine.expressions.tree import Arguments, Index, Member, Name, Path

_GETTER = re.compile(r"(?:get|is)(?!Class|Runtime|Module)([A-Z]\w*)")
"""Java's own objects are nothing that data has."""
_BEAN = re.compile(
    r"(?i).*(bean|client|controller|dao|delegate|facade|factory|finder|handler|helper|listener|"
    r"manager|mapper|provider|repository|resolver|service|serviceimpl|utils?)"
)
"""Names that say that somebody works there: these are never data."""
_EXECUTION = frozenset({"execution", "delegateExecution"})
_OWN: Mapping[str, str] = {
    "id": "me",
    "processInstanceId": "me",
    "processBusinessKey": "number",
    "businessKey": "number",
}
"""What of the running execution is known here, by the variable that holds it."""
_CONVERSIONS: Mapping[str, Mapping[str, str]] = {
    "Boolean": {"valueOf": "booleanValue", "parseBoolean": "booleanValue"},
    "Integer": {"valueOf": "intValue", "parseInt": "intValue"},
    "Long": {"valueOf": "longValue", "parseLong": "longValue"},
    "Double": {"valueOf": "doubleValue", "parseDouble": "doubleValue"},
    "Float": {"valueOf": "floatValue", "parseFloat": "floatValue"},
    "String": {"valueOf": "toString"},
    "KieFunctions": {
        "isTrue": "booleanValue",
        "equalsTo": "equals",
        "contains": "contains",
        "startsWith": "startsWith",
        "endsWith": "endsWith",
    },
}
"""Static functions of Java and jBPM, by the method of data that does the same."""

Trailer = Member | Index | Arguments


def as_data(node: Path, beans: Mapping[str, str]) -> Path | Name:
    """The path as it would be written of data; as it is where nothing is to be said otherwise.

    `order.getTotal()` is `order.total`, unless it is one of the `beans` or named like one.
    """
    base, trailers = node.base, list(node.trailers)
    if not isinstance(base, Name):
        return node
    if base.name == "java" and _names(trailers[:2])[:1] == ["lang"] and len(trailers) > 2:
        lang = trailers[1]
        assert isinstance(lang, Member)
        base, trailers = Name(base.at, lang.name), trailers[2:]
    converted = _converted(base, trailers)
    if converted is not None:
        return converted
    plain = trailers
    if not _BEAN.fullmatch(base.name):
        trailers = _without_getters(base.name, trailers, beans)
    first = trailers[0] if trailers else None
    if base.name in _EXECUTION and isinstance(first, Member) and first.name in _OWN:
        own = Name(base.at, _OWN[first.name])
        return Path(node.at, own, tuple(trailers[1:])) if trailers[1:] else own
    trailers = plain if base.name in OWNERS else trailers
    return Path(node.at, base, tuple(trailers))


def _names(trailers: list[Trailer]) -> list[str]:
    return [each.name for each in trailers if isinstance(each, Member)]


def _converted(base: Name, trailers: list[Trailer]) -> Path | None:
    """`Integer.parseInt(x)` as `x.intValue()`."""
    match trailers:
        case [Member(at=at, name=method), Arguments(values=(value, *more)), *rest]:
            found = _CONVERSIONS.get(base.name, {}).get(method)
            if found is not None:
                called = Arguments(at, tuple(more))
                return Path(base.at, value, (Member(at, found), called, *rest))
    return None


def _without_getters(base: str, trailers: list[Trailer], beans: Mapping[str, str]) -> list[Trailer]:
    made: list[Trailer] = []
    rest = list(trailers)
    while rest:
        match rest:
            case [Member(at=at, name=name), Arguments(values=()), *after]:
                getter = _GETTER.fullmatch(name)
                known = name in METHODS or name in ASKED or f"{base}.{name}" in beans
                if getter is None or known:
                    return made + rest
                made.append(Member(at, getter[1][0].lower() + getter[1][1:]))
                rest = after
            case [Arguments(), *_]:
                return made + rest
            case [one, *after]:
                made.append(one)
                rest = after
    return made
