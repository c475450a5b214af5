"""A process or sub-process as a `Graph`, mended where foreign modelers leave out what is meant.

Mended: sequence flows without ids, tasks that several or conditional flows leave, gateways with
one unconditioned flow, ends that were not drawn.
"""

from collections.abc import Iterable
from dataclasses import replace

from engine.diagrams import source
from engine.diagrams.nodes import IGNORED, Diagram, read_step
from engine.diagrams.source import Element
from engine.diagrams.words import EndWords, NodeId
from engine.tokens import Flow, Graph, Step

SPLIT = ":split"
"""Suffix of the gateway that stands in for several flows out of a task."""
END = ":end"
"""Suffix of an end that was not drawn."""


def read_graph(element: Element, diagram: Diagram) -> Graph | None:
    """The graph of a process or sub-process; None where it has no start."""
    steps: dict[str, Step] = {}
    for each in element:
        tag = source.local(each)
        if not source.in_bpmn(each) or tag in IGNORED:
            continue
        node = source.identity(each)
        if not node:
            diagram.findings.refuse(tag, "id", f"a {tag} has no id")
            continue
        _keep_names(each, node, diagram)
        _warn_of_unread(each, node, diagram)
        step = read_step(each, diagram)
        if step is not None and step.kind == "sub-process":
            inner = read_graph(each, diagram)
            step = replace(step, inner=inner) if inner is not None else None
        if step is not None:
            steps[node] = step
    flows = _flows(element, steps, diagram)
    start = _start(element, diagram)
    if start is None:
        return None
    flows = _split_tasks(steps, flows)
    _default_ways(steps, flows, diagram)
    flows = _drawn_ends(steps, flows, diagram)
    return Graph(
        id=source.identity(element), start=start, steps=tuple(steps.values()), flows=tuple(flows)
    )


def _keep_names(element: Element, id: str, diagram: Diagram) -> None:
    diagram.words.names[NodeId(id)] = source.title(element)
    english = source.properties(element).get("name.en", "")
    if english:
        diagram.words.names_en[NodeId(id)] = english


UNREAD = ("formData", "taskListener", "executionListener", "connector", "field")
"""Extension elements that mean something elsewhere and nothing here."""


def _warn_of_unread(element: Element, node: str, diagram: Diagram) -> None:
    for tag in UNREAD:
        if next(source.extensions(element, tag), None) is not None:
            diagram.findings.warn(node, "unread", f"camunda:{tag} is not read")


def _start(element: Element, diagram: Diagram) -> str | None:
    found = []
    for each in source.children(element, "startEvent"):
        if any(True for inner in each if source.local(inner).endswith("EventDefinition")):
            diagram.findings.refuse(
                source.identity(each), "unsupported", "only a start event without a trigger starts"
            )
        else:
            found.append(source.identity(each))
    if len(found) == 1:
        return found[0]
    where = source.identity(element)
    diagram.findings.refuse(
        where, "start", f"needs exactly one start event without a trigger, has {len(found)}"
    )
    return None


def _flows(element: Element, steps: dict[str, Step], diagram: Diagram) -> list[Flow]:
    found: list[Flow] = []
    for number, each in enumerate(source.children(element, "sequenceFlow"), 1):
        flow = source.identity(each) or f"flow:{number}"
        _keep_names(each, flow, diagram)
        ends = each.get("sourceRef", ""), each.get("targetRef", "")
        missing = [end for end in ends if end not in steps]
        if missing:
            if not diagram.findings.problems:
                diagram.findings.refuse(
                    flow, "flow", f"leads from or to {missing[0] or 'nothing'}, which is not here"
                )
            continue
        condition = source.child(each, "conditionExpression")
        text = source.text(condition)
        if condition is not None and condition.get("language"):
            diagram.findings.refuse(flow, "unsupported", "scripts as conditions are not supported")
        elif text and "${" not in text and "#{" not in text:
            diagram.findings.refuse(
                flow, "expression", f"condition {text!r} is no expression: write ${{…}}"
            )
        elif text:
            diagram.findings.template(flow, "condition", text)
        found.append(Flow(id=flow, source=ends[0], target=ends[1], condition=text))
    return found


def _by_source(flows: Iterable[Flow]) -> dict[str, list[Flow]]:
    found: dict[str, list[Flow]] = {}
    for flow in flows:
        found.setdefault(flow.source, []).append(flow)
    return found


SPLITS = frozenset({"exclusive", "inclusive", "parallel", "event-gateway"})


def _split_tasks(steps: dict[str, Step], flows: list[Flow]) -> list[Flow]:
    """Where several flows, or one with a condition, leave something that is no gateway, a gateway
    is meant: parallel where none has a condition, else inclusive."""
    by_source = _by_source(flows)
    mended = {flow.id: flow for flow in flows}
    for node, step in list(steps.items()):
        leaving = by_source.get(node, [])
        conditional = any(flow.condition for flow in leaving)
        if step.kind in SPLITS or not (len(leaving) > 1 or conditional):
            continue
        split = node + SPLIT
        steps[split] = Step(
            id=split, kind="inclusive" if conditional else "parallel", default=step.default
        )
        steps[node] = replace(step, default="")
        mended.update({flow.id: replace(flow, source=split) for flow in leaving})
        way = f"{split}:flow"
        mended[way] = Flow(id=way, source=node, target=split)
    return list(mended.values())


def _default_ways(steps: dict[str, Step], flows: list[Flow], diagram: Diagram) -> None:
    """An exclusive gateway's one flow without a condition is its default."""
    by_source = _by_source(flows)
    for node, step in list(steps.items()):
        leaving = by_source.get(node, [])
        if step.default and step.default not in {flow.id for flow in leaving}:
            diagram.findings.refuse(node, "default", f"{step.default} does not leave it")
        if step.kind not in ("exclusive", "inclusive"):
            continue
        bare = [flow for flow in leaving if not flow.condition and flow.id != step.default]
        if step.kind == "exclusive" and len(leaving) > 1 and bare:
            if step.default or len(bare) > 1:
                diagram.findings.refuse(
                    node, "default", f"{bare[0].id} has no condition and is not the default flow"
                )
            else:
                diagram.findings.warn(
                    node, "default", f"{bare[0].id} has no condition: taken as the default flow"
                )
                steps[node] = replace(step, default=bare[0].id)
        elif not bare and not step.default and leaving:
            diagram.findings.warn(
                node, "default", "no default flow: an incident where no condition holds"
            )


def _drawn_ends(steps: dict[str, Step], flows: list[Flow], diagram: Diagram) -> list[Flow]:
    """A node that nothing leaves is an end."""
    sources = {flow.source for flow in flows}
    for node, step in list(steps.items()):
        if step.ends or node in sources:
            continue
        end = NodeId(node + END)
        steps[end] = Step(id=end, kind="end", ends=True)
        diagram.words.ends[end] = EndWords(id=end, name="")
        flows.append(Flow(id=f"{end}:flow", source=node, target=end))
    return flows
