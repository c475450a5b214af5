"""Errors and escalations that people throw at their work, over the API."""

import pytest

from storage import Database
from tests.api.callers import Caller
from tests.api.conftest import As
from tests.api.diagrams import deploy
from tests.engine.test_throwing import ERROR, LATE, diagram


@pytest.fixture
def at_work(as_: As, home: Database) -> str:
    """A task whose diagram catches the error `missing` and the escalation `late`."""
    deploy(home, {"p.bpmn": diagram(ERROR, LATE)})
    made = as_("card.officer").post("/requests", {"process": "p", "answers": {}}).ok(201)
    (task,) = made["open_tasks"]
    return str(task["id"])


def open_nodes(caller: Caller, task: str) -> list[str]:
    """Where its request stands."""
    request = caller.get(f"/requests/{task.rpartition('-')[0]}").ok()
    return [each["node"]["id"] for each in request["open_tasks"]]


def test_a_task_tells_which_codes_its_diagram_catches(as_: As, at_work: str) -> None:
    can = as_("tech.lead").get(f"/tasks/{at_work}").ok()["can"]
    assert (can["error"], can["escalate"]) == (["missing"], ["late"])


def test_an_error_ends_the_task_and_goes_on_where_it_is_caught(as_: As, at_work: str) -> None:
    said = {"code": "missing", "message": "缺少合同", "variables": {"lacks": "contract"}}
    found = as_("tech.lead").post(f"/tasks/{at_work}/error", said).ok()
    assert found["task"]["status"] == "completed"
    assert [each["node"]["id"] for each in found["request"]["open_tasks"]] == ["mend"]
    assert found["request"]["variables"]["lacks"] == "contract"
    history = as_("auditor").get(f"/requests/{at_work.rpartition('-')[0]}/history").ok()
    last = history["entries"][-1]
    assert (last["verb"], last["node"], last["comment"]) == ("error", "work", "缺少合同")
    as_("tech.lead").post(f"/tasks/{at_work}/error", said).no(409)


def test_an_escalation_leaves_the_task_where_it_is(as_: As, at_work: str) -> None:
    found = as_("tech.lead").post(f"/tasks/{at_work}/escalate", {"code": "late"}).ok()
    assert found["task"]["status"] == "open"
    assert open_nodes(as_("auditor"), at_work) == ["work", "know"]


def test_another_code_another_person_and_nonsense(as_: As, at_work: str) -> None:
    lead = as_("tech.lead")
    assert lead.post(f"/tasks/{at_work}/error", {"code": "late"}).no(422)["errors"].keys() == {
        "code"
    }
    assert lead.post(f"/tasks/{at_work}/error", {}).no(422)["errors"].keys() == {"code"}
    lead.post(f"/tasks/{at_work}/escalate", {"code": "late", "message": "x"}).no(422)
    lead.post(f"/tasks/{at_work}/error", {"code": "missing", "variables": {"_x": 1}}).no(422)
    as_("auditor").post(f"/tasks/{at_work}/error", {"code": "missing"}).no(403)
    as_("sales.manager").post(f"/tasks/{at_work}/error", {"code": "missing"}).no(404)
    assert open_nodes(as_("auditor"), at_work) == ["work"]


def test_the_same_error_twice_takes_effect_once(as_: As, at_work: str) -> None:
    key = {"Idempotency-Key": "broken-once"}
    for _ in range(2):
        as_("tech.lead").post(f"/tasks/{at_work}/error", {"code": "missing"}, headers=key).ok()
    assert open_nodes(as_("auditor"), at_work) == ["mend"]
