"""A migrated database of either kind, with one small process deployed."""

from datetime import UTC, datetime

import pytest

from engine.diagrams.compiler import compile_definition
from engine.diagrams.definition import Definition
from engine.ids import PersonId
from forms import read
from storage import Database
from storage.definitions import deploy

NOW = datetime(2030, 1, 15, 1, 0, tzinfo=UTC)

DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="d" targetNamespace="t">
  <process id="leave" name="请假" isExecutable="true">
    <startEvent id="start"><outgoing>f1</outgoing></startEvent>
    <sequenceFlow id="f1" sourceRef="start" targetRef="look"/>
    <userTask id="look" name="看" camunda:assignee="gm">
      <extensionElements><camunda:properties>
        <camunda:property name="fields.hide" value="secret"/>
      </camunda:properties></extensionElements>
      <incoming>f1</incoming><outgoing>f2</outgoing>
    </userTask>
    <sequenceFlow id="f2" sourceRef="look" targetRef="end"/>
    <endEvent id="end"><incoming>f2</incoming></endEvent>
  </process>
</definitions>
"""


@pytest.fixture(scope="session")
def definition() -> Definition:
    return compile_definition({"leave.bpmn": DIAGRAM.encode()}, read)


@pytest.fixture
def database(database: Database, definition: Definition) -> Database:
    with database.write() as transaction:
        deploy(transaction, definition, by=PersonId("owner"), at=NOW)
    return database
