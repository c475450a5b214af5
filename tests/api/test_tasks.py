"""Every verb on a task, in the order of its checks: 404, 403, 409, 422."""

from urllib.parse import quote

import pytest

from tests.api.callers import Answer, Caller
from tests.api.conftest import As
from tests.api.examples import access, asked, task_of


@pytest.fixture
def officer(as_: As) -> Caller:
    """Who asks for documents."""
    return as_("business.officer")


@pytest.fixture
def manager(as_: As) -> Caller:
    """Who decides about it."""
    return as_("fulfilment.manager")


def test_what_is_not_yours_comes_before_what_is_wrong(officer: Caller, manager: Caller) -> None:
    made = asked(officer)
    path = f"/tasks/{task_of(made, 'approval')}"
    rubbish = {"answers": 7, "verdict": "approved"}
    assert officer.post(f"{path}/approve", rubbish).no(403)["reason"] == "NotHolder"
    assert manager.post(f"{path}/approve", rubbish).no(422)["errors"].keys() == {
        "answers",
        "verdict",
    }
    assert manager.post(f"{path}/complete", {}).no(403)["reason"] == "NotPlain"
    manager.post(f"{path}/approve", {}).ok()
    late = manager.post(f"{path}/approve", rubbish).no(409)
    assert late["reason"] == "TaskOver"
    assert late["state"]["task"]["decided_by"] == {"id": "fulfilment.manager", "name": "曹文"}
    assert late["state"]["task"]["status"] == "approved"


def test_nobody_posts_verdicts_approvers_or_the_fields_of_others(
    officer: Caller, manager: Caller
) -> None:
    made = access(approval_verdict="approved", initiator="gm", _x="1", copy_consent="同意")
    assert officer.post("/requests", made).no(422)["errors"].keys() == {
        "approval_verdict",
        "initiator",
        "_x",
        "copy_consent",
    }
    outside = officer.post("/requests", {**access(), "assignee": "gm", "requester": "gm"}).no(422)
    assert outside["errors"].keys() == {"assignee", "requester"}
    task = task_of(asked(officer), "approval")
    posted = {"answers": {"purpose": "别的", "approval_answers": [], "found": "已找到"}}
    assert manager.post(f"/tasks/{task}/approve", posted).no(422)["errors"].keys() == {
        "purpose",
        "approval_answers",
        "found",
    }


def test_rejecting_and_returning_need_a_reason(officer: Caller, manager: Caller) -> None:
    """B1, B4"""
    made = asked(officer)
    path = f"/tasks/{task_of(made, 'approval')}"
    for verb in ("reject", "return"):
        assert manager.post(f"{path}/{verb}", {}).no(422)["errors"].keys() == {"comment"}
    nowhere = manager.post(f"{path}/return", {"comment": "为何", "to": "handover"}).no(409)
    assert nowhere["reason"] == "TargetNotOnPath"
    two = manager.post(f"{path}/return", {"comment": "为何", "to": ["initiator", "x"]}).no(422)
    assert two["errors"].keys() == {"to"}
    assert manager.get(path).ok()["can"]["return"] == [{"id": "initiator", "name": "申请人"}]
    back = manager.post(f"{path}/return", {"comment": "请写明用途", "to": "initiator"}).ok()
    assert (back["request"]["status"], back["request"]["round"]) == ("returned", 2)

    amend = task_of(back["request"], "initiator")
    form = officer.get(f"/tasks/{amend}").ok()
    assert form["values"]["purpose"] == access()["answers"]["purpose"]
    again = officer.post(
        f"/tasks/{amend}/complete", {"answers": {"purpose": "核对协议的违约条款怎么写"}}
    ).ok()
    assert again["request"]["variables"]["purpose"] == "核对协议的违约条款怎么写"
    entries = officer.get(f"/requests/{made['id']}/history").ok()["entries"]
    assert entries[-1]["verb"] == "complete"
    change = {
        "field": "purpose",
        "old": access()["answers"]["purpose"],
        "new": "核对协议的违约条款怎么写",
    }
    assert change in entries[-1]["changes"]


