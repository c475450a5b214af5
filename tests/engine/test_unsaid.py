"""What a drawing leaves unsaid is said while a request runs (engine/diagrams/unsaid.py)."""

from datetime import timedelta
from typing import Any

from engine.case import Actor
from engine.commands.complete import Complete
from engine.commands.retry import Retry
from engine.ids import PersonId, RequestId
from tests.engine.live import Engine, chain, process, task

START, END = '<bpmn:startEvent id="s"/>', '<bpmn:endEvent id="e"/>'
ADMIN = Actor(id=PersonId("admin"), override=True)
TIMER = (
    '<bpmn:intermediateCatchEvent id="pause"><bpmn:timerEventDefinition/>'
    "</bpmn:intermediateCatchEvent>"
)
CONDITION = (
    '<bpmn:intermediateCatchEvent id="goods"><bpmn:conditionalEventDefinition><bpmn:condition>'
    "Goods are here!</bpmn:condition></bpmn:conditionalEventDefinition>"
    "</bpmn:intermediateCatchEvent>"
)


def retry(engine: Engine, request: RequestId, **variables: Any) -> bool:
    (incident,) = engine.incidents(request)
    command = Retry(actor=ADMIN, request=request, incident=incident.ordinal, variables=variables)
    return bool(engine.do(command).result["resolved"])


def test_a_timer_without_a_time_stands_until_an_administrator_says_it() -> None:
    engine = Engine(
        process(
            "p", START, TIMER, task("work", assignee="gm"), END, chain("s", "pause", "work", "e")
        )
    )
    request = engine.submit("p", "card.officer")
    assert [incident.node for incident in engine.incidents(request)] == ["pause"]
    assert retry(engine, request, pause="P1D")
    assert engine.incidents(request) == []
    engine.turn(engine.now + timedelta(days=1, minutes=1))
    assert engine.open(request) == {"work": ["gm"]}
    assert engine.replayed(request) is None


def test_a_condition_in_words_waits_for_its_variable() -> None:
    look, work = task("look", assignee="gm"), task("work", assignee="gm")
    fork = '<bpmn:parallelGateway id="f"/>'
    engine = Engine(
        process(
            "p",
            START,
            fork,
            CONDITION,
            look,
            work,
            END,
            chain("s", "f", "goods", "work", "e"),
            chain("f", "look", "e"),
        )
    )
    request = engine.submit("p", "card.officer")
    assert engine.open(request) == {"look": ["gm"]}
    engine.act(Complete, request, "look", "gm", answers={"goods": "Goods are here!"})
    assert engine.open(request) == {"work": ["gm"]}
    assert engine.replayed(request) is None


def test_a_request_begins_at_the_start_that_its_answers_name() -> None:
    mail = '<bpmn:startEvent id="mail" name="By mail"/>'
    engine = Engine(
        process(
            "p",
            START,
            mail,
            task("a", assignee="gm"),
            task("b", assignee="gm"),
            END,
            chain("s", "a", "e"),
            chain("mail", "b", "e"),
        )
    )
    first = engine.submit("p", "card.officer")
    assert engine.open(first) == {"a": ["gm"]}
    second = engine.submit("p", "card.officer", start_p="By mail")
    assert engine.open(second) == {"b": ["gm"]}
    assert engine.replayed(second) is None


def test_a_call_of_its_own_name_waits_for_a_process_to_be_deployed() -> None:
    call = '<bpmn:callActivity id="later" name="Later"/>'
    engine = Engine(process("p", START, call, END, chain("s", "later", "e")))
    request = engine.submit("p", "card.officer")
    (incident,) = engine.incidents(request)
    assert (incident.node, "later" in incident.message) == ("later", True)
