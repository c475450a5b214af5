"""Tables, called processes and workers."""

from tests.wild.businesses.made import END, START, Business, who
from tests.wild.drawing import drawn, user, ways

LEVELS = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="levels" name="levels"
    namespace="http://camunda.org/schema/1.0/dmn">
  <decision id="approver_level" name="Who approves">
    <decisionTable id="table" hitPolicy="FIRST">
      <input id="in"><inputExpression id="ie" typeRef="integer"><text>amount</text>
      </inputExpression></input>
      <output id="out" name="level" typeRef="string" />
      <rule id="r1"><inputEntry id="i1"><text>&lt; 1000</text></inputEntry>
        <outputEntry id="o1"><text>"clerk"</text></outputEntry></rule>
      <rule id="r2"><inputEntry id="i2"><text>[1000..50000]</text></inputEntry>
        <outputEntry id="o2"><text>"manager"</text></outputEntry></rule>
      <rule id="r3"><inputEntry id="i3"><text>-</text></inputEntry>
        <outputEntry id="o3"><text>"board"</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>
"""


def purchase() -> Business:
    """A table says who approves."""
    body = (
        START
        + '<businessRuleTask id="level" v:decisionRef="approver_level" v:resultVariable="level"'
        ' v:mapDecisionResult="singleEntry" /><exclusiveGateway id="which" default="which_gm" />'
        + user("clerk", who("office.manager"))
        + user("manager", who("finance.manager"))
        + user("gm", who("gm"))
        + END
        + ways(
            "start > level > which",
            "which > clerk ? ${level == 'clerk'}",
            "which > manager ? ${level == 'manager'}",
            "which > gm > end",
            "clerk > end",
            "manager > end",
        )
    )
    return Business(
        key="purchase",
        files={"purchase.bpmn": drawn(body, "camunda", key="purchase"), "levels.dmn": LEVELS},
        ways={
            "cheap": "start amount=200; > clerk; clerk; = end",
            "dear": "start amount=20000; > manager; manager; = end",
            "very dear": "start amount=200000; > gm; gm; = end",
        },
    )


def order() -> Business:
    """A call activity with mappings both ways."""
    pay = START + user("collect", who("finance.manager")) + END + ways("start > collect > end")
    call = (
        '<callActivity id="payment" calledElement="pay"><extensionElements>'
        '<v:in source="total" target="sum" />'
        '<v:in sourceExpression="${total * 2}" target="twice" />'
        '<v:out source="paid" target="received" /></extensionElements></callActivity>'
    )
    body = (
        START
        + user("check", who("office.manager"))
        + call
        + user("ship", who("service.manager"))
        + '<exclusiveGateway id="ok" default="ok_lost" />'
        '<endEvent id="shipped" /><endEvent id="lost" />'
        + ways(
            "start > check > payment > ok", "ok > ship ? ${received}", "ok > lost", "ship > shipped"
        )
    )
    return Business(
        key="order",
        files={"order.bpmn": drawn(body, "operaton", key="order")},
        beside=({"pay.bpmn": drawn(pay, "operaton", key="pay")},),
        ways={
            "paid": "start total=40; check; > collect; collect paid=true; > ship; ship; = shipped",
            "not paid": "start total=40; check; collect paid=false; = lost",
        },
    )


def loan() -> Business:
    """An external task asks for the score; its error goes another way."""
    body = (
        START + '<serviceTask id="score" name="Ask for the score" v:type="external"'
        ' v:topic="creditScore" /><boundaryEvent id="unknown" attachedToRef="score">'
        '<errorEventDefinition errorRef="noFile" /></boundaryEvent>'
        + user("byHand", who("risk.manager"))
        + user("sign", who("gm"))
        + '<exclusiveGateway id="enough" default="enough_refused" />'
        '<endEvent id="granted" /><endEvent id="refused" />'
        + ways(
            "start > score > enough",
            "unknown > byHand > enough",
            "enough > sign ? ${score >= 600}",
            "enough > refused",
            "sign > granted",
        )
    )
    beside = '<error id="noFile" name="no file" errorCode="NO_FILE" />'
    return Business(
        key="loan",
        files={"loan.bpmn": drawn(body, "camunda", key="loan", beside=beside)},
        ways={
            "a good score": (
                "start amount=9000; >; worker creditScore score=700; > sign; sign; = granted"
            ),
            "a bad score": "start; worker creditScore score=400; = refused",
            "no file": (
                "start; error creditScore NO_FILE; > byHand; byHand score=650; > sign; sign; = "
                "granted"
            ),
        },
    )


def parcel() -> Business:
    """Classes of another system become workers; a receive task waits for the carrier."""
    body = (
        START + '<sendTask id="hand" v:class="com.example.HandOver" /><receiveTask id="delivered"'
        ' messageRef="delivery" />'
        + user("thank", who("service.manager"))
        + END
        + ways("start > hand > delivered > thank > end")
    )
    beside = '<message id="delivery" name="delivered" />'
    return Business(
        key="parcel",
        files={"parcel.bpmn": drawn(body, "camunda", key="parcel", beside=beside)},
        ways={
            "delivered": (
                "start; >; worker com.example.HandOver; >; message delivered; > thank; thank; = end"
            ),
        },
    )


def levels() -> Business:
    """A call that calls."""
    inner = START + user("archive", who("office.archivist")) + END + ways("start > archive > end")
    middle = (
        START
        + user("approve", who("gm"))
        + '<callActivity id="keep" calledElement="keeping" />'
        + END
        + ways("start > approve > keep > end")
    )
    outer = (
        START + '<callActivity id="deciding" calledElement="deciding" v:inheritVariables="true">'
        '<extensionElements><v:in variables="all" /><v:out variables="all" /></extensionElements>'
        "</callActivity>"
        + user("tell", who("service.manager"))
        + END
        + ways("start > deciding > tell > end")
    )
    return Business(
        key="levels",
        files={"levels.bpmn": drawn(outer, "camunda", key="levels")},
        beside=(
            {"deciding.bpmn": drawn(middle, "camunda", key="deciding")},
            {"keeping.bpmn": drawn(inner, "camunda", key="keeping")},
        ),
        ways={
            "through": "start; > approve; approve; > archive; archive; > tell; tell; = end",
        },
    )
