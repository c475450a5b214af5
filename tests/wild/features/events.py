"""One diagram for every kind of event in every position that it can have."""

from collections.abc import Iterator

from tests.wild.drawing import around, user, ways

BESIDE = (
    '<message id="m_paid" name="paid" /><message id="m_second" name="second" />'
    '<signal id="s_alarm" name="alarm" />'
    '<error id="e_broken" name="broken" errorCode="E1" />'
    '<escalation id="c_late" name="late" escalationCode="C1" />'
)
"""What event definitions refer to."""

TRIGGERS = {
    "timer": "<timerEventDefinition><timeDuration>PT10M</timeDuration></timerEventDefinition>",
    "timer-date": (
        '<timerEventDefinition id="td"><timeDate xsi:type="tFormalExpression">'
        "2026-12-24T18:00:00+08:00</timeDate></timerEventDefinition>"
    ),
    "timer-expression": (
        "<timerEventDefinition><timeDuration>${wait}</timeDuration></timerEventDefinition>"
    ),
    "timer-cycle": ("<timerEventDefinition><timeCycle>R3/PT1H</timeCycle></timerEventDefinition>"),
    "message": '<messageEventDefinition id="md" messageRef="m_paid" />',
    "signal": '<signalEventDefinition signalRef="s_alarm" />',
    "error": '<errorEventDefinition errorRef="e_broken" />',
    "error-any": "<errorEventDefinition />",
    "escalation": '<escalationEventDefinition escalationRef="c_late" />',
    "escalation-any": "<escalationEventDefinition />",
    "condition": (
        '<conditionalEventDefinition><condition xsi:type="tFormalExpression">${stop}</condition>'
        "</conditionalEventDefinition>"
    ),
}
WAITS = ("timer", "timer-date", "timer-expression", "message", "signal", "condition")
INTERRUPTS = (*WAITS, "error", "error-any", "escalation", "escalation-any")
GOES_BESIDE = (*WAITS, "timer-cycle", "escalation", "escalation-any")
THROWS = ("message", "signal", "escalation")
STARTS = ("timer", "timer-cycle", "message", "signal", "condition")


def events() -> Iterator[tuple[str, str]]:
    """A name and a body for each event in each position."""
    yield from _in_the_way()
    yield from _at_the_border()
    yield from _beside()
    yield from _ends()
    yield from _starts()


def _in_the_way() -> Iterator[tuple[str, str]]:
    for kind in WAITS:
        event = f'<intermediateCatchEvent id="wait">{TRIGGERS[kind]}</intermediateCatchEvent>'
        yield f"catch {kind}", around(event + user("then"), "wait", "then")
    yield "throw nothing", around('<intermediateThrowEvent id="say" name="half way" />', "say")
    for kind in THROWS:
        event = f'<intermediateThrowEvent id="say">{TRIGGERS[kind]}</intermediateThrowEvent>'
        yield f"throw {kind}", around(event + user("then"), "say", "then")
    link = '<linkEventDefinition name="over there" />'
    yield (
        "link",
        '<startEvent id="start" />'
        + user("first")
        + f'<intermediateThrowEvent id="jump">{link}</intermediateThrowEvent>'
        + f'<intermediateCatchEvent id="land">{link}</intermediateCatchEvent>'
        + user("then")
        + '<endEvent id="end" />'
        + ways("start > first > jump", "land > then > end"),
    )
    yield "wait for the first of several", _race()


def _race() -> str:
    waits = "".join(
        f'<intermediateCatchEvent id="on_{kind}">{TRIGGERS[kind]}</intermediateCatchEvent>'
        for kind in ("timer", "message", "signal", "condition")
    )
    return (
        '<startEvent id="start" /><eventBasedGateway id="race" />'
        + waits
        + '<receiveTask id="receive" messageRef="m_second" />'
        + user("then")
        + '<endEvent id="end" />'
        + ways("start > race", "then > end", "race > receive > then")
        + "".join(
            ways(f"race > on_{kind} > then") for kind in ("timer", "message", "signal", "condition")
        )
    )


def _raiser(kind: str) -> str:
    """What within an activity makes its border event of this kind happen by itself."""
    if kind.startswith("error"):
        return '<endEvent id="raise"><errorEventDefinition errorRef="e_broken" /></endEvent>'
    if kind.startswith("escalation"):
        return (
            '<endEvent id="raise"><escalationEventDefinition escalationRef="c_late" /></endEvent>'
        )
    return '<endEvent id="raise" />'


def _at_the_border() -> Iterator[tuple[str, str]]:
    for stops, kinds in ((True, INTERRUPTS), (False, GOES_BESIDE)):
        for kind in kinds:
            how = "interrupts" if stops else "goes beside"
            cancel = "" if stops else ' cancelActivity="false"'
            event = (
                f'<boundaryEvent id="border" attachedToRef="host"{cancel}>{TRIGGERS[kind]}'
                '</boundaryEvent><endEvent id="other_end" />' + user("other")
            )
            rest = event + ways("border > other > other_end")
            yield f"{kind} {how} a task", around(user("host") + rest, "host")
            inner = (
                '<subProcess id="host"><startEvent id="in_start" />'
                + user("inside")
                + _raiser(kind)
                + ways("in_start > inside > raise")
                + "</subProcess>"
            )
            yield f"{kind} {how} a sub-process", around(inner + rest, "host")


def _beside() -> Iterator[tuple[str, str]]:
    for stops, kinds in ((True, INTERRUPTS), (False, GOES_BESIDE)):
        for kind in kinds:
            how = "takes over" if stops else "runs beside"
            flag = "" if stops else ' isInterrupting="false"'
            handler = (
                '<subProcess id="handler" triggeredByEvent="true">'
                f'<startEvent id="on"{flag}>{TRIGGERS[kind]}</startEvent>'
                + user("handle")
                + '<endEvent id="handled" />'
                + ways("on > handle > handled")
                + "</subProcess>"
            )
            yield f"{kind} {how} (process)", around(user("work") + handler, "work")
            inner = (
                '<subProcess id="host"><startEvent id="in_start" />'
                + user("inside")
                + _raiser(kind)
                + ways("in_start > inside > raise")
                + handler
                + "</subProcess>"
            )
            yield f"{kind} {how} (sub-process)", around(inner + user("then"), "host", "then")


def _ends() -> Iterator[tuple[str, str]]:
    for kind in (*THROWS, "error"):
        yield (
            f"end {kind}",
            '<startEvent id="start" />'
            + user("first")
            + f'<endEvent id="end">{TRIGGERS[kind]}</endEvent>'
            + ways("start > first > end"),
        )
    yield (
        "end terminate",
        '<startEvent id="start" /><parallelGateway id="fork" />'
        + user("first")
        + user("second")
        + '<endEvent id="end"><terminateEventDefinition /></endEvent><endEvent id="plain" />'
        + ways("start > fork > first > end", "fork > second > plain"),
    )


def _starts() -> Iterator[tuple[str, str]]:
    for kind in STARTS:
        event = f'<startEvent id="by_{kind}">{TRIGGERS[kind]}</startEvent>'
        body = event + user("first") + '<endEvent id="end" />' + ways(f"by_{kind} > first > end")
        yield f"start {kind}", body
        yield (
            f"start {kind} or a person",
            '<startEvent id="start" />' + ways("start > first") + body,
        )
