"""Auditors search entries over the API: by words, people, verbs, times and signs; on both
databases, and after a rebuild."""

from typing import Any

import pytest

from engine.ids import PersonId
from storage import Database, erasing, finding
from storage.rebuilding import rebuild
from tests.api.callers import Clock
from tests.api.examples import access, asked
from tests.api.test_signing import Desk
from tests.audit.conftest import As
from tests.audit.following import followed
from web.door import Door

Row = dict[str, Any]


def search(as_: As, home: Database, by: str = "auditor", **query: Any) -> list[Row]:
    """What is found once everything is sealed."""
    followed(home)
    return list(as_(by).get("/entries", **query).ok()["items"])


def verbs(found: list[Row]) -> list[str]:
    return [each["verb"] for each in found]


@pytest.fixture
def request_id(as_: As, home: Database) -> str:
    """A document-access application about which something was said, in two languages."""
    made = asked(as_("business.officer"))
    path = f"/requests/{made['id']}"
    as_("business.officer").post(f"{path}/comment", {"comment": "请尽快批阅,客户在等"}).ok()
    as_("business.officer").post(f"{path}/comment", {"comment": "Budget approved by Finance"}).ok()
    as_("service.agent").post(f"{path}/withdraw", {}).no(404)
    as_("owner").post(f"{path}/withdraw", {}).no(403)
    return str(made["id"])


WORDS = {
    "联名": 4, "联名卡合作协议": 4, "名联": 0, "批阅": 1, "客户在等 尽快": 1, "联名 批阅": 1,
    "联名 贷款": 0, "budget": 1, "BUDG": 1, "udget": 0, "finance approved": 1, "卡": 4, "等": 1,
    "!?": 0, "' OR 1=1 --": 0, '" OR "': 0, "§vsubmit": 0, "x' | 'y": 0, "bu": 0, "by": 1,
}  # fmt: skip
"""What is asked for, and how many of the request's four entries have it."""


def test_words_are_found_in_titles_and_comments(as_: As, home: Database, request_id: str) -> None:
    """AU: Chinese words of two characters and one, English words by their beginning."""
    followed(home)
    auditor = as_("auditor")
    for q, found in WORDS.items():
        assert (q, len(auditor.get("/entries", q=q, request=request_id).ok()["items"])) == (
            q,
            found,
        )
    auditor.get("/entries", q="\x00").no(422)


def test_each_filter_narrows_and_all_have_to_hold(
    as_: As, home: Database, request_id: str, clock: Clock
) -> None:
    found = search(as_, home, request=request_id, sort="oldest")
    assert verbs(found) == ["submit", "comment", "comment", "withdraw"]
    assert [each["seq"] for each in found] == [1, 2, 3, 4]
    number = found[0]["request"]["number"]
    assert found[0]["request"]["title"] == "《联名卡合作协议》"
    assert verbs(search(as_, home, number=number)) == ["withdraw", "comment", "comment", "submit"]
    assert verbs(search(as_, home, q=number, sort="oldest")) == verbs(found)
    assert search(as_, home, number="(26)无字001") == []
    assert verbs(search(as_, home, person="owner", request=request_id)) == ["withdraw"]
    assert len(search(as_, home, verb="comment", process="document-access")) == 2
    assert search(as_, home, verb="comment", process="go-live") == []
    (refused,) = search(as_, home, outcome="refused", process="document-access")
    assert refused["kinds"] == ["refused"]
    assert refused["refusal"]["reason"] == "NotRequester"
    assert refused["refusal"]["sentence"]
    assert verbs(search(as_, home, kind="refused", request=request_id)) == ["withdraw"]
    assert search(as_, home, kind="refused", override="true", request=request_id) == []
    assert len(search(as_, home, since="2026-11-02", until="2026-11-02", request=request_id)) == 4
    assert search(as_, home, until="2026-11-01", request=request_id) == []
    assert search(as_, home, since="2026-11-02T09:00:01+08:00", request=request_id) == []
    late = search(as_, home, since="2026-11-02T09:00:00+08:00", request=request_id)
    assert len(late) == 4
    first = next(each for each in found if each["seq"] == 1)
    node = as_("auditor").get(f"/requests/{request_id}").ok()["open_tasks"][0]["node"]
    assert first["node"] is None
    assert search(as_, home, node=node["id"], request=request_id) == []
    assert len(search(as_, home, department="业务部", request=request_id)) == 4


