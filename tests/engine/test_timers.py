"""Timers: how often a cycle strikes, where timers stand, and those that can't be made out."""

from datetime import timedelta

from engine.case import Actor
from engine.commands.complete import Complete
from engine.commands.fire import FireTimer
from engine.commands.retry import Retry
from engine.ids import PersonId, RequestId
from tests.engine.live import START as NOW
from tests.engine.live import Engine, chain, process, task

START = '<bpmn:startEvent id="s"/>'
END = '<bpmn:endEvent id="e"/>'
ADMIN = Actor(id=PersonId("admin"), override=True)


def timer(kind: str, text: str) -> str:
    return (
        f'<bpmn:timerEventDefinition><bpmn:{kind} xsi:type="bpmn:tFormalExpression">{text}'
        f"</bpmn:{kind}></bpmn:timerEventDefinition>"
    )


def boundary(kind: str, text: str, *, stays: bool, id: str = "late", on: str = "work") -> str:
    more = ' cancelActivity="false"' if stays else ""
    return (
        f'<bpmn:boundaryEvent id="{id}" attachedToRef="{on}"{more}>{timer(kind, text)}'
        "</bpmn:boundaryEvent>"
    )


def watched(kind: str, text: str, *, stays: bool = True) -> Engine:
    """Work, with a timer on its edge that leads to a look."""
    return Engine(
        process(
            "p",
            START,
            task("work", assignee="tech.lead"),
            boundary(kind, text, stays=stays),
            task("look", assignee="gm"),
            END,
            chain("s", "work", "e"),
            chain("late", "look", "e"),
        )
    )


def looks(engine: Engine, request: RequestId) -> int:
    return sum(slot.node == "look" for slot in engine.uow.slots(request))


def test_a_cycle_of_three_strikes_exactly_three_times() -> None:
    engine = watched("timeCycle", "R3/P3D")
    request = engine.submit("p", "card.officer")
    counts = []
    for day in range(1, 22):
        engine.turn(NOW + timedelta(days=day, hours=1))
        counts.append(looks(engine, request))
    assert [day for day in range(1, 21) if counts[day] > counts[day - 1]] == [2, 5, 8]
    assert counts[-1] == 3
    assert engine.uow.timers(request) == []
    assert engine.open(request)["work"] == ["tech.lead"]
    assert engine.replayed(request) is None


def test_reminders_of_a_desk_come_exactly_as_often_as_it_says() -> None:
    work = task("work", assignee="tech.lead", deadline__remind="R3/P3D",
                deadline__calendar="elapsed")  # fmt: skip
    engine = Engine(process("p", START, work, END, chain("s", "work", "e")))
    request = engine.submit("p", "card.officer")
    engine.turn(NOW + timedelta(days=40))
    assert len([n for n in engine.uow.notices if n.kind == "reminder"]) == 3
    assert engine.uow.timers(request) == []
    assert engine.replayed(request) is None


def test_strikes_that_were_missed_come_as_one_and_count_as_one() -> None:
    engine = watched("timeCycle", "R3/P1D")
    request = engine.submit("p", "card.officer")
    (armed,) = engine.uow.timers(request)
    assert (armed.left, armed.every) == (3, "P1D")
    engine.now = NOW + timedelta(days=30)
    engine.do(FireTimer(request=request, timer=armed.key, due=armed.due))
    assert looks(engine, request) == 1
    (again,) = engine.uow.timers(request)
    assert again.left == 2
    assert timedelta(0) < again.due - engine.now <= timedelta(days=1)
    assert engine.replayed(request) is None


def test_a_cycle_that_interrupts_strikes_once() -> None:
    engine = watched("timeCycle", "R5/PT1H", stays=False)
    request = engine.submit("p", "card.officer")
    engine.turn(NOW + timedelta(days=3))
    assert engine.open(request) == {"look": ["gm"]}
    assert looks(engine, request) == 1
    assert engine.uow.timers(request) == []
    assert engine.replayed(request) is None


def test_a_cycle_in_an_event_sub_process_strikes_beside_the_work() -> None:
    handler = (
        '<bpmn:subProcess id="sub" triggeredByEvent="true">'
        f'<bpmn:startEvent id="tick" isInterrupting="false">{timer("timeCycle", "R2/P1D")}'
        "</bpmn:startEvent>" + task("look", assignee="gm") + '<bpmn:endEvent id="f"/>'
        + chain("tick", "look", "f") + "</bpmn:subProcess>"
    )  # fmt: skip
    engine = Engine(
        process(
            "p", START, task("work", assignee="tech.lead"), END, handler, chain("s", "work", "e")
        )
    )
    request = engine.submit("p", "card.officer")
    engine.turn(NOW + timedelta(days=9))
    assert looks(engine, request) == 2
    assert engine.open(request) == {"look": ["gm", "gm"], "work": ["tech.lead"]}
    engine.act(Complete, request, "work", "tech.lead")
    engine.act(Complete, request, "look", "gm")
    engine.act(Complete, request, "look", "gm")
    assert engine.row(request).status == "completed"
    assert engine.replayed(request) is None


def test_a_timer_of_a_called_process_is_looked_up_in_its_own_diagram() -> None:
    call = '<bpmn:callActivity id="late" calledElement="q"/>'
    outer = process("p", START, call, task("work", assignee="gm"), END,
                    chain("s", "late", "work", "e"))  # fmt: skip
    inner = process(
        "q",
        START,
        task("work", assignee="tech.lead"),
        boundary("timeCycle", "R2/P1D", stays=True),
        task("look", assignee="gm"),
        END,
        '<bpmn:endEvent id="x"/>',
        chain("s", "work", "e"),
        chain("late", "look", "x"),
    )
    engine = Engine(outer, inner)
    request = engine.submit("p", "card.officer")
    engine.turn(NOW + timedelta(days=9))
    assert looks(engine, request) == 2
    assert engine.open(request) == {"look": ["gm", "gm"], "work": ["tech.lead"]}
    assert engine.replayed(request) is None


def test_a_time_that_can_not_be_made_out_is_an_incident_until_it_can() -> None:
    engine = watched("timeDuration", "${wait}")
    request = engine.submit("p", "card.officer", wait="soon")
    (incident,) = engine.incidents(request)
    assert (incident.kind, incident.node) == ("timer", "late")
    assert engine.open(request) == {"work": ["tech.lead"]}
    assert engine.uow.timers(request) == []
    command = Retry(actor=ADMIN, request=request, incident=1, variables={"wait": "P1D"})
    assert engine.do(command).result["resolved"] is True
    (armed,) = engine.uow.timers(request)
    assert armed.due == engine.now + timedelta(days=1)
    engine.turn(NOW + timedelta(days=2))
    assert looks(engine, request) == 1
    assert engine.replayed(request) is None


def test_without_the_time_the_work_goes_on_and_the_incident_with_it() -> None:
    engine = watched("timeDuration", "${wait}")
    request = engine.submit("p", "card.officer", wait="P999999999Y")
    assert len(engine.incidents(request)) == 1
    engine.act(Complete, request, "work", "tech.lead")
    assert engine.row(request).status == "completed"
    assert engine.incidents(request) == []
    assert engine.replayed(request) is None


def test_a_time_is_counted_from_when_the_token_came() -> None:
    engine = watched("timeDuration", "PT1H")
    request = engine.submit("p", "card.officer")
    due = engine.uow.timers(request)[0].due
    assert due == NOW + timedelta(minutes=1, hours=1)
    engine.turn(NOW + timedelta(minutes=30))
    assert engine.uow.timers(request)[0].due == due
