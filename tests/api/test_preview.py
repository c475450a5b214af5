"""Before submitting: the path that these answers would take, over the API, on both databases."""

import json

from storage import Database
from tests.api.conftest import As
from tests.api.diagrams import deploy, end, form, start, text
from tests.api.examples import ACCESS, access
from tests.engine.live import chain, flow, process, task

PRICED = {
    "priced.bpmn": process(
        "priced",
        start("ask"),
        task("look", assignee="finance.accountant").replace(
            "<bpmn:userTask ", '<bpmn:userTask camunda:formRef="price" ', 1
        ),
        '<bpmn:exclusiveGateway id="g" name="Dear?" default="g_end"/>',
        task("more", assignee="gm", approval="single", approval__onRejected="end"),
        end(),
        chain("start", "look", "g"),
        flow("g", "more", "${price == 'dear'}"),
        flow("g", "end"),
        flow("more", "end"),
    ),
    "ask.form": form("ask", text("topic", validate={"required": True})),
    "price.form": form("price", text("price", label="价格")),
}


def rows(home: Database) -> dict[str, int]:
    """How many rows there are."""
    with home.read() as reader:
        names = [name for (name,) in reader.all(_TABLES[home.dialect])]
        return {name: reader.value(f"SELECT count(*) FROM {name}") for name in names}


_TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%search%'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()",
}


def test_the_path_is_told_and_nothing_is_made(as_: As, home: Database) -> None:
    officer = as_("business.officer")
    officer.get("/me")
    before = rows(home)
    found = officer.post("/requests/preview", access()).ok()
    assert rows(home) == before
    made = officer.post("/requests", access()).ok(201)
    told = {each["node"]["id"]: each for each in found["path"]}
    for open_task in made["open_tasks"]:
        each = told[open_task["node"]["id"]]
        assert each["node"] == open_task["node"]
        assert each["holders"] == open_task["holders"]
        assert each["due"] == open_task["due"]
        assert each["sure"]
        assert each["why"]
    assert made["number"].endswith("001") or "0001" in made["number"], "no number was drawn before"


def test_what_a_later_desk_fills_in_is_named(as_: As, home: Database) -> None:
    deploy(home, PRICED)
    body = {"process": "priced", "answers": {"topic": "Chairs"}}
    found = as_("business.officer").call(
        "POST", "/requests/preview", body, headers={"Accept-Language": "zh"}
    )
    look, more = found.ok()["path"]
    assert look["sure"]
    assert look["depends_on"] == []
    assert not more["sure"]
    (on,) = more["depends_on"]
    assert (on["kind"], on["at"]) == ("condition", {"id": "g", "name": "Dear?"})
    assert on["condition"] == "${price == 'dear'}"
    assert on["reads"] == [{"id": "price", "name": "价格"}]
    assert [each["id"] for each in on["given_by"]] == ["look"]
    assert "价格" in on["text"]
    assert found["notes"]


def test_a_preview_is_checked_as_a_submission_is(as_: As, home: Database) -> None:
    deploy(home, PRICED)
    officer = as_("business.officer")
    wrong = officer.post("/requests/preview", {"process": "priced"}).no(422)
    assert set(wrong["errors"]) == {"topic"}
    bad = {"process": "document-access", "answers": ACCESS | {"from": "2026-13-01"}}
    assert "from" in officer.post("/requests/preview", bad).no(422)["errors"]
    officer.post("/requests/preview", {"process": "change-request"}).no(403)
    officer.post("/requests/preview", {"process": "nothing"}).no(404)
    officer.post("/requests/preview", {"answers": {}}).no(422)
    officer.post("/requests/preview", {"process": "priced", "more": 1}).no(422)
    as_("").post("/requests/preview", body={"process": "priced"}).no(401)


def test_a_preview_is_in_the_description(as_: As) -> None:
    document = as_("").get("/openapi.json")
    assert "/requests/preview" in json.dumps(document.json)
