"""Every flow node of a process: its words, and the step that the tokens will take."""

from collections.abc import Callable
from dataclasses import replace

from engine.diagrams import source
from engine.diagrams.calls import read_call
from engine.diagrams.diagram import Collected as Collected
from engine.diagrams.diagram import Diagram as Diagram
from engine.diagrams.events import definitions, event_name, kind_of, read_end, read_event
from engine.diagrams.loops import check_loop, read_each
from engine.diagrams.services import has_work, read_action, read_script
from engine.diagrams.sketch import IGNORED as IGNORED
from engine.diagrams.sketch import has_nodes, is_handler, link_name
from engine.diagrams.source import Element
from engine.diagrams.tasks import read_task
from engine.diagrams.words import ActionWords, EventWords, NodeId
from engine.tokens import Step
from engine.tokens.graph import StepKind

GATEWAYS: dict[str, StepKind] = {
    "exclusiveGateway": "exclusive",
    "inclusiveGateway": "inclusive",
    "parallelGateway": "parallel",
    "eventBasedGateway": "event-gateway",
}

ADVICE = {
    "complexGateway": "draw the rule with exclusive, inclusive or parallel gateways",
    "adHocSubProcess": "draw the order of its tasks, or make them parallel in a sub-process",
    "transaction": "make it a sub-process, and draw what is to happen when it fails",
}
"""What to do instead of elements that do not exist here."""


def read_step(element: Element, diagram: Diagram) -> Step | None:
    """The step of a flow node; its words are collected. None after saying why there is none.

    A sub-process comes without its content.
    """
    node, tag = source.identity(element), source.local(element)
    if tag in GATEWAYS:
        return Step(id=node, kind=GATEWAYS[tag])
    read = _READERS.get(tag)
    if read is None:
        advice = ADVICE.get(tag, "draw what is meant with other elements")
        diagram.findings.refuse(node, "unsupported", f"{tag} is not supported: {advice}")
        return None
    return read(element, diagram)


def _user_task(element: Element, diagram: Diagram) -> Step:
    node = source.identity(element)
    check_loop(element, diagram)
    words = read_task(element, diagram.lanes.get(node, ""), diagram.findings)
    diagram.words.nodes[words.id] = words
    return Step(id=node, kind="task")


def _passed(element: Element, _diagram: Diagram) -> Step:
    return Step(id=source.identity(element), kind="pass")


def _start(element: Element, _diagram: Diagram) -> Step:
    return Step(id=source.identity(element), kind="start")


def _service(element: Element, diagram: Diagram) -> Step:
    return _action(read_action(element, diagram), diagram)


def _script(element: Element, diagram: Diagram) -> Step:
    words = read_script(element, diagram)
    return _passed(element, diagram) if words is None else _action(words, diagram)


def _send(element: Element, diagram: Diagram) -> Step | None:
    if has_work(element) or not element.get("messageRef"):
        return _service(element, diagram)
    return _event(element, "throw", diagram)


def _catch(element: Element, diagram: Diagram) -> Step | None:
    if link_name(element) is not None:
        return _passed(element, diagram)
    return _event(element, "catch", diagram)


def _boundary(element: Element, diagram: Diagram) -> Step | None:
    return _event(element, "boundary", diagram)


def _sub_process(element: Element, diagram: Diagram) -> Step | None:
    if is_handler(element):
        return _handler(element, diagram)
    node = source.identity(element)
    if not has_nodes(element):
        message = "there is nothing in the sub-process: it is passed by"
        diagram.findings.warn(node, "sub-process", message)
        return Step(id=node, kind="pass")
    return Step(id=node, kind="sub-process", each=read_each(element, diagram))


def _call(element: Element, diagram: Diagram) -> Step | None:
    call, each = read_call(element, diagram), read_each(element, diagram)
    if call is None:
        return None
    return Step(id=source.identity(element), kind="call", call=call, each=each)


def _action(words: ActionWords, diagram: Diagram) -> Step:
    diagram.words.actions[words.id] = words
    return Step(id=words.id, kind="external" if words.kind == "external" else "action")


