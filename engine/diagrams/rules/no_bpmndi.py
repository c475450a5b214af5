"""What the drawing leaves out, its author cannot see. (A diagram without any drawing is laid out
anew.)"""

from collections.abc import Iterator

from engine.diagrams.subjects import Drawn, Finding, Severity

NAME = "no-bpmndi"
SEVERITY: Severity = "warn"

DI = "http://www.omg.org/spec/BPMN/20100524/DI"


def check(drawn: Drawn) -> Iterator[Finding]:
    """Nodes that a drawing does not show, although it shows others."""
    shown = {each.get("bpmnElement", "") for each in drawn.root.iter(f"{{{DI}}}BPMNShape")}
    if not any(node in shown for each in drawn.containers for node in each.nodes):
        return
    for container in drawn.containers:
        for node in container.nodes:
            if node not in shown:
                yield Finding(
                    element=node, message="is not drawn: look whether it was left over, or draw it"
                )
