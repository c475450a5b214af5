"""What may be started, and the form as its reader gets it."""

from collections.abc import Iterator
from typing import Any

from tests.api.conftest import As


def test_one_sees_what_one_may_start(as_: As) -> None:
    found = {each["key"]: each for each in as_("business.officer").get("/processes").ok()["items"]}
    assert found.keys() == {"work-order", "document-access", "go-live"}
    assert found["work-order"]["version"] == 1
    keys = {each["key"] for each in as_("tech.lead").get("/processes").ok()["items"]}
    assert keys == {"change-request", "document-access"}


def test_a_form_comes_with_its_options_and_values(as_: As) -> None:
    officer = as_("business.officer")
    found = officer.get("/processes/document-access/form").ok()
    fields = {each.get("key") or each.get("path"): each for each in _components(found["form"])}
    assert fields["purpose"]["validate"]["required"] is True
    categories = next(c for c in fields["documents"]["components"] if c["key"] == "category")
    assert {"合同"} <= {each["value"] for each in categories["values"]}
    assert found["values"].keys() <= fields.keys()
    officer.get("/processes/change-request/form").no(403)
    officer.post("/requests", {"process": "change-request"}).no(403)
    officer.get("/processes/nothing/form").no(404)
    officer.post("/requests", {"process": "nothing"}).no(404)


def _components(form: Any) -> Iterator[Any]:
    for each in form["components"]:
        yield each
        if each["type"] == "group":
            yield from _components(each)


def test_answers_are_refused_by_field(as_: As) -> None:
    officer = as_("business.officer")
    answers = {"documents": [{"category": "无此类"}], "from": "2026-13-01", "undertaking": "yes"}
    wrong = officer.post("/requests", {"process": "document-access", "answers": answers}).no(422)
    assert wrong["errors"].keys() >= {"from", "undertaking", "purpose", "documents[0].category"}


def test_who_i_am_and_whom_i_can_name(as_: As) -> None:
    officer = as_("business.officer")
    me = officer.get("/me").ok()
    assert (me["id"], me["department"], me["superiors"]) == (
        "business.officer",
        "业务部",
        ["business.manager"],
    )
    assert me["counts"] == {
        "todo": 0,
        "group": 0,
        "copied_unread": 0,
        "overdue": 0,
        "snoozed": 0,
        "notices_unread": 0,
    }
    found = officer.get("/people", q="履约部").ok()["items"]
    assert [each["id"] for each in found] == ["fulfilment.manager", "fulfilment.specialist"]
    assert len(officer.get("/people", limit=3).ok()["items"]) == 3


def test_notices_are_read(as_: As) -> None:
    from tests.api.examples import asked

    asked(as_("business.officer"))
    manager = as_("fulfilment.manager")
    told = manager.get("/notices", unread="true").ok()["items"]
    assert [each["kind"] for each in told] == ["held"]
    assert manager.post("/notices/read", {"ids": ["x", told[0]["id"]]}).ok()["read"] == 1
    assert manager.get("/notices", unread="true").ok()["items"] == []
    assert manager.get("/notices").ok()["items"][0]["read_at"] is not None
    assert manager.post("/notices/read").ok()["read"] == 0
