"""What diagrams ask the engine's own objects in JUEL: `execution.getVariable('x')` as Camunda has
it, `variables:get(x)` as Flowable has it. A variable that does not exist is null here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.expressions.juel_rules import (
    at_least,
    at_most,
    greater,
    is_empty,
    less,
    same,
)

Names = Mapping[str, object]

OWNERS = frozenset({"execution", "task", "delegateExecution", "delegateTask"})
"""The objects that stand for the running request."""
EVERYTHING = "variables"
"""The name of all variables together, unless a variable has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of the variables, the first argument being a variable's name; `bare` where
    that name may stand without quotes."""

    arguments: int
    answer: Callable[..., object]
    bare: bool = False


def _get(names: Names, name: str) -> object:
    return names.get(name)


def _has(names: Names, name: str) -> object:
    return name in names


def _present(names: Names, name: str) -> object:
    return names.get(name) is not None


_GET = Question(arguments=1, answer=_get)
_HAS = Question(arguments=1, answer=_has)
_ALL = Question(arguments=0, answer=_get)

ASKED: Mapping[str, Question] = {
    "getVariable": _GET,
    "getVariableLocal": _GET,
    "hasVariable": _HAS,
    "hasVariableLocal": _HAS,
    "getVariables": _ALL,
    "getVariablesLocal": _ALL,
}
"""Methods of the objects of `OWNERS`."""


def _compared(test: Callable[[object, object], bool]) -> Callable[..., object]:
    return lambda names, name, value: test(names.get(name), value)


def _or_default(names: Names, name: str, value: object) -> object:
    found = names.get(name)
    return value if found is None else found


def _contains(names: Names, name: str, value: object) -> object:
    found = names.get(name)
    if isinstance(found, str):
        return isinstance(value, str) and value in found
    return isinstance(found, (list, tuple)) and any(same(each, value) for each in found)


_FLOWABLE: Mapping[tuple[str, ...], tuple[int, Callable[..., object]]] = {
    ("get",): (1, _get),
    ("getOrDefault",): (2, _or_default),
    ("exists", "exist"): (1, _present),
    ("isEmpty", "empty"): (1, lambda names, name: is_empty(names.get(name))),
    ("isNotEmpty", "notEmpty"): (1, lambda names, name: not is_empty(names.get(name))),
    ("equals", "eq"): (2, _compared(same)),
    ("notEquals", "ne"): (2, _compared(lambda a, b: not same(a, b))),
    ("contains",): (2, _contains),
    ("lowerThan", "lessThan", "lt"): (2, _compared(less)),
    ("lowerThanOrEquals", "lessThanOrEquals", "lte"): (2, _compared(at_most)),
    ("greaterThan", "gt"): (2, _compared(greater)),
    ("greaterThanOrEquals", "gte"): (2, _compared(at_least)),
}
PREFIXED: Mapping[str, Question] = {
    f"{prefix}:{name}": Question(arguments=count, answer=answer, bare=True)
    for names, (count, answer) in _FLOWABLE.items()
    for name in names
    for prefix in ("variables", "vars", "var")
}
"""Functions of the prefix `variables:`."""