def test_pages_follow_one_another_both_ways(as_: As, home: Database, request_id: str) -> None:
    followed(home)
    for sort in ("newest", "oldest"):
        seen: list[tuple[str, int]] = []
        cursor = None
        while True:
            page = as_("auditor").get("/entries", sort=sort, cursor=cursor, limit=7).ok()
            seen += [(each["chain"], each["seq"]) for each in page["items"]]
            cursor = page["next"]
            if cursor is None:
                break
        whole = as_("auditor").get("/entries", sort=sort, limit=200).ok()
        assert seen == [(each["chain"], each["seq"]) for each in whole["items"]]
        assert len(seen) == len(set(seen))
        times = [each["at"] for each in whole["items"]]
        assert times == sorted(times, reverse=sort == "newest")
    as_("auditor").get("/entries", cursor="nonsense").no(422)


@pytest.mark.parametrize(
    "query",
    [{"since": "yesterday"}, {"until": "2026-13-01"}, {"since": "2026-11-02T09:00:00"},
     {"until": "0001-01-01"}, {"kind": "secret"}, {"outcome": "perhaps"}, {"q": "x" * 201},
     {"sort": "due"}, {"limit": 201}, {"override": "maybe"}, {"colour": "red"}],
)  # fmt: skip
def test_what_is_no_question_is_said_so(as_: As, query: dict[str, Any]) -> None:
    assert set(as_("auditor").get("/entries", **query).no(422)["errors"]) == set(query)


@pytest.mark.parametrize("person", ["business.officer", "gm", "admin", "business.manager"])
def test_only_auditors_and_owners_search(as_: As, person: str) -> None:
    as_(person).get("/entries").no(403)
    as_(person).get("/entries", kind="secret").no(403)


def test_drafts_are_nobodys_to_find_until_they_are_submitted(as_: As, home: Database) -> None:
    officer = as_("business.officer")
    draft = officer.post("/requests", {**access(), "draft": True}).ok(201)
    assert search(as_, home, request=draft["id"]) == []
    assert search(as_, home, person="business.officer", verb="save") == []
    officer.post(f"/requests/{draft['id']}/submit", {}).ok()
    assert verbs(search(as_, home, request=draft["id"])) == ["submit", "save"]
    assert len(search(as_, home, q="联名", request=draft["id"])) == 2


def test_a_title_that_changes_is_found_as_it_is_now(as_: As, home: Database) -> None:
    officer = as_("business.officer")
    made = asked(officer)
    assert len(search(as_, home, q="联名")) == 1
    officer.post(f"/requests/{made['id']}/withdraw", {}).ok()
    other = access()["answers"]
    other["documents"] = [{**other["documents"][0], "name": "房屋租赁合同"}]
    officer.post(f"/requests/{made['id']}/submit", {"answers": other}).ok()
    assert search(as_, home, q="联名") == []
    assert len(search(as_, home, q="租赁")) == 3


def test_an_owner_finds_his_processes_entries_and_not_who_watches(
    as_: As, home: Database, request_id: str
) -> None:
    with home.write() as transaction:
        transaction.execute("DELETE FROM owners WHERE process <> 'document-access'")
    as_("auditor").get(f"/requests/{request_id}/history").ok()
    as_("auditor").post(f"/requests/{request_id}/notes", {"text": "查一查"}).ok(201)
    Desk(as_, home, "single")
    with home.write() as transaction:
        transaction.execute("DELETE FROM owners WHERE process = 'p'")
    found = search(as_, home, "owner", limit=200)
    assert {each["process"] for each in found} == {"document-access"}
    assert "deploy" in verbs(found)
    assert not {"read", "note", "sign-in", "person.changed"} & set(verbs(found))
    assert search(as_, home, "owner", q="查一查") == []
    assert search(as_, home, "owner", kind="watching") == []
    assert search(as_, home, "owner", process="p") == []
    assert verbs(search(as_, home, kind="watching")) == ["note", "read"]


