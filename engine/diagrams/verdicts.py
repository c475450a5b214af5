"""V3 and V7: where an approval leads when it is not approved."""

from collections.abc import Iterator

from engine.diagrams.subjects import Built
from engine.diagrams.ways import Ways, template
from engine.diagrams.words import NodeId, NodeWords

THROUGH = frozenset({"exclusive", "inclusive", "parallel", "pass"})
"""What lies between a node and its way on without stopping it."""


def approvals(built: Built) -> Iterator[tuple[NodeWords, list[str]]]:
    """Every approval, with the conditions on its way on that read its verdict."""
    for ways in built.ways:
        for step in ways.graph.steps:
            node = built.words.nodes.get(NodeId(step.id)) if step.kind == "task" else None
            if node is not None and node.approval is not None:
                about = [each for each in following(step.id, ways) if node.verdict in _reads(each)]
                yield node, about


def following(node: str, ways: Ways) -> list[str]:
    """The conditions on the flows out of a node, and of the gateways that it leads to."""
    found: list[str] = []
    seen: set[str] = set()
    todo = [node]
    while todo:
        here = todo.pop()
        if here in seen:
            continue
        seen.add(here)
        for flow in ways.out.get(here, ()):
            if flow.condition:
                found.append(flow.condition)
            if ways.steps[flow.target].kind in THROUGH:
                todo.append(flow.target)
    return found


def _reads(condition: str) -> frozenset[str]:
    found = template(condition)
    return found.reads if found is not None else frozenset()
