"""Transfer, delegate, add and take out signers, take back, and several at once: without scripts
here, with them in test_moving_browser."""

import pytest

from engine.commands.add_signer import AddSigner
from engine.commands.approve import Approve
from engine.commands.complete import Complete
from engine.commands.delegate import Delegate
from engine.commands.reject import Reject
from engine.commands.remove_signer import RemoveSigner
from engine.commands.suspend import Suspend
from engine.commands.take_back import TakeBack
from engine.commands.transfer import Transfer
from storage import Database
from tests.pages.conftest import Visit
from tests.pages.signing import TITLE, administrator, ask, do
from tests.pages.visitors import Page


def votes(page: Page) -> list[str]:
    """What is told of each signer."""
    return [
        " ".join(" ".join(str(t) for t in each.itertext()).split())
        for each in page.all("//section[.//h3[@id='votes-title']]//li[contains(@class, 'vote')]")
    ]


def test_what_one_can_do_stands_behind_more(visit: Visit, home: Database) -> None:
    """U1, U7: only what is possible, by what it is called."""
    ask(home, "one")
    page = visit("risk.manager").get("/tasks/one-1")
    menu = "//details[contains(@class, 'menu--moves')]//a"
    assert [str(a.get("href")) for a in page.all(menu)] == [
        f"/tasks/one-1/{verb}" for verb in ("transfer", "delegate", "add-signer", "snooze")
    ]
    assert {str(a.get("data-key")) for a in page.all(f"{menu}[@data-key]")} == {"t"}
    other = visit("auditor").get("/tasks/one-1")
    assert not other.all(menu)


def test_somebody_is_found_by_name_department_or_id(visit: Visit, home: Database) -> None:
    """T2: who can't take it is shown with the reason, and can't be chosen."""
    ask(home, "one")
    risk = visit("risk.manager")
    page = risk.get("/tasks/one-1/transfer")
    for words, id in (("高朗", "tech.lead"), ("技术", "tech.lead"), ("tech.l", "tech.lead")):
        page = risk.press(page, "find", {"_q": words})
        assert page.status == 200
        assert page.all(f"//input[@name='_to'][@value='{id}'][not(@disabled)]"), words
    page = risk.press(page, "find", {"_q": "finance.manager"})
    [taken] = page.all("//input[@name='_to'][@value='finance.manager']")
    assert taken.get("disabled") is not None
    assert "已有席位" in page.words()
    page = risk.press(page, "find", {"_q": "没有这个人"})
    assert "没有姓名、部门或登录名符合的人" in page.words()


def test_a_transfer_without_scripts(visit: Visit, home: Database) -> None:
    """T1: the chain stays visible; the old task says to whom it went."""
    ask(home, "one")
    risk = visit("risk.manager")
    page = risk.get("/tasks/one-1/transfer")
    nobody = risk.press(page, "transfer", {"_comment": "出差"})
    assert nobody.status == 422
    assert "请指定人员" in nobody.words()
    assert "出差" in nobody.words("//textarea[@name='_comment']")
    found = risk.press(risk.press(page, "find", {"_q": "高朗"}), "transfer", {
        "_to": "tech.lead", "_comment": "出差",
    })  # fmt: skip
    assert found.status == 200
    assert f"已转办： {TITLE}" in found.words("//body") or "已转办" in found.words("//body")
    page = visit("tech.lead").get("/tasks/one-4")
    told = votes(page)
    assert "已转办" in told[0]
    assert "出差" in told[0]
    assert "接手沈若兰转办的任务" in told[1]
    old = risk.get("/tasks/one-1")
    assert "已转办" in old.words("//header")
    assert not old.all("//button[@name='_verb'][@value='approve']")
    again = risk.get("/tasks/one-1/transfer")
    assert again.status == 403


