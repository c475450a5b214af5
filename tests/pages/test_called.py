"""A called process on the pages: its own names, forms and drawing, though its ids are the
caller's."""

import pytest

import forms
from engine.commands.complete import Complete
from engine.commands.submit import Submit
from engine.diagrams.compiler import compile_definition
from engine.ids import PersonId, RequestId
from storage import Database, definitions
from tests.api.diagrams import end, form, start, text
from tests.engine.live import actor, chain, process, task
from tests.pages.conftest import Visit
from tests.pages.visitors import NOW
from web.door import Door

CALL = (
    '<bpmn:callActivity id="ask" name="Legal review" calledElement="inner"><bpmn:extensionElements>'
    '<camunda:in source="title" target="subject"/><camunda:out source="finding" target="finding"/>'
    "</bpmn:extensionElements></bpmn:callActivity>"
)


def named(content: bytes, id: str, name: str) -> bytes:
    """The same with another name for a node."""
    return content.replace(f'name="{id}"'.encode(), f'name="{name}"'.encode())


OUTER = named(
    process(
        "outer",
        start("ask"),
        task("work", assignee="tech.lead"),
        CALL,
        task("last", assignee="gm"),
        end(),
        chain("start", "work", "ask", "last", "end"),
    ),
    "work",
    "Draft the contract",
)
INNER = named(
    process(
        "inner",
        start(),
        task("work", assignee="risk.manager"),
        end(),
        chain("start", "work", "end"),
    ),
    "work",
    "Read the contract",
)
INNER = INNER.replace(b'name="inner"', b'name="Review by lawyers"')
INNER = INNER.replace(b"camunda:assignee=", b'camunda:formRef="find" camunda:assignee=')
FORMS = {
    "ask.form": form("ask", text("title")),
    "find.form": form("find", text("finding", label="What was found")),
}


@pytest.fixture
def called(home: Database) -> Door:
    """A request that stands in the called process."""
    for name, content in (("outer", OUTER), ("inner", INNER)):
        definition = compile_definition({f"{name}.bpmn": content, **FORMS}, forms.read)
        with home.write() as transaction:
            definitions.deploy(transaction, definition, by=PersonId("owner"), at=NOW)
    door, request = Door(home, lambda: NOW), RequestId("calls")
    given = {"title": "Rent"}
    door.handle(
        Submit(actor=actor("card.officer"), request=request, process="outer", answers=given)
    )
    door.handle(Complete(actor=actor("tech.lead"), request=request, ordinal=1))
    return door


def marked(visit: Visit, person: str) -> list[set[str]]:
    """Per drawing: what is marked as open or done there."""
    page = visit(person).get("/requests/calls")
    return [
        {
            "".join(str(each) for each in shape.itertext()).split("–")[0].strip()
            for shape in figure.iter()
            if "shape--open" in str(shape.get("class", ""))
        }
        for figure in page.all("//figure")
    ]


def test_a_task_of_a_called_process_speaks_its_own_words(visit: Visit, called: Door) -> None:
    page = visit("risk.manager").get("/tasks/calls-2")
    assert "Read the contract" in page.words("//header")
    assert "What was found" in page.words()
    assert page.all("//input[@name='finding']")
    inbox = visit("risk.manager").get("/inbox").words()
    assert "Read the contract" in inbox
    assert "Draft the contract" not in inbox


def test_caller_and_called_are_drawn_each_with_what_is_open_there(
    visit: Visit, called: Door
) -> None:
    page = visit("card.officer").get("/requests/calls")
    assert "Review by lawyers" in page.words("//h3")
    assert marked(visit, "card.officer") == [{"Legal review"}, {"Read the contract"}]


def test_what_was_done_in_both_is_told_apart(visit: Visit, called: Door) -> None:
    risk = visit("risk.manager")
    page = risk.press(risk.get("/tasks/calls-2"), "complete", {"finding": "Clause 7"})
    assert page.status == 200
    page = visit("auditor").get("/requests/calls")
    told = page.words("//ol[@class='timeline']")
    assert "Draft the contract" in told
    assert "Read the contract" in told
    assert "Clause 7" in page.words("//main")
    assert marked(visit, "auditor")[0] == {"last"}
    paper = visit("auditor").get("/requests/calls/print").words("//body")
    assert "Draft the contract" in paper
    assert "Read the contract" in paper
