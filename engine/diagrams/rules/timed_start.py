"""What begins at a time, or by a condition, begins by itself only on somebody's behalf: a timer's
`start.as` names whose."""

from collections.abc import Iterator

from engine.diagrams.subjects import Built, Finding, Severity

NAME = "timed-start"
SEVERITY: Severity = "warn"


def check(built: Built) -> Iterator[Finding]:
    """Timer starts without a requester, and conditions."""
    for node, event in built.process.starts.items():
        if event.kind == "timer" and not event.properties.get("start.as", "").strip():
            yield Finding(
                element=node,
                message="nothing begins at this time: the property start.as names the person"
                " on whose behalf; without it a person begins the request",
            )
        elif event.kind == "condition":
            yield Finding(
                element=node,
                message="no condition begins a request: a person does, a message or a time",
            )
