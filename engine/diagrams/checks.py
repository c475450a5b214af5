"""Checks over the whole of a diagram: its words against its graph, its forms and one another."""

from collections.abc import Iterator, Mapping

from engine.diagrams.findings import Findings
from engine.diagrams.nodes import Collected
from engine.diagrams.words import NodeId, NodeWords, ProcessWords
from engine.expressions import ExpressionError, compile_template
from engine.tokens import Graph, Step
from forms import Form

THROUGH = frozenset({"exclusive", "inclusive", "parallel", "pass"})
"""What lies between a node and its way on without stopping it."""


def check(
    graph: Graph,
    process: ProcessWords,
    words: Collected,
    forms: Mapping[str, Form],
    findings: Findings,
) -> None:
    """Say what is wrong with a diagram whose elements could all be read."""
    for each in graphs(graph):
        _check_shape(each, findings)
        conditions = _Conditions(each)
        for step in each.steps:
            if step.kind == "task":
                _check_verdict(words.nodes[NodeId(step.id)], conditions, findings)
    for node in words.nodes.values():
        _check_targets(node, words, findings)
        _check_form(node.id, node.form, forms, findings)
    _check_form(process.start, process.start_form, forms, findings)
    _check_links(process, forms, findings)


def graphs(graph: Graph) -> Iterator[Graph]:
    """The graph and those of its sub-processes."""
    yield graph
    for step in graph.steps:
        if step.inner is not None:
            yield from graphs(step.inner)


class _Conditions:
    """Conditions that a token meets between a node and the next task."""

    def __init__(self, graph: Graph) -> None:
        self._steps = {step.id: step for step in graph.steps}
        self._flows = graph.flows

    def after(self, node: str) -> list[str]:
        """Those on the flows out of `node` and of the gateways that it leads to."""
        found: list[str] = []
        seen: set[str] = set()
        todo = [node]
        while todo:
            here = todo.pop()
            if here in seen:
                continue
            seen.add(here)
            for flow in self._flows:
                if flow.source == here:
                    found.append(flow.condition)
                    if self._steps[flow.target].kind in THROUGH:
                        todo.append(flow.target)
        return [condition for condition in found if condition]


def _reads(condition: str) -> frozenset[str]:
    try:
        return compile_template(condition).reads
    except ExpressionError:  # said already, where the flow was read
        return frozenset()


def _check_verdict(node: NodeWords, conditions: _Conditions, findings: Findings) -> None:
    """V3: a rejection has a way on. V7: where nobody signs, a condition says what then."""
    if node.approval is None:
        return
    about = [each for each in conditions.after(node.id) if node.verdict in _reads(each)]
    if not about and not node.on_rejected:
        findings.refuse(
            node.id,
            "V3",
            f"no way on for a rejection: neither approval.onRejected nor a condition that reads "
            f"{node.verdict}",
        )
    if node.empty == "skip" and not any("skipped" in each for each in about):
        findings.refuse(
            node.id,
            "V7",
            f"approval.empty is skip, but no condition says what {node.verdict} = 'skipped' does",
        )


def _check_targets(node: NodeWords, words: Collected, findings: Findings) -> None:
    """Nodes that a property names are user tasks of this diagram."""
    named = [("return.to", each) for each in node.return_to if each not in ("any", "none")]
    if node.on_rejected not in ("", "end"):
        named.append(("approval.onRejected", node.on_rejected))
    for what, target in named:
        if target != "initiator" and NodeId(target) not in words.nodes:
            findings.refuse(node.id, "property", f"{what}: there is no user task {target}")


def _check_form(element: NodeId, form: str, forms: Mapping[str, Form], findings: Findings) -> None:
    if form and form not in forms:
        findings.refuse(element, "form", f"the form {form} is not among the files")


def _check_links(process: ProcessWords, forms: Mapping[str, Form], findings: Findings) -> None:
    form = forms.get(process.start_form)
    if form is None:
        return
    fields = {field.key for field in form.fields}
    for link in process.links:
        if link not in fields:
            findings.refuse(process.key, "property", f"links: the start form has no field {link}")


def _check_shape(graph: Graph, findings: Findings) -> None:
    steps = {step.id: step for step in graph.steps}
    for step in graph.steps:
        _check_node(step, graph, steps, findings)
    reached = _reached(graph, steps)
    for step in graph.steps:
        if step.id not in reached and not step.id.endswith((":end", ":split")):
            findings.refuse(step.id, "unreachable", "no token ever gets here")


def _reached(graph: Graph, steps: Mapping[str, Step]) -> set[str]:
    seen: set[str] = set()
    todo = [graph.start]
    while todo:
        here = todo.pop()
        if here in seen:
            continue
        seen.add(here)
        todo += [flow.target for flow in graph.flows if flow.source == here]
        todo += [
            step.id for step in steps.values() if step.event and step.event.attached_to == here
        ]
    return seen


def _check_node(step: Step, graph: Graph, steps: Mapping[str, Step], findings: Findings) -> None:
    into = [flow for flow in graph.flows if flow.target == step.id]
    out = [flow for flow in graph.flows if flow.source == step.id]
    if into and step.kind in ("start", "boundary"):
        findings.refuse(step.id, "flow", f"{into[0].id} leads into it, which nothing may")
    if out and step.ends:
        findings.refuse(step.id, "flow", f"{out[0].id} leads out of an end")
    if step.kind == "boundary" and step.event is not None:
        host = steps.get(step.event.attached_to or "")
        if host is None or host.kind not in ("task", "sub-process"):
            findings.refuse(
                step.id, "boundary", "stands on nothing, or on what carries no boundary events"
            )
    if step.kind in ("parallel", "event-gateway"):
        for flow in out:
            if flow.condition:
                findings.warn(flow.id, "condition", f"not read: {step.id} takes every way")
    if step.kind == "event-gateway":
        for flow in out:
            if steps[flow.target].kind != "catch":
                findings.refuse(
                    step.id, "event-gateway", f"{flow.target} is no event that can be waited for"
                )
