"""Small processes of the tests' own."""

import json
from typing import Any

from engine.ids import PersonId
from storage import Database
from tests.api.callers import START
from tests.engine.live import flow, process, task


def start(form: str = "") -> str:
    """A start event."""
    named = f' camunda:formRef="{form}"' if form else ""
    return f'<bpmn:startEvent id="start"{named}/>'


def end(id: str = "end") -> str:
    """An end event."""
    return f'<bpmn:endEvent id="{id}"/>'


def form(id: str, *components: dict[str, Any]) -> bytes:
    """A form file."""
    return json.dumps({"type": "default", "id": id, "components": list(components)}).encode()


def text(key: str, **more: Any) -> dict[str, Any]:
    """A text field."""
    return {"type": "textfield", "id": f"f_{key}", "key": key, "label": key, **more}


def files(key: str) -> dict[str, Any]:
    """A field for files."""
    return {"type": "filepicker", "id": f"f_{key}", "key": key, "label": key, "multiple": True}


def deploy(database: Database, content: dict[str, bytes]) -> None:
    """Deploy files as the owner."""
    from engine.diagrams.compiler import compile_definition
    from forms import read
    from storage import definitions

    definition = compile_definition(content, read)
    with database.write() as transaction:
        definitions.deploy(transaction, definition, by=PersonId("owner"), at=START)


SECRETIVE = {
    "raise.bpmn": process(
        "raise",
        start("ask"),
        task(
            "look",
            assignee="gm",
            approval="single",
            fields__hide="salary,papers,lines.price",
            approval__onRejected="end",
        ),
        task("pay", assignee="finance.manager", approval="single", approval__onRejected="end"),
        end(),
        flow("start", "look"),
        flow("look", "pay"),
        flow("pay", "end"),
        title="${topic}",
        summary="topic,salary",
    ),
    "ask.form": form(
        "ask",
        text("topic"),
        text("salary"),
        files("papers"),
        {
            "type": "dynamiclist",
            "id": "f_lines",
            "path": "lines",
            "label": "lines",
            "components": [text("item"), text("price")],
        },
    ),
}
"""The general manager, who signs first, is not shown what it costs; finance is."""

SECRET = {
    "topic": "Ms Lin",
    "salary": "48000",
    "lines": [{"item": "car", "price": "secret"}],
}
