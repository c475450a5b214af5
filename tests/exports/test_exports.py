"""What is exported, for whom, with which filter; and that it is recorded before it leaves."""

import csv
import hashlib
import io
import json
from typing import Any

import pytest
from lxml import etree

from storage import Database, journal, sealing
from storage.keys import Keys
from tests.api.callers import Answer, Clock
from tests.api.conftest import As, app, as_, clock, home
from tests.api.diagrams import SECRET, SECRETIVE, deploy
from tests.api.examples import access, asked, task_of
from tests.exports.test_xes import SCHEMA, values

__all__ = ["app", "as_", "clock", "home"]
WAYS = (
    {"format": "json"},
    {"format": "csv"},
    {"format": "csv", "rows": "tasks"},
    {"format": "xes", "unfinished": "true"},
    {"format": "xes", "lifecycle": "full"},
)
SECRETS = ("48000", "salary", "papers", "price", "secret")


def one(way: dict[str, str]) -> dict[str, str]:
    """The same of one request."""
    return {name: each for name, each in way.items() if name != "unfinished"}


def requests_in(answer: Answer, way: dict[str, str]) -> list[str]:
    """The ids in a file."""
    if way["format"] == "json":
        return [each["id"] for each in answer.json["requests"]]
    if way["format"] == "csv":
        text = answer.data.decode("utf-8-sig")
        rows = csv.DictReader(io.StringIO(text, newline=""))
        return list(dict.fromkeys(row["request"] for row in rows))
    return [values(each)["id"] for each in etree.fromstring(answer.data).iter("trace")]


def last_entry(home: Database) -> Any:
    with home.read() as reader:
        return journal.entries(reader, "system")[-1]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: " ".join(way.values()))
def test_each_sees_what_he_may_see(as_: As, way: dict[str, str]) -> None:
    mine = asked(as_("business.officer"))["id"]
    others = asked(as_("risk.reviewer"))["id"]
    seen = {
        "business.officer": [mine],
        "business.manager": [mine],
        "auditor": [mine, others],
        "owner": [mine, others],
        "sales.manager": [],
        "admin": [],
    }
    for person, ids in seen.items():
        answer = as_(person).get("/requests/export", **way).ok()
        assert requests_in(answer, way) == ids, person
    as_("sales.manager").get(f"/requests/{mine}/export", **one(way)).no(404)
    as_("admin").get(f"/requests/{mine}/export", **one(way)).no(403)
    as_("").get("/requests/export", **way).no(401)


def test_filters_are_kept_stated_and_recorded(as_: As, home: Database, clock: Clock) -> None:
    first = asked(as_("business.officer"))["id"]
    clock.turn(days=2)
    later = access(**{"from": "2026-11-09", "to": "2026-11-13"})
    second = as_("risk.reviewer").post("/requests", later).ok(201)["id"]
    auditor = as_("auditor")

    def found(**filters: str) -> list[str]:
        return [e["id"] for e in auditor.get("/requests/export", **filters).ok()["requests"]]

    assert found(requester="business.officer") == [first]
    assert found(department="风险合规部") == [second]
    assert found(since="2026-11-03") == [second]
    assert found(until="2026-11-02") == [first]
    assert found(until="2026-11-02T01:00:00+00:00") == []
    assert found(since="2026-11-02T09:00:00+08:00") == [first, second]
    assert found(process="document-access", status="running") == [first, second]
    assert found(process="go-live") == found(outcome="approved") == found(status="void") == []
    assert found(q="联名卡") == [first, second]
    document = auditor.get("/requests/export", q="联名卡", requester="business.officer").ok().json
    assert document["schema"] == "countersign-export-1"
    assert document["filter"] == {"q": "联名卡", "requester": "business.officer"}
    assert document["exported_by"] == "auditor"
    entry = last_entry(home)
    assert (entry.body["count"], entry.body["requests"]) == (1, [first])
    assert entry.body["filter"] == {}, "what may say something of a person can be erased"
    assert entry.particulars["input.q"] == "联名卡"
    log = auditor.get("/requests/export", format="xes", process="document-access").ok()
    root = etree.fromstring(log.data)
    SCHEMA.assertValid(root)
    assert json.loads(values(root)["filter"]) == {"process": "document-access"}
    table = auditor.get("/requests/export", format="csv", status="running").ok()
    rows = list(csv.DictReader(io.StringIO(table.data.decode("utf-8-sig"), newline="")))
    assert {row["filter"] for row in rows} == {'{"status": "running"}'}