def test_acting_on_what_has_changed_names_the_version_now(
    as_: As, officer: Caller, manager: Caller
) -> None:
    """K5"""
    task = task_of(asked(officer), "approval")
    before = manager.get(f"/tasks/{task}").ok()["version"]
    held = as_("admin").post(
        f"/tasks/{task}/assign", {"to": "fulfilment.specialist", "comment": "出差"}
    )
    assert held.ok()["task"]["holders"] == [{"id": "fulfilment.specialist", "name": "许佳"}]
    specialist = as_("fulfilment.specialist")
    stale = specialist.post(f"/tasks/{task}/approve", {}, headers={"If-Match": before}).no(409)
    assert (stale["reason"], stale["version"]) == ("Changed", held["task"]["version"])
    manager.post(f"/tasks/{task}/approve", {}).no(403)
    named = {"If-Match": f'"{held["task"]["version"]}"'}
    specialist.post(f"/tasks/{task}/approve", {}, headers=named).ok()


def test_only_an_administrator_assigns_and_gives_a_reason(
    as_: As, officer: Caller, manager: Caller
) -> None:
    """K3"""
    made = asked(officer)
    path = f"/tasks/{task_of(made, 'approval')}/assign"
    to = {"to": "fulfilment.specialist", "comment": "出差"}
    manager.post(path, to).no(403)
    as_("sales.manager").post(path, to).no(404)
    admin = as_("admin")
    assert admin.post(path, {"to": "fulfilment.specialist"}).no(422)["errors"].keys() == {"comment"}
    assert admin.post(path, {**to, "to": "nobody"}).no(422)["errors"].keys() == {"to"}
    seen = admin.post(path, to).ok()
    assert (seen["request"]["title"], seen["request"]["variables"]) == ("", {})
    entries = officer.get(f"/requests/{made['id']}/history").ok()["entries"]
    last = next(each for each in entries if each["outcome"] == "done" and each["verb"] == "assign")
    assert (last["override"], last["comment"]) == (True, "出差")
    assert {(e["verb"], e["outcome"]) for e in entries} >= {("assign", "refused")}


def test_what_is_not_ones_own_is_403_before_anything_else(
    as_: As, officer: Caller, manager: Caller
) -> None:
    """An administrator may know of the task, and a task that nobody claims is still not his."""
    made = asked(officer)
    path = f"/tasks/{task_of(made, 'approval')}"
    for verb in ("approve", "claim", "release"):
        as_("admin").post(f"{path}/{verb}", {}).no(403)
        as_("auditor").post(f"{path}/{verb}", {}).no(403)
        as_("sales.manager").post(f"{path}/{verb}", {}).no(404)
    assert manager.post(f"{path}/claim", {}).no(409)["reason"] == "NotClaimable"
    entries = officer.get(f"/requests/{made['id']}/history").ok()["entries"]
    assert {(e["actor"]["id"], e["verb"]) for e in entries if e["outcome"] == "refused"} >= {
        ("admin", "approve"),
        ("auditor", "claim"),
    }


def test_an_administrator_sees_the_state_and_withdraws_with_a_reason(
    as_: As, officer: Caller
) -> None:
    """K3"""
    made = asked(officer)
    admin = as_("admin")
    seen = admin.get(f"/requests/{made['id']}").ok()
    assert (seen["status"], seen["title"], seen["variables"]) == ("running", "", {})
    admin.get(f"/requests/{made['id']}/history").no(403)
    assert seen["can"]["withdraw"] is True
    reason = {"Comment": quote("投诉核查")}
    read = admin.get(f"/requests/{made['id']}", headers=reason).ok()
    assert (read["title"], read["variables"]) == (made["title"], made["variables"])
    entries = admin.get(f"/requests/{made['id']}/history", headers=reason).ok()["entries"]
    assert [(e["verb"], e["override"], e["comment"]) for e in entries[-2:]] == [
        ("look", True, "投诉核查")
    ] * 2
    for none in ("", "%ff"):
        admin.get(f"/requests/{made['id']}", headers={"Comment": none}).no(422)
    path = f"/requests/{made['id']}/withdraw"
    assert admin.post(path).no(422)["errors"].keys() == {"comment"}
    assert admin.post(path, {"comment": "误报"}).ok()["status"] == "withdrawn"
    entries = officer.get(f"/requests/{made['id']}/history").ok()["entries"]
    assert entries[-1]["override"] is True
    assert entries[-1]["actor"]["id"] == "admin"


