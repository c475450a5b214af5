"""Timer events: when, how often, by which calendar."""

import re
from collections.abc import Mapping
from typing import Literal

from engine.diagrams import source
from engine.diagrams.findings import Findings
from engine.diagrams.properties import Properties
from engine.diagrams.source import Element
from engine.diagrams.texts import is_expression
from engine.diagrams.words import EventWords, NodeId

TIMERS: Mapping[str, Literal["date", "duration", "cycle"]] = {
    "timeDate": "date",
    "timeDuration": "duration",
    "timeCycle": "cycle",
}
_CRON = re.compile(r"\S+(\s+\S+){4,6}")
_EVERY = re.compile(
    r"(?:0 )?(?:(?:0|\*)/(?P<minutes>\d{1,2}) \*|0 (?:0|\*)/(?P<hours>\d{1,2})) [*?] \* [*?]( \*)?"
)
_DAILY = re.compile(
    r"(?:0 )?(?P<minute>[0-5]?\d) (?P<hour>[01]?\d|2[0-3]) "
    r"(?:\* \* [*?]|\? \* \*|[*?] \* (?P<work>MON-FRI|1-5|2-6))(?: \*)?"
)
"""A text of five fields begins with the minutes, one of six or seven with the seconds."""


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
    values = dict(common.properties)
    if kind == "cycle" and _CRON.fullmatch(text) and not is_expression(text):
        found = _cycle_of(text, common.id, values, findings)
        if found is None:
            return None
        text = found
    if kind == "cycle" and not _repeats(element, common):
        findings.warn(common.id, "timer", "a cycle fires once here, the first time")
    findings.template(common.id, "timer", text)
    properties = Properties(common.id, values, findings)
    _check_times(properties)
    return {
        "timer": kind,
        "expression": text,
        "calendar": properties.choice("timer.calendar", Literal["working", "elapsed"], "elapsed"),
        "properties": values,
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


def _cycle_of(text: str, node: NodeId, values: dict[str, str], findings: Findings) -> str | None:
    """A cron text as a cycle: every so many minutes or hours, or daily at a time (`timer.at`); for
    Monday to Friday we take working days."""
    plain = " ".join(text.split())
    every, daily = _EVERY.fullmatch(plain), _DAILY.fullmatch(plain)
    if every and int(every["minutes"] or every["hours"]):
        found = f"R/PT{every['minutes']}M" if every["minutes"] else f"R/PT{every['hours']}H"
    elif daily:
        values["timer.at"] = f"{int(daily['hour']):02}:{int(daily['minute']):02}"
        if daily["work"]:
            values["timer.calendar"] = "working"
        found = "R/P1D"
    else:
        message = (
            f"the cron text {text!r} is not read: write the cycle as R/PT5M (every five minutes), "
            "or R/P1D with the property timer.at = 08:00"
        )
        findings.refuse(node, "timer", message)
        return None
    findings.warn(node, "timer", f"the cron text {text!r} is read as the cycle {found}")
    return found
