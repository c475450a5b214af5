"""What a diagram's expressions read and call: names that nothing sets, functions that are not
there, signers whom the requester chooses himself."""

from collections.abc import Collection, Iterator, Mapping

from engine.diagrams.findings import Findings
from engine.diagrams.nodes import Collected
from engine.diagrams.words import NodeId, NodeWords, ProcessWords
from engine.expressions import ExpressionError, Template, compile_template
from engine.tokens import Graph
from forms import Form

ALWAYS = frozenset(
    {"initiator", "department", "me", "number", "round", "filed_on", "result", "loopCounter"}
    | {"nrOfInstances", "nrOfCompletedInstances", "nrOfActiveInstances"}
)
"""Variables that the engine sets itself."""


def check_reads(
    graphs: Collection[Graph],
    process: ProcessWords,
    words: Collected,
    forms: Mapping[str, Form],
    functions: Collection[str] | None,
    findings: Findings,
) -> None:
    """Say which names are read or called that nobody gives. `functions` None: any may be."""
    known = _known(graphs, process, words, forms)
    for element, text in _texts(graphs, process, words):
        template = _template(text)
        if template is None:
            continue
        if known is not None:
            for name in sorted(template.reads - known):
                findings.warn(element, "variable", f"{text!r} reads {name}, which nothing sets")
        if functions is not None:
            for name in sorted(template.calls - set(functions)):
                findings.refuse(element, "expression", f"{text!r}: there is no function {name}")
    start = forms.get(process.start_form)
    if start is not None:
        chosen = {field.key for field in start.fields}
        for node in words.nodes.values():
            _check_signers(node, chosen, findings)


def _known(
    graphs: Collection[Graph],
    process: ProcessWords,
    words: Collected,
    forms: Mapping[str, Form],
) -> set[str] | None:
    """Every variable that something sets; None where a desk without a form takes any."""
    desks = [process.start_form] + [n.form for n in words.nodes.values() if n.approval is None]
    if not all(form in forms for form in desks):
        return None
    known = {*ALWAYS, process.initiator_variable}
    for form in forms.values():
        known.update(field.key for field in form.fields)
    for node in words.nodes.values():
        known.update((node.verdict, f"{node.id}_answers", f"{node.id}_number"))
        known.update((node.element_variable, *node.field_variables))
    for action in words.actions.values():
        known.update(action.outputs)
    for event in words.events.values():
        known.update(event.outputs)
    for graph in graphs:
        known.update(step.each.variable for step in graph.steps if step.each is not None)
    return known


def _texts(
    graphs: Collection[Graph], process: ProcessWords, words: Collected
) -> Iterator[tuple[str, str]]:
    """Every expression that is evaluated while a request runs, with its element."""
    for graph in graphs:
        for flow in graph.flows:
            yield flow.id, flow.condition
        for step in graph.steps:
            if step.each is not None:
                yield step.id, step.each.collection
                yield step.id, step.each.cardinality
    for guard in process.guards:
        yield process.start, guard.condition
    for node in words.nodes.values():
        for text in _node_texts(node):
            yield node.id, text
    for action in words.actions.values():
        for text in _flat([action.inputs, action.outputs]):
            yield action.id, text
    for event in words.events.values():
        begins = event.properties.get("timer.from", "")
        for text in _flat([event.expression, begins, event.to, event.payload]):
            yield event.id, text


def _node_texts(node: NodeWords) -> Iterator[str]:
    yield from _people(node)
    yield from (node.deadline.due, node.required_comment, node.banner, node.banner_en)
    yield from (guard.condition for guard in node.guards)
    for copy in node.copies:
        yield from (*copy.to, copy.condition)


def _people(node: NodeWords) -> tuple[str, ...]:
    return (node.assignee, *node.candidate_users, *node.candidate_groups, node.collection)


def _flat(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _flat(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _flat(each)


def _template(text: str) -> Template | None:
    try:
        return compile_template(text) if text else None
    except ExpressionError:  # said already, where it was read
        return None


def _check_signers(node: NodeWords, chosen: Collection[str], findings: Findings) -> None:
    if node.approval is None:
        return
    for text in _people(node):
        template = _template(text)
        if template is not None and not template.reads.isdisjoint(chosen):
            findings.warn(
                NodeId(node.id), "signers", f"the requester's own answers choose who signs: {text}"
            )
