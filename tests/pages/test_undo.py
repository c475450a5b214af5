"""A decision made on a page can be undone for ten seconds: U, U7; without scripts, then with."""

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import expect

from storage import Database
from tests.pages.conftest import Seat, Visit
from tests.pages.signing import ask
from tests.pages.test_moving import votes
from tests.pages.visitors import NOW
from tests.support.browser import Troubles, serious_violations
from web.door import Door


@pytest.fixture(autouse=True)
def ten_seconds(app: Flask) -> None:
    """As it is where nobody has set it otherwise."""
    app.config["UNDO_SECONDS"] = 10


def beat(home: Database, seconds: float) -> None:
    """The scheduler's heart beats, so many seconds later."""
    Door(home, lambda: NOW + timedelta(seconds=seconds)).fire_due()


def test_a_decision_is_undone_without_scripts(visit: Visit, home: Database) -> None:
    """U7: what is told after it has a button; the task is open again with what was typed."""
    ask(home, "one")
    risk = visit("risk.manager")
    page = risk.press(risk.get("/tasks/one-1"), "reject", {"_comment": "预算不足"})
    assert "已不同意" in page.words("//div[@id='told']")
    assert "".join(page.words("//div[@id='told']//button").split()) == "撤销(10)z"
    page = risk.press(page, "撤销")
    assert page.address == "/tasks/one-1"
    assert "已撤销" in page.words("//div[@id='told']")
    assert page.words("//textarea[@name='_comment']") == "预算不足"
    page = risk.press(page, "approve", {"_comment": ""})
    assert "".join(page.words("//div[@id='told']//button").split()) == "撤销(10)z"
    beat(home, 9)
    assert "已决定" in votes(visit("finance.manager").get("/tasks/one-2"))[0]
    beat(home, 10)
    assert "已同意" in votes(visit("finance.manager").get("/tasks/one-2"))[0]


def test_siblings_see_that_it_is_decided_and_until_when(visit: Visit, home: Database) -> None:
    """U: neither beside the votes nor in the history is it said how; to its author it is."""
    ask(home, "one")
    risk = visit("risk.manager")
    risk.press(risk.get("/tasks/one-1"), "reject", {"_comment": "预算不足"})
    told = votes(visit("finance.manager").get("/tasks/one-2"))[0]
    assert "已决定" in told
    assert "可撤销至 10:00:10" in told
    history = visit("finance.manager").get("/requests/one").words("//body")
    assert "预算不足" not in history
    assert "尚可撤销" in history
    assert "预算不足" in risk.get("/requests/one").words("//body")
    page = risk.press(risk.get("/tasks/one-1"), "撤销")
    assert "已撤销" in page.words("//div[@id='told']")


def test_too_late_it_says_so(visit: Visit, home: Database, app: Flask) -> None:
    """U: nothing is undone after the window; where it is switched off there is no button."""
    ask(home, "one", "two")
    risk = visit("risk.manager")
    page = risk.press(risk.get("/tasks/one-1"), "approve")
    beat(home, 11)
    assert "决定已经生效" in risk.press(page, "撤销").words("//div[@id='told']")
    app.config["UNDO_SECONDS"] = 0
    page = risk.press(risk.get("/tasks/two-1"), "approve")
    assert "撤销" not in page.words("//div[@id='told']")


@pytest.mark.browser
def test_z_undoes_it_and_the_countdown_ends(seat: Seat, address: str, home: Database) -> None:
    """U7: a, z; the next task is open meanwhile; after ten seconds the button is gone."""
    ask(home, "one", "two")
    troubles = Troubles()
    with seat("risk.manager") as context:
        context.on("page", troubles.watch)
        page = context.new_page()
        page.goto(f"{address}/inbox?task=one-1")
        page.keyboard.press("a")
        expect(page.locator("#told [data-undo]")).to_be_visible()
        assert serious_violations(page) == []
        expect(page.locator("#told [data-undo-left]")).to_have_text("8", timeout=4_000)
        page.keyboard.press("z")
        expect(page.locator("#told")).to_contain_text("已撤销")
        expect(page.locator("button[value='approve']")).to_be_visible()
        page.keyboard.press("a")
        expect(page.locator("#told [data-undo]")).to_be_visible()
        expect(page.locator("#told [data-undo]")).to_have_count(0, timeout=12_000)
    assert troubles.sentences == []


def test_several_are_undone_together(visit: Visit, home: Database) -> None:
    """U, K4: what was decided among others has the same ten seconds."""
    ask(home, "one", "two")
    risk = visit("risk.manager")
    tasks = ["one-1", "two-1"]
    page = risk.press(risk.get("/inbox"), "批量处理", {"tasks": tasks})
    page = risk.press(page, "同意", {"tasks": tasks})
    assert "已办理2项" in page.words().replace(" ", "")
    assert "已决定" in votes(visit("finance.manager").get("/tasks/one-2"))[0]
    page = risk.press(page, "全部撤销")
    assert "2项任务已重新打开" in page.words().replace(" ", "")
    for id in tasks:
        assert risk.get(f"/tasks/{id}").all("//button[@value='approve']")
    assert "已决定" not in votes(visit("finance.manager").get("/tasks/one-2"))[0]
