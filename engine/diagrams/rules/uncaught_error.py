"""An error that nothing catches leaves the request standing with an incident."""

from collections.abc import Iterator

from engine.diagrams.subjects import Built, Finding, Severity
from engine.tokens import Graph

NAME = "uncaught-error"
SEVERITY: Severity = "warn"


def check(built: Built) -> Iterator[Finding]:
    """Errors thrown where no event around them catches their code."""
    yield from _uncaught(built.graph, ())


def _uncaught(graph: Graph, around: tuple[str, ...]) -> Iterator[Finding]:
    events = [step.event for step in graph.steps if step.event is not None]
    inside = [
        each.event
        for step in graph.steps
        if step.kind == "event-sub-process" and step.inner is not None
        for each in (step, *step.inner.steps)
        if each.event is not None and each.kind in ("event-sub-process", "start")
    ]
    here = (*around, *(e.code for e in inside if e.kind == "error"))
    for step in graph.steps:
        if step.kind == "raise" and step.event is not None and step.event.kind == "error":
            code = step.event.code
            if not {"", code} & set(here):
                yield Finding(
                    element=step.id,
                    message=f"nothing in the diagram catches the error {code!r}: an incident, "
                    "unless whoever calls the process catches it",
                )
        if step.inner is not None:
            edge = [e.code for e in events if e.attached_to == step.id and e.kind == "error"]
            yield from _uncaught(step.inner, (*here, *edge))