def test_signers_are_added_before_after_and_beside(visit: Visit, home: Database) -> None:
    """A1: mode and group are explained where they are chosen."""
    ask(home, "one", "two", "three")
    risk = visit("risk.manager")
    page = risk.get("/tasks/one-1/add-signer")
    assert [str(e.get("value")) for e in page.all("//input[@name='_mode']")] == [
        "before", "after", "parallel",
    ]  # fmt: skip
    assert "待他们也签完后生效" in page.words()
    chosen = {"_to": ["tech.lead", "gm"], "_mode": "before", "_group": "any", "_comment": "请把关"}
    assert risk.press(page, "add-signer", chosen).status == 200
    told = votes(risk.get("/tasks/one-1"))
    assert "等待前加签人员" in told[0]
    assert "沈若兰前加签" in told[1]
    assert "任一人即可" in told[1]
    after = {"_to": "tech.lead", "_mode": "after", "_comment": "同意，请复核"}
    risk.press(risk.get("/tasks/two-1/add-signer"), "add-signer", after)
    told = votes(risk.get("/tasks/two-1"))
    assert "已同意" in told[0]
    assert "待后加签人员签完后生效" in told[0]
    beside = {"_to": "tech.lead", "_mode": "parallel"}
    page = risk.press(risk.get("/tasks/three-1/add-signer"), "add-signer", beside)
    assert page.address == "/tasks/three-1", "one's own task is still there to be decided"
    assert "已签 0/4" in " ".join(page.words().split())


def test_who_can_not_be_added_is_told_beside_the_list(visit: Visit, home: Database) -> None:
    """A3, and nothing that was chosen is lost."""
    ask(home, "one")
    risk = visit("risk.manager")
    chosen = {"_to": ["tech.lead", "card.officer"], "_mode": "parallel", "_comment": "请看"}
    page = risk.press(risk.get("/tasks/one-1/add-signer"), "add-signer", chosen)
    assert page.status == 422
    assert "申请人" in page.words("//p[@id='to-wrong']")
    assert page.all("//input[@value='tech.lead'][@checked]")
    assert page.all("//input[@name='_mode'][@value='parallel'][@checked]")


def test_an_added_signer_is_taken_out_from_the_list_of_signers(
    visit: Visit, home: Database
) -> None:
    """A5"""
    ask(home, "one")
    do(home, AddSigner, "one", 1, "risk.manager", to=("tech.lead", "gm"), mode="parallel")
    risk = visit("risk.manager")
    page = risk.get("/tasks/one-1")
    links = [str(a.get("href")) for a in page.all("//li//a[contains(@href, 'remove-signer')]")]
    assert links == [f"/tasks/one-1/remove-signer?to={who}" for who in ("tech.lead", "gm")]
    assert not visit("gm").get("/tasks/one-5").all("//a[contains(@href, 'remove-signer')]")
    page = risk.press(risk.get(links[1]), "remove-signer", {"_comment": "不必"})
    assert page.status == 200
    [gone] = [each for each in votes(page) if "顾长风" in each]
    assert "已减签" in gone


def test_an_opinion_comes_back_and_is_told_as_one(visit: Visit, home: Database) -> None:
    """T3"""
    ask(home, "one")
    risk = visit("risk.manager")
    asked = {"_to": "tech.lead", "_comment": "技术上可行吗"}
    risk.press(risk.get("/tasks/one-1/delegate"), "delegate", asked)
    assert "等待委派意见" in votes(risk.get("/tasks/one-1"))[0]
    lead = visit("tech.lead")
    lead.press(lead.get("/tasks/one-4"), "reject", {"_comment": "接口未就绪"})
    told = votes(risk.get("/tasks/one-1"))
    assert "待处理" in told[0]
    assert "意见：不同意" in told[1]
    assert "接口未就绪" in told[1]
    assert "受沈若兰委派提供意见" in told[1]


def test_a_decision_is_taken_back_from_what_is_told_after_it(visit: Visit, home: Database) -> None:
    """W2: offered while nothing has come of it; then the page says why not."""
    ask(home, "one")
    risk = visit("risk.manager")
    page = risk.press(risk.get("/tasks/one-1"), "approve")
    [link] = page.all("//div[@id='told']//a")
    assert link.get("data-key") == "z"
    page = risk.press(risk.get(str(link.get("href"))), "take-back", {"_comment": "看漏了"})
    assert page.address == "/tasks/one-1"
    assert "请重新决定" in page.words("//body")
    for person, ordinal in (("risk.manager", 1), ("finance.manager", 2), ("service.manager", 3)):
        do(home, Approve, "one", ordinal, person)
    do(home, Complete, "one", 4, "tech.lead")
    page = risk.get("/tasks/one-1")
    assert not page.all("//a[contains(@href, 'take-back')]")
    assert "决定已不能拿回" in page.words()
    assert risk.get("/tasks/one-1/take-back").status == 409


