"""A history step by step through the API: all of it, one step, who may read it, what is hidden."""

from typing import Any

import pytest

from storage import Database
from tests.api.callers import Caller, Clock
from tests.api.conftest import As
from tests.api.diagrams import SECRET, SECRETIVE, deploy
from tests.api.examples import asked, task_of
from tests.api.test_hidden import secrets_in, upload


def decided(caller: Caller, task: str, verb: str = "approve", **body: Any) -> None:
    """A decision that takes effect at once."""
    caller.post(f"/tasks/{task}/{verb}", body).ok()


def test_every_step_says_what_it_changed_and_the_last_is_how_it_stands(as_: As) -> None:
    officer = as_("card.officer")
    made = asked(officer)
    decided(as_("fulfilment.manager"), task_of(made, "approval"))
    found = as_("auditor").get(f"/requests/{made['id']}/replay").ok()
    assert (found["of"], found["difference"]) == (2, None)
    assert [step["entry"]["verb"] for step in found["steps"]] == ["submit", "approve"]
    assert {step["by"] for step in found["steps"]} == {"engine"}
    now = officer.get(f"/requests/{made['id']}").ok()
    values: dict[str, Any] = {}
    for step in found["steps"]:
        for row in step["changed"].get("variables", ()):
            values[row["name"]] = row.get("value")
    assert {name: values[name] for name in now["variables"] if name in values} == {
        name: value for name, value in now["variables"].items() if name in values
    }
    assert set(values) >= {"phone", "purpose", "documents"}
    last = as_("auditor").get(f"/requests/{made['id']}/replay", step=2).ok()
    assert last["state"]["request"]["status"] == now["status"]
    assert last["state"]["request"]["version"]["number"] == now["version"]
    (task,) = [t for node in last["state"]["nodes"] for t in node["tasks"] if t["status"] == "open"]
    assert [task["id"]] == [each["id"] for each in now["open_tasks"]]


def test_one_step_tells_votes_people_and_reasons_of_then(as_: As) -> None:
    made = asked(as_("card.officer"))
    decided(as_("fulfilment.manager"), task_of(made, "approval"))
    (node,) = as_("auditor").get(f"/requests/{made['id']}/replay", step=1).ok()["state"]["nodes"]
    assert (node["node"]["id"], node["status"], node["pending"]) == ("approval", "open", 1)
    (task,) = node["tasks"]
    assert (task["status"], task["decided_by"]) == ("open", None)
    assert [each["id"] for each in task["holders"]] == ["fulfilment.manager"]
    assert task["why"]


@pytest.mark.parametrize("step", ["0", "-1", "x", "1.5", "99999999", ""])
def test_a_step_that_is_none_is_told_in_words(as_: As, step: str) -> None:
    made = asked(as_("card.officer"))
    problem = as_("auditor").get(f"/requests/{made['id']}/replay", step=step).no(422)
    assert "step" in problem["errors"]


def test_a_step_beyond_the_last_is_not_there(as_: As) -> None:
    made = asked(as_("card.officer"))
    as_("auditor").get(f"/requests/{made['id']}/replay", step=2).no(404)


def test_who_may_not_read_the_history_may_not_replay_it(as_: As) -> None:
    made = asked(as_("card.officer"))
    as_("").get(f"/requests/{made['id']}/replay").no(401)
    as_("tech.developer").get(f"/requests/{made['id']}/replay").no(404)
    as_("tech.developer").get(f"/requests/{made['id']}/replay", step="x").no(404)
    as_("admin").get(f"/requests/{made['id']}/replay").no(403)
    as_("auditor").get("/requests/nothing/replay").no(404)


@pytest.fixture
def secret(home: Database, as_: As) -> Any:
    """A request whose first signer is not shown everything."""
    deploy(home, SECRETIVE)
    officer = as_("business.officer")
    papers = [upload(officer, b"the contract").ok(201)["id"]]
    body = {"process": "raise", "answers": {**SECRET, "papers": papers}}
    return officer.post("/requests", body).ok(201).json


def test_hidden_fields_stay_hidden_at_every_step(secret: Any, as_: As) -> None:
    gm, path = as_("gm"), f"/requests/{secret['id']}/replay"
    assert secrets_in(gm.get(path).ok()) == set()
    assert secrets_in(gm.get(path, step=1).ok()) == set()
    decided(gm, task_of(secret, "look"))
    for query in ({}, {"step": 1}, {"step": 2}):
        assert secrets_in(gm.get(path, **query).ok()) == set()
        assert "48000" in secrets_in(as_("auditor").get(path, **query).ok())


def test_a_decision_that_can_be_undone_is_told_only_to_its_author_and_auditors(
    as_: As, clock: Clock
) -> None:
    made = asked(as_("card.officer"))
    body = {"undo_seconds": 60, "comment": "机密意见"}
    as_("fulfilment.manager").post(f"/tasks/{task_of(made, 'approval')}/approve", body).ok()
    path = f"/requests/{made['id']}/replay"
    for query in ({}, {"step": 2}):
        seen = as_("card.officer").get(path, **query).ok()
        assert "机密意见" not in seen.data.decode()
        assert '"verb":"approve"' not in seen.data.decode()
        assert '"verb":"decide"' in seen.data.decode()
        for person in ("auditor", "fulfilment.manager"):
            assert "机密意见" in as_(person).get(path, **query).ok().data.decode()
    clock.turn(seconds=61)
    as_("card.officer").post(f"/requests/{made['id']}/comment", {"comment": "谢谢"}).ok()
    assert "机密意见" in as_("card.officer").get(path).ok().data.decode()