@pytest.mark.parametrize(
    "wrong",
    [{"since": "gestern"}, {"until": "2026-13-01"}, {"since": "2026-11-02T09:00"},
     {"until": "0001-01-01T00:00:00+14:00"}, {"until": "9999-12-31"}, {"format": "pdf"},
     {"rows": "x"}, {"lifecycle": "x"}, {"status": "odd"}, {"hue": "red"}],
)  # fmt: skip
def test_a_wrong_filter_is_named(as_: As, home: Database, wrong: dict[str, str]) -> None:
    before = last_entry(home).seq
    answer = as_("auditor").get("/requests/export", **wrong).no(422)
    assert answer["errors"].keys() == wrong.keys()
    assert last_entry(home).seq == before


@pytest.mark.parametrize("way", WAYS, ids=lambda way: " ".join(way.values()))
def test_an_entry_says_so_before_the_file_leaves(
    as_: As, home: Database, way: dict[str, str]
) -> None:
    """H1: count, filter, format and the digest of the very file."""
    asked(as_("business.officer"))
    answer = as_("auditor").get("/requests/export", **way).ok()
    entry = last_entry(home)
    assert (entry.body["verb"], entry.body["actor"]) == ("exported", "auditor")
    assert (entry.body["format"], entry.body["count"]) == (way["format"], 1)
    assert entry.body["sha256"] == hashlib.sha256(answer.data).hexdigest()


def test_what_was_done_is_sealed_first_where_the_key_is_at_hand(as_: As, home: Database) -> None:
    asked(as_("business.officer"))
    auditor = as_("auditor")
    assert auditor.get("/requests/export").ok()["sealed"] is None
    key = Keys(home.home / "keys").ensure()
    sealed = auditor.get("/requests/export").ok()["sealed"]
    with home.read() as reader:
        head = sealing.latest_head(reader)
        entries = reader.value("SELECT COUNT(*) FROM journal")
    assert head is not None
    assert (sealed["key"], sealed["size"], sealed["root"]) == (key, head.size, head.root.hex())
    if home.dialect == "sqlite":  # on PostgreSQL other databases' transactions hold entries back
        assert sealed["all"] is True
        assert head.size == entries - 1, "all but the entry of the export itself"


def test_a_draft_is_in_no_export(as_: As) -> None:
    officer = as_("business.officer")
    draft = officer.post("/requests", {**access(), "draft": True}).ok(201)["id"]
    for view in ("mine", "all", "involved"):
        assert officer.get("/requests/export", view=view).ok()["requests"] == []
    for way in (*WAYS, {"format": "package"}):
        refused = officer.get(f"/requests/{draft}/export", **one(way)).no(409)
        assert "草稿" in refused["detail"]
    as_("auditor").get(f"/requests/{draft}/export").no(404)
    as_("business.manager").get(f"/requests/{draft}/export").no(404)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: " ".join(way.values()))
def test_hidden_fields_are_in_no_format(as_: As, home: Database, way: dict[str, str]) -> None:
    """Who holds only a node that hides them, who is copied, and the head of the department get a
    file without them; the requester, auditors and owners get it whole."""
    deploy(home, SECRETIVE)
    officer = as_("business.officer")
    made = officer.post("/requests", {"process": "raise", "answers": SECRET}).ok(201).json
    officer.post(f"/requests/{made['id']}/copy", {"to": "sales.manager"}).ok()
    as_("gm").post(f"/tasks/{task_of(made, 'look')}/approve", {"comment": "好"}).ok()
    for person in ("gm", "sales.manager", "business.manager"):
        for answer in (
            as_(person).get("/requests/export", **way).ok(),
            as_(person).get(f"/requests/{made['id']}/export", **one(way)).ok(),
        ):
            assert requests_in(answer, way) == [made["id"]]
            told = answer.data.decode()
            assert [word for word in SECRETS if word in told] == [], person
    if way["format"] == "json":
        for person in ("business.officer", "auditor", "owner"):
            assert b"48000" in as_(person).get("/requests/export", **way).ok().data
