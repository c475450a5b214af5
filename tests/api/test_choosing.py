"""Choosing approvers over the API and on the page, on both databases."""

from storage import Database
from tests.api.conftest import As
from tests.api.diagrams import deploy, end, form, start, text
from tests.engine.live import chain, process, task

FILES = {
    "pick.bpmn": process(
        "pick",
        start("ask"),
        task("triage", assignee="product.manager"),
        task(
            "sign",
            approval="all",
            approval__onRejected="end",
            approval__chosen="reviewers",
            approval__choose__from="post:manager",
            approval__choose__by="triage",
            approval__choose__max="2",
        ),
        task(
            "last",
            approval="single",
            approval__onRejected="end",
            approval__chosen="boss",
            approval__choose__from="${superior(initiator)},gm",
        ),
        end(),
        chain("start", "triage", "sign", "last", "end"),
    ),
    "ask.form": form("ask", text("topic")),
}


def test_whoever_chooses_is_offered_exactly_that_set(as_: As, home: Database) -> None:
    deploy(home, FILES)
    officer, manager = as_("business.officer"), as_("product.manager")
    drawn = officer.get("/processes/pick/form").ok()["form"]["components"]
    field = next(each for each in drawn if each.get("key") == "boss")
    assert field["type"] == "select"
    assert {each["value"] for each in field["values"]} == {"business.manager", "gm"}

    def ask(**answers: object) -> object:
        return officer.post("/requests", {"process": "pick", "answers": answers})

    for boss in ("sales.manager", "business.officer", None):
        assert set(ask(topic="x", boss=boss).no(422)["errors"]) == {"boss"}  # type: ignore[attr-defined]
    made = ask(topic="x", boss="gm").ok(201)  # type: ignore[attr-defined]
    (found,) = manager.get("/tasks", request=made["id"]).ok()["items"]
    shown = manager.get(f"/tasks/{found['id']}").ok()["form"]["components"]
    field = next(each for each in shown if each.get("key") == "reviewers")
    offered = {each["value"] for each in field["values"]}
    assert {"sales.manager", "finance.manager"} <= offered
    assert "product.manager" not in offered, "never oneself (T6)"
    done = f"/tasks/{found['id']}/complete"
    for some in (["tech.lead"], ["product.manager"], [], sorted(offered)[:3]):
        wrong = manager.post(done, {"answers": {"reviewers": some}}).no(422)
        assert set(wrong["errors"]) == {"reviewers"}
    two = ["finance.manager", "sales.manager"]
    request = manager.post(done, {"answers": {"reviewers": two}}).ok()["request"]
    holders = [p["id"] for t in request["open_tasks"] for p in t["holders"]]
    assert sorted(holders) == two


def test_a_preview_says_that_it_is_still_to_be_chosen(as_: As, home: Database) -> None:
    deploy(home, FILES)
    body = {"process": "pick", "answers": {"topic": "x", "boss": "gm"}}
    path = as_("business.officer").post("/requests/preview", body).ok()["path"]
    found = {each["node"]["id"]: each for each in path}
    assert [each["kind"] for each in found["sign"]["depends_on"]] == ["people"]
    assert found["sign"]["sure"]
    assert [each["id"] for each in found["last"]["holders"]] == ["gm"]
