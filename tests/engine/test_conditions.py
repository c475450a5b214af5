"""Conditions that wait for a variable: read again after everything that may have changed it."""

import json

import pytest

import forms
from engine.case import Actor
from engine.commands.amend import Amend
from engine.commands.approve import Approve
from engine.commands.complete import Complete
from engine.commands.publish import Publish
from engine.diagrams.compiler import compile_definition
from engine.ids import PersonId, RequestId
from engine.refusals import TaskOver
from tests.engine.live import Engine, chain, process, task
from tests.engine.test_events import PAID, catch, diagram

START = '<bpmn:startEvent id="s" camunda:formRef="start"/>'
END = '<bpmn:endEvent id="e"/>'
FORM = json.dumps(
    {
        "type": "default",
        "id": "start",
        "schemaVersion": 16,
        "components": [{"type": "number", "id": "f", "key": "amount", "label": "金额"}],
    }
).encode()


def when(condition: str, host: str = "sign", *, stays: bool = False) -> str:
    more = ' cancelActivity="false"' if stays else ""
    return (
        f'<bpmn:boundaryEvent id="high" attachedToRef="{host}"{more}>'
        "<bpmn:conditionalEventDefinition>"
        f'<bpmn:condition xsi:type="bpmn:tFormalExpression">{condition}</bpmn:condition>'
        "</bpmn:conditionalEventDefinition></bpmn:boundaryEvent>"
    )


def engine_of(*parts: str, stays: bool = False) -> Engine:
    sign = task("sign", signers="${list('tech.lead', 'gm')}", approval="all",
                approval__onRejected="end", fields__edit="amount")  # fmt: skip
    data = process(
        "p", START, sign, when("${amount > 100}", stays=stays), task("look", assignee="deputy.gm"),
        END, *parts, chain("s", "sign", "e"), chain("high", "look", "e"),
    )  # fmt: skip
    files = {"p.bpmn": data, "start.form": FORM}
    return Engine(definitions={"p": compile_definition(files, forms.read)})


def test_a_vote_that_edits_a_field_may_take_the_desk_away_and_still_counts() -> None:
    engine = engine_of()
    request = engine.submit("p", "card.officer", amount="5")
    engine.act(Approve, request, "sign", "tech.lead", answers={"amount": "500"})
    assert engine.open(request) == {"look": ["deputy.gm"]}
    first, second = engine.uow.slots(request)[:2]
    assert (first.status, second.status) == ("approved", "cancelled")
    with pytest.raises(TaskOver):
        engine.act(Approve, request, "sign", "gm")
    assert engine.replayed(request) is None


def test_the_last_vote_settles_first() -> None:
    engine = engine_of()
    request = engine.submit("p", "card.officer", amount="5")
    engine.act(Approve, request, "sign", "tech.lead")
    engine.act(Approve, request, "sign", "gm", answers={"amount": "500"})
    assert engine.row(request).status == "completed"
    assert engine.replayed(request) is None


def test_another_request_s_amendment_is_noticed() -> None:
    engine = engine_of(stays=True)
    request = engine.submit("p", "card.officer", amount="5")
    engine.do(Amend(request=request, values={"amount": "101"}))
    assert engine.open(request) == {"look": ["deputy.gm"], "sign": ["gm", "tech.lead"]}
    engine.do(Amend(request=request, values={"amount": "102"}))
    assert engine.open(request)["look"] == ["deputy.gm"]
    assert engine.replayed(request) is None


def test_a_message_s_variables_and_a_task_s_answers_too() -> None:
    waits = (
        '<bpmn:intermediateCatchEvent id="enough"><bpmn:conditionalEventDefinition>'
        '<bpmn:condition xsi:type="bpmn:tFormalExpression">${got == 3}</bpmn:condition>'
        "</bpmn:conditionalEventDefinition></bpmn:intermediateCatchEvent>"
    )
    data = diagram(
        "p", '<bpmn:startEvent id="s"/>', '<bpmn:parallelGateway id="f"/>',
        catch("hear", "message", "paid"), waits, task("tell", assignee="gm"),
        task("after", assignee="gm"), END, '<bpmn:endEvent id="x"/><bpmn:endEvent id="y"/>',
        chain("s", "f", "hear", "x"), chain("f", "enough", "after", "e"), chain("f", "tell", "y"),
        roots=PAID,
    )  # fmt: skip
    admin = Actor(id=PersonId("admin"), override=True)
    for way in ("message", "task"):
        engine = Engine(data)
        request = engine.submit("p", "card.officer", got=1)
        if way == "message":
            new = RequestId("n")
            engine.do(Publish(actor=admin, message="paid", variables={"got": 3}, new=new))
        else:
            engine.act(Complete, request, "tell", "gm", answers={"got": 3})
        assert "after" in engine.open(request)
        assert engine.replayed(request) is None
