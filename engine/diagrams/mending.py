"""Mends of a graph whose flows are drawn short: several flows out of a task, an exclusive
gateway's implied default, ends that were not drawn."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from engine.diagrams.diagram import Diagram
from engine.diagrams.texts import choice_of, chosen
from engine.diagrams.words import EndWords, NodeId
from engine.tokens import Flow, Step

SPLIT = ":split"
"""Suffix of the gateway that stands in for several flows out of a task."""
END = ":end"
"""Suffix of an end that was not drawn."""
SPLITS = frozenset({"exclusive", "inclusive", "parallel", "event-gateway"})
ALWAYS, NEVER = "${true}", "${false}"


def _by_source(flows: Iterable[Flow]) -> dict[str, list[Flow]]:
    found: dict[str, list[Flow]] = {}
    for flow in flows:
        found.setdefault(flow.source, []).append(flow)
    return found


def split_tasks(steps: dict[str, Step], flows: list[Flow]) -> list[Flow]:
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


def default_ways(steps: dict[str, Step], flows: list[Flow], diagram: Diagram) -> None:
    """An exclusive gateway's one flow without a condition is its default."""
    by_source = _by_source(flows)
    place = {flow.id: number for number, flow in enumerate(flows)}
    for node, step in list(steps.items()):
        leaving = by_source.get(node, [])
        step = steps[node] = _with_default(step, leaving, diagram)
        if step.kind not in ("exclusive", "inclusive"):
            continue
        bare = [flow for flow in leaving if not flow.condition and flow.id != step.default]
        if step.kind == "exclusive" and len(leaving) > 1 and bare:
            for flow in _imply(step, bare, steps, diagram):
                flows[place[flow.id]] = flow
        elif not bare and not step.default and leaving:
            diagram.findings.warn(
                node, "default", "no default flow: an incident where no condition holds"
            )


def _with_default(step: Step, leaving: list[Flow], diagram: Diagram) -> Step:
    """The step with its default flow; without, where that is none of those that leave it."""
    default = next((flow for flow in leaving if flow.id == step.default), None)
    if step.default and default is None:
        message = f"the default flow {step.default} does not leave it: there is no default"
        diagram.findings.warn(step.id, "default", message)
        return replace(step, default="")
    if default is not None and default.condition:
        message = "the default flow's condition is not read: it is taken where no other holds"
        diagram.findings.warn(default.id, "default", message)
    return step


def _imply(step: Step, bare: list[Flow], steps: dict[str, Step], diagram: Diagram) -> list[Flow]:
    """Settle what becomes of the flows without a condition; gives those that are mended.

    One is the default. Of several, in diagrams of systems that try flows in their order, the first
    is; elsewhere they wait for somebody's choice.
    """
    if len(bare) == 1 and not step.default:
        message = f"{bare[0].id} has no condition: taken as the default flow"
        diagram.findings.warn(step.id, "default", message)
        steps[step.id] = replace(step, default=bare[0].id)
        return []
    if not diagram.first_way:
        return _chosen(step, bare, diagram)
    first, *rest = bare
    message = f"several flows have no condition: {first.id} is taken, the others never"
    diagram.findings.warn(step.id, "default", message)
    if step.default:
        return [replace(flow, condition=ALWAYS) for flow in bare]
    steps[step.id] = replace(step, default=first.id)
    return [replace(flow, condition=NEVER) for flow in rest]


def _chosen(step: Step, bare: list[Flow], diagram: Diagram) -> list[Flow]:
    """Flows that say nothing of when they are taken: a variable of the gateway's name says which,
    by the flow's name. While nobody has set it, the request stands there as an incident."""
    variable = choice_of(step.id)
    names = {flow.id: diagram.words.names.get(NodeId(flow.id), "") for flow in bare}
    counts = Counter(names.values())
    values = {id: name if name and counts[name] == 1 else id for id, name in names.items()}
    message = (
        f"{len(bare)} flows have no condition: the variable {variable} says which is taken "
        f"({', '.join(values.values())}); give each its condition, and name one as the default"
    )
    diagram.findings.warn(step.id, "default", message)
    return [replace(flow, condition=chosen(variable, values[flow.id])) for flow in bare]


def drawn_ends(steps: dict[str, Step], flows: list[Flow], diagram: Diagram) -> list[Flow]:
    """A node that nothing leaves is an end."""
    sources = {flow.source for flow in flows}
    for node, step in list(steps.items()):
        if step.ends or node in sources or step.kind == "event-sub-process":
            continue
        end = NodeId(node + END)
        steps[end] = Step(id=end, kind="end", ends=True)
        diagram.words.ends[end] = EndWords(id=end, name="")
        flows.append(Flow(id=f"{end}:flow", source=node, target=end))
    return flows
