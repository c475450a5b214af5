"""A node at which three people sign, with requests that have come to it, for the pages' tests."""

import json
from typing import Any

import forms
from engine.case import Actor
from engine.commands.submit import Submit
from engine.diagrams.compiler import compile_definition
from engine.ids import PersonId, RequestId
from storage import Database, definitions
from tests.engine.live import actor, chain, flow, process, task
from tests.pages.visitors import NOW
from web.door import Door

THREE = "${list('risk.manager', 'finance.manager', 'service.manager')}"
TITLE = "元旦满减方案"
FORM = {
    "type": "default",
    "components": [
        {
            "type": "textfield",
            "id": "f_rating",
            "key": "rating",
            "label": "风险等级",
            "validate": {"required": True},
        }
    ],
}
WAYS = (
    '<bpmn:exclusiveGateway id="g" default="g_no"/>'
    + task("work", assignee="tech.lead")
    + '<bpmn:endEvent id="no"/><bpmn:endEvent id="yes"/>'
    + flow("g", "no")
    + flow("g", "work", "${sign_verdict == 'approved'}")
    + flow("work", "yes")
)


def ask(home: Database, *requests: str, form: str = "", **words: str) -> None:
    """Requests that three people have to sign: slots 1 to 3; with a `form` of one field."""
    node = task("sign", signers=THREE, approval="all", **words)
    if form:
        node = node.replace('name="sign"', f'name="sign" camunda:formRef="{form}"')
    start = '<bpmn:startEvent id="s"/>'
    diagram = process("p", start, node, WAYS, chain("s", "sign", "g"), title=TITLE)
    files = {"p.bpmn": diagram}
    if form:
        files[f"{form}.form"] = json.dumps({**FORM, "id": form}).encode()
    definition = compile_definition(files, forms.read)
    with home.write() as transaction:
        definitions.deploy(transaction, definition, by=PersonId("owner"), at=NOW)
    for id in requests:
        command = Submit(
            actor=actor("card.officer"), request=RequestId(id), process="p", answers={}
        )
        Door(home, lambda: NOW).handle(command)


def do(home: Database, kind: Any, request: str, ordinal: int, who: str, **more: Any) -> None:
    """A command of this person's on a slot."""
    on = {"actor": actor(who), "request": RequestId(request), "ordinal": ordinal}
    Door(home, lambda: NOW).handle(kind(**on, **more))


def administrator(home: Database, kind: Any, request: str, reason: str) -> None:
    """A command of the administrator's on a request."""
    by_right = Actor(id=PersonId("admin"), override=True)
    Door(home, lambda: NOW).handle(kind(actor=by_right, request=RequestId(request), comment=reason))
