"""A process or sub-process as a `Graph`, mended where what its author meant is only spelled in
another way (docs/diagrams.md, "What of BPMN is read")."""

from dataclasses import replace

from engine.diagrams import source
from engine.diagrams.diagram import Diagram
from engine.diagrams.events import definitions
from engine.diagrams.inputs import read_data, read_inputs
from engine.diagrams.loops import limited, read_each, read_repeats, repeat, wrap
from engine.diagrams.mending import END as END
from engine.diagrams.mending import SPLIT as SPLIT
from engine.diagrams.mending import default_ways, drawn_ends, split_tasks
from engine.diagrams.nodes import read_start, read_step
from engine.diagrams.sheet import Sheet
from engine.diagrams.sketch import PROCESS, Sketch, is_handler
from engine.diagrams.source import Element
from engine.diagrams.texts import choice_of, read_condition
from engine.diagrams.words import NodeId
from engine.tokens import Flow, Graph

ACTIVITIES = frozenset(
    {
        "businessRuleTask",
        "callActivity",
        "manualTask",
        "receiveTask",
        "scriptTask",
        "sendTask",
        "serviceTask",
        "subProcess",
        "task",
        "userTask",
    }
)
"""What may be repeated, and carry events on its edge."""
OWN_INSTANCES = frozenset({"userTask", "subProcess", "callActivity"})
"""Activities whose multi-instance their own words or step say."""


def read_graph(sketch: Sketch, diagram: Diagram) -> Graph | None:
    """The graph of the process that was sketched; None where it has no start."""
    sketch.check(diagram.findings)
    return _read_place(PROCESS, sketch, diagram)


def _read_place(here: str, sketch: Sketch, diagram: Diagram) -> Graph | None:
    place, sheet = sketch.places[here], Sheet()
    starts = _starts(here, place.element, diagram)
    for node, element in place.nodes.items():
        if node in sketch.reached:
            _read_node(node, element, sheet, sketch, diagram)
    flows = _flows(here, sketch, sheet, diagram)
    if not starts:
        return None
    if here == PROCESS:
        read_data(place.element, starts, sheet, diagram)
    flows = sheet.finish(flows)
    flows = split_tasks(sheet.steps, flows)
    default_ways(sheet.steps, flows, diagram)
    flows = drawn_ends(sheet.steps, flows, diagram)
    return Graph(
        id=source.identity(place.element),
        start=starts[0],
        starts=starts,
        steps=tuple(sheet.steps.values()),
        flows=tuple(flows),
    )


def _read_node(node: str, element: Element, sheet: Sheet, sketch: Sketch, diagram: Diagram) -> None:
    """Put a node's steps on the sheet."""
    tag = source.local(element)
    _keep_names(element, node, diagram)
    step = read_step(element, diagram)
    _warn_of_unread(element, node, diagram)
    if step is not None and step.kind in ("sub-process", "event-sub-process"):
        inner = _read_place(node, sketch, diagram)
        step = replace(step, inner=inner) if inner is not None else None
    if step is None:
        return
    sheet.add(replace(step, default=element.get("default", "").strip()))
    if tag not in ACTIVITIES:
        read_inputs(element, sheet, diagram)
    elif not is_handler(element):
        each = None if tag in OWN_INSTANCES else read_each(element, diagram)
        repeats = read_repeats(element, diagram)
        if repeats is not None and repeats.most:
            each = limited(repeats)
        if each is not None:
            wrap(sheet, node, each)
        read_inputs(element, sheet, diagram)
        if repeats is not None and not repeats.most:
            repeat(sheet, node, repeats)


