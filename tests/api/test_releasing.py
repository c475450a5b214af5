"""A process whose owners want it is released by two people; owners are kept by key."""

import pytest

from engine.ids import PersonId
from storage import Database, journal, organising, queries
from storage.organisation_files import read_file
from storage.rebuilding import rebuild
from tests.api.callers import START, Answer, Caller, file
from tests.api.conftest import As
from tests.api.diagrams import end, form, start, text
from tests.audit.following import followed
from tests.engine.live import chain, process, task

ORGANISATION = """
people:
  - {id: second.owner, name: 第二负责人, role: owner}
  - {id: third.owner, name: 第三负责人, role: owner}
"""


def memo(signer: str) -> dict[str, bytes]:
    """A process whose one desk is this person's."""
    diagram = process(
        "memo", start("memo"), task("read", assignee=signer), end(), chain("start", "read", "end")
    )
    return {"memo.bpmn": diagram, "memo.form": form("memo", text("title"))}


def put_up(caller: Caller, files: dict[str, bytes], **fields: str) -> Answer:
    """Deploy these files."""
    parts = [file(content, name) for name, content in files.items()]
    return caller.call(
        "POST",
        "/deployments",
        data={"files": parts, **fields},
        content_type="multipart/form-data",
    )


@pytest.fixture
def owners(home: Database, as_: As) -> tuple[Caller, Caller, Caller]:
    """Two owners of the memo, and one of nothing."""
    with home.write() as transaction:
        organising.import_file(
            transaction,
            read_file(ORGANISATION.encode(), "more.yaml"),
            by=PersonId("admin"),
            by_name="",
            at=START,
        )
    first = as_("owner")
    put_up(first, memo("gm")).ok(201)
    given = {"owners": ["owner", "second.owner"]}
    assert len(first.call("PUT", "/processes/memo/owners", given).ok()["owners"]) == 2
    return first, as_("second.owner"), as_("third.owner")


@pytest.fixture
def two(owners: tuple[Caller, Caller, Caller]) -> tuple[Caller, Caller, Caller]:
    """The same, and two people release it."""
    assert owners[0].call("PUT", "/processes/memo/release", {"people": 2}).ok()["people"] == 2
    return owners


def latest(home: Database) -> int:
    with home.read() as reader:
        return queries.definition_versions(reader, "memo")[0].version


def test_a_version_waits_for_the_second_owner_who_sees_what_differs(
    two: tuple[Caller, Caller, Caller], home: Database
) -> None:
    first, second, _ = two
    made = put_up(first, memo("deputy.gm"), comment="代为审批").ok(202)
    assert made["processes"] == [{"key": "memo", "version": None}]
    assert latest(home) == 1
    id = made["proposal"]
    assert put_up(first, memo("deputy.gm"), comment="再来").ok(202)["proposal"] == id
    assert [each["id"] for each in second.get("/proposals", state="open").ok()["items"]] == [id]
    seen = second.get(f"/proposals/{id}").ok()
    assert (seen["by"]["id"], seen["comment"], seen["state"]) == ("owner", "代为审批", "open")
    (compared,) = seen["compared"]
    (changed,) = compared["differences"]
    assert (changed["kind"], changed["element"]) == ("changed", "read")
    assert changed["facts"] == [{"name": "camunda:assignee", "old": "gm", "new": "deputy.gm"}]
    assert seen["can"] == {"release": True, "refuse": True, "withdraw": False}
    done = second.post(f"/proposals/{id}/release", {"version": seen["version"]}).ok()
    assert (done["state"], done["decided_by"]["id"]) == ("released", "second.owner")
    assert latest(home) == 2
    assert second.post(f"/proposals/{id}/release", {}).ok()["state"] == "released", "again"
    second.post(f"/proposals/{id}/refuse", {"comment": "-"}).no(409)
    with home.read() as reader:
        entries = journal.entries(reader, "system")
    (deployed,) = [
        e.body for e in entries if e.body.get("proposal") == id and e.body["verb"] == "deploy"
    ]
    assert (deployed["actor"], deployed["released_by"]) == ("owner", "second.owner")


