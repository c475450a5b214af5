"""Work that no person does: service, send, script and business rule tasks as their words.

Code of the diagram is never run. What a class, a bean or a connector would do, a worker does: an
external task whose topic is what the diagram says.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.diagrams import source
from engine.diagrams.diagram import Diagram
from engine.diagrams.source import Element
from engine.diagrams.texts import (
    FEEL,
    JUEL,
    as_template,
    is_expression,
    is_single,
    language,
    literally,
)
from engine.diagrams.words import ActionKind, ActionWords, NodeId, ResultMap
from engine.expressions import ExpressionError, compile_template

OWN = "countersign."
_ACTIONS = ("set", "amend", "cancel", "start", "notify", "webhook")
ACTIONS = frozenset(f"{OWN}{each}" for each in _ACTIONS)
"""Topics of service tasks that the engine carries out itself."""

RESULTS: Mapping[str, ResultMap] = {
    "singleEntry": "single-entry",
    "singleResult": "single-result",
    "collectEntries": "collect-entries",
    "resultList": "result-list",
    "value": "value",
}
EVERY = "*"
"""As the result of a decision: each of its outputs becomes a variable of its own name."""

_SETTING = re.compile(
    r"[$#]\{\s*execution\s*\.\s*setVariable\s*\(\s*(['\"])(?P<name>[^\W\d]\w*)\1\s*,"
    r"(?P<value>.*)\)\s*\}",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What performs a task, as the diagram says."""

    kind: ActionKind = "external"
    topic: str = ""
    expression: str = ""
    decision: str = ""
    result: str = ""
    warning: str = ""


def read_action(element: Element, diagram: Diagram, said: Element | None = None) -> ActionWords:
    """The words of a service-like task. `said` is what carries its attributes, where that is not
    the element itself (the definition of an event that throws a message)."""
    node, findings = NodeId(source.identity(element)), diagram.findings
    said = element if said is None else said
    work = _decision(said) or _own(said, node, diagram) or _written(said)
    if work is None:
        kind = source.local(element)
        warning = f"the {kind} says nothing of who does it: workers find it under its id"
        work = Work(topic=node, warning=warning)
    if work.warning:
        findings.warn(node, "external", work.warning)
    ins, outs = _parameters(element, said)
    for text in (ins, outs, work.topic, work.decision, work.expression):
        findings.templates(node, "parameter", text)
    return ActionWords(
        id=node,
        name=source.title(element) or node,
        topic=work.topic,
        inputs=ins,
        outputs=outs,
        kind=work.kind,
        expression=work.expression,
        decision=work.decision,
        result=_result(said, work),
        result_map=_result_map(said, work, diagram, node),
        priority=source.attribute(said, "taskPriority"),
        properties=source.properties(element),
    )


def has_work(said: Element) -> bool:
    """Whether the element says who or what does it."""
    names = ("topic", "type", "class", "delegateExpression", "expression", "decisionRef")
    if any(source.attribute(said, name) for name in names):
        return True
    return next(source.extensions(said, "connector"), None) is not None


def _decision(said: Element) -> Work | None:
    reference = source.attribute(said, "decisionRef")
    if not reference and source.attribute(said, "type") == "dmn":
        fields = dict(_fields(said))
        reference = fields.get("decisionTableReferenceKey") or fields.get(
            "decisionServiceReferenceKey", ""
        )
    return Work(kind="decision", decision=reference) if reference else None


def _own(said: Element, node: NodeId, diagram: Diagram) -> Work | None:
    """A topic: of ours, or of a worker."""
    topic = source.attribute(said, "topic")
    if topic.startswith(OWN):
        if topic not in ACTIONS:
            known = ", ".join(sorted(ACTIONS))
            message = f"there is no action {topic}: known are {known}"
            diagram.findings.refuse(node, "unsupported", message)
        return Work(kind="built-in", topic=topic)
    return Work(topic=topic) if topic else None


def _written(said: Element) -> Work | None:
    """A class, bean, connector or built-in kind of another system, or an expression."""
    expression = source.attribute(said, "expression")
    if expression and _is_function(said, expression):
        return Work(kind="function", expression=expression)
    variable, value = _set_variable(expression)
    if variable:
        return Work(kind="function", expression=value, result=variable)
    for name, text in _implementations(said):
        if text:
            warning = (
                f"{name} {text!r} is not run here: it waits for a worker under the topic {text}"
            )
            return Work(topic=literally(text), warning=warning)
    return None


