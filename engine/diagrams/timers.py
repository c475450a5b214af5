"""Timer events: when, how often, by which calendar."""

import re
from collections.abc import Mapping
from typing import Literal

from engine.diagrams import source
from engine.diagrams.findings import Findings
from engine.diagrams.properties import Properties
from engine.diagrams.source import Element
from engine.diagrams.words import EventWords

TIMERS: Mapping[str, Literal["date", "duration", "cycle"]] = {
    "timeDate": "date",
    "timeDuration": "duration",
    "timeCycle": "cycle",
}


def read_timer(
    element: Element,
    definition: Element,
    common: EventWords,
    findings: Findings,
) -> dict[str, object] | None:
    """What a timer event's definition adds to the words that every event has; None after saying
    why it is none."""
    texts = [(kind, source.text(source.child(definition, tag))) for tag, kind in TIMERS.items()]
    given = [(kind, text) for kind, text in texts if text]
    if len(given) != 1:
        findings.refuse(
            common.id, "event", "a timer needs a date, a duration or a cycle: one of them"
        )
        return None
    kind, text = given[0]
    values = common.properties
    if kind == "date" and text.startswith("P"):
        kind = "duration"  # as Camunda takes it: so long from now
    if kind == "cycle" and not _repeats(element, common):
        findings.warn(common.id, "timer", "a cycle fires once here, the first time")
    findings.template(common.id, "timer", text)
    properties = Properties(common.id, values, findings)
    _check_times(properties)
    return {
        "timer": kind,
        "expression": text,
        "calendar": properties.choice("timer.calendar", Literal["working", "elapsed"], "elapsed"),
    }


def _repeats(element: Element, common: EventWords) -> bool:
    """Whether the event can happen again while it watches."""
    if source.local(element) == "boundaryEvent":
        return not common.interrupting
    return source.local(element) == "startEvent"


def _check_times(properties: Properties) -> None:
    """`timer.from`: when a cycle begins. `timer.at`: the time of day."""
    properties.expression("timer.from")
    at = properties.text("timer.at")
    if at and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", at):
        properties.refuse("timer.at", "a time of day, as 17:00")
