"""Administrators keep the organisation over the API; each change is an entry, old and new."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import pytest

from engine.ids import PersonId
from storage import Database, accounts, journal
from storage.past import history
from tests.api.callers import START, Caller, Clock
from tests.api.conftest import As
from tests.api.examples import ACCESS

NEW: dict[str, Any] = {
    "id": "new.one",
    "name": "新人",
    "department": "产品部",
    "posts": ["designer"],
}


def path(table: str, key: str = "") -> str:
    return f"/organisation/{table}" + (f"/{key}" if key else "")


def last(home: Database, number: int = 1) -> Any:
    with home.read() as reader:
        return journal.entries(reader, "system")[-number]


@pytest.fixture
def admin(as_: As) -> Caller:
    return as_("admin")


def test_a_person_is_added_and_changed(admin: Caller, home: Database) -> None:
    made = admin.post(path("people"), NEW).ok(201)
    assert made["active"] is True
    assert made["account"] == "none"
    assert admin.get("/people", q="新人").ok()["items"][0]["id"] == "new.one"
    entry = last(home)
    assert (entry.body["verb"], entry.body["subject"]) == ("person.changed", "new.one")
    assert (entry.body["actor"], entry.body["via"]) == ("admin", "api")
    given = {"superior": ["product.manager", "deputy.gm"], "email": "n@example.com"}
    now = admin.put(path("people", "new.one"), given).ok()
    assert now["superior"] == ["product.manager", "deputy.gm"], "in their order"
    assert now["name"] == "新人", "what is left out stays"
    assert last(home).particulars["changed.email"] == ["", "n@example.com"]
    assert now["version"] != made["version"]
    assert now["version"] == admin.get(path("people", "new.one")).ok()["version"]


def test_nothing_changed_leaves_no_entry(admin: Caller, home: Database) -> None:
    before = last(home).seq
    admin.put(path("people", "gm"), {"name": "顾长风"}).ok()
    assert last(home).seq == before


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"id": "x"}, "name"),
        ({"name": "x"}, "id"),
        ({"id": "a/b", "name": "x"}, "id"),
        ({"id": "system:x", "name": "x"}, "id"),
        ({"id": "..", "name": "x"}, "id"),
        ({"id": "x", "name": "x", "department": "没有部"}, "department"),
        ({"id": "x", "name": "x", "superior": "nobody"}, "superior"),
        ({"id": "x", "name": "x", "superior": ["x"]}, "superior"),
        ({"id": "x", "name": "x", "groups": ["none"]}, "groups"),
        ({"id": "x", "name": "x", "role": "king"}, "role"),
        ({"id": "x", "name": "x", "email": "no mail"}, "email"),
        ({"id": "x", "name": "a\x00b"}, "name"),
        ({"id": "x", "name": "x" * 101}, "name"),
        ({"id": "x", "name": "x", "active": "yes"}, "active"),
        ({"id": "x", "name": "x", "boss": "gm"}, "boss"),
    ],
)
def test_what_is_wrong_is_said_by_field(admin: Caller, given: dict[str, Any], field: str) -> None:
    assert field in admin.post(path("people"), given).no(422)["errors"]
    admin.get(path("people", "x")).no(404)


def test_who_is_there_already_is_not_added_again(admin: Caller) -> None:
    problem = admin.post(path("people"), {"id": "gm", "name": "x"}).no(409)
    assert problem["reason"] == "IsThere"
    admin.put(path("people", "gm"), {"id": "gm2"}).no(422)


def test_only_administrators_keep_it(as_: As, home: Database) -> None:
    """404 before 403; that somebody has tried is an entry (R2)."""
    for person in ("gm", "owner", "auditor"):
        caller = as_(person)
        caller.put(path("people", "nobody"), {"name": "x"}).no(404)
        caller.put(path("people", "admin"), {"name": "x"}).no(403)
        caller.put(path("people", "admin"), {"nonsense": 1}).no(403)
        caller.post(path("people"), NEW).no(403)
        caller.delete(path("groups", "none")).no(404)
        caller.post(path("people/admin/password"), {}).no(403)
    assert {e.body["outcome"] for e in _of(home, "person.changed")} == {"done", "refused"}
    as_("").get("/organisation").no(401)


def _of(home: Database, verb: str) -> list[Any]:
    with home.read() as reader:
        return [e for e in journal.entries(reader, "system") if e.body["verb"] == verb]


def test_others_read_the_directory_without_addresses(as_: As) -> None:
    gm = as_("gm")
    found = gm.get("/organisation").ok()
    assert all("email" not in person for person in found["people"])
    assert "email" not in gm.get(path("people", "admin")).ok().json
    assert "account" not in gm.get(path("people", "admin")).ok().json
    gm.get("/organisation", at="2026-06-01").no(403)
    gm.get("/organisation/changes").no(403)
    gm.get("/organisation/people").no(403)
    assert gm.get("/people", q="admin@").ok()["items"] == [], "no guessing of addresses"
    assert gm.get("/people", q="admin@example.com").ok()["items"][0]["id"] == "admin"
    watcher = as_("auditor").get("/organisation", at="2026-06-01").ok()
    assert all("email" in person for person in watcher["people"])


def test_people_are_found_by_what_they_are(admin: Caller, as_: As) -> None:
    def ids(**asked: str) -> list[str]:
        return [each["id"] for each in admin.get(path("people"), **asked).ok()["items"]]

    assert ids(department="市场部") == ["market.manager"]
    assert ids(post="archivist") == ["office.archivist"]
    assert ids(role="auditor") == ["auditor"]
    assert "gm" in ids(role="none", q="顾长")
    assert ids(state="left") == []
    admin.put(path("people", "sales.manager"), {"active": False}).ok()
    assert ids(state="left") == ["sales.manager"]
    gm = as_("gm")
    gm.get(path("people", "sales.manager")).no(404)
    assert gm.get(path("departments", "销售部")).ok()["members"] == []
    assert admin.get(path("departments", "销售部")).ok()["members"] == ["sales.manager"]
    admin.put(path("people", "gm"), {"superior": []}).ok()
    assert ids(state="no-superior") == ["gm"]
    assert "admin" in ids(state="no-sign-in"), "nobody has a password here"
    first = admin.get(path("people"), limit="2").ok()
    rest = admin.get(path("people"), limit="200", cursor=first["next"]).ok()
    assert len(first["items"]) + len(rest["items"]) == len(ids(state="active", limit="200"))


def test_two_at_once_are_told_of_each_other(as_: As, admin: Caller) -> None:
    """409 with what has changed since, by field; nothing is overwritten."""
    seen = admin.get(path("people", "gm")).ok()["version"]
    admin.put(path("people", "gm"), {"email": "one@example.com"}, headers={"If-Match": seen}).ok()
    problem = admin.put(
        path("people", "gm"), {"name": "别的"}, headers={"If-Match": f'"{seen}"'}
    ).no(409)
    assert problem["reason"] == "OrganisationChanged"
    assert problem["changed"] == [
        {"field": "email", "old": "gm@example.com", "new": "one@example.com"}
    ]
    again = {"If-Match": problem["version"]}
    admin.put(path("people", "gm"), {"name": "别的"}, headers=again).ok()
    admin.put(path("people", "gm"), {"name": "x"}, headers={"If-Match": "nonsense"}).no(409)


def test_the_same_call_under_its_key_takes_effect_once(admin: Caller, home: Database) -> None:
    """K1."""
    key = {"Idempotency-Key": "k1"}
    one = admin.post(path("people"), NEW, headers=key).ok(201)
    assert admin.post(path("people"), NEW, headers=key).ok(201)["version"] == one["version"]
    admin.post(path("people"), {**NEW, "name": "别人"}, headers=key).no(422)
    seen = {"If-Match": one["version"], "Idempotency-Key": "k2"}
    given = {"name": "改名"}
    two = admin.put(path("people", "new.one"), given, headers=seen).ok()
    again = admin.put(path("people", "new.one"), given, headers=seen).ok()
    assert again["version"] == two["version"]


def test_the_last_administrator_stays(admin: Caller, home: Database) -> None:
    for given in ({"active": False}, {"role": ""}, {"role": "auditor"}):
        problem = admin.put(path("people", "admin"), given).no(409)
        assert problem["reason"] == "LastAdministrator"
    admin.put(path("people", "owner"), {"role": "administrator"}).ok()
    admin.put(path("people", "admin"), {"role": ""}).no(409)  # owner has no way in
    admin.post(path("people/owner/password"), {}).ok()
    admin.put(path("people", "admin"), {"role": "auditor"}).ok()
    admin.put(path("people", "owner"), {"role": ""}).no(403)  # an administrator no longer


def test_superiors_that_go_round_are_told_and_saved(admin: Caller) -> None:
    made = admin.put(path("people", "product.manager"), {"superior": "product.tester"}).ok()
    assert any("圈" in said for said in made["warnings"])
    english = {"Accept-Language": "en"}
    made = admin.put(path("people", "product.manager"), {"email": ""}, headers=english).ok()
    assert "warnings" not in made.json, "what was so before is not told again"


def test_a_department_is_renamed_with_its_people(admin: Caller, home: Database) -> None:
    with home.read() as reader:
        before = len(journal.entries(reader, "system"))
    given = {"name": "产品中心", "short": "中"}
    now = admin.put(path("departments", "产品部"), given).ok()
    assert now["name"] == "产品中心"
    assert now["members"] == ["product.designer", "product.manager", "product.tester"]
    assert any("产品部" in said for said in now["warnings"]), "deployed processes name it"
    assert admin.get(path("people", "product.tester")).ok()["department"] == "产品中心"
    admin.get(path("departments", "产品部")).no(404)
    with home.read() as reader:
        found = journal.entries(reader, "system")
        organisation = home.organisation.current(reader)
        assert len(found) == before + 1, "one change"
        assert organisation.members("dept", "产品部") == now["members"], "by its old name, too"
        assert organisation.members("post", "manager", "产品部") == ["product.manager"]
        assert organisation.headed_by("product.manager") == ("产品中心", "产品部")
        (told, *_) = history(reader, table="people", key="product.tester")
        assert told.verb == "department.renamed"
    assert found[-1].particulars["changed.name"] == ["产品部", "产品中心"]
    admin.put(path("departments", "产品中心"), {"name": "技术部"}).no(409)
    back = admin.put(path("departments", "产品中心"), {"name": "产品部"}).ok()
    assert back["members"] == now["members"]


def test_only_what_nobody_is_in_is_removed(admin: Caller) -> None:
    problem = admin.delete(path("departments", "市场部")).no(409)
    assert "董薇" in problem["detail"]
    admin.put(path("people", "market.manager"), {"active": False}).ok()
    problem = admin.delete(path("departments", "市场部")).no(409)
    assert "已离职" in problem["detail"], "who has left is in it as well"
    admin.put(path("people", "market.manager"), {"department": ""}).ok()
    assert admin.delete(path("departments", "市场部")).ok()["removed"] == "市场部"
    admin.delete(path("departments", "市场部")).no(404)
    admin.post(path("groups"), {"name": "委员会", "members": ["gm"]}).ok(201)
    admin.delete(path("groups", "委员会")).no(409)
    admin.put(path("groups", "委员会"), {"members": []}).ok()
    seen = admin.get(path("groups", "委员会")).ok()["version"]
    admin.put(path("groups", "委员会"), {"members": ["gm"]}).ok()
    admin.put(path("groups", "委员会"), {"members": []}).ok()
    admin.delete(path("groups", "委员会"), headers={"If-Match": seen}).no(409)
    admin.delete(path("groups", "委员会")).ok()


def test_a_name_with_a_slash_is_an_address_too(admin: Caller) -> None:
    admin.post(path("departments"), {"name": "研发/测试部"}).ok(201)
    assert admin.get(path("departments", "研发/测试部")).ok()["name"] == "研发/测试部"
    admin.delete(path("departments", "研发/测试部")).ok()


def test_a_group_is_given_its_members(admin: Caller, home: Database) -> None:
    made = admin.post(path("groups"), {"name": "risk", "members": ["gm", "risk.manager"]}).ok(201)
    assert made["members"] == ["gm", "risk.manager"]
    seen = made["version"]
    assert admin.get(path("people", "gm")).ok()["groups"] == ["risk"]
    admin.put(path("people", "gm"), {"groups": []}).ok()
    problem = admin.put(path("groups", "risk"), {"members": []}, headers={"If-Match": seen}).no(409)
    assert problem["changed"] == [
        {"field": "members", "old": ["gm", "risk.manager"], "new": ["risk.manager"]}
    ]
    admin.put(path("groups", "risk"), {"members": ["nobody"]}).no(422)
    admin.put(path("groups", "risk"), {"name": "other"}).no(422)


def test_posts_have_names_in_both_languages(admin: Caller, as_: As) -> None:
    rows = {each["id"]: each for each in admin.get(path("posts")).ok()["items"]}
    assert rows["archivist"]["name_en"] == "Archivist"
    made = admin.put(path("posts", "archivist"), {"name": "档案岗", "name_en": "Records"}).ok()
    assert made["members"] == ["office.archivist"]
    admin.post(path("people"), {**NEW, "posts": ["piper"]}).ok(201)
    assert {"id": "piper", "name": "piper"}.items() <= admin.get(
        path("posts", "piper")
    ).ok().json.items()
    admin.put(path("posts", "piper"), {"name_en": "Piper"}).no(422)
    admin.put(path("posts", "piper"), {"name": "笛手", "name_en": "Piper"}).ok()
    admin.delete(path("posts", "piper")).no(409)


def test_an_account_is_disabled_and_opened_again(admin: Caller, as_: As, home: Database) -> None:
    gm = as_("gm")
    gm.get("/me").ok()
    assert admin.post(path("people/gm/disable"), {}).ok()["account"] == "disabled"
    gm.get("/me").no(401)
    admin.post(path("people/gm/enable"), {}).ok()
    gm.get("/me").no(401)  # old tokens stay dead
    password = admin.post(path("people/gm/password"), {}).ok()["password"]
    assert len(password) >= 12
    assert admin.get(path("people", "gm")).ok()["account"] == "once"
    admin.post(path("people/admin/disable"), {}).no(403)
    verbs = [told.verb for told in _history(home, "gm")]
    assert verbs[:3] == ["password.changed", "user.enabled", "user.disabled"]
    assert password not in str(_of(home, "password.changed"))


def _history(home: Database, person: str) -> list[Any]:
    with home.read() as reader:
        return history(reader, table="people", key=person)


def test_changes_are_listed_with_old_and_new(admin: Caller, as_: As, clock: Clock) -> None:
    clock.turn(hours=1)
    admin.put(path("people", "gm"), {"email": "g@example.com"}).ok()
    clock.turn(hours=1)
    admin.put(path("departments", "市场部"), {"deputy": "market.manager"}).ok()
    found = as_("auditor").get("/organisation/changes", limit="2").ok()
    one, two = found["items"]
    assert (one["subject"], one["changes"][0]["field"]) == ("市场部", "deputy")
    assert two["changes"] == [{"field": "email", "old": "gm@example.com", "new": "g@example.com"}]
    assert two["by"] == {"id": "admin", "name": "傅强"}
    more = admin.get("/organisation/changes", cursor=found["next"], limit="200").ok()
    for wrong in ("x", "-1", "0", "9" * 30):
        admin.get("/organisation/changes", cursor=wrong).no(422)
    assert all(each["seq"] < two["seq"] for each in more["items"])
    mine = admin.get("/organisation/changes", kind="people", subject="gm").ok()["items"]
    assert [each["verb"] for each in mine] == ["person.changed", "person.changed"]


def test_a_leaver_hands_over_and_goes_in_one_act(admin: Caller, as_: As, home: Database) -> None:
    """T7, P1."""
    preview = admin.get(path("people/product.manager/leaving")).ok()
    assert preview["heads"] == ["产品部"]
    assert "product.tester" in preview["below"]
    as_("gm").get(path("people/product.manager/leaving")).no(403)
    admin.post(path("people/product.manager/leave"), {"to": "", "comment": ""}).no(422)
    admin.post(path("people/product.manager/leave"), {"to": "admin", "comment": "x"}).no(403)
    given = {"to": "product.designer", "comment": "离职"}
    key = {"Idempotency-Key": "go"}
    one = admin.post(path("people/product.manager/leave"), given, headers=key).ok()
    two = admin.post(path("people/product.manager/leave"), given, headers=key).ok()
    assert one["id"] == two["id"]
    left = admin.get(path("people", "product.manager")).ok()
    assert (left["active"], left["account"]) == (False, "disabled")
    now = admin.get("/organisation").ok()
    assert now["handovers"] == [{"person": "product.manager", "to": "product.designer"}]
    with home.read() as reader:
        found = accounts.account(reader, "product.manager")
        assert found is not None
        assert found.disabled


def test_the_last_administrator_does_not_leave(admin: Caller, home: Database) -> None:
    admin.put(path("people", "owner"), {"role": "administrator"}).ok()
    with home.write() as transaction:
        accounts.add_token(transaction, "t", PersonId("owner"), START)
    admin.post(path("people/admin/leave"), {"to": "gm", "comment": "x"}).no(403)
    admin.post(path("people/owner/leave"), {"to": "gm", "comment": "x"}).ok()


def test_two_at_the_same_moment(as_: As, admin: Caller, home: Database) -> None:
    """Of two changes of what both were shown one is made, the other is told of it."""
    with home.write() as transaction:
        accounts.add_token(transaction, "token of owner", PersonId("owner"), START)
    admin.put(path("people", "owner"), {"role": "administrator"}).ok()
    callers = [admin, as_("owner")]
    for number in range(5):
        seen = {"If-Match": admin.get(path("people", "gm")).ok()["version"]}
        together = Barrier(2)

        def change(caller: Caller) -> int:
            together.wait()  # noqa: B023 - called within the round
            given = {"name": f"{caller.person} {number}"}  # noqa: B023
            return caller.put(path("people", "gm"), given, headers=seen).status  # noqa: B023

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(change, callers)) == [200, 409]
    told = [each for each in _history(home, "gm") if each.verb == "person.changed"]
    assert len(told) == 5 + 1, "five changes, and the beginning"


def test_one_call_at_the_same_time_removes_once(admin: Caller, home: Database) -> None:
    """K1: whoever comes second under the key hears the same."""
    for number in range(5):
        name = f"short-lived {number}"
        admin.post(path("groups"), {"name": name}).ok(201)
        address, key = path("groups", quote(name)), {"Idempotency-Key": f"away-{number}"}
        together = Barrier(4)

        def remove(_: int) -> int:
            together.wait()  # noqa: B023 - called within the round
            return admin.delete(address, headers=key).status  # noqa: B023

        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(remove, range(4))) == [200] * 4
    with home.read() as reader:
        verbs = [each.body["verb"] for each in journal.entries(reader, "system")]
    assert verbs.count("group.removed") == 5
    admin.delete(address, headers={"Idempotency-Key": "another"}).no(404)


@pytest.mark.parametrize("id", ["a b", "a?b#c", "100%", "%2e", "新 人", "a&b=c", "<b>", "ü"])
def test_ids_of_any_text_have_an_address(admin: Caller, id: str) -> None:
    admin.post(path("people"), {"id": id, "name": id}).ok(201)
    assert admin.get(path("people", quote(id, safe=""))).ok()["id"] == id


def test_a_change_by_call_is_followed_at_once(admin: Caller, as_: As, home: Database) -> None:
    """P1: what somebody holds who is no longer active goes to his superior, without a scheduler."""
    request = as_("sales.manager").post(
        "/requests", {"process": "document-access", "answers": ACCESS}
    )
    (task,) = request.ok(201)["open_tasks"]
    (holder,) = [each["id"] for each in task["holders"]]
    superior = admin.get(path("people", holder)).ok()["superior"]
    made = admin.put(path("people", holder), {"active": False}).ok()
    assert any("待办" in said for said in made["warnings"])
    (now,) = as_("sales.manager").get(f"/requests/{request['id']}").ok()["open_tasks"]
    assert [each["id"] for each in now["holders"]] == superior


def test_a_task_leads_to_the_organisation_of_then(admin: Caller, as_: As, clock: Clock) -> None:
    """P2: to who may see it."""
    request = as_("sales.manager").post(
        "/requests", {"process": "document-access", "answers": ACCESS}
    )
    (task,) = request.ok(201)["open_tasks"]
    clock.turn(hours=1)
    (holder,) = [each["id"] for each in task["holders"]]
    admin.put(path("people", holder), {"name": "改名"}).ok()
    assert as_(holder).get(f"/tasks/{task['id']}").ok()["organisation"] is None
    link = as_("auditor").get(f"/tasks/{task['id']}").ok()["organisation"]
    assert link.startswith("/api/v1/organisation?at=")
    asked = dict(parse_qsl(urlsplit(link).query))
    then = as_("auditor").get("/organisation", **asked).ok()
    names = {each["id"]: each["name"] for each in then["people"]}
    assert names[holder] == task["holders"][0]["name"]
    as_("auditor").get("/organisation", at="yesterday").no(422)
