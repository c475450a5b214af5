"""Work for several people without an approval, as foreign diagrams draw it."""

from datetime import timedelta

import pytest

from engine.case import Actor
from engine.commands.assign import Assign
from engine.commands.complete import Complete
from engine.ids import PersonId
from engine.refusals import Invalid, TaskOver
from tests.engine.live import Engine, chain, flow, process

START = '<bpmn:startEvent id="s"/>'
WAYS = (
    '<bpmn:exclusiveGateway id="g" default="g_no"/>'
    '<bpmn:endEvent id="no"/><bpmn:endEvent id="yes"/>' + flow("g", "no")
)
THREE = "${list('risk.manager', 'finance.manager', 'service.manager')}"


def work(loop: str, task: str = "", ways: str = WAYS + flow("g", "yes", "${agreed}")) -> Engine:
    """Work whose multi-instance says `loop`, then a gateway that reads what was filled in."""
    node = f'<bpmn:userTask id="do" {task}>{loop}</bpmn:userTask>'
    return Engine(process("p", START, node, ways, chain("s", "do", "g")))


def each(collection: str, more: str = "", attributes: str = "") -> str:
    """A multi-instance over a collection."""
    return (
        f'<bpmn:multiInstanceLoopCharacteristics camunda:collection="{collection}"'
        f' camunda:elementVariable="who" {attributes}>{more}'
        "</bpmn:multiInstanceLoopCharacteristics>"
    )


def test_nobody_in_the_collection_is_no_work() -> None:
    """As in BPMN: no instance, so it is done at once; only an approval blocks (V7)."""
    engine = work(each("${list()}"), ways=WAYS + flow("g", "yes", "${1 == 1}"))
    request = engine.submit("p", "card.officer")
    assert engine.row(request).ends == ["yes"]
    assert engine.replayed(request) is None


def test_what_one_fills_in_is_a_variable_at_once() -> None:
    """The completion condition reads it, and so does the gateway; the last one wins."""
    stop = "<bpmn:completionCondition>${agreed == true}</bpmn:completionCondition>"
    engine = work(each(THREE, stop))
    request = engine.submit("p", "card.officer")
    engine.act(Complete, request, "do", "risk.manager", answers={"agreed": False})
    assert len(engine.open(request)["do"]) == 2
    engine.act(Complete, request, "do", "finance.manager", answers={"agreed": True})
    assert engine.row(request).ends == ["yes"]
    assert [row["answers"] for row in engine.variables(request)["do_answers"]] == [
        {"agreed": False},
        {"agreed": True},
    ]
    assert engine.replayed(request) is None


def test_one_after_the_other() -> None:
    """`isSequential`: the next one's turn comes when the one before is done."""
    engine = work(each(THREE, attributes='isSequential="true"'))
    request = engine.submit("p", "card.officer")
    for who in ("risk.manager", "finance.manager", "service.manager"):
        assert engine.open(request) == {"do": [who]}
        engine.act(Complete, request, "do", who, answers={"agreed": True})
    assert engine.row(request).ends == ["yes"]
    assert engine.replayed(request) is None


def test_so_many_places_for_nobody_named() -> None:
    """A cardinality without an assignee: each place waits for an administrator to fill it."""
    loop = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>2</bpmn:loopCardinality>"
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    engine = work(loop)
    request = engine.submit("p", "card.officer")
    slots = engine.uow.slots(request)
    assert [slot.holders for slot in slots] == [[], []]
    assert [incident.kind for incident in engine.incidents(request)] == ["people"]
    admin = Actor(id=PersonId("admin"), override=True)
    for slot, who in zip(slots, ("tech.lead", "tech.developer"), strict=True):
        engine.do(
            Assign(actor=admin, request=request, ordinal=slot.ordinal, to=who, comment="请办理")
        )
        engine.act(Complete, request, "do", who, answers={"agreed": True})
    assert engine.row(request).ends == ["yes"]
    assert engine.incidents(request) == []
    assert engine.replayed(request) is None


def test_a_scope_that_ends_while_its_work_is_open() -> None:
    """A variable changes and an interrupting timer ends the scope in one command: what was open
    in there is cancelled with it, and nothing else fails."""
    inner = (
        '<bpmn:subProcess id="sub"><bpmn:startEvent id="i"/><bpmn:userTask id="do"'
        ' camunda:assignee="tech.lead"/><bpmn:endEvent id="j"/>' + chain("i", "do", "j")
        + "</bpmn:subProcess>"
        '<bpmn:boundaryEvent id="late" attachedToRef="sub"><bpmn:timerEventDefinition>'
        "<bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>"
        "</bpmn:boundaryEvent>"
        '<bpmn:serviceTask id="note" camunda:type="external" camunda:topic="countersign.set">'
        "<bpmn:extensionElements><camunda:inputOutput>"
        '<camunda:outputParameter name="agreed">${true}</camunda:outputParameter>'
        "</camunda:inputOutput></bpmn:extensionElements></bpmn:serviceTask>"
    )  # fmt: skip
    ways = '<bpmn:endEvent id="e"/>' + chain("s", "sub", "e") + flow("late", "note")
    engine = Engine(process("p", START, inner, ways, flow("note", "e")))
    request = engine.submit("p", "card.officer")
    engine.turn(engine.now + timedelta(hours=2))
    assert engine.row(request).status == "completed"
    with pytest.raises(TaskOver):
        engine.act(Complete, request, "do", "tech.lead")
    assert engine.replayed(request) is None


def test_nobody_but_the_system_says_who_asks() -> None:
    """The start event may name the requester's variable as it likes."""
    start = '<bpmn:startEvent id="s" camunda:initiator="employee"/>'
    node = '<bpmn:userTask id="do" camunda:assignee="${employee}"/><bpmn:endEvent id="e"/>'
    engine = Engine(process("p", start, node, chain("s", "do", "e")))
    with pytest.raises(Invalid):
        engine.submit("p", "card.officer", employee="gm")
    request = engine.submit("p", "card.officer")
    assert engine.open(request) == {"do": ["card.officer"]}
