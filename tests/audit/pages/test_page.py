"""The auditor's page: filters in the address, kinds by sign and word, notes on a request's page."""

import pytest

from storage import Database
from tests.audit.following import followed
from tests.pages.conftest import Seat, Visit
from tests.pages.visitors import Page
from tests.support.browser import Troubles, serious_violations, sideways

ROWS = "//li[contains(@class, 'found')]"


def rows(page: Page) -> int:
    return len(page.all(ROWS))


def test_an_auditor_begins_there_and_others_do_not(visit: Visit, indexed: Database) -> None:
    for person, place in (("auditor", "/audit"), ("gm", "/inbox")):
        answer = visit(person).client.get("/", follow_redirects=True)
        assert (answer.status_code, answer.request.path) == (200, place)
    assert visit("owner").get("/audit").status == 200
    for person in ("gm", "admin", "business.officer"):
        assert visit(person).get("/audit").status == 403
        assert "/audit" not in visit(person).get("/inbox").links("/audit")


def test_filters_stand_in_the_address(visit: Visit, indexed: Database) -> None:
    auditor = visit("auditor")
    page = auditor.get("/audit?q=POS机具&process=go-live")
    assert rows(page) > 3
    assert "(26)上字004" in page.words("//section[.//h2[contains(., '申请')]]")
    tab = next(href for href in page.links("/audit") if "kind=timer" in href)
    timers = auditor.get(tab)
    assert "q=POS" in tab
    assert 0 < rows(timers) < rows(page)
    assert "系统自动" in timers.words(ROWS)
    empty = auditor.get("/audit?q=没有这样的字")
    assert rows(empty) == 0
    assert "没有符合条件的" in empty.words()


def test_the_requests_found_are_exported_with_the_filter(visit: Visit, indexed: Database) -> None:
    """AU7: what is shown, in any format, with the filter stated."""
    auditor = visit("auditor")
    assert not auditor.get("/audit").links("/api/v1/requests/export")
    page = auditor.get("/audit?number=(26)上字004&process=go-live")
    shown = page.links("/requests/")
    links = page.links("/api/v1/requests/export")
    assert len(links) == 5
    (data,) = (link for link in links if "format=json" in link)
    with auditor.client.get(data) as answer:
        document = answer.get_json()
    assert document["filter"] == {"process": "go-live", "q": "(26)上字004"}
    assert document["requests"]
    assert all(f"/requests/{each['id']}" in shown for each in document["requests"])


def test_each_kind_has_its_sign_and_word(visit: Visit, indexed: Database) -> None:
    auditor = visit("auditor")
    auditor.get("/requests?view=all")
    for kind, word in (("refused", "被拒绝"), ("timer", "系统自动"), ("superseded", "使先前失效")):
        page = auditor.get(f"/audit?kind={kind}")
        assert rows(page) > 0
        assert word in page.words(ROWS)
        assert page.all(f"{ROWS}//*[contains(@class, 'found__mark')]//*[local-name()='svg']")
    changes = auditor.get("/audit?kind=change").words(ROWS)
    assert "更改了人员" in changes
    assert auditor.get("/audit?kind=nothing").status == 404
    assert auditor.get("/audit?sort=due").status == 404
    wrong = auditor.get("/audit?since=gestern")
    assert wrong.status == 422
    assert "应为日期" in wrong.words()
    assert auditor.get("/audit?since=2026-12-01&until=2026-11-01").status == 422
    for odd in ("q=%00", "number=%00", "person=%27%22%00", "q=%C2%A7vsubmit", "cursor=x"):
        assert auditor.get(f"/audit?{odd}").status in (200, 404, 422)


def test_entries_lead_to_their_step_and_history(visit: Visit, indexed: Database) -> None:
    page = visit("auditor").get("/audit?verb=submit&process=go-live")
    steps = page.links("/requests/")
    assert any(href.endswith("/replay?step=1") for href in steps)
    assert any(href.endswith("#e1") for href in steps)


def test_older_ones_follow(visit: Visit, indexed: Database) -> None:
    auditor = visit("auditor")
    page, seen = auditor.get("/audit?process=go-live"), 0
    while True:
        seen += rows(page)
        older = [href for href in page.links("/audit") if "cursor=" in href]
        if not older:
            break
        page = auditor.get(older[0])
    with indexed.read() as reader:
        every = "SELECT COUNT(*) FROM found WHERE process = 'go-live'"
        assert seen == reader.value(every)


def test_an_owner_sees_no_readings_and_no_notes(visit: Visit, indexed: Database) -> None:
    auditor = visit("auditor")
    found = auditor.get("/audit?q=POS机具").links("/requests/")
    request = next(href for href in found if "/replay" not in href and "#" not in href)
    page = auditor.get(request)
    page = auditor.press(page, "保存批注", {"text": "为何绕过测试?"})
    assert "为何绕过测试?" in page.words("//section[@id='notes']")
    followed(indexed)
    assert "写了批注" in auditor.get("/audit?kind=watching").words(ROWS)
    owner = visit("owner")
    assert "批注" not in owner.get(request).words()
    assert rows(owner.get("/audit?kind=watching")) == 0
    assert "kind=watching" not in str(owner.get("/audit").links("/audit"))
    page = auditor.press(auditor.get(request), "撤回")
    assert "已撤回" in page.words("//section[@id='notes']")
    assert "为何绕过测试?" in page.words("//section[@id='notes']")


def test_before_anything_is_sealed_it_says_so(visit: Visit, home: Database) -> None:
    assert "尚无可检索的记录" in visit("auditor").get("/audit").words()


@pytest.mark.browser
@pytest.mark.parametrize(
    ("language", "width", "dark"),
    [("zh", 1280, False), ("en", 360, True)],
    ids=["zh-wide-light", "en-narrow-dark"],
)
def test_it_is_sound_in_a_browser_and_by_keyboard(
    seat: Seat, indexed: Database, address: str, language: str, width: int, dark: bool
) -> None:
    """U13, U15, AU3: axe finds nothing serious, nothing scrolls sideways, keys lead through it."""
    troubles = Troubles()
    with seat("auditor", language=language, width=width, dark=dark) as context:
        context.on("page", troubles.watch)
        page = context.new_page()
        for route in ("/audit", "/audit?kind=change", "/audit?q=POS机具", "/audit?q=无此字",
                      "/audit?since=2026-12-01&until=2026-11-01"):  # fmt: skip
            page.goto(address + route)
            assert serious_violations(page) == []
            assert sideways(page) == 0
        page.goto(address + "/audit?verb=submit")
        page.keyboard.press("j")
        page.keyboard.press("j")
        focused = page.evaluate("document.activeElement.getAttribute('href')")
        assert "/replay?step=" in focused
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.id") == "q"
        page.keyboard.type("POS机具")
        page.keyboard.press("Enter")
        page.wait_for_url("**/audit?*q=POS*")
        page.keyboard.press("g")
        page.keyboard.press("i")
        page.wait_for_url("**/inbox*")
        page.keyboard.press("g")
        page.keyboard.press("a")
        page.wait_for_url("**/audit")
    # A date that ends before it begins is answered with 422.
    assert [each for each in troubles.sentences if "422" not in each] == []
