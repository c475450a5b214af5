"""Fields under `fields.hide` stay hidden in variables, history, lists, forms and files."""

from typing import Any

import pytest

from storage import Database
from tests.api.callers import Answer, Caller, file
from tests.api.conftest import As
from tests.api.diagrams import SECRET, SECRETIVE, deploy, end, form, start, text
from tests.api.examples import task_of
from tests.engine.live import chain, process, task


def upload(caller: Caller, content: bytes, name: str = "a.txt") -> Answer:
    """Upload a file."""
    return caller.send("/attachments", {"file": file(content, name)})


@pytest.fixture
def made(home: Database, as_: As) -> Any:
    """A request whose first signer is not shown everything."""
    deploy(home, SECRETIVE)
    officer = as_("business.officer")
    papers = [upload(officer, b"the contract").ok(201)["id"]]
    body = {"process": "raise", "answers": {**SECRET, "papers": papers}}
    return officer.post("/requests", body).ok(201).json


def secrets_in(answer: Answer) -> set[str]:
    """What the answer gives away."""
    text = answer.data.decode()
    return {word for word in ("48000", "salary", "papers", "price", "secret") if word in text}


def test_who_holds_only_a_node_that_hides_them_never_sees_them(made: Any, as_: As) -> None:
    gm = as_("gm")
    task = task_of(made, "look")
    for path in (
        f"/requests/{made['id']}",
        f"/requests/{made['id']}/history",
        f"/requests/{made['id']}/export",
        f"/tasks/{task}",
    ):
        assert secrets_in(gm.get(path).ok()) == set(), path
    assert secrets_in(gm.get("/requests", view="involved").ok()) == set()
    assert secrets_in(gm.get("/tasks").ok()) == set()
    assert gm.get("/requests", view="all", q="48000").ok()["items"] == []
    gm.get(f"/attachments/{made['variables']['papers'][0]}").no(404)
    assert gm.get(f"/requests/{made['id']}").ok()["variables"]["lines"] == [{"item": "car"}]
    assert gm.post(f"/tasks/{task}/approve", {"answers": {"salary": "1"}}).no(422)["errors"]
    done = gm.post(f"/tasks/{task}/approve", {}).ok()
    assert secrets_in(done) == set()


def test_who_is_copied_sees_no_more_than_that(made: Any, as_: As) -> None:
    """C1"""
    as_("business.officer").post(f"/requests/{made['id']}/copy", {"to": "sales.manager"}).ok()
    assert secrets_in(as_("sales.manager").get(f"/requests/{made['id']}").ok()) == set()


def test_the_head_of_the_department_who_holds_nothing_sees_no_more(made: Any, as_: As) -> None:
    assert secrets_in(as_("business.manager").get(f"/requests/{made['id']}").ok()) == set()


def test_requester_auditor_owner_and_the_next_signer_see_everything(made: Any, as_: As) -> None:
    as_("gm").post(f"/tasks/{task_of(made, 'look')}/approve", {}).ok()
    for person in ("business.officer", "auditor", "owner", "finance.manager"):
        seen = as_(person).get(f"/requests/{made['id']}").ok()
        assert seen["variables"]["salary"] == "48000"
        assert as_(person).get(f"/attachments/{made['variables']['papers'][0]}").ok()


CALLS = {
    "outer.bpmn": process(
        "outer",
        start("ask"),
        task("work", assignee="tech.lead"),
        '<bpmn:callActivity id="ask" calledElement="inner"><bpmn:extensionElements>'
        '<camunda:in variables="all"/></bpmn:extensionElements></bpmn:callActivity>',
        end(),
        chain("start", "work", "ask", "end"),
    ),
    "ask.form": form("ask", text("topic"), text("salary")),
}
INNER = process(
    "inner",
    start(),
    task("work", assignee="risk.manager", fields__hide="salary"),
    end(),
    chain("start", "work", "end"),
)


def test_what_a_called_process_hides_is_hidden_from_its_signers_only(
    home: Database, as_: As
) -> None:
    """Its node has the id of one of the caller's, whose holder is shown everything."""
    deploy(home, {"inner.bpmn": INNER})
    deploy(home, CALLS)
    given = {"process": "outer", "answers": {"topic": "Ms Lin", "salary": "48000"}}
    made = as_("business.officer").post("/requests", given).ok(201)
    as_("tech.lead").post(f"/tasks/{task_of(made, 'work')}/complete", {}).ok()
    (inner,) = as_("risk.manager").get("/tasks", request=made["id"]).ok()["items"]
    for path in (f"/requests/{made['id']}", f"/requests/{made['id']}/history"):
        assert secrets_in(as_("risk.manager").get(path).ok()) == set(), path
        assert secrets_in(as_("tech.lead").get(path).ok()) == {"48000", "salary"}, path
    assert secrets_in(as_("risk.manager").get(f"/tasks/{inner['id']}").ok()) == set()
