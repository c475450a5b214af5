"""What a modeler's listeners do is code of another system: it is not run here."""

from collections.abc import Iterator

from engine.diagrams import source
from engine.diagrams.subjects import Drawn, Finding, Severity

NAME = "listener"
SEVERITY: Severity = "warn"
CALLED = ("class", "delegateExpression", "expression")


def check(drawn: Drawn) -> Iterator[Finding]:
    """Execution and task listeners, by what they call."""
    for container in drawn.containers:
        named = [(container.id, container.element), *container.nodes.items(), *container.flows]
        for node, each in named:
            for kind in ("executionListener", "taskListener"):
                for listener in source.extensions(each, kind):
                    what = next((v for a in CALLED if (v := listener.get(a, ""))), "a script")
                    yield Finding(
                        element=node,
                        message=f"the {kind} on {listener.get('event') or 'every event'} is not "
                        f"run: {what[:100]}",
                    )
