"""Checks over the whole of a diagram: its words against its graph, its forms and one another."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.diagrams.findings import Findings
from engine.diagrams.graphs import END, SPLIT
from engine.diagrams.nodes import Collected
from engine.diagrams.reads import check_reads
from engine.diagrams.stalls import stalls
from engine.diagrams.verdicts import check_verdicts
from engine.diagrams.words import NodeId, NodeWords, ProcessWords
from engine.tokens import Flow, Graph, Step
from forms import Form


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the check may count on: `functions` are those that expressions may call (None: not
    checked)."""

    functions: frozenset[str] | None = None


def check(
    graph: Graph,
    process: ProcessWords,
    words: Collected,
    forms: Mapping[str, Form],
    known: Known,
    findings: Findings,
) -> None:
    """Say what is wrong with a diagram whose elements could all be read."""
    for each in graphs(graph):
        _check_shape(each, findings)
        check_verdicts(each, words.nodes, findings)
        for join in sorted(stalls(each)):
            findings.warn(join, "stall", "a token may wait here for others that never come")
    for node in words.nodes.values():
        _check_targets(node, words, findings)
        _check_form(node.id, node.form, forms, findings)
    _check_form(process.start, process.start_form, forms, findings)
    _check_links(process, forms, findings)
    check_reads(list(graphs(graph)), process, words, forms, known.functions, findings)


def graphs(graph: Graph) -> Iterator[Graph]:
    """The graph and those of its sub-processes."""
    yield graph
    for step in graph.steps:
        if step.inner is not None:
            yield from graphs(step.inner)


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
        findings.warn(element, "form", f"the form {form} is not among the files")


def _check_links(process: ProcessWords, forms: Mapping[str, Form], findings: Findings) -> None:
    form = forms.get(process.start_form)
    if form is None:
        return
    fields = {field.key for field in form.fields}
    for link in process.links:
        if link not in fields:
            findings.refuse(process.key, "property", f"links: the start form has no field {link}")


def _check_shape(graph: Graph, findings: Findings) -> None:
    ways = _Ways(graph)
    for step in graph.steps:
        _check_flows(step, ways, findings)
        if step.kind == "boundary":
            _check_boundary(step, ways, findings)
        if step.kind == "event-gateway":
            _check_race(step, ways, findings)
    reached = ways.reached(graph.start)
    for step in graph.steps:
        if step.id not in reached and not step.id.endswith((END, SPLIT)):
            findings.refuse(step.id, "unreachable", "no token ever gets here")


class _Ways:
    """The flows of a graph by their ends."""

    def __init__(self, graph: Graph) -> None:
        self.steps = {step.id: step for step in graph.steps}
        self.out: dict[str, list[Flow]] = {step: [] for step in self.steps}
        self.into: dict[str, list[Flow]] = {step: [] for step in self.steps}
        for flow in graph.flows:
            self.out[flow.source].append(flow)
            self.into[flow.target].append(flow)
        self.edges: dict[str, list[str]] = {}
        for step in graph.steps:
            if step.event is not None and step.event.attached_to:
                self.edges.setdefault(step.event.attached_to, []).append(step.id)

    def reached(self, start: str) -> set[str]:
        """Every node that a token can get to."""
        seen: set[str] = set()
        todo = [start]
        while todo:
            here = todo.pop()
            if here not in seen:
                seen.add(here)
                todo += [flow.target for flow in self.out[here]]
                todo += self.edges.get(here, [])
        return seen


def _check_flows(step: Step, ways: _Ways, findings: Findings) -> None:
    into, out = ways.into[step.id], ways.out[step.id]
    if into and step.kind in ("start", "boundary"):
        findings.refuse(step.id, "flow", f"{into[0].id} leads into it, which nothing may")
    if out and step.ends:
        findings.refuse(step.id, "flow", f"{out[0].id} leads out of an end")
    if step.kind in ("parallel", "event-gateway"):
        for flow in out:
            if flow.condition:
                findings.warn(flow.id, "condition", f"not read: {step.id} takes every way")


def _check_boundary(step: Step, ways: _Ways, findings: Findings) -> None:
    host = ways.steps.get((step.event and step.event.attached_to) or "")
    if host is None or host.kind not in ("task", "sub-process"):
        findings.refuse(
            step.id, "boundary", "stands on nothing, or on what carries no boundary events"
        )


def _check_race(step: Step, ways: _Ways, findings: Findings) -> None:
    for flow in ways.out[step.id]:
        if ways.steps[flow.target].kind != "catch":
            findings.refuse(
                step.id, "event-gateway", f"{flow.target} is no event that can be waited for"
            )
        elif len(ways.into[flow.target]) > 1:
            findings.refuse(
                step.id, "event-gateway", f"{flow.target} can be reached in another way as well"
            )
