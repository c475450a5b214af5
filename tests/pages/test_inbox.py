"""The inbox without scripts: views, search, empty states, and what follows a decision."""

import pytest

from tests.pages.conftest import Visit


def test_the_list_says_what_it_is_who_asks_and_where_it_stands(visit: Visit) -> None:
    """U5."""
    page = visit("gm").get("/inbox")
    row = page.words("//ol[@class='rows']/li[1]")
    for part in (
        "(26)业字004",
        "需求工单",
        "万家连锁超市聚合收单对账文件",
        "林嘉",
        "业务部",
        "总经理签批",
    ):
        assert part in row


def test_the_selected_task_stands_in_the_address_and_opens_beside_the_list(visit: Visit) -> None:
    """U2, U3."""
    gm = visit("gm")
    address = gm.get("/inbox").links("/inbox?task=")[0]
    page = gm.get(address)
    assert "万家连锁超市聚合收单对账文件" in page.words("//*[@id='detail']//h2[1]")
    assert page.all("//ol[@class='rows']//a[@aria-current='true']")


@pytest.mark.parametrize("view", ["todo", "group", "copied", "done", "mine"])
def test_every_view_opens_for_everybody(visit: Visit, view: str) -> None:
    """U4."""
    for person in ("product.manager", "business.officer", "owner", "admin"):
        assert visit(person).get(f"/inbox?view={view}").status == 200


def test_what_search_hides_is_told_from_what_is_done(visit: Visit) -> None:
    """U11: the two empty lists read differently."""
    gm = visit("gm")
    assert "没有符合条件的" in gm.get("/inbox?q=没有这样的字").words()
    assert "全部办完了" in visit("sales.manager").get("/inbox").words()


def test_search_finds_chinese_words(visit: Visit) -> None:
    page = visit("gm").get("/inbox?q=连锁超市")
    assert len(page.all("//ol[@class='rows']/li")) == 1


def test_a_view_that_does_not_exist_is_not_found(visit: Visit) -> None:
    assert visit("gm").get("/inbox?view=nothing").status == 404
    assert visit("gm").get("/inbox?cursor=nonsense").status == 404


def test_after_a_decision_the_next_task_is_open(visit: Visit) -> None:
    """U2."""
    gm = visit("gm")
    first, second = gm.get("/inbox").links("/inbox?task=")
    page = gm.press(gm.get(first), "approve")
    assert page.status == 200
    assert page.address == second
    assert "已同意" in page.words("//*[@id='told']")


def test_a_task_of_others_is_not_shown(visit: Visit) -> None:
    task = visit("gm").get("/inbox").links("/inbox?task=")[0]
    page = visit("service.agent").get(task)
    assert "万家连锁" not in page.words()
    assert "不在您手上" in page.words("//*[@id='detail']")
