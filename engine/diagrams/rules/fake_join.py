"""Where two tokens that go side by side run into one task, it is done twice: flows into a task do
not wait for each other."""

from collections.abc import Iterator, Sequence

from engine.diagrams.subjects import Built, Finding, Severity
from engine.diagrams.ways import Ways, drawn
from engine.tokens import Step

NAME = "fake-join"
SEVERITY: Severity = "warn"

WORK_MAX = 400_000
"""So many flows are followed; then the search ends."""


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
        doubled = _doubled(ways, forks, frozenset(merges)) if merges else frozenset()
        for node in merges:
            if node in doubled:
                yield Finding(
                    element=drawn(node),
                    message="flows that run side by side meet here without a join, so it is done "
                    "once for each: draw a parallel gateway before it",
                )


def _doubled(ways: Ways, forks: Sequence[Step], merges: frozenset[str]) -> frozenset[str]:
    """The merges to which two ways out of one fork lead."""
    reached: dict[str, frozenset[str]] = {}
    doubled: set[str] = set()
    work = 0
    for fork in forks:
        once: set[str] = set()
        for target in dict.fromkeys(flow.target for flow in ways.out[fork.id]):
            if target not in reached:
                seen, followed = _unjoined(ways, target)
                work += followed
                reached[target] = merges & seen
            doubled |= once & reached[target]
            once |= reached[target]
        if work > WORK_MAX:
            break
    return frozenset(doubled)


def _unjoined(ways: Ways, start: str) -> tuple[set[str], int]:
    """What is reached from there without passing a join; how many flows were followed."""
    seen: set[str] = set()
    todo = [start]
    followed = 0
    while todo:
        here = todo.pop()
        step = ways.steps[here]
        if here in seen or (step.kind in ("parallel", "inclusive") and len(ways.into[here]) > 1):
            continue
        seen.add(here)
        followed += len(ways.out[here])
        todo += [flow.target for flow in ways.out[here]]
    return seen, followed
