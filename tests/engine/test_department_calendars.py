"""X5: deadlines count in working days; each department can have a calendar of its own."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from engine.calendars import WorkCalendar
from engine.commands.submit import Submit
from engine.ids import RequestId
from engine.preview import preview
from tests.engine.live import CALENDAR, START, Engine, actor, chain, process, task

SIGN = {"approval": "single", "approval__onRejected": "end", "deadline__after": "P2D"}
MONDAY_THEN_OFF = (("2026-11-03", False), ("2026-11-07", True))
"""The Tuesday after the start is free, the Saturday is worked."""


def engine(*tasks: str, department: str = "技术部") -> Engine:
    ids = [each.split('id="')[1].split('"')[0] for each in tasks]
    live = Engine(
        process("p", '<bpmn:startEvent id="s"/>', *tasks, '<bpmn:endEvent id="e"/>',
                chain("s", *ids, "e"))
    )  # fmt: skip
    known: Any = live.uow.directory
    unit = replace(known.departments[department], days=MONDAY_THEN_OFF)
    live.uow.directory = replace(known, departments={**known.departments, department: unit})
    return live


def due(live: Engine, request: RequestId, node: str = "sign") -> str:
    (slot,) = [s for s in live.uow.slots(request, status="open") if s.node == node]
    assert slot.due is not None
    return slot.due.astimezone(CALENDAR.zone).date().isoformat()


def test_a_deadline_is_counted_in_the_holders_departments_calendar() -> None:
    """X5."""
    live = engine(task("sign", assignee="tech.manager", **SIGN))
    request = live.submit("p", "card.officer")
    assert due(live, request) == "2026-11-05", "Monday, then Wednesday and Thursday"
    (slot,) = live.uow.slots(request, status="open")
    assert slot.why["calendar"] == "技术部"
    assert live.replayed(request) is None


def test_other_departments_and_elapsed_time_do_not_see_it() -> None:
    """X5."""
    live = engine(task("sign", assignee="finance.manager", **SIGN))
    request = live.submit("p", "card.officer")
    assert due(live, request) == "2026-11-04"
    assert live.uow.slots(request)[0].why["calendar"] == ""
    live = engine(task("sign", assignee="tech.manager", deadline__calendar="elapsed", **SIGN))
    assert due(live, live.submit("p", "card.officer")) == "2026-11-04"


def test_where_several_departments_sign_it_is_the_organisations() -> None:
    """X5."""
    signers = "=[&quot;tech.manager&quot;, &quot;finance.manager&quot;]"
    live = engine(task("sign", signers=signers, **{**SIGN, "approval": "all"}))
    request = live.submit("p", "card.officer")
    days = {s.due for s in live.uow.slots(request, status="open")}
    assert [d.astimezone(CALENDAR.zone).date() for d in days if d] == [date(2026, 11, 4)]
    assert live.replayed(request) is None


def test_a_group_of_the_department_counts_as_it_too() -> None:
    """X5."""
    made = task("sign", **SIGN).replace(
        'name="sign"', 'name="sign" camunda:candidateGroups="dept:技术部"'
    )
    live = engine(made)
    request = live.submit("p", "card.officer")
    assert due(live, request) == "2026-11-05"


def test_reminders_keep_the_same_calendar() -> None:
    """X5, X4."""
    live = engine(
        task("sign", assignee="tech.manager", deadline__remind="R/P1D", **SIGN),
    )
    request = live.submit("p", "card.officer")
    live.turn(datetime(2026, 11, 8, 0, 0, tzinfo=UTC))
    reminded = {
        entry.at.astimezone(CALENDAR.zone).date().isoformat()
        for entry in live.uow.entries(request)
        if any(fact[0] == "reminded" for fact in entry.body.get("did", ()))
    }
    assert reminded == {"2026-11-04", "2026-11-05", "2026-11-06", "2026-11-07"}
    assert live.replayed(request) is None


def test_a_preview_counts_as_the_request_will() -> None:
    """X5."""
    live = engine(task("sign", assignee="tech.manager", **SIGN))
    command = Submit(actor=actor("card.officer"), request=RequestId("new"), process="p")
    (stop,) = preview(command, live.uow, START).path
    assert stop.due is not None
    assert stop.due.astimezone(CALENDAR.zone).date() == date(2026, 11, 5)


def test_what_a_department_says_of_a_day_is_not_provisional() -> None:
    """X5."""
    far = date(2031, 1, 1)
    assert CALENDAR.provisional(far)
    own = CALENDAR.with_days({far: True})
    assert own.is_workday(far)
    assert not own.provisional(far)
    assert isinstance(CALENDAR.with_days({}), WorkCalendar)
