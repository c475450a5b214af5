"""People read names: of their task, of the question at a gateway, of how a request ended. Without
one they read an id."""

from collections.abc import Iterator

from engine.diagrams import source
from engine.diagrams.subjects import Container, Drawn, Finding, Severity

NAME = "label-required"
SEVERITY: Severity = "warn"


def check(drawn: Drawn) -> Iterator[Finding]:
    """Tasks without a name, decisions with neither question nor answers, nameless results."""
    for container in drawn.containers:
        for node, each in container.of("userTask"):
            if not source.title(each):
                yield Finding(element=node, message="give the task a name: people see its id")
        for node, each in container.of("exclusiveGateway", "inclusiveGateway"):
            ways = container.out[node]
            asked = [flow for flow in ways if container.is_conditional(flow)]
            answered = all(source.title(container.flow[flow]) for flow in asked)
            if len(ways) > 1 and asked and not answered and not source.title(each):
                yield Finding(
                    element=node, message="give the gateway a question, or its ways their answers"
                )
    yield from _results(drawn.containers[0])


def _results(process: Container) -> Iterator[Finding]:
    """Of several ends, those that the main way reaches and that say nothing of the outcome."""
    main = _main_way(process)
    ends = [(node, each) for node, each in process.of("endEvent") if node in main]
    for node, each in ends if len(ends) > 1 else ():
        said = source.properties(each)
        if not source.title(each) and not (said.get("outcome") or said.get("status")):
            yield Finding(element=node, message="give the end a name: it is the request's outcome")


def _main_way(process: Container) -> set[str]:
    """What can be reached without an event that only adds something beside the activity."""
    on_edge: dict[str, list[str]] = {}
    for node, each in process.of("boundaryEvent"):
        if each.get("cancelActivity") != "false":
            on_edge.setdefault(each.get("attachedToRef", ""), []).append(node)
    seen: set[str] = set()
    todo = [node for node, _ in process.of("startEvent")]
    while todo:
        here = todo.pop()
        if here not in seen:
            seen.add(here)
            todo += [process.flow[f].get("targetRef", "") for f in process.out.get(here, ())]
            todo += on_edge.get(here, ())
    return seen
