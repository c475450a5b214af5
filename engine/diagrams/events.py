"""Events and ends: elements as their words."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

from engine.diagrams import source
from engine.diagrams.diagram import Diagram
from engine.diagrams.findings import Findings
from engine.diagrams.properties import Properties
from engine.diagrams.source import Element
from engine.diagrams.texts import read_condition
from engine.diagrams.timers import read_timer
from engine.diagrams.words import EndWords, EventKind, EventWords, NodeId

DEFINITIONS = "EventDefinition"
CATCHING = frozenset({"startEvent", "boundaryEvent", "intermediateCatchEvent", "receiveTask"})
ADVICE = {
    "compensate": "compensation is not carried out: draw the way back as tasks of its own",
    "cancel": "transactions cannot be cancelled: end with an error and catch it on the edge",
    "multiple": "give each its own event, behind an event-based gateway where one of them counts",
}
"""What to do about events that do not exist here."""

READ = {
    "timer": ("timer.calendar", "timer.at", "timer.from"),
    "message": ("message.to", "message.correlation"),
    "signal": (),
}
"""Properties of ours that an event of a kind may have."""


def definitions(element: Element) -> list[Element]:
    """The element's event definitions, those of the whole diagram that it refers to as well."""
    found = []
    for each in element:
        if source.in_bpmn(each) and source.local(each).endswith(DEFINITIONS):
            found.append(each)
        elif source.in_bpmn(each) and source.local(each) == "eventDefinitionRef":
            named = source.text(each)
            root = element.getroottree().getroot()
            found += [
                other
                for other in root
                if source.identity(other) == named and source.local(other).endswith(DEFINITIONS)
            ]
    return found


def kind_of(definition: Element) -> str:
    """What an event definition is about: `timer`, `message`, `link`, `terminate`, …"""
    return source.local(definition).removesuffix(DEFINITIONS)


def read_event(element: Element, diagram: Diagram) -> EventWords | None:
    """The words of an event that catches or throws something; None after saying why it cannot be
    one. Send and receive tasks are message events too."""
    node, findings = source.identity(element), diagram.findings
    found = definitions(element)
    if source.local(element) in ("sendTask", "receiveTask"):
        found = [element]
    if len(found) != 1:
        message = "an event needs exactly one event definition"
        if found:
            message = f"several event definitions in one event: {ADVICE['multiple']}"
        findings.refuse(node, "event", message)
        return None
    kind = kind_of(found[0])
    kind = {"sendTask": "message", "receiveTask": "message", "conditional": "condition"}.get(
        kind, kind
    )
    read = _KINDS.get(kind)
    if read is None:
        advice = ADVICE.get(kind, "take it out, or draw what is meant in another way")
        findings.refuse(node, "unsupported", f"{kind} events are not supported here: {advice}")
        return None
    common = _common(element, kind, found[0])  # type: ignore[arg-type]  # it is among _KINDS
    if common.payload and source.local(element) in CATCHING:
        findings.warn(node, "unread", "its inputs are not read: map what it brings as outputs")
    added = read(element, found[0], common, diagram)
    if added is None:
        return None
    words = replace(common, **added)
    properties = Properties(words.id, words.properties, findings)
    for name in READ.get(kind, ()):
        properties.text(name)
    properties.refuse_left_over(("timer", "message"))
    return words


def _common(element: Element, kind: EventKind, definition: Element) -> EventWords:
    host = element.get("attachedToRef", "").strip()
    stays = element.get("cancelActivity", element.get("isInterrupting", "true"))
    ins, outs = source.inputs_outputs(element)
    inner_ins, inner_outs = source.inputs_outputs(definition)
    payload = inner_ins | ins
    return EventWords(
        id=NodeId(source.identity(element)),
        name=source.title(element),
        kind=kind,
        attached_to=NodeId(host) if host else None,
        interrupting=stays not in ("false", "0"),
        payload={key: str(value) for key, value in payload.items()},
        outputs=inner_outs | outs,
        properties=source.properties(element),
    )


def _timer(
    element: Element, definition: Element, common: EventWords, diagram: Diagram
) -> dict[str, Any] | None:
    added = read_timer(element, definition, common, diagram.findings)
    return None if added is None else {**added, "payload": {}}