def _implementations(said: Element) -> Iterator[tuple[str, str]]:
    for name in ("class", "delegateExpression", "expression"):
        yield name, source.attribute(said, name)
    for connector in source.extensions(said, "connector"):
        for each in connector:
            if source.local(each) == "connectorId":
                yield "connector", source.text(each)
    kind = source.attribute(said, "type")
    yield "type", "" if kind == "external" else kind
    yield "operationRef", said.get("operationRef", "").strip()
    implementation = said.get("implementation", "").strip()
    yield "implementation", "" if implementation.startswith("##") else implementation


def _is_function(said: Element, text: str) -> bool:
    """Whether it is an expression over data and provided functions, and gives something.

    What calls a method of a bean, or only names one, is the bean's work. A constant (`${true}`)
    stands where nothing is to be done.
    """
    try:
        template = compile_template(text)
    except ExpressionError:
        return False
    if not is_single(text) or any("." in name for name in template.calls):
        return False
    constant = not template.reads and not template.calls
    return constant or bool(template.calls) or bool(_result_variable(said))


def _set_variable(text: str) -> tuple[str, str]:
    """The variable and the expression of `${execution.setVariable('x', …)}`; "" where it is
    something else."""
    found = _SETTING.fullmatch(text.strip())
    if found is None:
        return "", ""
    expression = f"${{{found['value']}}}"
    try:
        template = compile_template(expression)
    except ExpressionError:
        return "", ""
    if not is_single(expression) or any("." in name for name in template.calls):
        return "", ""
    return found["name"], expression


def _result_variable(said: Element) -> str:
    return source.attribute(said, "resultVariable") or source.attribute(said, "resultVariableName")


def _result(said: Element, work: Work) -> str:
    result = work.result or _result_variable(said)
    if not result and work.kind == "decision" and source.attribute(said, "type") == "dmn":
        return EVERY
    return result


def _result_map(said: Element, work: Work, diagram: Diagram, node: NodeId) -> ResultMap:
    how = source.attribute(said, "mapDecisionResult")
    if work.kind == "decision" and source.attribute(said, "type") == "dmn":
        return "single-result"
    if how and how not in RESULTS:
        message = f"mapDecisionResult {how!r}: one of {', '.join(RESULTS)}"
        diagram.findings.refuse(node, "decision", message)
    return RESULTS.get(how, "result-list")


def _parameters(element: Element, said: Element) -> tuple[dict[str, object], dict[str, str]]:
    """Inputs and outputs; what is injected into a class (`camunda:field`) is an input too."""
    ins: dict[str, object] = dict(_fields(said))
    outs: dict[str, str] = {}
    holders = [said, element] if said is not element else [element]
    for holder in [*source.extensions(said, "connector"), *holders]:
        more_ins, more_outs = source.inputs_outputs(holder)
        ins |= more_ins
        outs |= more_outs
    return ins, outs


def _fields(said: Element) -> Iterator[tuple[str, str]]:
    for each in source.extensions(said, "field"):
        text = each.get("stringValue") or each.get("expression") or source.text(each)
        if each.get("name"):
            yield each.get("name", ""), text


def read_script(element: Element, diagram: Diagram) -> ActionWords | None:
    """The words of a script task: one expression over provided functions. None: it is empty, or
    was refused."""
    node, findings = NodeId(source.identity(element)), diagram.findings
    text = source.text(source.child(element, "script"))
    said = language(element, "scriptFormat")
    if source.attribute(element, "resource") or said not in JUEL | FEEL:
        message = (
            f"a script ({said or 'in a file'}) is not run: write one expression over provided "
            'functions with scriptFormat="juel" or "feel", or make it a service task'
        )
        findings.refuse(node, "script", message)
        return None
    if not text:
        findings.warn(node, "script", "the script is empty: it is passed by")
        return None
    if not is_expression(text):
        text = as_template(text, said) if said else ""
    if not text or not is_single(text):
        message = "a script must be one expression: ${…}, or in FEEL = …"
        findings.refuse(node, "script", message)
        return None
    findings.template(node, "script", text)
    ins, outs = source.inputs_outputs(element)
    findings.templates(node, "parameter", [ins, outs])
    return ActionWords(
        id=node,
        name=source.title(element) or node,
        kind="function",
        expression=text,
        result=_result_variable(element),
        inputs=ins,
        outputs=outs,
        properties=source.properties(element),
    )