def _starts(here: str, element: Element, diagram: Diagram) -> tuple[str, ...]:
    """The start events of a place, that where a person's request begins first."""
    found = [each for each in source.children(element, "startEvent") if source.identity(each)]
    plain = [source.identity(each) for each in found if not definitions(each)]
    name = source.identity(element)
    if not found:
        message = "has no start event: draw one before what is done first"
        diagram.findings.refuse(name, "start", message)
    if here == PROCESS:
        for each in found:
            _read_start(each, plain, diagram)
        rest = [source.identity(each) for each in found if source.identity(each) not in plain]
        return (*plain, *rest)
    if is_handler(element):
        return tuple(source.identity(each) for each in found[:1])
    if found and (len(plain) != 1 or len(found) > 1):
        message = "a sub-process begins with one start event, which has no trigger"
        diagram.findings.refuse(name, "start", message)
    return tuple(plain[:1])


def _read_start(element: Element, plain: list[str], diagram: Diagram) -> None:
    """Keep what a start event of the process waits for."""
    node = NodeId(source.identity(element))
    if plain and node == plain[0]:
        return
    if node in plain:
        message = f"a second start event without a trigger: requests begin at {plain[0]}"
        diagram.findings.warn(node, "start", message)
    words = read_start(element, diagram)
    if words is not None:
        diagram.words.starts[node] = words


def _keep_names(element: Element, id: str, diagram: Diagram) -> None:
    diagram.words.names[NodeId(id)] = source.title(element)
    english = source.properties(element).get("name.en", "")
    if english:
        diagram.words.names_en[NodeId(id)] = english


UNDERSTOOD = frozenset(
    {
        "assignmentDefinition",
        "connector",
        "executionListener",
        "failedJobRetryTimeCycle",
        "field",
        "formData",
        "formProperty",
        "in",
        "inputOutput",
        "out",
        "properties",
        "taskListener",
    }
)
"""Extension elements that are read, told of by a lint rule, or mean nothing here."""
FOREIGN = ("http://camunda.org/schema/1.0/bpmn", "http://camunda.org/schema/zeebe/1.0")
"""Whose extension elements may mean that something is done."""


UNREAD = ("skipExpression", "triggerable", "calledElementTenantId")
"""Attributes that change elsewhere what is done, and mean nothing here."""


def _warn_of_unread(element: Element, node: str, diagram: Diagram) -> None:
    for name in UNREAD:
        if source.attribute(element, name):
            diagram.findings.warn(node, "unread", f"{name} is not read")
    for holder in [element, *definitions(element)]:
        for extensions in source.children(holder, "extensionElements"):
            for each in extensions:
                tag = source.local(each)
                if source.namespace(each) in FOREIGN and tag not in UNDERSTOOD:
                    diagram.findings.warn(node, "unread", f"{tag} is not read")
            _refuse_scripts(extensions, node, diagram)


def _refuse_scripts(extensions: Element, node: str, diagram: Diagram) -> None:
    """A parameter that a script would work out has no value here; for a worker's task the worker
    works it out."""
    for holder in extensions.iter("{*}inputParameter", "{*}outputParameter"):
        if source.is_scripted(holder):
            words = diagram.words.actions.get(NodeId(node))
            message = f"the script of the parameter {holder.get('name', '')!r} is not run: "
            if words is not None and words.kind == "external":
                message += "the worker works it out"
                diagram.findings.warn(node, "script", message)
            else:
                diagram.findings.refuse(node, "script", message + "write an expression ${…}")


def _flows(here: str, sketch: Sketch, sheet: Sheet, diagram: Diagram) -> list[Flow]:
    found: list[Flow] = []
    for way in sketch.places[here].ways:
        if way.source not in sketch.reached:
            continue
        condition = ""
        if way.element is not None:
            _keep_names(way.element, way.id, diagram)
            text = source.child(way.element, "conditionExpression")
            choice = choice_of(way.source) if _chooses(way.source, sheet) else ""
            condition = read_condition(text, way.id, diagram.findings, choice)
        if sheet.first(way.source) in sheet.steps and sheet.first(way.target) in sheet.steps:
            found.append(Flow(id=way.id, source=way.source, target=way.target, condition=condition))
    return found


def _chooses(node: str, sheet: Sheet) -> bool:
    step = sheet.steps.get(node)
    return step is not None and step.kind in ("exclusive", "inclusive")