def _message(
    element: Element, definition: Element, common: EventWords, diagram: Diagram
) -> dict[str, Any] | None:
    findings = diagram.findings
    name = event_name(element, definition, common.kind, diagram)
    if not name:
        message = f"throws nothing: a {common.kind} event needs a {common.kind} that has a name"
        findings.refuse(common.id, "event", message)
        return None
    findings.template(common.id, common.kind, name)
    findings.templates(common.id, "parameter", common.outputs)
    values = dict(common.properties)
    found = diagram.find(common.kind, definition.get(f"{common.kind}Ref", ""))
    key = source.attribute(found.element, "correlationKey") if found is not None else ""
    if key:
        values.setdefault("message.correlation", key)
    properties = Properties(common.id, values, findings)
    properties.expression("message.correlation")
    payload = dict(common.payload) | _handed(definition, common.id, findings)
    findings.templates(common.id, "parameter", payload)
    return {
        "expression": name,
        "message": name,
        "to": properties.expression("message.to"),
        "payload": payload,
        "properties": values,
    }


def event_name(element: Element, definition: Element, kind: str, diagram: Diagram) -> str:
    """The name of the message or signal of an event; "" where it throws one without a name.

    One that is caught can always be sent from outside, so it is named by what id there is.
    """
    node, findings = source.identity(element), diagram.findings
    written = source.attribute(definition, f"{kind}Expression")
    reference = definition.get(f"{kind}Ref", "").strip()
    found = diagram.find(kind, reference)
    if found is not None and found.name:
        return found.name
    if written or (found is None and reference):
        if not written:
            message = f"there is no {kind} {reference} in the diagram: taken as its name"
            findings.warn(node, "event", message)
        return written or reference
    if found is None and source.local(element) not in CATCHING:
        return ""
    name = found.id if found is not None else node
    findings.warn(node, "event", f"the {kind} has no name: it goes by {name}")
    return name


def _handed(definition: Element, node: NodeId, findings: Findings) -> dict[str, str]:
    """What a thrown signal hands over (`camunda:in` of its definition)."""
    found: dict[str, str] = {}
    for each in source.extensions(definition, "in"):
        text = each.get("sourceExpression") or source.variable(each.get("source", ""))
        if each.get("target") and text:
            found[each.get("target", "")] = text
        elif each.get("variables"):
            findings.warn(node, "unread", "camunda:in of all variables: name them one by one")
    return found


def _failure(
    element: Element, definition: Element, common: EventWords, diagram: Diagram
) -> dict[str, Any] | None:
    """An error or escalation."""
    kind, tag = common.kind, source.local(element)
    if kind == "error" and tag in ("intermediateThrowEvent", "intermediateCatchEvent"):
        message = "an error is thrown by an end event, and caught on the edge of an activity"
        diagram.findings.refuse(common.id, "event", message)
        return None
    if tag == "intermediateCatchEvent":
        message = "an escalation is caught on the edge of an activity or by an event sub-process"
        diagram.findings.refuse(common.id, "event", message)
        return None
    if kind == "error" and not common.interrupting:
        diagram.findings.warn(common.id, "event", "an error always interrupts")
    return {
        "interrupting": common.interrupting or kind == "error",
        "code": _code(definition, common, tag in CATCHING, diagram),
        "code_variable": source.attribute(definition, f"{kind}CodeVariable"),
        "message_variable": source.attribute(definition, "errorMessageVariable"),
    }


def _code(definition: Element, common: EventWords, catching: bool, diagram: Diagram) -> str:
    kind = common.kind
    reference = definition.get(f"{kind}Ref", "").strip()
    found = diagram.find(kind, reference)
    if found is not None:
        return found.code or found.name or found.id
    if reference:
        message = f"there is no {kind} {reference} in the diagram: taken as its code"
        diagram.findings.warn(common.id, "event", message)
    elif not catching:
        message = f"throws an {kind} without a code: only what catches every {kind} catches it"
        diagram.findings.warn(common.id, "event", message)
    return reference


def _condition(
    _element: Element, definition: Element, common: EventWords, diagram: Diagram
) -> dict[str, Any] | None:
    before = len(diagram.findings.problems)
    text = read_condition(source.child(definition, "condition"), common.id, diagram.findings)
    if not text:
        if len(diagram.findings.problems) == before:
            diagram.findings.refuse(common.id, "event", "a conditional event needs a condition")
        return None
    return {"expression": text}


Added = Callable[[Element, Element, EventWords, Diagram], dict[str, Any] | None]

_KINDS: dict[str, Added] = {
    "timer": _timer,
    "message": _message,
    "signal": _message,
    "error": _failure,
    "escalation": _failure,
    "condition": _condition,
}


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
