"""An owner proposes; another reads what differs, and releases it."""

import pytest

from engine.ids import PersonId
from storage import Database, organising, queries
from storage.organisation_files import read_file
from tests.api.callers import START
from tests.pages.conftest import Visit
from tests.pages.test_deploying import GOOD, MEMO, put_up

SECOND = "people:\n  - {id: second.owner, name: 林静, role: owner}\n"
OTHER = GOOD.replace(b'assignee="gm"', b'assignee="deputy.gm"')


@pytest.fixture
def two(visit: Visit, home: Database) -> None:
    """The memo has two owners and is released by both."""
    with home.write() as transaction:
        organising.import_file(
            transaction,
            read_file(SECOND.encode(), "more.yaml"),
            by=PersonId("admin"),
            by_name="",
            at=START,
        )
    owner = visit("owner")
    owner.press(put_up(owner, ("memo.bpmn", GOOD), ("memo.form", MEMO)), "deploy")
    page = owner.get("/processes/memo")
    page = owner.press(page, "今后由两人放行")
    assert "至少两位所有者" in page.words("//body")
    page = owner.press(page, "保存", {"add": "second.owner"})
    assert "林静" in page.words()
    page = owner.press(page, "今后由两人放行")
    assert "双人放行" in page.words()


def version(home: Database) -> int:
    with home.read() as reader:
        return queries.definition_versions(reader, "memo")[0].version


def test_the_second_owner_sees_the_difference_and_releases_it(
    visit: Visit, two: None, home: Database
) -> None:
    first, second = visit("owner"), visit("second.owner")
    page = first.press(put_up(first, ("memo.bpmn", OTHER), ("memo.form", MEMO)), "deploy")
    assert page.address.startswith("/proposals/")
    assert "提出人不能自己放行" in page.words()
    assert not page.all("//button[@value='release']")
    assert version(home) == 1
    page = second.get(page.address)
    words = page.words()
    assert "camunda:assignee" in words
    assert page.words("//del") == "gm"
    assert page.words("//ins") == "deputy.gm"
    assert page.all("//*[contains(@class, 'shape--changed')]")
    assert page.address in second.get("/proposals").links("/proposals/")
    page = second.press(page, "refuse")
    assert (page.status, version(home)) == (422, 1)
    assert "请填写理由" in page.words()
    page = second.press(page, "release")
    assert "已放行" in page.words("//body")
    assert version(home) == 2


def test_others_do_not_know_of_it(visit: Visit, two: None) -> None:
    first = visit("owner")
    page = first.press(put_up(first, ("memo.bpmn", OTHER), ("memo.form", MEMO)), "deploy")
    assert visit("gm").get(page.address).status == 404
    assert visit("gm").get("/proposals").status == 403
    assert "camunda:assignee" in visit("auditor").get(page.address).words()
    page = first.press(page, "withdraw")
    assert "已撤回" in page.words("//body")
