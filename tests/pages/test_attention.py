"""What needs an administrator: a task that nobody holds, and how it gets a holder (V7); what
failed, and how it is tried again."""

from pathlib import Path

import pytest

import forms
from engine.commands.approve import Approve
from engine.commands.submit import Submit
from engine.diagrams.compiler import compile_definition
from engine.ids import PersonId, RequestId
from storage import Database, definitions, sealing
from storage.keys import Keys
from tests.engine.live import actor, chain, flow, process, task
from tests.pages.conftest import Visit
from tests.pages.visitors import NOW, Page
from web.door import Door

NOBODY = process(
    "orphan",
    '<bpmn:startEvent id="s"/>',
    task("sign", assignee="nobody.at.all", approval="single", approval__onRejected="end"),
    '<bpmn:endEvent id="e"/>',
    chain("s", "sign", "e"),
)


@pytest.fixture
def orphan(home: Database) -> RequestId:
    """A request whose one task nobody holds."""
    definition = compile_definition({"p.bpmn": NOBODY}, forms.read)
    with home.write() as transaction:
        definitions.deploy(transaction, definition, by=PersonId("owner"), at=NOW)
    request = RequestId("orphan")
    command = Submit(actor=actor("card.officer"), request=request, process="orphan", answers={})
    Door(home, lambda: NOW).handle(command)
    return request


def named(page: Page) -> str:
    """The name of the list for a task's holder."""
    return str(page.all("//select[@name='to']")[0].get("id"))


def test_a_task_without_a_holder_gets_one_with_a_reason(visit: Visit, orphan: RequestId) -> None:
    admin = visit("admin")
    page = admin.get("/attention")
    assert "找不到处理人" in page.words("//strong")
    page = admin.press(page, "指定处理人", {"to": "gm", "comment": "原处理人离职"})
    assert page.status == 200
    assert "找不到处理人" not in page.words("//strong")
    assert any("orphan" in link for link in visit("gm").get("/inbox").links("/inbox?task="))
    told = visit("auditor").get(f"/requests/{orphan}").words("//ol[@class='timeline']")
    assert "原处理人离职" in told
    assert "管理员" in told


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(
    visit: Visit, orphan: RequestId
) -> None:
    admin = visit("admin")
    page = admin.press(admin.get("/attention"), "指定处理人", {"to": "gm"})
    assert page.status == 422
    assert page.all("//p[contains(@id, 'why-orphan')]")
    assert page.all(f"//select[@id='{named(page)}']/option[@value='gm'][@selected]")


def test_only_an_administrator_sees_it_and_does_it(visit: Visit, orphan: RequestId) -> None:
    gm = visit("gm")
    assert gm.get("/attention").status == 403
    token = gm.get("/inbox").all("//input[@name='csrf_token']")[0].get("value")
    posted = gm.client.post(f"/attention/assign/{orphan}-1", data={"csrf_token": token, "to": "gm"})
    assert posted.status_code == 403


LARGE = process(
    "large",
    '<bpmn:startEvent id="s"/>',
    task("look", assignee="gm", approval="single", approval__onRejected="end"),
    '<bpmn:exclusiveGateway id="g" name="Is it large?" default="g_e"/>',
    task("more", assignee="finance.manager"),
    '<bpmn:endEvent id="e"/>',
    chain("s", "look", "g"),
    flow("g", "more", "${amount > limit}"),
    flow("g", "e"),
    flow("more", "e"),
)


@pytest.fixture
def stuck(home: Database) -> str:
    """The id of an incident."""
    return stand_still(home)


def stand_still(home: Database) -> str:
    """The id of an incident: a request stands still behind an approval."""
    definition = compile_definition({"p.bpmn": LARGE}, forms.read)
    with home.write() as transaction:
        definitions.deploy(transaction, definition, by=PersonId("owner"), at=NOW)
    request, door = RequestId("stuck"), Door(home, lambda: NOW)
    given = {"amount": 12, "salary": "48000"}
    door.handle(
        Submit(actor=actor("card.officer"), request=request, process="large", answers=given)
    )
    door.handle(Approve(actor=actor("gm"), request=request, ordinal=1))
    return "stuck-i1"


def test_everybody_reads_that_it_stands_still_and_where_and_few_read_why(
    visit: Visit, stuck: str
) -> None:
    for person in ("card.officer", "gm"):
        words = visit(person).get("/requests/stuck").words()
        assert "Is it large?" in words
        assert "停滞:表达式无法求值" in words
        assert "limit" not in words
    assert "limit" in visit("owner").get("/requests/stuck").words()
    assert "limit" in visit("admin").get("/requests/stuck").words()
    assert "stands still" in visit("gm", "en").get("/requests/stuck").words()


def test_the_variables_are_read_for_a_reason_set_and_it_goes_on(visit: Visit, stuck: str) -> None:
    admin = visit("admin")
    page = admin.get(admin.get("/attention").links("/attention/stuck")[0])
    assert "limit" in page.words()
    assert "48000" not in page.text
    assert admin.press(page, "显示一次变量", {}).status == 422
    page = admin.press(page, "显示一次变量", {"comment": "限额缺失"})
    assert "48000" in page.words()
    row = str(page.all("//input[@value='limit']")[0].get("name")).removeprefix("name-")
    wrong = {f"kind-{row}": "number", f"value-{row}": "ten"}
    page = admin.press(page, "再试一次", wrong)
    assert page.status == 422
    assert "应为数字" in page.words()
    row = str(page.all("//input[@value='limit']")[0].get("name")).removeprefix("name-")
    page = admin.press(page, "再试一次", {f"value-{row}": "10", "comment": "补限额"})
    assert page.status == 200
    assert "流程已继续" in page.words("//body")
    told = visit("auditor").get("/requests/stuck").words("//ol[@class='timeline']")
    assert "补限额" in told
    assert "限额缺失" in told


def test_what_fails_again_is_still_there(visit: Visit, stuck: str) -> None:
    admin = visit("admin")
    page = admin.press(admin.get(f"/attention/{stuck}"), "再试一次")
    assert "仍然失败" in page.words("//body")
    assert "重试过 1 次" in admin.get("/attention").words()


def test_an_owner_reads_of_his_processes_and_retries_nothing(visit: Visit, stuck: str) -> None:
    owner = visit("owner")
    page = owner.get(f"/attention/{stuck}")
    assert "limit" in page.words()
    assert not page.all("//main//form")
    token = owner.get("/inbox").all("//input[@name='csrf_token']")[0].get("value")
    posted = owner.client.post(f"/attention/{stuck}/retry", data={"csrf_token": token})
    assert posted.status_code == 403
    assert visit("gm").get(f"/attention/{stuck}").status == 404
    assert visit("admin").get("/attention/stuck-i7").status == 404


def test_entries_that_are_not_signed_are_told_to_administrators(
    visit: Visit, home: Database, orphan: RequestId, tmp_path: Path
) -> None:
    page = visit("admin").get("/attention")
    assert "自此时起的记录尚未签名" in page.words("//main")
    keys = Keys(tmp_path / "keys")
    keys.ensure()
    sealing.seal(home, keys, NOW)
    with home.read() as reader:
        sealed = sealing.state(reader).sealed
    assert sealed
    page = visit("admin").get("/attention")
    told = page.words("//main")
    assert "自此时起的记录尚未签名" not in told
    assert f"其中已签名 {sealed}" in told
