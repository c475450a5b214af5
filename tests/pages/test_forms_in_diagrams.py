"""Desks without a form file: what the conditions need is asked for, on the page as through the API,
and so are the fields that stand in the diagram."""

import pytest

from storage import Database
from tests.api.callers import Caller, application
from tests.api.diagrams import deploy
from tests.pages.conftest import Visit

DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="test">
  <bpmn:process id="leave" name="请假" isExecutable="true">
    <bpmn:startEvent id="start"/>
    <bpmn:exclusiveGateway id="long" default="short"/>
    <bpmn:userTask id="reason" name="说明" camunda:assignee="${initiator}">
      <bpmn:extensionElements><camunda:formData>
        <camunda:formField id="why" label="事由" type="string">
          <camunda:validation><camunda:constraint name="required"/></camunda:validation>
        </camunda:formField>
        <camunda:formField id="until" label="到" type="date"/>
      </camunda:formData></bpmn:extensionElements>
    </bpmn:userTask>
    <bpmn:userTask id="look" name="看" camunda:assignee="${initiator}"/>
    <bpmn:exclusiveGateway id="fine" default="no"/>
    <bpmn:endEvent id="granted" name="准假"/>
    <bpmn:endEvent id="refused" name="不准"/>
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="long"/>
    <bpmn:sequenceFlow id="f2" sourceRef="long" targetRef="reason">
      <bpmn:conditionExpression>${days > 3 || kind == '病假'}</bpmn:conditionExpression>
    </bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="short" sourceRef="long" targetRef="look"/>
    <bpmn:sequenceFlow id="f3" sourceRef="reason" targetRef="look"/>
    <bpmn:sequenceFlow id="f4" sourceRef="look" targetRef="fine"/>
    <bpmn:sequenceFlow id="f5" sourceRef="fine" targetRef="granted">
      <bpmn:conditionExpression>${approved}</bpmn:conditionExpression>
    </bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="no" sourceRef="fine" targetRef="refused"/>
  </bpmn:process>
</bpmn:definitions>"""


@pytest.fixture
def leave(home: Database) -> Database:
    """The demo, with a process that names no form."""
    deploy(home, {"leave.bpmn": DIAGRAM.encode()})
    return home


def test_the_page_asks_for_what_the_conditions_need(visit: Visit, leave: Database) -> None:
    officer = visit("card.officer")
    page = officer.get("/start/leave")
    assert page.all("//input[@name='days'][@inputmode='decimal']")
    assert "病假" in page.words("//select[@name='kind']")
    page = officer.press(page, "submit", {"days": "many"})
    assert page.status == 422
    assert "应为数字" in page.words("//*[@data-wrong]")
    page = officer.press(page, "submit", {"days": "5"})
    assert page.status == 200
    page = officer.get(page.links("/tasks/")[0])
    assert "事由" in page.words()
    page = officer.press(page, "complete", {"until": "2026-12-01"})
    assert page.status == 422
    assert "此项必填" in page.words("//*[@data-wrong]")
    page = officer.press(page, "complete", {"why": "探亲", "until": "2026-12-01"})
    assert page.status == 200


def test_the_same_is_taken_through_the_api(leave: Database) -> None:
    officer = Caller(application(leave), leave, "card.officer")
    form = officer.get("/processes/leave/form").ok()["form"]
    assert {each["key"]: each["type"] for each in form["components"]} == {
        "days": "number",
        "kind": "select",
    }
    made = officer.post("/requests", {"process": "leave", "answers": {"days": 2, "kind": "事假"}})
    request = made.ok(201)
    assert [each["node"]["id"] for each in request["open_tasks"]] == ["look"]
    task = request["open_tasks"][0]["id"]
    shown = officer.get(f"/tasks/{task}").ok()["form"]["components"]
    assert [(each["key"], each["type"]) for each in shown] == [("approved", "checkbox")]
    done = officer.post(f"/tasks/{task}/complete", {"answers": {"approved": True, "other": 1}}).ok()
    assert done["request"]["outcome"] == {"id": "granted", "name": "准假"}
    assert done["request"]["variables"]["other"] == 1
    sick = officer.post("/requests", {"process": "leave", "answers": {"days": 1, "kind": "病假"}})
    task = sick.ok(201)["open_tasks"][0]["id"]
    wrong = officer.post(f"/tasks/{task}/complete", {"answers": {"until": "soon", "odd": 1}}).no(
        422
    )
    assert set(wrong["errors"]) == {"why", "until", "odd"}
