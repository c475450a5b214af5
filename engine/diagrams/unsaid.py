"""What a drawing leaves unsaid: where a process begins, what an event waits for.

Many diagrams are drawn before anybody thinks of running them. Where what was left out cannot be
known, the element is left out (an event that waits for nothing never happens), or a variable of
its name says it while a request runs; a warning tells which.
"""

from dataclasses import dataclass, field

from lxml import etree

from engine.diagrams import source
from engine.diagrams.events import definitions, kind_of
from engine.diagrams.findings import Findings
from engine.diagrams.sketch import is_handler, link_name, nodes_in
from engine.diagrams.source import Element
from engine.diagrams.texts import as_template, choice_of, is_expression, quoted
from engine.diagrams.timers import TIMERS

ASIDE = frozenset({"boundaryEvent", "startEvent", "textAnnotation"})
"""What no flow needs to lead to."""


class Flows:
    """The flows of one place by their ends."""

    def __init__(self, place: Element) -> None:
        self.out: dict[str, list[Element]] = {}
        self.into: dict[str, list[Element]] = {}
        for flow in source.children(place, "sequenceFlow"):
            self.out.setdefault(flow.get("sourceRef", "").strip(), []).append(flow)
            self.into.setdefault(flow.get("targetRef", "").strip(), []).append(flow)
        self.races = {source.identity(each) for each in source.children(place, "eventBasedGateway")}


@dataclass(slots=True)
class Drafts:
    """One process while it is completed; ids that are new in it are nobody else's."""

    process: Element
    findings: Findings
    ids: set[str] = field(default_factory=set)
    flows: dict[Element, Flows] = field(default_factory=dict)
    """Those of the process and its sub-processes, as they were drawn."""

    def __post_init__(self) -> None:
        root = self.process.getroottree().getroot()
        self.ids = {each.get("id", "") for each in root.iter(f"{{{source.BPMN}}}*")}

    def id(self, wanted: str) -> str:
        """An id that nothing has yet."""
        found, number = wanted, 1
        while found in self.ids:
            number += 1
            found = f"{wanted}_{number}"
        self.ids.add(found)
        return found


def complete(process: Element, findings: Findings) -> None:
    """Complete a process as it was parsed; whatever is done to it is a warning."""
    drafts = Drafts(process, findings)
    for place in [process, *process.iter(f"{{{source.BPMN}}}subProcess")]:
        drafts.flows[place] = Flows(place)
    for place in list(drafts.flows):
        for each in list(nodes_in(place)):
            _complete_event(each, place, drafts)
        if not is_handler(place):
            _complete_starts(place, drafts)


def _complete_starts(place: Element, drafts: Drafts) -> None:
    starts = [each for each in source.children(place, "startEvent") if source.identity(each)]
    plain = [each for each in starts if not definitions(each)]
    if not starts:
        _draw_start(place, drafts)
    elif len(plain) > 1:
        _choose_start(place, plain, drafts)


def _draw_start(place: Element, drafts: Drafts) -> None:
    """What no flow leads to is where a place without a start event begins."""
    flows = drafts.flows[place]
    begins = [each for each in nodes_in(place) if _begins(each, flows)]
    begins = [each for each in begins if source.identity(each) in flows.out] or begins
    if not begins:
        return
    start = drafts.id("start")
    _add(place, "startEvent", id=start, name=source.title(place))
    for each in begins:
        _flow(place, start, source.identity(each), drafts)
    named = ", ".join(source.identity(each) for each in begins)
    message = f"has no start event: begins with {named}"
    drafts.findings.warn(source.identity(place) or "process", "start-event-required", message)


def _begins(each: Element, flows: Flows) -> bool:
    by_itself = is_handler(each) or each.get("isForCompensation") == "true"
    lands = link_name(each) is not None and source.local(each) == "intermediateCatchEvent"
    if by_itself or lands or source.local(each) in ASIDE:
        return False
    return source.identity(each) not in flows.into


def _choose_start(place: Element, plain: list[Element], drafts: Drafts) -> None:
    """A variable says at which of several starts a request begins: the first, where it is not
    said. What the others have of their own (forms) is not read."""
    first, *others = plain
    here = source.identity(first)
    variable = choice_of(f"start_{source.identity(place)}")
    gateway, on, way = drafts.id(f"{here}_way"), drafts.id(f"{here}_on"), drafts.id(f"{here}_first")
    for flow in drafts.flows[place].out.get(here, ()):
        flow.set("sourceRef", on)
    _add(place, "exclusiveGateway", id=gateway, default=way)
    _add(place, "intermediateThrowEvent", id=on)
    _flow(place, here, gateway, drafts)
    _add(place, "sequenceFlow", id=way, sourceRef=gateway, targetRef=on)
    for each in others:
        each.tag = f"{{{source.BPMN}}}intermediateThrowEvent"
        value = source.title(each) or source.identity(each)
        flow = _flow(place, gateway, source.identity(each), drafts)
        _add(flow, "conditionExpression").text = _is(variable, quoted(value))
        message = (
            f"a second start beside {here}: requests begin here where the variable {variable} is "
            f"{value!r}; begin with one of them"
        )
        drafts.findings.warn(source.identity(each), "single-blank-start-event", message)


