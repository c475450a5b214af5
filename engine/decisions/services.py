"""Decision services: several decisions that are called as one function."""

from collections.abc import Iterator, Mapping

from engine.decisions.decision import Decision, Knowledge
from engine.decisions.making import handed_on, rows_of, whole_of
from engine.decisions.source import Element, child, children, referenced, title
from engine.expressions import ExpressionError
from engine.expressions.compiling import Frame
from engine.expressions.feel_running import Function


def service(
    element: Element, name: str, elements: Mapping[str, Element], decisions: Mapping[str, Decision]
) -> Knowledge:
    """The service as a function of its input data and input decisions, in that order; it gives
    its only output decision's value, or a context of several.

    `decisions` is asked when the function is called: then all of the file are in it.
    """
    given = list(_targets(element, "inputDecision"))
    keys = [_name(id, elements) for id in [*_targets(element, "inputData"), *given]]
    outputs = list(_targets(element, "outputDecision"))

    def run(frame: Frame) -> object:
        seen = dict(frame.names)
        inner = frame.inner(seen)
        made: dict[str, object] = {}
        for id in outputs:
            if id not in decisions:
                raise ExpressionError(f"“{name}” has no decision “{id[:80]}” to make")
            decision = decisions[id]
            for required in decision.requires:
                if required.id not in given:
                    frame.budget.spend(1)
                    seen.update(handed_on(required, rows_of(required, inner)))
            made[_name(id, elements)] = whole_of(decision, rows_of(decision, inner))
        return made if len(outputs) != 1 else next(iter(made.values()))

    return Knowledge(name=name, make=lambda frame: Function(tuple(keys), run, frame, 1))


def _targets(element: Element, tag: str) -> Iterator[str]:
    return (referenced(each) for each in children(element, tag))


def _name(id: str, elements: Mapping[str, Element]) -> str:
    """What the input or decision `id` is called in expressions."""
    if id not in elements:
        return id
    variable = child(elements[id], "variable")
    return (title(variable) if variable is not None else "") or title(elements[id]) or id
