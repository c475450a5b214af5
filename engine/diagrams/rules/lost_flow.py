"""A way that just stops, beside an end that nothing reaches: in a process written for here (with
properties or actions of ours) the flow between them was lost, and what was meant to follow (a
status, an outcome, copies) would not happen."""

from collections.abc import Iterator

from engine.diagrams import source
from engine.diagrams.rules import no_implicit_end
from engine.diagrams.services import OWN
from engine.diagrams.source import Element
from engine.diagrams.subjects import Drawn, Finding, Severity
from engine.diagrams.tasks import OURS as task_words

NAME = "lost-flow"
SEVERITY: Severity = "refuse"
OURS = frozenset({*task_words, "outcome", "rounds", "status", "withdraw"})


def check(drawn: Drawn) -> Iterator[Finding]:
    """End events that nothing leads to, in a process or sub-process where a way stops."""
    if not any(map(_is_ours, drawn.process.iter(f"{{{source.BPMN}}}*"))):
        return
    stops = {finding.element for finding in no_implicit_end.check(drawn)}
    for container in drawn.containers:
        lost = sorted(
            node
            for node in stops & container.nodes.keys()
            if container.into[node] or source.local(container.nodes[node]) == "boundaryEvent"
        )
        for end, _ in container.of("endEvent"):
            if lost and not container.into[end]:
                message = f"leads nowhere, while nothing leads to the end {end}: draw the flow, "
                yield Finding(element=lost[0], message=message + "or remove the end")


def _is_ours(element: Element) -> bool:
    words = {name.partition(".")[0] for name in source.properties(element)}
    return not words.isdisjoint(OURS) or source.attribute(element, "topic").startswith(OWN)