def _complete_event(each: Element, place: Element, drafts: Drafts) -> None:
    """Say what an event waits for that does not say it itself."""
    tag, found = source.local(each), definitions(each)
    if not found and tag == "boundaryEvent":
        _never(each, place, "waits for nothing", drafts)
    elif not found and tag == "intermediateCatchEvent":
        each.tag = f"{{{source.BPMN}}}intermediateThrowEvent"
        drafts.findings.warn(source.identity(each), "event", "waits for nothing: passed by")
    elif len(found) == 1 and found[0].getparent() is each:
        if kind_of(found[0]) == "timer" and not any(
            source.text(source.child(found[0], name)) for name in TIMERS
        ):
            _complete_timer(each, found[0], place, drafts)
        elif kind_of(found[0]) == "conditional":
            _complete_condition(each, found[0], place, drafts)


def _complete_timer(each: Element, definition: Element, place: Element, drafts: Drafts) -> None:
    node, variable = source.identity(each), choice_of(source.identity(each))
    if _waits_in_flow(each, place, drafts):
        for name in TIMERS:
            for empty in list(source.children(definition, name)):
                definition.remove(empty)
        _add(definition, "timeDuration").text = f"${{{variable}}}"
        message = f"says no time: the variable {variable} does (as P1D); until then an incident"
        drafts.findings.warn(node, "event", message)
    elif source.local(each) == "startEvent" and not is_handler(place):
        each.remove(definition)
        drafts.findings.warn(node, "event", "says no time: nothing begins here by itself")
    else:
        _never(each, place, "says no time", drafts)


def _complete_condition(each: Element, definition: Element, place: Element, drafts: Drafts) -> None:
    node, variable = source.identity(each), choice_of(source.identity(each))
    said = source.child(definition, "condition")
    text = source.text(said)
    if text and (said is None or is_expression(text) or as_template(text)):
        return
    if said is not None and said.get("language"):
        return
    waits = _waits_in_flow(each, place, drafts)
    if not text and not waits:
        if source.local(each) == "startEvent" and not is_handler(place):
            each.remove(definition)
            message = "says no condition: nothing begins here by itself"
            drafts.findings.warn(node, "conditional-event", message)
        else:
            _never(each, place, "says no condition", drafts)
        return
    value = quoted(text) if text else "true"
    if said is None:
        said = _add(definition, "condition")
    for inner in list(said):
        said.remove(inner)
    said.text = _is(variable, value)
    message = f"says no condition that can be read: happens when the variable {variable} is {value}"
    drafts.findings.warn(node, "conditional-event", message)


def _is(variable: str, value: str) -> str:
    """A condition that holds once the variable is there and has this value."""
    return f"${{execution.hasVariable('{variable}') && {variable} == {value}}}"


def _waits_in_flow(each: Element, place: Element, drafts: Drafts) -> bool:
    """Whether a token would wait here for this event alone."""
    if source.local(each) != "intermediateCatchEvent":
        return False
    flows = drafts.flows[place]
    before = flows.into.get(source.identity(each), ())
    return not any(flow.get("sourceRef", "").strip() in flows.races for flow in before)


def _never(each: Element, place: Element, why: str, drafts: Drafts) -> None:
    """Leave out an event that cannot happen, with the flows at it."""
    drafts.findings.warn(source.identity(each), "event", f"{why}: left out, it never happens")
    if source.local(each) == "startEvent":
        each = place
    holder, node = each.getparent(), source.identity(each)
    assert holder is not None, "an event stands in a process"
    flows = drafts.flows[holder]
    for flow in [*flows.out.pop(node, ()), *flows.into.pop(node, ())]:
        if flow.getparent() is holder:
            holder.remove(flow)
    holder.remove(each)


def _flow(place: Element, begin: str, end: str, drafts: Drafts) -> Element:
    id = drafts.id(f"{begin}_to_{end}"[: source.ID_MAX])
    return _add(place, "sequenceFlow", id=id, sourceRef=begin, targetRef=end)


def _add(place: Element, tag: str, **attributes: str) -> Element:
    made = etree.SubElement(place, f"{{{source.BPMN}}}{tag}")
    for name, value in attributes.items():
        made.set(name, value)
    return made
