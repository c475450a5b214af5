"""What BPMN says and engines often get wrong, one diagram and one way each."""

from tests.wild.businesses.made import END, START, Business
from tests.wild.drawing import drawn, user, way, ways
from tests.wild.features.events import BESIDE, TRIGGERS

FORK = '<parallelGateway id="fork" />'
JOIN = '<parallelGateway id="join" />'


def sub(id: str, inner: str, attributes: str = "", beside: str = "") -> str:
    """A sub-process with a start `s_id`, and whatever stands in it."""
    return (
        f'<subProcess id="{id}"{attributes}>{beside}<startEvent id="s_{id}" />{inner}</subProcess>'
    )


def border(id: str, host: str, kind: str, stops: bool = True) -> str:
    """An event at the border of an activity."""
    flag = "" if stops else ' cancelActivity="false"'
    return f'<boundaryEvent id="{id}" attachedToRef="{host}"{flag}>{TRIGGERS[kind]}</boundaryEvent>'


def end(id: str, kind: str = "") -> str:
    """An end event."""
    return f'<endEvent id="{id}">{TRIGGERS[kind] if kind else ""}</endEvent>'


EACH = '<multiInstanceLoopCharacteristics v:collection="${people}" v:elementVariable="person" />'
TOLD = {
    "the first way that holds is taken": (
        START
        + '<exclusiveGateway id="g" />'
        + user("b")
        + user("a")
        + END
        + way("g", "a", "${x > 1}")
        + way("g", "b", "${x > 0}")
        + ways("start > g", "a > end", "b > end"),
        "start x=5; > a; a; = end",
    ),
    "a sub-process that is interrupted is gone": (
        START
        + sub(
            "s",
            FORK
            + user("a")
            + user("b")
            + end("e1")
            + end("e2")
            + ways("s_s > fork > a > e1", "fork > b > e2"),
        )
        + border("late", "s", "timer")
        + user("after")
        + END
        + ways("start > s > end", "late > after > end"),
        "start; a; > b; wait 11m; > after; after; = e1 end",
    ),
    "terminate ends its own sub-process only": (
        START
        + sub(
            "s",
            FORK
            + user("a")
            + user("b")
            + end("e1")
            + '<endEvent id="stop"><terminateEventDefinition /></endEvent>'
            + ways("s_s > fork > a > stop", "fork > b > e1"),
        )
        + user("after")
        + END
        + ways("start > s > after > end"),
        "start; > a b; a; > after; after; = end stop",
    ),
    "each instance has its own element": (
        START
        + sub("s", user("a", 'v:assignee="${person}"') + end("e") + ways("s_s > a > e"), "", EACH)
        + END
        + ways("start > s > end"),
        'start people=["gm","tech.lead"]; has a gm tech.lead; a; a; = e e end; lacks person',
    ),
    "whichever comes first takes away the others": (
        START
        + '<eventBasedGateway id="g" />'
        + f'<intermediateCatchEvent id="m">{TRIGGERS["message"]}</intermediateCatchEvent>'
        + f'<intermediateCatchEvent id="t">{TRIGGERS["timer"]}</intermediateCatchEvent>'
        + user("a")
        + user("b")
        + END
        + ways("start > g > m > a > end", "g > t > b > end"),
        "start; message paid; > a; wait 2h; > a; a; = end",
    ),
    "an error is caught by the nearest": (
        START
        + sub(
            "out",
            sub("in", end("boom", "error") + ways("s_in > boom"))
            + border("near", "in", "error")
            + user("a")
            + end("e")
            + ways("s_out > in > e", "near > a > e"),
        )
        + border("far", "out", "error-any")
        + user("b")
        + END
        + ways("start > out > end", "far > b > end"),
        "start; > a; a; = boom e end",
    ),
    "an error goes through what does not catch it": (
        START
        + sub(
            "out",
            sub("in", end("boom", "error") + ways("s_in > boom"))
            + end("e")
            + ways("s_out > in > e"),
        )
        + border("far", "out", "error-any")
        + user("b")
        + END
        + ways("start > out > end", "far > b > end"),
        "start; > b; b; = boom end",
    ),
    "an error that nothing catches is an incident": (
        START + user("a") + end("boom", "error") + ways("start > a > boom"),
        "start; a; incident error",
    ),
    "an escalation that nothing catches goes on": (
        START
        + f'<intermediateThrowEvent id="up">{TRIGGERS["escalation"]}</intermediateThrowEvent>'
        + user("a")
        + END
        + ways("start > up > a > end"),
        "start; > a; a; = end",
    ),
    "an event sub-process beside may run again and again": (
        START
        + user("a")
        + '<subProcess id="h" triggeredByEvent="true"><startEvent id="on" isInterrupting="false">'
        + f"{TRIGGERS['message']}</startEvent>"
        + user("b")
        + end("e")
        + ways("on > b > e")
        + "</subProcess>"
        + END
        + ways("start > a > end"),
        "start; message paid; message paid; > a b b; b; b; a; = e e end",
    ),
    "a signal reaches the other branch": (
        START
        + FORK
        + JOIN
        + f'<intermediateCatchEvent id="w">{TRIGGERS["signal"]}</intermediateCatchEvent>'
        + user("a")
        + f'<intermediateThrowEvent id="say">{TRIGGERS["signal"]}</intermediateThrowEvent>'
        + END
        + ways("start > fork > w > join > end", "fork > a > say > join"),
        "start; > a; a; = end",
    ),
    "a join in a loop counts each round anew": (
        START
        + '<exclusiveGateway id="m" /><exclusiveGateway id="q" default="q_end" />'
        + FORK
        + JOIN
        + user("a")
        + user("b")
        + END
        + ways("start > m > fork > a > join > q > end", "fork > b > join")
        + way("q", "m", "${again}"),
        "start; a again=true; > b; b again=true; > a b; b again=false; > a; a again=false; = end",
    ),
    "an inclusive join waits for what may still come": (
        START
        + '<inclusiveGateway id="g" default="g_c" /><inclusiveGateway id="j" />'
        + user("a")
        + user("b")
        + user("c")
        + user("d")
        + END
        + way("g", "a", "${x > 1}")
        + way("g", "b", "${x > 2}")
        + ways("g > c", "start > g", "a > d > j > end", "b > j", "c > j"),
        "start x=3; > a b; b; > a; a; > d; d; = end",
    ),
    "a cycle at the border ends with its task": (
        START
        + user("a")
        + border("again", "a", "timer-cycle", stops=False)
        + user("b")
        + END
        + ways("start > a > end", "again > b > end"),
        "start; wait 61m; > a b; a; b; wait 5h; = end end",
    ),
    "a called process keeps its variables to itself": (
        START
        + '<callActivity id="c" calledElement="child" />'
        + user("b")
        + END
        + ways("start > c > b > end"),
        "start secret=1; inner own=2; > b; lacks own; b; = end",
    ),
    "a loop goes on while its condition holds": (
        START
        + user(
            "a",
            'v:assignee="gm"',
            "<standardLoopCharacteristics><loopCondition>${more}</loopCondition>"
            "</standardLoopCharacteristics>",
        )
        + END
        + ways("start > a > end"),
        "start; a more=true; > a; a more=false; = end",
    ),
}


def semantics() -> list[Business]:
    """A business of one diagram for each."""
    child = START + user("inner") + END + ways("start > inner > end")
    return [
        Business(
            key=name,
            files={"p.bpmn": drawn(body, "camunda", beside=BESIDE)},
            beside=({"child.bpmn": drawn(child, "camunda", key="child")},),
            ways={"as BPMN says": way},
        )
        for name, (body, way) in TOLD.items()
    ]
