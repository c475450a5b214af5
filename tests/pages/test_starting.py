"""Starting a request without scripts: rows, files, errors at their place, drafts."""

from tests.pages.conftest import Visit
from tests.pages.visitors import Page, Visitor

ACCESS = {
    "phone": "8021",
    "documents.0.category": "合同",
    "documents.0.subcategory": "补充协议",
    "documents.0.name": "联名卡合作协议之补充协议二",
    "documents.0.medium": "纸质",
    "documents.0.mode": "查阅",
    "purpose": "续签谈判需要核对分润条款",
    "outside": "否",
    "from": "2026-11-25",
    "to": "2026-11-26",
    "undertaking": "true",
}


def form(visitor: Visitor) -> Page:
    """An empty application for documents."""
    return visitor.get("/start/document-access")


def test_only_what_one_may_start_is_offered(visit: Visit) -> None:
    said = visit("card.officer").get("/start").words()
    assert "需求工单" in said
    assert "文档查阅申请" in said
    agent = visit("service.agent")
    assert "需求工单" not in agent.get("/start").words("//main//strong")
    assert agent.get("/start/work-order").status == 404


def test_an_empty_form_is_marked_field_by_field(visit: Visit) -> None:
    officer = visit("card.officer")
    page = officer.press(form(officer), "submit", {"phone": "8021"})
    assert page.status == 422
    assert "此项必填" in page.words("//*[@data-wrong]")
    assert "请至少填写一行" in page.words("//fieldset[@data-table='documents']")
    assert page.all("//input[@name='phone'][@value='8021']")


def test_a_submitted_request_has_a_number_and_a_holder(visit: Visit) -> None:
    officer = visit("card.officer")
    page = officer.press(form(officer), "submit", ACCESS)
    assert page.status == 200
    assert "履查2026-" in page.words()
    assert "曹文" in page.words("//section[.//h2[contains(., '当前处理')]]")


def test_rows_come_and_go_by_posting_the_form_back(visit: Visit) -> None:
    officer = visit("card.officer")
    page = officer.press(form(officer), "add:documents", ACCESS)
    assert page.status == 200
    rows = "//fieldset[@data-table='documents']//tbody[@data-table-rows]/tr"
    assert len(page.all(rows)) == 2
    assert page.all("//input[@name='documents.0.name'][@value='联名卡合作协议之补充协议二']")
    page = officer.press(page, "add:documents")
    assert len(page.all(rows)) == 3
    page = officer.press(page, "remove:documents:0")
    assert len(page.all(rows)) == 2
    assert not page.all("//input[@name='documents.0.name'][@value='联名卡合作协议之补充协议二']")


def test_a_draft_has_no_number_and_can_be_gone_on_with(visit: Visit) -> None:
    officer = visit("card.officer")
    page = officer.press(form(officer), "draft", {"phone": "8021"})
    assert page.status == 200
    assert page.address.startswith("/drafts/")
    assert page.address in officer.get("/start").links("/drafts/")
    page = officer.press(officer.get(page.address), "submit", ACCESS)
    assert "履查2026-" in page.words()
    assert visit("card.manager").get(page.address).status == 200


def test_nobody_sees_another_ones_draft(visit: Visit) -> None:
    officer = visit("card.officer")
    draft = officer.press(form(officer), "draft", {"phone": "8021"}).address
    for person in ("card.manager", "auditor", "admin"):
        assert visit(person).get(draft).status == 404
        assert visit(person).get(draft.replace("drafts", "requests")).status == 404


def test_a_file_comes_with_its_form_and_stays_when_something_else_is_wrong(visit: Visit) -> None:
    officer = visit("card.officer")
    page = officer.get("/start/work-order")
    page = officer.press(
        page, "submit", {"title": "充值"}, {"_file.outline": ("概要.pdf", b"%PDF-1.7")}
    )
    assert page.status == 422
    assert "概要.pdf" in page.words("//*[@data-drop='outline']")
    kept = page.all("//input[@name='outline']")
    assert kept
    page = officer.press(page, f"drop:outline:{kept[0].get('value')}")
    assert not page.all("//input[@name='outline']")


def test_a_file_that_is_too_large_is_refused_at_its_field(visit: Visit) -> None:
    officer = visit("card.officer")
    page = officer.get("/start/work-order")
    big = {"_file.outline": ("大.pdf", b"x" * 100_000)}
    page = officer.press(page, "submit", {"title": "充值"}, big)
    assert page.status == 422
    assert "文件过大" in page.words("//*[@id='at-outline']")


def test_the_same_form_sent_twice_makes_one_request(visit: Visit) -> None:
    """K1."""
    officer = visit("card.officer")
    page = form(officer)
    first = officer.press(page, "submit", ACCESS)
    second = officer.press(page, "submit", ACCESS)
    assert second.address == first.address
