"""Events, ends and actions: elements as their words."""

import re
from collections.abc import Mapping
from typing import Literal

from engine.diagrams import source
from engine.diagrams.findings import Findings
from engine.diagrams.properties import Properties
from engine.diagrams.source import Element
from engine.diagrams.words import ActionWords, EndWords, EventWords, NodeId

ACTIONS = frozenset(
    {"countersign.set", "countersign.amend", "countersign.start", "countersign.notify"}
)
"""Topics of service tasks that the engine carries out itself."""

TIMERS: Mapping[str, Literal["date", "duration", "cycle"]] = {
    "timeDate": "date",
    "timeDuration": "duration",
    "timeCycle": "cycle",
}
DEFINITIONS = "EventDefinition"


def definitions(element: Element) -> list[Element]:
    """The element's event definitions."""
    return [
        each
        for each in element
        if source.in_bpmn(each) and source.local(each).endswith(DEFINITIONS)
    ]


def read_event(
    element: Element, messages: Mapping[str, str], findings: Findings
) -> EventWords | None:
    """The words of a timer or message event; None after saying why it cannot be one.

    `messages` are the diagram's message names by their ids. Send and receive tasks are message
    events too.
    """
    node = NodeId(source.identity(element))
    found = definitions(element)
    if source.local(element) in ("sendTask", "receiveTask"):
        found = [element]
    if len(found) != 1:
        findings.refuse(node, "event", "an event needs exactly one event definition")
        return None
    kind = source.local(found[0])
    if kind == "timerEventDefinition":
        return _timer(element, found[0], node, findings)
    if kind in ("messageEventDefinition", "sendTask", "receiveTask"):
        return _message(element, found[0], node, messages, findings)
    findings.refuse(
        node, "unsupported", f"{kind.removesuffix(DEFINITIONS)} events are not supported"
    )
    return None


def _common(element: Element) -> tuple[str, NodeId | None, bool]:
    host = element.get("attachedToRef")
    return (
        source.title(element),
        NodeId(host) if host else None,
        (element.get("cancelActivity", "true") != "false"),
    )


def _timer(
    element: Element, definition: Element, node: NodeId, findings: Findings
) -> EventWords | None:
    texts = [(kind, source.text(source.child(definition, tag))) for tag, kind in TIMERS.items()]
    given = [(kind, text) for kind, text in texts if text]
    if len(given) != 1:
        findings.refuse(node, "event", "a timer needs a date, a duration or a cycle: one of them")
        return None
    kind, text = given[0]
    name, host, interrupting = _common(element)
    if kind == "cycle" and (host is None or interrupting):
        findings.refuse(
            node, "event", "a cycle is for a boundary event that does not interrupt its activity"
        )
    findings.template(node, "timer", text)
    values = source.properties(element)
    properties = Properties(node, values, findings)
    words = EventWords(
        id=node,
        name=name,
        kind="timer",
        attached_to=host,
        interrupting=interrupting,
        timer=kind,
        expression=text,
        outputs=source.inputs_outputs(element)[1],
        calendar=properties.choice("timer.calendar", Literal["working", "elapsed"], "elapsed"),
        properties=values,
    )
    _check_times(properties)
    properties.refuse_left_over(("timer", "message"))
    return words


def _check_times(properties: Properties) -> None:
    """`timer.from`: when a cycle begins. `timer.at`: the time of day."""
    properties.expression("timer.from")
    at = properties.text("timer.at")
    if at and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", at):
        properties.refuse("timer.at", "a time of day, as 17:00")


def _message(
    element: Element,
    definition: Element,
    node: NodeId,
    messages: Mapping[str, str],
    findings: Findings,
) -> EventWords | None:
    message = messages.get(definition.get("messageRef", ""), "")
    if not message:
        findings.refuse(node, "event", "a message event needs a message that has a name")
        return None
    findings.template(node, "message", message)
    name, host, interrupting = _common(element)
    ins, outs = source.inputs_outputs(element)
    inner_ins, inner_outs = source.inputs_outputs(definition)
    values = source.properties(element)
    properties = Properties(node, values, findings)
    payload = {key: str(value) for key, value in (inner_ins | ins).items()}
    findings.templates(node, "parameter", payload)
    findings.templates(node, "parameter", inner_outs | outs)
    words = EventWords(
        id=node,
        name=name,
        kind="message",
        attached_to=host,
        interrupting=interrupting,
        expression=message,
        message=message,
        to=properties.expression("message.to"),
        payload=payload,
        outputs=inner_outs | outs,
        properties=values,
    )
    properties.refuse_left_over(("timer", "message"))
    return words


def read_action(element: Element, findings: Findings) -> ActionWords:
    """The words of a service task."""
    node = NodeId(source.identity(element))
    topic = source.attribute(element, "topic")
    if topic not in ACTIONS:
        findings.refuse(
            node,
            "unsupported",
            f"service task without a topic that is known: {topic or 'none'} is not among "
            f"{', '.join(sorted(ACTIONS))}",
        )
    ins, outs = source.inputs_outputs(element)
    findings.templates(node, "parameter", ins)
    findings.templates(node, "parameter", outs)
    return ActionWords(
        id=node, name=source.title(element) or node, topic=topic, inputs=ins, outputs=outs
    )


def read_end(element: Element, findings: Findings) -> EndWords:
    """The words of an end event."""
    node = NodeId(source.identity(element))
    properties = Properties(node, source.properties(element), findings)
    return EndWords(
        id=node,
        name=source.title(element),
        status=properties.choice("status", Literal["completed", "cancelled", "void"], "completed"),
        outcome=properties.text("outcome"),
        copies=properties.copies(),
    )
