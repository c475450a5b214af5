"""One task without scripts: deciding, what is refused, and that nothing typed is lost."""

import forms
from engine.commands.submit import Submit
from engine.diagrams.compiler import compile_definition
from engine.ids import PersonId, RequestId
from storage import Database, definitions
from tests.engine.live import actor
from tests.engine.test_throwing import ERROR, LATE, diagram
from tests.pages.conftest import Visit
from tests.pages.visitors import NOW, Page, Visitor
from web.door import Door


def opened(visitor: Visitor, text: str) -> Page:
    """The page of the visitor's task that says this."""
    for link in visitor.get("/inbox").links("/inbox?task="):
        task = link.partition("task=")[2]
        page = visitor.get(f"/tasks/{task}")
        if text in page.words():
            return page
    raise AssertionError(f"{visitor.person} has no task that says {text}")


def test_it_says_what_is_at_stake_why_i_hold_it_and_what_i_can_do(visit: Visit) -> None:
    """U6."""
    page = opened(visit("gm"), "总经理签批")
    said = page.words()
    assert "由您处理的原因" in said
    assert "产品部意见" in said
    assert "报表与对账" in said
    assert {b.get("value") for b in page.all("//button[@name='_verb']")} >= {
        "approve",
        "reject",
        "return",
    }


def test_rejecting_without_a_reason_keeps_what_was_typed(visit: Visit) -> None:
    gm = visit("gm")
    page = opened(gm, "总经理签批")
    page = gm.press(page, "reject", {"gm_opinion": "先合规"})
    assert page.status == 422
    assert "请填写理由" in page.words()
    assert "先合规" in page.words("//textarea[@name='gm_opinion']")


def test_a_rejection_with_its_reason_ends_where_the_diagram_says(visit: Visit) -> None:
    gm = visit("gm")
    page = gm.press(opened(gm, "总经理签批"), "reject", {"_comment": "另行提单"})
    assert page.status == 200
    officer = visit("business.officer")
    request = officer.get("/requests?view=mine&q=连锁超市").links("/requests/d")[0]
    said = officer.get(request).words()
    assert "另行提单" in said
    assert "未获同意" in said


def test_what_was_decided_meanwhile_is_told_with_who_and_when(visit: Visit) -> None:
    """U9: 409 says who decided, and keeps what was typed."""
    gm = visit("gm")
    page = opened(gm, "总经理签批")
    assert gm.press(page, "approve").status == 200
    again = gm.press(page, "reject", {"_comment": "还是不同意"})
    assert again.status == 409
    assert "顾长风" in again.words()


def test_a_draft_is_kept_and_only_for_me(visit: Visit) -> None:
    gm = visit("gm")
    page = gm.press(opened(gm, "总经理签批"), "draft", {"gm_opinion": "再想一想"})
    assert "草稿已保存" in page.words()
    assert "再想一想" in opened(gm, "总经理签批").words("//textarea[@name='gm_opinion']")


def test_enter_in_a_field_never_decides(visit: Visit) -> None:
    """The first button of the form, which a browser presses on Enter, only redraws it."""
    page = opened(visit("gm"), "总经理签批")
    first = page.all("//form[@data-decide]//button")[0]
    assert first.get("value") == "redraw:"


def test_nobody_decides_from_a_page_that_he_is_not_shown(visit: Visit) -> None:
    page = opened(visit("gm"), "总经理签批")
    stranger = visit("service.agent")
    action = str(page.all("//form[@data-decide]")[0].get("action"))
    token = stranger.get("/inbox").all("//input[@name='csrf_token']")[0].get("value")
    response = stranger.client.post(action, data={"csrf_token": token, "_verb": "approve"})
    assert response.status_code == 404


def test_without_its_token_a_post_is_refused(visit: Visit) -> None:
    gm = visit("gm")
    action = str(opened(gm, "总经理签批").all("//form[@data-decide]")[0].get("action"))
    assert gm.client.post(action, data={"_verb": "approve"}).status_code == 400


def test_what_the_work_came_to_is_reported_where_the_diagram_knows_it(
    visit: Visit, home: Database
) -> None:
    definition = compile_definition({"p.bpmn": diagram(ERROR, LATE)}, forms.read)
    with home.write() as transaction:
        definitions.deploy(transaction, definition, by=PersonId("owner"), at=NOW)
    request = RequestId("thrown")
    command = Submit(actor=actor("card.officer"), request=request, process="p", answers={})
    Door(home, lambda: NOW).handle(command)
    lead = visit("tech.lead")
    page = lead.get("/tasks/thrown-1")
    assert [str(each.get("value")) for each in page.all("//select[@id='error-code']/option")] == [
        "missing"
    ]
    page = lead.press(page, "escalate")
    assert page.status == 200, page.words("//main")
    assert "已上报" in page.words("//body")
    page = lead.press(lead.get("/tasks/thrown-1"), "error", {"_error_message": "缺少合同"})
    assert "已报告" in page.words("//body")
    told = visit("auditor").get("/requests/thrown").words("//ol[@class='timeline']")
    assert "缺少合同" in told
    assert "missing" in told
    assert not visit("gm").get("/tasks/thrown-2").all("//select[@id='error-code']")