def test_nobody_releases_what_he_proposed_and_strangers_know_nothing_of_it(
    two: tuple[Caller, Caller, Caller], as_: As, home: Database
) -> None:
    first, second, third = two
    id = put_up(first, memo("deputy.gm")).ok(202)["proposal"]
    assert first.post(f"/proposals/{id}/release", {}).no(403)["reason"] == "Alone"
    assert first.post(f"/proposals/{id}/release", {"nonsense": 1}).no(403)["reason"] == "Alone"
    for stranger in (third, as_("gm")):
        stranger.get(f"/proposals/{id}").no(404)
        stranger.post(f"/proposals/{id}/release", {}).no(404)
        assert stranger.get("/proposals").ok()["items"] == []
    for watcher in ("auditor", "admin"):
        assert as_(watcher).get(f"/proposals/{id}").ok()["can"]["release"] is False
        as_(watcher).post(f"/proposals/{id}/release", {}).no(403)
    put_up(third, memo("tech.lead")).no(403)
    assert set(put_up(first, memo("gm"), comment="x" * 5000).no(422)["errors"]) == {"comment"}
    second.post(f"/proposals/{id}/refuse", {}).no(422)
    assert second.post(f"/proposals/{id}/refuse", {"comment": "不同意"}).ok()["state"] == "refused"
    assert latest(home) == 1
    id = put_up(second, memo("tech.lead")).ok(202)["proposal"]
    first.post(f"/proposals/{id}/withdraw", {}).no(403)
    assert second.post(f"/proposals/{id}/withdraw", {}).ok()["state"] == "withdrawn"


def test_what_was_overtaken_or_read_otherwise_is_not_released(
    two: tuple[Caller, Caller, Caller], home: Database
) -> None:
    first, second, _ = two
    one = put_up(first, memo("deputy.gm")).ok(202)["proposal"]
    other = put_up(second, memo("tech.lead")).ok(202)["proposal"]
    assert second.post(f"/proposals/{one}/release", {"version": "x"}).no(409)["reason"] == "Changed"
    second.post(f"/proposals/{one}/release", {}).ok()
    assert first.post(f"/proposals/{other}/release", {}).no(409)["reason"] == "Overtaken"
    assert latest(home) == 2
    assert put_up(first, memo("deputy.gm")).ok(200)["proposal"] is None, "nothing changes"


def test_owners_and_the_rule_itself_need_a_second_too(
    two: tuple[Caller, Caller, Caller], as_: As, home: Database
) -> None:
    """Else one owner could name a friend, or end the rule, and deploy alone."""
    first, second, third = two
    given = {"owners": ["owner", "third.owner"]}
    asked = first.call("PUT", "/processes/memo/owners", given).ok(202)
    assert {each["id"] for each in asked["owners"]} == {"owner", "second.owner"}
    third.post(f"/proposals/{asked['proposal']}/release", {}).no(404)
    second.post(f"/proposals/{asked['proposal']}/release", {}).ok()
    now = third.get("/processes/memo/owners").ok()
    assert {each["id"] for each in now["owners"]} == {"owner", "third.owner"}
    rule = first.call("PUT", "/processes/memo/release", {"people": 1}).ok(202)
    assert rule["people"] == 2
    third.post(f"/proposals/{rule['proposal']}/release", {}).ok()
    assert first.get("/processes/memo/owners").ok()["people"] == 1
    put_up(first, memo("tech.lead")).ok(201)
    before = first.get("/processes/memo/owners").ok().json
    rebuild(home, START)
    assert first.get("/processes/memo/owners").ok().json == before
    assert len(first.get("/proposals").ok()["items"]) == 2
    admin = as_("admin")
    admin.call("PUT", "/processes/memo/owners", given).no(422)
    admin.call("PUT", "/processes/memo/owners", {**given, "comment": "有人离职"}).ok()


