"""Times as other systems' diagrams write them: without an offset, as FEEL values, as cron texts."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.engine.live import Engine, chain, process

START, END = '<bpmn:startEvent id="s"/>', '<bpmn:endEvent id="e"/>'


def waiting(tag: str, text: str) -> tuple[Engine, datetime]:
    """A request that waits for a timer, and when that is due."""
    timer = (
        '<bpmn:intermediateCatchEvent id="t"><bpmn:timerEventDefinition>'
        f"<bpmn:{tag}>{text}</bpmn:{tag}></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
    )
    engine = Engine(process("p", START, timer, END, chain("s", "t", "e")))
    request = engine.submit("p", "card.officer")
    (found,) = engine.uow.timers(request)
    return engine, found.due


def test_a_time_without_an_offset_is_in_the_organisations_zone() -> None:
    _, due = waiting("timeDate", "2031-01-15T09:00:00")
    assert due == datetime(2031, 1, 15, 1, 0, tzinfo=UTC)


def test_a_cycle_may_begin_at_such_a_time() -> None:
    _, due = waiting("timeCycle", "R3/2031-01-15T09:00/PT1H")
    assert due == datetime(2031, 1, 15, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize("text", ["PT90M", '=duration("PT90M")', '=@"PT1H" + @"PT30M"'])
def test_a_duration_is_a_text_or_a_value(text: str) -> None:
    engine, due = waiting("timeDuration", text)
    assert due == engine.now + timedelta(minutes=90)


def test_a_time_that_feel_gives() -> None:
    _, due = waiting("timeDate", '=date and time("2031-01-15T09:00:00")')
    assert due == datetime(2031, 1, 15, 1, 0, tzinfo=UTC)


def test_a_cron_text_names_times_in_the_organisations_zone() -> None:
    engine, due = waiting("timeCycle", "0 30 8 ? * MON-FRI")
    local = due.astimezone(engine.uow.calendar.zone)
    assert (local.hour, local.minute, local.weekday() < 5) == (8, 30, True)
    assert engine.now < due


def test_a_cron_text_goes_on_while_its_desk_is_open() -> None:
    reminder = (
        '<bpmn:userTask id="a" name="办理" camunda:assignee="card.officer"/>'
        '<bpmn:boundaryEvent id="t" attachedToRef="a" cancelActivity="false">'
        "<bpmn:timerEventDefinition><bpmn:timeCycle>0 9 * * *</bpmn:timeCycle>"
        '</bpmn:timerEventDefinition></bpmn:boundaryEvent><bpmn:endEvent id="told"/>'
    )
    engine = Engine(process("p", START, reminder, END, chain("s", "a", "e"), chain("t", "told")))
    request = engine.submit("p", "card.officer")
    (first,) = engine.uow.timers(request)
    engine.turn(first.due)
    (second,) = engine.uow.timers(request)
    assert second.due - first.due == timedelta(days=1)
    assert engine.replayed(request) is None
