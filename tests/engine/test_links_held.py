"""What a request refers to is held before it is judged: nothing slips in between."""

import json

import pytest

import forms
from engine.diagrams.compiler import compile_definition
from engine.diagrams.definition import Definition
from engine.ids import RequestId
from engine.refusals import Invalid
from engine.requests import Request
from tests.engine.live import Engine, chain, process, task

ORDER = compile_definition(
    {
        "order.bpmn": process(
            "order", '<bpmn:startEvent id="s"/>', task("work", assignee="gm"),
            '<bpmn:endEvent id="e"/>', chain("s", "work", "e"),
        )
    },
    forms.read,
)  # fmt: skip


def _change() -> Definition:
    guard = (
        '<bpmn:startEvent id="s" camunda:formRef="change"><bpmn:extensionElements>'
        '<camunda:properties><camunda:property name="guard"'
        " value=\"${request(order).status == 'running'}\"/>"
        '<camunda:property name="guard.message" value="工单已不在办理中"/>'
        '<camunda:property name="guard.field" value="order"/>'
        "</camunda:properties></bpmn:extensionElements></bpmn:startEvent>"
    )
    work = task("work", assignee="gm")
    line = chain("s", "work", "e")
    diagram = process("change", guard, work, '<bpmn:endEvent id="e"/>', line, links="order")
    field = {"type": "textfield", "key": "order", "label": "order"}
    form = {"type": "default", "id": "change", "schemaVersion": 16, "components": [field]}
    return compile_definition(
        {"change.bpmn": diagram, "change.form": json.dumps(form).encode()}, forms.read
    )


def test_an_order_withdrawn_while_its_change_is_submitted_refuses_the_change(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine = Engine(definitions={"order": ORDER, "change": _change()})
    order = engine.submit("order", "tech.lead")
    engine.submit("change", "tech.lead", order=order)
    plain = engine.uow.request

    def others_first(id: RequestId, *, lock: bool = True) -> Request | None:
        """Who asks for the lock gets it when the other command has kept what it did."""
        if lock and id == order:
            engine.uow._requests[order].status = "withdrawn"
        return plain(id, lock=lock)

    monkeypatch.setattr(engine.uow, "request", others_first)
    with pytest.raises(Invalid) as refused:
        engine.submit("change", "tech.lead", order=order)
    assert "order" in refused.value.errors
