"""Being away and leaving, on the pages: T4, T6, T7."""

from storage import Database, queries
from tests.pages.conftest import Visit
from tests.pages.visitors import NOW
from web.door import Door
from web.staffing import follow

TOMORROW, NEXT_WEEK = "2026-11-25T00:00", "2026-12-01T00:00"


def test_a_substitute_is_named_and_taken_back(visit: Visit, home: Database) -> None:
    """T4: mine are listed with their state; I may end them, the substitute may not."""
    gm = visit("gm")
    assert "/account/away" in gm.get("/account").links("/account/away")
    page = gm.get("/account/away")
    assert "没有人代理您" in page.words()
    given = {"substitute": "deputy.gm", "from": "2026-11-24T00:00", "until": NEXT_WEEK}
    page = gm.press(page, "设为代理", given)
    assert page.address == "/account/away"
    assert "生效中" in page.words()
    deputy = visit("deputy.gm").get("/account/away")
    assert "生效中" in deputy.words()
    assert not deputy.all("//main//button[contains(., '结束代理')]")
    page = gm.press(page, "结束代理")
    assert "已取消" in page.words()


def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(visit: Visit) -> None:
    """T4: refused: himself, an end before the beginning; what was typed stays."""
    gm = visit("gm", "en")
    given = {"substitute": "gm", "from": NEXT_WEEK, "until": TOMORROW}
    page = gm.press(gm.get("/account/away"), "Set as substitute", given)
    assert page.status == 422
    assert "Nobody stands in for, or takes over from, himself" in page.words()
    assert "The end has to be after the beginning" in page.words()
    assert page.all("//input[@name='until']")[0].get("value") == TOMORROW
    assert not page.all("//select[@name='person']"), "for oneself alone"


def test_the_page_says_why_it_is_his(visit: Visit, home: Database) -> None:
    """T4, P2: the substitute reads in whose stead; the history who could act from when."""
    with home.read() as reader:
        row = reader.one("SELECT person, request, ordinal FROM inbox WHERE person = 'gm'")
        assert row is not None
        requester = reader.value("SELECT requester FROM requests WHERE id = ?", (row[1],))
    admin = visit("admin")
    given = {
        "person": "gm",
        "substitute": "office.manager",
        "from": "2026-11-24T00:00",
        "until": NEXT_WEEK,
    }
    assert requester != "office.manager"
    page = admin.press(admin.get("/account/away"), "设为代理", given)
    assert page.status == 200, page.words()
    follow(Door(home, lambda: NOW))
    task = visit("office.manager").get(f"/tasks/{row[1]}-{row[2]}")
    assert task.status == 200
    assert "外出，由您代理" in task.words("//body")
    story = visit(str(requester)).get(f"/requests/{row[1]}")
    assert "可代" in story.words("//body")


def test_a_handover_shows_first_what_would_move(visit: Visit, home: Database) -> None:
    """T7: only administrators; a preview, a reason, and what has moved."""
    assert visit("gm").get("/handovers").status == 403
    admin = visit("admin")
    assert "/handovers" in admin.get("/account").links("/handovers")
    with home.read() as reader:
        held = reader.value("SELECT COUNT(*) FROM inbox WHERE person = 'gm'")
    page = admin.get("/handovers?person=gm")
    assert f"待办:{held}项" in page.words().replace("：", ":")
    wrong = admin.press(page, "交接", {"to": "deputy.gm"})
    assert wrong.status == 422
    assert "请填写理由" in wrong.words()
    page = admin.press(wrong, "交接", {"to": "deputy.gm", "comment": "离职"})
    assert page.address == "/handovers"
    with home.read() as reader:
        assert reader.value("SELECT COUNT(*) FROM inbox WHERE person = 'gm'") == 0
        assert queries.Names(reader).person("deputy.gm").name in page.words()
    page = admin.press(page, "结束此交接")
    assert "已结束" in page.words()