def _event(element: Element, kind: StepKind, diagram: Diagram) -> Step | None:
    words = read_event(element, diagram)
    if words is None:
        return None
    diagram.words.events[words.id] = words
    return Step(id=words.id, kind=kind, event=words)


def _throw(element: Element, diagram: Diagram) -> Step | None:
    """An intermediate throwing event, or what an end event does before it ends."""
    node, found = source.identity(element), definitions(element)
    kinds = [kind_of(each) for each in found]
    match kinds:
        case []:
            return Step(id=node, kind="pass")
        case ["link"]:
            return _link(element, diagram)
        case ["message"] if has_work(found[0]) or has_work(element):
            said = found[0] if has_work(found[0]) else element
            return _action(read_action(element, diagram, said), diagram)
        case ["message" | "signal"] if not event_name(element, found[0], kinds[0], diagram):
            message = f"throws a {kinds[0]} without a name: passed by"
            diagram.findings.warn(node, "event", message)
            return Step(id=node, kind="pass")
        case ["message" | "signal"]:
            return _event(element, "throw", diagram)
        case ["escalation"]:
            return _event(element, "raise", diagram)
        case ["error"] if source.local(element) == "endEvent":
            return _event(element, "raise", diagram)
        case [("timer" | "conditional" | "terminate") as kind]:
            message = f"a {kind} event cannot be thrown here: take it out, or end with it"
            diagram.findings.refuse(node, "event", message)
            return None
        case _:
            return _event(element, "throw", diagram)


def _link(element: Element, diagram: Diagram) -> Step | None:
    """The one catching link event of its name is where it leads."""
    node, name = source.identity(element), link_name(element)
    place = element.getparent()
    assert place is not None
    catching = source.children(place, "intermediateCatchEvent")
    targets = [each for each in catching if name and link_name(each) == name]
    if len(targets) != 1:
        message = f"the link {name!r} needs one catching link event of this name beside it"
        if targets:
            message = f"{len(targets)} catching link events have the name {name!r}: keep one"
        diagram.findings.refuse(node, "link", message)
        return None
    return Step(id=node, kind="pass")


def _end(element: Element, diagram: Diagram) -> Step | None:
    end = read_end(element, diagram.findings)
    kinds = [kind_of(each) for each in definitions(element)]
    if kinds == ["link"]:
        return _link(element, diagram)
    diagram.words.ends[end.id] = end
    match kinds:
        case []:
            return Step(id=end.id, kind="end", ends=True)
        case ["terminate"]:
            return Step(id=end.id, kind="terminate", ends=True)
        case _:
            step = _throw(element, diagram)
            if step is None:
                return None
            kind: StepKind = "end" if step.kind == "pass" else step.kind
            return replace(step, kind=kind, ends=True)


def _handler(element: Element, diagram: Diagram) -> Step | None:
    """An event sub-process, which begins with the one event that it waits for."""
    node = source.identity(element)
    starts = [each for each in source.children(element, "startEvent") if source.identity(each)]
    if len(starts) != 1 or not definitions(starts[0]):
        message = "an event sub-process needs exactly one start event, with what it waits for"
        diagram.findings.refuse(node, "event-sub-process", message)
        return None
    words = read_event(starts[0], diagram)
    if words is None:
        return None
    diagram.words.events[words.id] = words
    return Step(id=node, kind="event-sub-process", event=words)


def read_start(element: Element, diagram: Diagram) -> EventWords | None:
    """What a start event of the process waits for; kind `none` where it waits for nothing."""
    if definitions(element):
        return read_event(element, diagram)
    return EventWords(id=NodeId(source.identity(element)), name=source.title(element), kind="none")


_READERS: dict[str, Callable[[Element, Diagram], Step | None]] = {
    "userTask": _user_task,
    "task": _passed,
    "manualTask": _passed,
    "serviceTask": _service,
    "businessRuleTask": _service,
    "sendTask": _send,
    "scriptTask": _script,
    "receiveTask": _catch,
    "callActivity": _call,
    "subProcess": _sub_process,
    "startEvent": _start,
    "endEvent": _end,
    "intermediateThrowEvent": _throw,
    "intermediateCatchEvent": _catch,
    "boundaryEvent": _boundary,
}
