"""What stands still, over the API: who is told, and how it is tried again."""

import pytest

from storage import Database
from tests.api.callers import Caller
from tests.api.conftest import As
from tests.api.diagrams import deploy, end, form, start, text
from tests.engine.live import chain, flow, process, task

PAYS = {
    "pays.bpmn": process(
        "pays",
        start("ask"),
        task("look", assignee="gm", approval="single", approval__onRejected="end"),
        '<bpmn:exclusiveGateway id="g" name="Large?" default="g_end"/>',
        task("more", assignee="finance.manager"),
        end(),
        chain("start", "look", "g"),
        flow("g", "more", "${amount > limit}"),
        flow("g", "end"),
        flow("more", "end"),
        title="${topic}",
    ),
    "ask.form": form("ask", text("topic"), text("amount")),
}


@pytest.fixture
def stuck(as_: As, home: Database) -> str:
    """A request that stands still behind the general manager's approval."""
    deploy(home, PAYS)
    given = {"process": "pays", "answers": {"topic": "Chairs", "amount": "12"}}
    request: str = as_("business.officer").post("/requests", given).ok(201)["id"]
    (open_task,) = as_("gm").get("/tasks", request=request).ok()["items"]
    as_("gm").post(f"/tasks/{open_task['id']}/approve", {}).ok()
    return request


def only(caller: Caller, request: str) -> dict[str, object]:
    """The one incident of this request that he is told of."""
    (found,) = [i for i in caller.get("/incidents").ok()["items"] if i["request"]["id"] == request]
    return dict(found)


def test_an_administrator_is_told_where_and_why_but_not_what_it_is_about(
    as_: As, stuck: str
) -> None:
    row = only(as_("admin"), stuck)
    assert row["id"] == f"{stuck}-i1"
    assert row["kind"] == "expression"
    assert row["node"] == {"id": "g", "name": "Large?"}
    assert "limit" in str(row["message"])
    assert row["attempts"] == 0
    assert row["request"] == {"id": stuck, "number": None, "title": "", "process": "pays"} | {
        "number": row["request"]["number"]  # type: ignore[index]
    }


def test_the_process_owner_is_told_of_his_own_and_nobody_else_is(as_: As, stuck: str) -> None:
    assert only(as_("owner"), stuck)["request"]["title"] == "Chairs"  # type: ignore[index]
    for person in ("business.officer", "gm", "auditor"):
        assert as_(person).get("/incidents").ok()["items"] == []


def test_set_right_and_tried_again_it_goes_on(as_: As, stuck: str) -> None:
    said = {"variables": {"limit": 10}, "comment": "限额漏填"}
    found = as_("admin").post(f"/incidents/{stuck}-i1/retry", said).ok()
    assert found["incident"] is None
    assert [each["node"]["id"] for each in found["request"]["open_tasks"]] == ["more"]
    last = as_("auditor").get(f"/requests/{stuck}/history").ok()["entries"][-1]
    assert (last["verb"], last["override"], last["comment"]) == ("retry", True, "限额漏填")
    assert last["changes"] == [{"field": "limit", "old": None, "new": 10}]
    assert as_("admin").get("/incidents").ok()["items"] == []
    as_("admin").post(f"/incidents/{stuck}-i1/retry", said).no(409)


def test_what_fails_again_says_so(as_: As, stuck: str) -> None:
    found = as_("admin").post(f"/incidents/{stuck}-i1/retry", {}).ok()
    assert found["incident"]["attempts"] == 1
    assert found["request"]["open_tasks"] == []


def test_only_an_administrator_retries(as_: As, stuck: str) -> None:
    as_("owner").post(f"/incidents/{stuck}-i1/retry", {}).no(403)
    as_("gm").post(f"/incidents/{stuck}-i1/retry", {}).no(403)
    as_("card.officer").post(f"/incidents/{stuck}-i1/retry", {}).no(404)


def test_what_is_wrong_with_a_retry_is_told_by_variable(as_: As, stuck: str) -> None:
    admin = as_("admin")
    for variables in ({"initiator": "gm"}, {"_x": 1}, {"look_verdict": "rejected"}):
        (name,) = variables
        errors = admin.post(f"/incidents/{stuck}-i1/retry", {"variables": variables}).no(422)
        assert list(errors["errors"]) == [f"variables.{name}"]
    admin.post(f"/incidents/{stuck}-i1/retry", {"variables": []}).no(422)
    admin.post(f"/incidents/{stuck}-i9/retry", {}).no(404)
    admin.post("/incidents/nothing/retry", {}).no(404)
    assert only(admin, stuck)["attempts"] == 0


def test_the_same_retry_twice_takes_effect_once(as_: As, stuck: str) -> None:
    said = {"variables": {"limit": 10}}
    key = {"Idempotency-Key": "once"}
    for _ in range(2):
        found = as_("admin").post(f"/incidents/{stuck}-i1/retry", said, headers=key).ok()
        assert found["incident"] is None


def test_the_list_goes_on_where_it_left_off(as_: As, home: Database) -> None:
    deploy(home, PAYS)
    for n in range(3):
        given = {"process": "pays", "answers": {"topic": f"t{n}", "amount": "12"}}
        as_("business.officer").post("/requests", given).ok(201)
    for each in as_("gm").get("/tasks").ok()["items"]:
        if each["request"]["process"] == "pays":
            as_("gm").post(f"/tasks/{each['id']}/approve", {}).ok()
    first = as_("admin").get("/incidents", limit=2).ok()
    rest = as_("admin").get("/incidents", limit=2, cursor=first["next"]).ok()
    ids = [each["id"] for each in (*first["items"], *rest["items"])]
    assert len(set(ids)) == 3
    assert rest["next"] is None
    as_("admin").get("/incidents", cursor="x").no(422)