def test_the_history_tells_each_of_them_in_a_sentence(visit: Visit, home: Database) -> None:
    """Every consequence of these verbs is told by sign and word."""
    ask(home, "one")
    do(home, AddSigner, "one", 1, "risk.manager", to=("tech.lead",), mode="after", comment="请复核")
    do(home, RemoveSigner, "one", 1, "risk.manager", to=("tech.lead",), comment="不必了")
    do(home, TakeBack, "one", 1, "risk.manager", comment="再想想")
    do(home, Delegate, "one", 2, "finance.manager", to="finance.accountant", comment="核算一下")
    do(home, Reject, "one", 5, "finance.accountant", comment="超预算")
    do(home, Transfer, "one", 3, "service.manager", to="service.agent", comment="出差")
    told = visit("auditor").get("/requests/one").words("//ol[@class='timeline']")
    told = " ".join(told.split())
    for sentence in (
        "后加签：高朗", "不再需要：高朗", "沈若兰的决定现已生效：已同意", "拿回决定",
        "原决定：已同意", "提供意见", "仅供参考，意见：不同意", "由冯雪转给",
    ):  # fmt: skip
        assert sentence in told, (sentence, told)
    english = visit("auditor", "en").get("/requests/one").words("//ol[@class='timeline']")
    assert "only an opinion: Against (opinion)" in " ".join(english.split())


def test_an_administrator_holds_a_request_up_and_ends_it(visit: Visit, home: Database) -> None:
    """K3, X6: with a reason; the signer's page says that it is suspended."""
    ask(home, "one")
    admin = visit("admin")
    page = admin.press(admin.get("/requests/one"), "暂停")
    assert page.status == 422
    assert "请填写理由" in page.words("//p[@id='hold-suspend-wrong']")
    page = admin.press(page, "暂停", {"comment": "等法务意见"})
    assert page.status == 200
    assert "已暂停" in page.words("//body")
    waiting = visit("risk.manager").get("/tasks/one-1")
    assert "申请已暂停" in waiting.words()
    assert not waiting.all("//button[@name='_verb'][@value='approve']")
    page = admin.press(page, "恢复", {"comment": "可以继续"})
    page = admin.press(page, "终止申请", {"comment": "重复提交"})
    told = visit("auditor").get("/requests/one").words()
    assert "等法务意见" in told
    assert "重复提交" in told
    assert not admin.get("/requests/one").all("//h2[@id='holding-title']")


@pytest.mark.parametrize("person", ["risk.manager", "owner", "auditor", "card.officer"])
def test_nobody_else_holds_a_request_up(visit: Visit, home: Database, person: str) -> None:
    """K3"""
    ask(home, "one")
    visitor = visit(person)
    page = visitor.get("/requests/one")
    assert not page.all("//h2[@id='holding-title']")
    token = visitor.get("/inbox").all("//input[@name='csrf_token']")[0].get("value")
    for verb in ("suspend", "resume", "terminate"):
        sent = {"csrf_token": token, "comment": "为何不可"}
        assert visitor.client.post(f"/requests/one/{verb}", data=sent).status_code == 403


def test_several_are_rejected_with_one_comment(visit: Visit, home: Database) -> None:
    """K4, U8: looked through first; each item its own transaction and its own result."""
    ask(home, "one", "two", "three")
    risk = visit("risk.manager")
    tasks = ["one-1", "two-1", "three-1"]
    page = risk.press(risk.get("/inbox"), "批量处理", {"tasks": tasks})
    assert page.words().count(TITLE) >= 3
    again = risk.press(page, "不同意", {"tasks": tasks})
    assert again.status == 422
    assert "请填写理由" in again.words("//p[@id='comment-wrong']")
    do(home, Approve, "two", 1, "risk.manager")
    done = risk.press(again, "不同意", {"tasks": tasks, "comment": "额度不足"})
    assert done.status == 200
    assert "已办理2项" in done.words().replace(" ", "")
    assert "1项未能办理" in done.words().replace(" ", "")
    left = done.all("//input[@name='tasks']")
    assert [each.get("value") for each in left] == ["two-1"]
    for id in ("one", "three"):
        assert "额度不足" in visit("auditor").get(f"/requests/{id}").words()


