"""What a diagram's expressions read, and the names that something sets."""

from collections.abc import Iterator, Mapping

from engine.diagrams.subjects import Built
from engine.diagrams.words import NodeWords

ENGINE = frozenset(
    {"initiator", "department", "me", "number", "round", "result", "loopCounter"}
    | {"nrOfInstances", "nrOfCompletedInstances", "nrOfActiveInstances"}
)
"""Variables that the engine sets itself, whatever a form says."""
ALWAYS = ENGINE | {"filed_on"}


def known_names(built: Built) -> frozenset[str] | None:
    """Every variable that something sets; None where a desk without a form takes any, or a call
    or decision writes names that are not known here."""
    words = built.words
    desks = [built.process.start_form]
    desks += [node.form for node in words.nodes.values() if node.approval is None]
    if not all(form in built.forms for form in desks):
        return None
    known = {*ALWAYS, built.process.initiator_variable}
    for form in built.forms.values():
        known.update(field.key for field in form.fields)
    for node in words.nodes.values():
        known.update((node.verdict, f"{node.id}_answers", f"{node.id}_number"))
        known.update((node.element_variable, *node.field_variables))
    for action in words.actions.values():
        if action.kind == "external":  # a worker may set any
            return None
        known.update((*action.outputs, action.result))
    for event in (*words.events.values(), *built.process.starts.values()):
        known.update((*event.outputs, event.code_variable, event.message_variable))
    for step in built.steps:
        if step.each is not None:
            known.add(step.each.variable)
        for out in step.call.outs if step.call is not None else ():
            if out.everything:
                return None
            known.add(out.target)
    return frozenset(known)


def texts(built: Built) -> Iterator[tuple[str, str]]:
    """Every expression that is evaluated while a request runs, with its element."""
    yield from _graph_texts(built)
    for guard in built.process.guards:
        yield built.process.start, guard.condition
    for node in built.words.nodes.values():
        for text in _node_texts(node):
            yield node.id, text
    for action in built.words.actions.values():
        for text in _flat([action.inputs, action.outputs, action.expression, action.decision]):
            yield action.id, text
        yield from ((action.id, text) for text in (action.topic, action.priority))
    for event in (*built.words.events.values(), *built.process.starts.values()):
        begins = event.properties.get("timer.from", "")
        for text in _flat([event.expression, begins, event.to, event.payload]):
            yield event.id, text


def _graph_texts(built: Built) -> Iterator[tuple[str, str]]:
    for ways in built.ways:
        for flow in ways.graph.flows:
            yield flow.id, flow.condition
    for step in built.steps:
        if step.each is not None:
            yield step.id, step.each.collection
            yield step.id, step.each.cardinality
            yield step.id, step.each.done_when
        if step.call is not None:
            yield step.id, step.call.process
            yield step.id, step.call.version
            yield from ((step.id, each.expression) for each in step.call.ins)


def _node_texts(node: NodeWords) -> Iterator[str]:
    yield from people(node)
    yield from (node.deadline.due, node.required_comment, node.banner, node.banner_en)
    yield from (node.cardinality, node.completion_condition, node.priority)
    yield from (guard.condition for guard in node.guards)
    for copy in node.copies:
        yield from (*copy.to, copy.condition)


def people(node: NodeWords) -> tuple[str, ...]:
    """The texts that say who signs."""
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
