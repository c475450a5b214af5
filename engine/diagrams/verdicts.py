"""V3 and V7: where an approval leads when it is not approved."""

from collections.abc import Iterable, Mapping, Sequence

from engine.diagrams.findings import Findings
from engine.diagrams.words import NodeId, NodeWords
from engine.expressions import ExpressionError, compile_template
from engine.tokens import Flow, Graph, Step

THROUGH = frozenset({"exclusive", "inclusive", "parallel", "pass"})
"""What lies between a node and its way on without stopping it."""


def check_verdicts(graph: Graph, nodes: Mapping[NodeId, NodeWords], findings: Findings) -> None:
    """Say which approvals of this graph have no way on for a rejection, or for nobody's."""
    steps = {step.id: step for step in graph.steps}
    leaving: dict[str, list[Flow]] = {}
    for flow in graph.flows:
        leaving.setdefault(flow.source, []).append(flow)
    for step in graph.steps:
        if step.kind == "task":
            node = nodes[NodeId(step.id)]
            if node.approval is not None:
                _check(node, _conditions(step.id, steps, leaving), findings)


def _conditions(
    node: str, steps: Mapping[str, Step], leaving: Mapping[str, Sequence[Flow]]
) -> list[str]:
    """Those on the flows out of a node, and of the gateways that it leads to."""
    found: list[str] = []
    seen: set[str] = set()
    todo = [node]
    while todo:
        here = todo.pop()
        if here in seen:
            continue
        seen.add(here)
        for flow in leaving.get(here, ()):
            if flow.condition:
                found.append(flow.condition)
            if steps[flow.target].kind in THROUGH:
                todo.append(flow.target)
    return found


def _check(node: NodeWords, conditions: Iterable[str], findings: Findings) -> None:
    about = [each for each in conditions if node.verdict in _reads(each)]
    if not about and not node.on_rejected:
        findings.refuse(
            node.id,
            "V3",
            "no way on for a rejection: neither approval.onRejected nor a condition that reads "
            f"{node.verdict}",
        )
    if node.empty == "skip" and not any("skipped" in each for each in about):
        findings.refuse(
            node.id,
            "V7",
            f"approval.empty is skip, but no condition says what {node.verdict} = 'skipped' does",
        )


def _reads(condition: str) -> frozenset[str]:
    try:
        return compile_template(condition).reads
    except ExpressionError:  # said already, where the flow was read
        return frozenset()