def test_a_task_of_a_group_is_claimed_and_given_back(as_: As, manager: Caller) -> None:
    made = asked(as_("card.officer"))
    manager.post(f"/tasks/{task_of(made, 'approval')}/approve", {}).ok()
    two = as_("card.officer").post("/requests", access(documents=_both())).ok(201)
    manager.post(f"/tasks/{task_of(two.json, 'approval')}/approve", {}).ok()
    archivist, specialist = as_("office.archivist"), as_("fulfilment.specialist")
    queue = archivist.get("/tasks", view="group", request=two["id"]).ok()["items"]
    assert [each["node"]["id"] for each in queue] == ["handover"]
    path = f"/tasks/{queue[0]['id']}"
    assert archivist.get(path).ok()["can"]["claim"] is True
    assert archivist.post(f"{path}/claim", {"answers": {"place": "x"}}).no(422)[
        "errors"
    ].keys() == {"answers"}
    held = archivist.post(f"{path}/claim").ok()
    assert [each["id"] for each in held["task"]["holders"]] == ["office.archivist"]
    late = specialist.post(f"{path}/claim").no(409)
    assert late["reason"] == "AlreadyClaimed"
    assert late["state"]["task"]["holders"][0]["id"] == "office.archivist"
    assert archivist.post(f"{path}/release").ok()["task"]["holders"] == []
    specialist.post(f"{path}/claim").ok()


def _both() -> list[dict[str, str]]:
    first = access()["answers"]["documents"][0]
    second = {
        **first,
        "subcategory": "补充协议",
        "number": "HT-2026-027",
        "name": "联名卡合作协议之补充协议二",
    }
    return [first, second]


def test_a_batch_says_of_each_what_became_of_it(as_: As, officer: Caller, manager: Caller) -> None:
    """K4"""
    tasks = [task_of(asked(officer), "approval") for _ in range(3)]
    manager.post(f"/tasks/{tasks[0]}/approve", {}).ok()
    body = {"verb": "approve", "tasks": [*tasks, "nothing-1"], "comment": "同意借阅"}
    keyed = {"Idempotency-Key": "batch-1"}
    results = manager.post("/tasks/batch", body, headers=keyed).ok()["results"]
    assert [(each["task"], each["status"]) for each in results] == [
        (tasks[0], 409),
        (tasks[1], 200),
        (tasks[2], 200),
        ("nothing-1", 404),
    ]
    assert results[0]["problem"]["state"]["task"]["status"] == "approved"
    again = manager.post("/tasks/batch", body, headers=keyed).ok()["results"]
    assert [each["status"] for each in again] == [409, 200, 200, 404]
    changed = {**body, "comment": "别的"}
    reused = manager.post("/tasks/batch", changed, headers=keyed).ok()["results"]
    assert [each["status"] for each in reused[1:3]] == [422, 422]


def test_the_same_call_twice_takes_effect_once(officer: Caller, manager: Caller) -> None:
    """K1"""
    keyed = {"Idempotency-Key": "one"}
    first = officer.post("/requests", access(), headers=keyed).ok(201)
    assert officer.post("/requests", access(), headers=keyed).ok(201)["id"] == first["id"]
    assert len(officer.get("/requests").ok()["items"]) == 1
    other = officer.post("/requests", access(phone="1234"), headers=keyed).no(422)
    assert other["reason"] == "KeyReused"
    path = f"/tasks/{task_of(first.json, 'approval')}/approve"
    done = manager.post(path, {}, headers=keyed).ok()
    assert manager.post(path, {}, headers=keyed).ok().json == done.json
    manager.post(path, {"comment": "!"}, headers=keyed).no(422)
    manager.post(path, {}, headers={"Idempotency-Key": "two"}).no(409)
    assert manager.post(path, {}, headers={"Idempotency-Key": "a b"}).no(422)["errors"]
    entries = officer.get(f"/requests/{first['id']}/history").ok()["entries"]
    assert [each["verb"] for each in entries if each["outcome"] == "done"] == ["submit", "approve"]


def test_every_refusal_speaks_the_callers_language(officer: Caller) -> None:
    task = task_of(asked(officer), "approval")

    def refused(language: str) -> Answer:
        return officer.post(f"/tasks/{task}/approve", {}, headers={"Accept-Language": language})

    assert refused("en-GB")["detail"] == "You do not hold this task; 曹文 does."
    assert (
        refused("fr")["detail"] == refused("zh-CN")["detail"] == "这项任务不在您手上,由曹文处理。"
    )
    assert refused("en").headers["Content-Language"] == "en"
    english = officer.get(f"/tasks/{task}", headers={"Accept-Language": "en"}).ok()
    assert english["why_not"]["approve"] == refused("en")["detail"]
