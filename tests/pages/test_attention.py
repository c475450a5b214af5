"""What needs an administrator: a task that nobody holds, and how it gets a holder (V7)."""

import pytest

import forms
from engine.commands.submit import Submit
from engine.diagrams.compiler import compile_definition
from engine.ids import PersonId, RequestId
from storage import Database, definitions
from tests.engine.live import actor, chain, process, task
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
    assert "该任务无人处理" in page.words()
    page = admin.press(page, "指定处理人", {"to": "gm", "comment": "原处理人离职"})
    assert page.status == 200
    assert "该任务无人处理" not in page.words()
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
    posted = gm.client.post(f"/attention/{orphan}-1", data={"csrf_token": token, "to": "gm"})
    assert posted.status_code == 403
