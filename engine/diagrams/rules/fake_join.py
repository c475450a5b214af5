"""Where two tokens that go side by side run into one task, it is done twice: flows into a task do
not wait for each other."""

from collections.abc import Iterator

from engine.diagrams.subjects import Built, Finding, Severity
from engine.diagrams.ways import Ways, drawn

NAME = "fake-join"
SEVERITY: Severity = "warn"

FORKS_MAX = 200
"""So many forks of one graph are looked at."""


def check(built: Built) -> Iterator[Finding]:
    """Nodes, no gateways, that two ways out of one parallel split lead to unjoined."""
    for ways in built.ways:
        merges = [
            step.id
            for step in ways.graph.steps
            if len(ways.into[step.id]) > 1
            and step.kind not in ("parallel", "inclusive", "exclusive", "event-gateway")
            and not step.ends
        ]
        forks = [
            step
            for step in ways.graph.steps
            if step.kind == "parallel" and len(ways.out[step.id]) > 1
        ]
        doubled: set[str] = set()
        for fork in forks[:FORKS_MAX] if merges else ():
            reached = [_unjoined(ways, flow.target) for flow in ways.out[fork.id]]
            counts = {node: sum(node in each for each in reached) for node in merges}
            doubled |= {node for node, count in counts.items() if count > 1}
        for node in merges:
            if node in doubled:
                yield Finding(
                    element=drawn(node),
                    message="flows that run side by side meet here without a join, so it is done "
                    "once for each: draw a parallel gateway before it",
                )


def _unjoined(ways: Ways, start: str) -> set[str]:
    """What is reached from there without passing a join."""
    seen: set[str] = set()
    todo = [start]
    while todo:
        here = todo.pop()
        step = ways.steps[here]
        if here in seen or (step.kind in ("parallel", "inclusive") and len(ways.into[here]) > 1):
            continue
        seen.add(here)
        todo += [flow.target for flow in ways.out[here]]
    return seen
