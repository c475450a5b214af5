"""Time, messages, conditions and escalations."""

from tests.wild.businesses.made import END, ME, START, Business, who
from tests.wild.drawing import drawn, user, way, ways


def outage() -> Business:
    """Two border timers: one reminds beside, one takes the task away."""
    body = (
        START
        + user("solve", who("tech.lead"))
        + '<boundaryEvent id="soon" attachedToRef="solve" cancelActivity="false">'
        "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
        '</boundaryEvent><boundaryEvent id="late" attachedToRef="solve"><timerEventDefinition>'
        "<timeDuration>PT4H</timeDuration></timerEventDefinition></boundaryEvent>"
        + user("look", who("tech.manager"))
        + user("takeOver", who("gm"))
        + '<endEvent id="solved" /><endEvent id="looked" /><endEvent id="taken" />'
        + ways("start > solve > solved", "soon > look > looked", "late > takeOver > taken")
    )
    return Business(
        key="outage",
        files={"outage.bpmn20.xml": drawn(body, "flowable", key="outage")},
        ways={
            "in time": "start; > solve; solve; = solved",
            "slow": "start; wait 90m; > look solve; solve; > look; look; = looked solved",
            "too slow": "start; wait 5h; > look takeOver; takeOver; look; = looked taken",
        },
    )


def offer() -> Business:
    """Whichever comes first: the answer, or the end of patience."""
    body = (
        START
        + user("write", who("office.manager"))
        + '<eventBasedGateway id="first" /><intermediateCatchEvent id="answer">'
        '<messageEventDefinition messageRef="accepted" /></intermediateCatchEvent>'
        '<intermediateCatchEvent id="patience"><timerEventDefinition><timeDuration>P7D'
        "</timeDuration></timerEventDefinition></intermediateCatchEvent>"
        + user("hire", who("office.manager"))
        + '<endEvent id="hired" /><endEvent id="expired" />'
        + ways("start > write > first > answer > hire > hired", "first > patience > expired")
    )
    beside = '<message id="accepted" name="offer accepted" />'
    return Business(
        key="offer",
        files={"offer.bpmn": drawn(body, "camunda", key="offer", beside=beside)},
        ways={
            "accepted": "start; write; >; message offer accepted; > hire; hire; = hired",
            "expired": "start; write; wait 8d; = expired",
        },
    )


def travel() -> Business:
    """An event sub-process: a message calls the whole journey off."""
    body = (
        START
        + user("plan", ME)
        + user("book", who("office.manager"))
        + END
        + ways("start > plan > book > end")
        + '<subProcess id="off" triggeredByEvent="true"><startEvent id="called">'
        '<messageEventDefinition messageRef="calledOff" /></startEvent>'
        + user("refund", who("finance.manager"))
        + '<endEvent id="refunded" />'
        + ways("called > refund > refunded")
        + "</subProcess>"
    )
    beside = '<message id="calledOff" name="called off" />'
    return Business(
        key="travel",
        files={"travel.bpmn": drawn(body, "camunda", key="travel", beside=beside)},
        ways={
            "made": "start; plan; > book; book; = end",
            "called off": "start; plan; message called off; > refund; refund; = refunded",
        },
    )


def publishing() -> Business:
    """Link events instead of a long line."""
    link = '<linkEventDefinition name="to print" />'
    body = (
        START
        + user("write", ME)
        + f'<intermediateThrowEvent id="out">{link}</intermediateThrowEvent>'
        f'<intermediateCatchEvent id="in">{link}</intermediateCatchEvent>'
        + user("print", who("office.manager"))
        + END
        + ways("start > write > out", "in > print > end")
    )
    return Business(
        key="publishing",
        files={"publishing.bpmn": drawn(body, "camunda", key="publishing")},
        ways={
            "once": "start; write; > print; print; = end",
        },
    )


def maintenance() -> Business:
    """A cycle beside the task reminds three times, no more."""
    body = (
        START
        + user("repair", who("tech.lead"))
        + '<boundaryEvent id="again" attachedToRef="repair" cancelActivity="false">'
        "<timerEventDefinition><timeCycle>R3/P1D</timeCycle></timerEventDefinition>"
        "</boundaryEvent>"
        + user("ask", who("tech.manager"))
        + END
        + ways("start > repair > end", "again > ask > end")
    )
    return Business(
        key="maintenance",
        files={"maintenance.bpmn": drawn(body, "operaton", key="maintenance")},
        ways={
            "reminded thrice": (
                "start; wait 25h; > ask repair; wait 24h; > ask ask repair; wait 9d; > ask ask "
                "ask repair; ask; ask; ask; > repair; repair; = end end end end"
            ),
        },
    )


def ticket() -> Business:
    """An escalation out of a sub-process brings somebody in beside it."""
    body = (
        START
        + '<subProcess id="handle"><startEvent id="s" />'
        + user("first", who("service.manager"))
        + '<exclusiveGateway id="hard" default="hard_done" /><intermediateThrowEvent id="up">'
        '<escalationEventDefinition escalationRef="hardCase" /></intermediateThrowEvent>'
        + user("second", who("tech.lead"))
        + '<endEvent id="done" />'
        + ways("s > first > hard > done", "up > second > done")
        + way("hard", "up", "${difficult}")
        + '</subProcess><boundaryEvent id="told" attachedToRef="handle" cancelActivity="false">'
        '<escalationEventDefinition escalationRef="hardCase" /></boundaryEvent>'
        + user("watch", who("tech.manager"))
        + '<endEvent id="closed" /><endEvent id="watched" />'
        + ways("start > handle > closed", "told > watch > watched")
    )
    beside = '<escalation id="hardCase" name="hard" escalationCode="HARD" />'
    return Business(
        key="ticket",
        files={"ticket.bpmn": drawn(body, "camunda", key="ticket", beside=beside)},
        ways={
            "easy": "start; > first; first difficult=false; = closed done",
            "hard": (
                "start; first difficult=true; > second watch; second; > watch; watch; = closed "
                "done watched"
            ),
        },
    )


def lending() -> Business:
    """A condition at the border: as soon as it holds, the task is over."""
    body = (
        START
        + '<parallelGateway id="fork" />'
        + user("lend", who("service.manager"))
        + '<boundaryEvent id="back" attachedToRef="lend"><conditionalEventDefinition>'
        '<condition xsi:type="tFormalExpression">${returned}</condition>'
        "</conditionalEventDefinition></boundaryEvent>"
        + user("receive", who("office.manager"))
        + '<endEvent id="ended" /><endEvent id="noted" /><endEvent id="shelved" />'
        + ways("start > fork > lend > ended", "fork > receive > noted", "back > shelved")
    )
    return Business(
        key="lending",
        files={"lending.bpmn": drawn(body, "camunda", key="lending")},
        ways={
            "returned": (
                "start returned=false; > lend receive; receive returned=true; = noted shelved"
            ),
            "kept": "start returned=false; receive returned=false; > lend; lend; = ended noted",
        },
    )
