"""Making a request, seeing it, saying something about it."""

from tests.api.conftest import As
from tests.api.examples import access, asked, task_of


def test_a_request_is_made_and_approved(as_: As) -> None:
    officer, manager = as_("business.officer"), as_("fulfilment.manager")
    made = asked(officer)
    assert made["status"] == "running"
    assert made["number"] == "履查2026-0001"
    assert made["requester"] == {"id": "business.officer", "name": "林嘉"}
    assert made["variables"]["purpose"] == "参考联名卡协议的违约条款写法"
    assert made["can"]["withdraw"] is True

    task = task_of(made, "approval")
    waiting = manager.get("/tasks").ok()["items"]
    assert [each["id"] for each in waiting] == [task]
    seen = manager.get(f"/tasks/{task}").ok()
    assert seen["can"]["approve"] is True
    assert seen["can"]["complete"] is False
    assert seen["why_not"]["complete"]
    assert seen.headers["ETag"] == f'"{seen["version"]}"'

    done = manager.post(f"/tasks/{task}/approve", {}, headers={"If-Match": seen["version"]}).ok()
    assert done["task"]["status"] == "approved"
    assert done["task"]["decided_by"]["id"] == "fulfilment.manager"
    assert done["request"]["variables"]["approval_verdict"] == "approved"

    entries = officer.get(f"/requests/{made['id']}/history").ok()["entries"]
    assert [(each["verb"], each["outcome"]) for each in entries] == [
        ("submit", "done"),
        ("approve", "done"),
    ]
    assert entries[1]["actor"] == {"id": "fulfilment.manager", "name": "曹文"}
    assert entries[1]["task"] == task
    assert {"field": "purpose", "old": None, "new": access()["answers"]["purpose"]} in entries[0][
        "changes"
    ]
    assert len(entries[0]["digest"]) == 64
    assert entries[0]["reached"]


def test_what_was_answered_before_a_return_stays_in_the_history(as_: As) -> None:
    """B4"""
    officer, manager = as_("business.officer"), as_("fulfilment.manager")
    rows = [{**access()["answers"]["documents"][0], "mode": "复印", "copies": 1}]
    made = officer.post("/requests", access(documents=rows)).ok(201)
    said = {"copy_consent": "不同意", "copy_note": "含第三方报价"}
    sent = {"to": "initiator", "comment": "请改为查阅", "answers": said}
    back = manager.post(f"/tasks/{task_of(made, 'approval')}/return", sent).ok()
    assert back["request"]["variables"]["approval_answers"] == []
    returned = officer.get(f"/requests/{made['id']}/history").ok()["entries"][-1]
    assert (returned["verb"], returned["answers"]) == ("return", said)


def test_what_the_system_fills_in_is_shown_among_the_variables(as_: As) -> None:
    made = asked(as_("business.officer"))
    by_system = {name: made["variables"][name] for name in ("number", "department", "applicant")}
    assert by_system == {
        "number": made["number"],
        "department": "业务部",
        "applicant": "business.officer",
    }
    assert made["variables"]["applied_on"] == made["variables"]["filed_on"]
    assert not {"me", "round"} & made["variables"].keys()


def test_a_draft_is_filled_in_and_submitted(as_: As) -> None:
    officer = as_("business.officer")
    draft = officer.post("/requests", {"process": "document-access", "draft": True}).ok(201)
    assert (draft["status"], draft["number"]) == ("draft", None)
    as_("fulfilment.manager").get(f"/requests/{draft['id']}").no(404)
    as_("auditor").get(f"/requests/{draft['id']}").no(404)

    missing = officer.post(f"/requests/{draft['id']}/submit").no(422)
    assert missing["errors"].keys() >= {"purpose", "documents"}

    kept = officer.put(f"/requests/{draft['id']}/draft", {"answers": access()["answers"]}).ok()
    assert kept["variables"]["phone"] == "8011"
    again = officer.put(f"/requests/{draft['id']}/draft", {"answers": {"phone": "8012"}}).ok()
    assert again["variables"]["phone"] == "8012"
    assert again["variables"]["purpose"]
    sent = officer.post(f"/requests/{draft['id']}/submit").ok()
    assert (sent["status"], sent["id"]) == ("running", draft["id"])
    twice = officer.post(f"/requests/{draft['id']}/submit").no(409)
    assert twice["state"]["request"]["status"] == "running"


