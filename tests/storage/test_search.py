"""Search finds Chinese words of two characters, and nothing that is hidden."""

from typing import Any

import pytest

from engine.diagrams.definition import Definition
from engine.ids import PersonId
from engine.requests import Flow
from storage import Database, queries
from storage.visibility import Viewer
from tests.storage.test_unit_of_work import a_request

ANN = PersonId("ann")
TEXTS: dict[str, dict[str, Any]] = {
    "r1": {"number": "(26)卡字001", "title": "信用卡年费减免"},
    "r2": {"number": "(26)卡字010", "title": "Upgrade THE Server"},
    "r3": {"number": "(26)产字100", "title": "年终总结", "summary": {"where": "上海 浦东"}},
}


@pytest.fixture
def searched(database: Database, definition: Definition) -> Database:
    with database.unit_of_work() as work:
        for id, values in TEXTS.items():
            request = a_request(definition, id, status="running", **values)
            work.add_request(request)
            secret = {"secret": "绝密代号", "items": [{"note": "旧合同编号"}], "days": 3}
            work.save_flow(request.id, Flow(answers=secret if id == "r3" else {}))
        work.commit()
    return database


def found(database: Database, q: str) -> list[str]:
    with database.read() as reader:
        return sorted(row.id for row in queries.requests(reader, Viewer(person=ANN), q=q).items)


@pytest.mark.parametrize(
    ("q", "ids"),
    [
        ("年费", ["r1"]),
        ("卡字", ["r1", "r2"]),
        ("信用卡年费", ["r1"]),
        ("卡年", ["r1"]),
        ("年卡", []),
        ("卡", ["r1", "r2"]),
        ("结", ["r3"]),
        ("(26)卡字001", ["r1"]),
        ("001", ["r1"]),
        ("server upgrade", ["r2"]),
        ("SERV", ["r2"]),
        ("浦东", ["r3"]),
        ("产品部 年终", ["r3"]),
        ("合同编号", ["r3"]),
        ("绝密", []),
        ("'", []),
        ('" OR "', []),
        ("年%费", []),
        ("x' | 'y", []),
        ("\x00", []),
    ],
)
def test_words_are_found(searched: Database, q: str, ids: list[str]) -> None:
    assert found(searched, q) == ids


def test_the_index_follows_what_changes(searched: Database) -> None:
    with searched.unit_of_work() as work:
        request = work.request(a_id("r1"))
        assert request is not None
        request.title = "借记卡换卡"
        work.save_request(request)
        work.commit()
    assert found(searched, "年费") == []
    assert found(searched, "换卡") == ["r1"]
    with searched.unit_of_work() as work:
        flow = work.flow(a_id("r1"))
        flow.answers = {"reason": "遗失补办"}
        work.save_flow(a_id("r1"), flow)
        work.commit()
    assert found(searched, "补办") == ["r1"]
    assert found(searched, "换卡 补办") == ["r1"]


def a_id(id: str) -> Any:
    return id