def test_several_are_returned_at_once(visit: Visit, home: Database) -> None:
    """K4"""
    ask(home, "one", "two")
    risk = visit("risk.manager")
    tasks = ["one-1", "two-1"]
    page = risk.press(risk.get("/inbox"), "批量处理", {"tasks": tasks})
    sent = {"tasks": tasks, "comment": "请补充材料", "to": "initiator"}
    done = risk.press(page, "以上面的意见为理由退回", sent)
    assert "已办理2项" in done.words().replace(" ", "")
    rows = visit("card.officer").get("/inbox").words("//a[contains(@class, 'row')]")
    assert rows.count(TITLE) == 2


def test_what_binds_is_looked_at_by_itself(visit: Visit, home: Database) -> None:
    """K4: a protected node can't be chosen, nor is it decided when somebody names it."""
    ask(home, "one", approval__protected="true")
    risk = visit("risk.manager")
    page = risk.press(risk.get("/inbox"), "批量处理", {"tasks": ["one-1"]})
    assert "须单独审批" in page.words()
    assert page.all("//input[@name='tasks'][@disabled]")
    token = page.all("//input[@name='csrf_token']")[0].get("value")
    sent = {"csrf_token": token, "tasks": "one-1"}
    response = risk.client.post("/inbox/batch/approve", data=sent)
    assert "须单独审批" in response.get_data(as_text=True)


def test_what_has_to_be_filled_in_is_not_approved_among_others(
    visit: Visit, home: Database
) -> None:
    """K4: a task that needs a field can only be rejected or returned there."""
    ask(home, "one", form="opinion")
    risk = visit("risk.manager")
    page = risk.press(risk.get("/inbox"), "批量处理", {"tasks": ["one-1"]})
    assert "同意前须先填写： 风险等级" in " ".join(page.words().split())
    assert not page.all("//button[contains(@formaction, 'approve')]")
    done = risk.press(page, "不同意", {"tasks": ["one-1"], "comment": "资料不全"})
    assert "已办理1项" in done.words().replace(" ", "")


def test_my_own_answers_go_with_signers_after_me(visit: Visit, home: Database) -> None:
    """A1 after: it is a decision, so its form is filled in there and checked."""
    ask(home, "one", form="opinion")
    risk = visit("risk.manager")
    chosen = {"_to": "tech.lead", "_mode": "after"}
    page = risk.press(risk.get("/tasks/one-1/add-signer"), "add-signer", chosen)
    assert page.status == 422
    page = risk.press(page, "add-signer", {**chosen, "rating": "高"})
    assert page.status == 200
    assert "高" in visit("tech.lead").get("/tasks/one-4").words(
        "//section[.//h3[@id='votes-title']]"
    )


def test_while_it_is_suspended_only_that_is_said(visit: Visit, home: Database) -> None:
    """X6: no reason is repeated for each verb."""
    ask(home, "one")
    administrator(home, Suspend, "one", "等法务意见")
    page = visit("risk.manager").get("/tasks/one-1")
    assert page.words().count("申请已暂停") == 1
    assert not page.all("//textarea[@id='comment']")


def test_a_task_is_put_off_and_shown_again(visit: Visit, home: Database) -> None:
    """Hidden from one's own list only, until then; a time that is none is told beside it."""
    ask(home, "one")
    risk = visit("risk.manager")
    page = risk.press(
        risk.get("/tasks/one-1/snooze"), "推迟", {"until": "at", "at": "2020-01-01T09:00"}
    )
    assert page.status == 422
    assert "将来时间" in page.words("//p[@id='until-wrong']")
    page = risk.press(page, "推迟", {"until": "working"})
    assert "已推迟至2026-11-25 09:00" in " ".join(page.words("//div[@id='told']").split())
    assert not visit("risk.manager").get("/inbox").all("//a[@id='row-one-1']")
    assert risk.get("/inbox?view=snoozed").all("//a[@id='row-one-1']")
    page = risk.press(risk.get("/tasks/one-1"), "恢复到待办")
    assert risk.get("/inbox").all("//a[@id='row-one-1']")
    assert visit("auditor").get("/tasks/one-1/snooze").status == 403