def test_who_may_not_know_of_it_is_told_nothing(as_: As) -> None:
    made = asked(as_("business.officer"))
    stranger = as_("sales.manager")
    for path in ("", "/history", "/export"):
        stranger.get(f"/requests/{made['id']}{path}").no(404)
    for verb in ("withdraw", "urge", "comment"):
        stranger.post(f"/requests/{made['id']}/{verb}", {"comment": "?"}).no(404)
    stranger.post(f"/requests/{made['id']}/copy", {"to": "gm"}).no(404)
    stranger.put(f"/requests/{made['id']}/draft", {"answers": {}}).no(404)
    stranger.get(f"/tasks/{task_of(made, 'approval')}").no(404)
    stranger.post(f"/tasks/{task_of(made, 'approval')}/approve", {}).no(404)
    assert stranger.get("/requests", view="all").ok()["items"] == []


def test_it_is_withdrawn_and_submitted_again_under_its_number(as_: As) -> None:
    """W1"""
    officer = as_("business.officer")
    made = asked(officer)
    gone = officer.post(f"/requests/{made['id']}/withdraw").ok()
    assert gone["status"] == "withdrawn"
    assert gone["open_tasks"] == []
    assert gone["can"]["submit"] is True
    back = officer.post(f"/requests/{made['id']}/submit", {"answers": {"phone": "8019"}}).ok()
    assert (back["number"], back["round"]) == (made["number"], 2)
    assert back["variables"]["phone"] == "8019"


def test_comments_copies_and_urging(as_: As) -> None:
    """C1-C3"""
    officer = as_("business.officer")
    made = asked(officer)
    path = f"/requests/{made['id']}"
    officer.post(f"{path}/comment", {"comment": "请尽快 @fulfilment.manager"}).ok()
    assert officer.post(f"{path}/comment", {}).no(422)["errors"].keys() == {"comment"}
    officer.post(f"{path}/copy", {"to": ["risk.manager"]}).ok()
    assert as_("risk.manager").get(path).ok()["can"]["withdraw"] is False
    assert officer.post(f"{path}/copy", {"to": "nobody"}).no(422)["errors"].keys() == {"to"}
    assert officer.post(f"{path}/copy", {}).no(422)["errors"].keys() == {"to"}
    officer.post(f"{path}/urge").ok()
    assert officer.post(f"{path}/urge").no(409)["reason"] == "UrgedTooOften"
    told = as_("fulfilment.manager").get("/notices").ok()["items"]
    assert {each["kind"] for each in told} >= {"held", "mentioned", "reminder"}
    copied = as_("risk.manager").get("/tasks", view="copied").ok()["items"]
    assert [each["request"]["id"] for each in copied] == [made["id"]]


def test_lists_page_by_cursor(as_: As) -> None:
    officer = as_("business.officer")
    made = [asked(officer)["id"] for _ in range(3)]
    first = officer.get("/requests", limit=2).ok()
    assert [each["id"] for each in first["items"]] == made[:0:-1]
    rest = officer.get("/requests", limit=2, cursor=first["next"]).ok()
    assert ([each["id"] for each in rest["items"]], rest["next"]) == (made[:1], None)
    oldest = officer.get("/requests", sort="oldest", status="running", q="履查2026-0001").ok()
    assert [each["id"] for each in oldest["items"]] == made[:1]
    for wrong in (
        {"cursor": "rubbish"}, {"cursor": "AAAA"}, {"limit": "201"}, {"limit": "0"},
        {"limit": "x"}, {"view": "theirs"}, {"status": "odd"}, {"sort": "random"}, {"hue": "red"},
    ):  # fmt: skip
        assert officer.get("/requests", **wrong).no(422)["errors"].keys() == wrong.keys()


def test_an_export_leaves_an_entry(as_: As) -> None:
    """H1"""
    officer = as_("business.officer")
    made = asked(officer)
    path = f"/requests/{made['id']}/export"
    assert officer.get(path).ok()["requests"][0]["number"] == made["number"]
    officer.post(f"/requests/{made['id']}/comment", {"comment": "=1+1"}).ok()
    table = officer.get(path, format="csv").ok().data.decode("utf-8-sig").splitlines()
    assert len(table) == 3
    assert "'=1+1" in table[2]
    assert officer.get(path, format="docx").no(422)["errors"].keys() == {"format"}