def test_a_decision_that_can_be_undone_is_not_told_to_an_owner(
    as_: As, home: Database, clock: Clock
) -> None:
    """U: nor by being found under its verb; the auditor finds it."""
    desk = Desk(as_, home, "single")
    mine = desk.task("risk.manager")
    desk.do("risk.manager", "reject", undo_seconds=30, comment="不妥").ok()
    chain = desk.request["id"]
    assert "reject" in verbs(search(as_, home, request=chain))
    assert "reject" not in verbs(search(as_, home, "owner", request=chain))
    assert search(as_, home, "owner", q="不妥") == []
    as_("risk.manager").post(f"/tasks/{mine}/undo", {}).ok()
    desk.do("risk.manager", "approve", undo_seconds=30).ok()
    assert "approve" not in verbs(search(as_, home, "owner", request=chain))
    clock.turn(seconds=31)
    Door(home, clock).fire_due()
    found = verbs(search(as_, home, "owner", request=chain))
    assert found[:2] == ["take-effect", "approve"]


def test_what_was_erased_is_found_no_more(as_: As, home: Database, request_id: str) -> None:
    """H2: words vanish from the index; the entry stays, and says that it was erased."""
    assert len(search(as_, home, q="批阅")) == 1
    with home.write() as transaction:
        erasing.erase(
            transaction,
            {(request_id, 2): ["input.comment"]},
            by=PersonId("admin"),
            at=Clock()(),
            reason="法院判决",
        )
    assert search(as_, home, q="批阅") == []
    (erased,) = search(as_, home, verb="erased")
    assert (erased["comment"], erased["kinds"]) == ("法院判决", ["change"])
    second = search(as_, home, request=request_id, sort="oldest")[1]
    assert second["comment"] == "(已依法删除)"
    assert len(search(as_, home, q="budget")) == 1


def test_a_rebuild_finds_the_same(as_: As, home: Database, request_id: str, clock: Clock) -> None:
    before = search(as_, home, limit=200, sort="oldest")
    rows = everything(home)
    rebuild(home, clock())
    after = search(as_, home, limit=200, sort="oldest")
    assert verbs(after) == [*verbs(before), "rebuilt"]
    assert everything(home)[: len(rows)] == rows
    assert len(search(as_, home, q="批阅")) == 1
    with home.write() as transaction:
        finding.clear(transaction)
    followed(home)
    assert everything(home)[: len(rows)] == rows


def everything(home: Database) -> list[Any]:
    """The projection, row by row."""
    with home.read() as reader:
        return reader.all("SELECT * FROM found ORDER BY place")


def test_counts_say_how_many_of_each_kind(as_: As, home: Database, request_id: str) -> None:
    as_("admin").post(f"/requests/{request_id}/suspend", {"comment": "核查"}).ok()
    followed(home)
    with home.read() as reader:
        of_it = finding.counts(reader, finding.Asked(request=request_id))
        all_of_it = finding.counts(reader, finding.Asked())
        words = finding.counts(reader, finding.Asked(q="批阅"))
    assert of_it[""] == 5
    assert {kind: n for kind, n in of_it.items() if n and kind} == {"refused": 1, "override": 1}
    assert all_of_it["change"] > 30
    assert (words[""], words["refused"]) == (1, 0)


def test_it_says_how_far_it_has_come(as_: As, home: Database) -> None:
    before = as_("auditor").get("/entries").ok()
    assert (before["items"], before["indexed"]) == ([], {"until": None, "behind": True})
    followed(home)
    told = as_("auditor").get("/entries").ok()["indexed"]
    assert told["behind"] is False
    asked(as_("business.officer"))
    assert as_("auditor").get("/entries").ok()["indexed"] == {**told, "behind": True}


def test_entries_of_one_moment_have_a_place_each(home: Database, as_: As) -> None:
    """The whole organisation was imported at one moment, and is found in its order."""
    found = search(as_, home, kind="change", sort="oldest", limit=200)
    numbers = [each["seq"] for each in found]
    assert numbers == sorted(numbers)
    assert len({each["at"] for each in found}) == 1
