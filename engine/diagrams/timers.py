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
_STEP = re.compile(r"(?:\d{1,2}|\*)/([1-9]\d?)")
_PLAIN = re.compile(r"[0-5]?\d")
_HOUR = re.compile(r"[01]?\d|2[0-3]")
_ANY = frozenset({"*", "?"})
_WORKDAYS = frozenset({"MON-FRI", "1-5", "2-6"})
_CALENDAR = "timer.calendar"


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
    if kind == "date" and text.startswith("P"):
        kind = "duration"  # as Camunda takes it: so long from now
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
        "calendar": properties.choice(_CALENDAR, Literal["working", "elapsed"], "elapsed"),
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
    """A cron text as a cycle, where one means the same; `values` gets what goes with it.

    Every so many seconds, minutes or hours, or daily at a time (`timer.at`); for Monday to Friday
    we take working days.
    """
    fields = text.split()
    if len(fields) == 5:
        fields = ["0", *fields]
    second, minute, hour, day, month, weekday, *year = fields
    any_day = day in _ANY and month == "*" and year in ([], ["*"])
    found = ""
    if any_day and weekday in _ANY:
        found = _every(second, minute, hour)
    if not found and any_day and weekday in _ANY | _WORKDAYS:
        found = _daily(minute, hour, values)
        if found and weekday in _WORKDAYS:
            values[_CALENDAR] = "working"
    if not found:
        message = (
            f"the cron text {text!r} is not read: write the cycle as R/PT5M (every five minutes), "
            "or R/P1D with the property timer.at = 08:00"
        )
        findings.refuse(node, "timer", message)
        return None
    findings.warn(node, "timer", f"the cron text {text!r} is read as the cycle {found}")
    return found


def _every(second: str, minute: str, hour: str) -> str:
    """The cycle of a cron text that says how often only; "" where it says more."""
    units = {"S": second, "M": minute, "H": hour}
    for unit, following in (("S", "MH"), ("M", "H"), ("H", "")):
        if any(units[each] != "*" for each in following):
            continue
        step = _STEP.fullmatch(units[unit])
        before = [units[each] for each in "SMH"[: "SMH".index(unit)]]
        if all(_PLAIN.fullmatch(each) for each in before):
            if step:
                return f"R/PT{step[1]}{unit}"
            if units[unit] == "*" and unit != "S":
                return f"R/PT1{unit}"
    return ""


def _daily(minute: str, hour: str, values: dict[str, str]) -> str:
    if not (_PLAIN.fullmatch(minute) and _HOUR.fullmatch(hour)):
        return ""
    values["timer.at"] = f"{int(hour):02}:{int(minute):02}"
    return "R/P1D"
