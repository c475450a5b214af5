"""The page of a request: what everybody reads there, and who does not."""

from tests.pages.conftest import Visit
from tests.pages.visitors import Page, Visitor


def found(visitor: Visitor, number: str, view: str = "all") -> Page:
    """The page of a request, by its number."""
    for link in visitor.get(f"/requests?view={view}&q={number}").links("/requests/d"):
        page = visitor.get(link)
        if number == page.words("//main//header/span[@class='number']").strip():
            return page
    raise AssertionError(f"{visitor.person} does not find {number}")


def test_it_tells_who_holds_it_now_and_why(visit: Visit) -> None:
    said = found(visit("auditor"), "(26)业字004").words("//section[.//h2[contains(., '当前处理')]]")
    assert "顾长风" in said
    assert "总经理" in said


def test_its_rounds_are_told_with_the_opinions_of_each(visit: Visit) -> None:
    """B3: the first round's opinions stay, marked as such."""
    said = found(visit("auditor"), "(26)上字002").words()
    assert "第 2 轮" in said
    assert "反洗钱" in said


def test_the_order_shows_its_changes_and_the_dates_that_they_moved(visit: Visit) -> None:
    page = found(visit("auditor"), "(26)卡字002")
    assert "(26)卡字002-变01" in page.words("//aside")
    assert "2026-12-11" in page.words()


def test_the_diagram_marks_nodes_by_sign_word_and_colour(visit: Visit) -> None:
    page = found(visit("auditor"), "(26)业字004")
    shapes = page.all("//*[contains(@class, 'shape--open')]")
    assert len(shapes) == 1
    assert "总经理签批" in "".join(str(t) for t in shapes[0].itertext())
    assert "进行中" in "".join(str(t) for t in shapes[0].itertext())
    assert page.all("//*[contains(@class, 'shape--done')]")


def test_a_stranger_does_not_learn_that_it_exists(visit: Visit) -> None:
    address = found(visit("auditor"), "(26)业字004").address
    stranger = visit("sales.manager")
    assert stranger.get(address).status == 404
    assert stranger.get(f"{address}/print").status == 404
    assert not stranger.get("/requests?view=all&q=连锁超市").links("/requests/d")


def test_an_administrator_sees_its_state_and_not_its_content(visit: Visit) -> None:
    address = found(visit("auditor"), "(26)业字004").address
    page = visit("admin").get(address)
    assert page.status == 200
    assert "(26)业字004" in page.words()
    assert "万家连锁" not in page.words()


def test_an_administrator_reads_it_once_with_a_reason_that_everybody_sees(visit: Visit) -> None:
    """K3."""
    address = found(visit("auditor"), "(26)业字004").address
    admin = visit("admin")
    refused = admin.press(admin.get(address), "查看一次内容")
    assert refused.status == 422
    assert "万家连锁" not in refused.words()
    page = admin.press(refused, "查看一次内容", {"comment": "核对附件"})
    assert page.status == 200
    assert "万家连锁" in page.words()
    assert not page.all("//form[contains(@action, '/comment')]")
    assert not page.links("/attachments/")
    assert "万家连锁" not in admin.get(address).words()
    told = visit("auditor").get(address).words("//ol[@class='timeline']")
    assert "核对附件" in told
    assert visit("auditor").client.post(f"{address}/look").status_code in (400, 403)


def test_who_only_reads_is_offered_nothing_to_say_or_start(visit: Visit) -> None:
    auditor = visit("auditor")
    page = found(auditor, "(26)业字004")
    assert not page.all("//main//form[@method='post'][not(ancestor::section[@id='notes'])]")
    assert not auditor.get("/start").links("/start/")
    assert not auditor.get("/inbox").links("/start")


def test_timers_that_did_nothing_day_after_day_are_one_line(visit: Visit) -> None:
    page = found(visit("auditor"), "(26)卡字002")
    folds = page.all("//ol[@class='timeline']//details")
    assert folds
    assert "无须处理" in page.words("//ol[@class='timeline']//details/summary")


def test_a_comment_is_read_by_everybody_and_tells_the_mentioned(visit: Visit) -> None:
    """C3."""
    officer = visit("business.officer")
    page = officer.press(
        found(officer, "(26)业字004", "mine"), "发表意见", {"comment": "请 @gm 早些看"}
    )
    assert "请 @gm 早些看" in page.words("//ol[@class='timeline']")
    assert "被提到" in visit("gm").get("/notices").words()


def test_an_empty_comment_is_refused_beside_its_field(visit: Visit) -> None:
    officer = visit("business.officer")
    page = officer.press(found(officer, "(26)业字004", "mine"), "发表意见")
    assert page.status == 422
    assert page.words("//*[@id='say-comment-wrong']")


def test_it_is_withdrawn_with_a_reason_and_can_be_sent_again(visit: Visit) -> None:
    """W1."""
    officer = visit("business.officer")
    page = found(officer, "(26)业字004", "mine")
    assert officer.press(page, "撤回申请").status == 422
    page = officer.press(page, "撤回申请", {"comment": "合作方变更"})
    assert "已撤回" in page.words("//header")
    assert page.links("/drafts/")


def test_the_paper_form_carries_title_fields_signatures_and_notes(visit: Visit) -> None:
    auditor = visit("auditor")
    page = auditor.get(f"{found(auditor, '(26)业字001').address}/print")
    said = page.words("//article")
    for part in ("《", "业务需求开发工单》", "签署", "陈晓", "产品部", "说明", "(09)卡字001"):
        assert part in said


def test_registers_list_what_the_rules_ask_for(visit: Visit) -> None:
    auditor = visit("auditor")
    links = auditor.get("/registers").links("/registers/")
    assert links
    said = " ".join(auditor.get(link).words() for link in links)
    assert "(26)业字001" in said
    assert "复-2026-001" in said