@pytest.mark.parametrize(("gone", "reason"), [("owner", "Gone"), ("third.owner", "Overtaken")])
@pytest.mark.parametrize("change", [{"active": False}, {"role": ""}, {"role": "auditor"}])
def test_who_is_gone_neither_proposes_nor_becomes_an_owner(
    two: tuple[Caller, Caller, Caller], as_: As, gone: str, reason: str, change: dict[str, object]
) -> None:
    """Else two owners would be one, and nobody could release any more."""
    first, second, _ = two
    given = {"owners": ["second.owner", "third.owner"]}
    id = first.call("PUT", "/processes/memo/owners", given).ok(202)["proposal"]
    as_("admin").put(f"/organisation/people/{gone}", change).ok()
    assert second.get(f"/proposals/{id}").ok()["can"] == {
        "release": False, "refuse": True, "withdraw": False
    }  # fmt: skip
    assert second.post(f"/proposals/{id}/release", {}).no(409)["reason"] == reason
    second.post(f"/proposals/{id}/refuse", {"comment": "已离职"}).ok()


@pytest.mark.parametrize("named", [[], ["gm"], ["nobody"], ["owner", "auditor"]])
def test_an_owner_is_somebody_with_that_role(
    owners: tuple[Caller, Caller, Caller], named: list[str]
) -> None:
    answer = owners[0].call("PUT", "/processes/memo/owners", {"owners": named}).no(422)
    assert set(answer["errors"]) == {"owners"}


def test_who_may_not_hears_that_first(owners: tuple[Caller, Caller, Caller], as_: As) -> None:
    first, _, third = owners
    for caller in (third, as_("gm")):
        caller.call("PUT", "/processes/memo/owners", {"nonsense": 1}).no(403)
        caller.call("PUT", "/processes/memo/release", {"people": "two"}).no(403)
    first.call("PUT", "/processes/memo/release", {"people": 3}).no(422)
    first.call("PUT", "/processes/none/owners", {"owners": ["owner"]}).no(404)
    first.get("/processes/none/owners").no(404)
    first.call("PUT", "/processes/memo/owners", {"owners": ["owner"]}).ok()
    assert (
        first.call("PUT", "/processes/memo/release", {"people": 2}).no(409)["reason"] == "NoSecond"
    )


def test_what_is_released_and_what_was_tried_is_found_by_its_process(
    two: tuple[Caller, Caller, Caller], as_: As, home: Database
) -> None:
    """H1: also that somebody wanted to release alone, or what is not his."""
    first, second, third = two
    id = put_up(first, memo("deputy.gm")).ok(202)["proposal"]
    first.post(f"/proposals/{id}/release", {}).no(403)
    first.post(f"/proposals/{id}/release", {}).no(403)
    third.call("PUT", "/processes/memo/owners", {"owners": ["third.owner"]}).no(403)
    third.call("PUT", "/processes/memo/release", {"people": 1}).no(403)
    as_("admin").post(f"/proposals/{id}/refuse", {"comment": "-"}).no(403)
    third.post(f"/proposals/{id}/release", {}).no(404)
    second.post(f"/proposals/{id}/release", {}).ok()
    followed(home)
    expected = [
        ("owners.changed", "owner", "done"),
        ("release.rule", "owner", "done"),
        ("release.proposed", "owner", "done"),
        ("release.released", "owner", "refused"),
        ("owners.changed", "third.owner", "refused"),
        ("release.rule", "third.owner", "refused"),
        ("release.refused", "admin", "refused"),
        ("deploy", "owner", "done"),
        ("release.released", "second.owner", "done"),
    ]
    for who in ("auditor", "owner"):
        found = as_(who).get("/entries", process="memo", sort="oldest").ok()["items"]
        told = [(each["verb"], each["actor"]["id"], each["outcome"]) for each in found]
        assert told[-len(expected) :] == expected
    assert as_("third.owner").get("/entries").ok()["items"] == []
    before = first.get("/processes/memo/owners").ok().json
    rebuild(home, START)
    assert first.get("/processes/memo/owners").ok().json == before
    assert latest(home) == 2
