"""With scripts: dialogs beside the task, people found while one types, keys, boxes in the list."""

import pytest
from playwright.sync_api import expect

from storage import Database
from tests.pages.conftest import Seat
from tests.pages.signing import ask
from tests.support.browser import Troubles, serious_violations, sideways

pytestmark = pytest.mark.browser


def test_a_task_is_handed_over_by_keyboard_alone(seat: Seat, address: str, home: Database) -> None:
    """U1, U7: t, a few letters, arrow and space, Enter; what was typed as comment comes along."""
    ask(home, "one")
    troubles = Troubles()
    with seat("risk.manager") as context:
        context.on("page", troubles.watch)
        page = context.new_page()
        page.goto(f"{address}/inbox")
        expect(page.locator("[data-title]")).to_be_visible()
        page.keyboard.press("c")
        page.keyboard.type("请代为审核t")
        page.keyboard.press("Escape")
        page.keyboard.press("t")
        dialog = page.locator("dialog[open]")
        expect(dialog.locator("[data-find]")).to_be_focused()
        expect(dialog.locator("#moving-comment")).to_have_value("请代为审核t")
        assert serious_violations(page) == []
        page.keyboard.type("tech.l")
        expect(dialog.locator(".pick")).to_have_count(1)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Space")
        expect(dialog.locator("[name='_to']")).to_be_checked()
        dialog.locator(".button--main").press("Enter")
        expect(page.locator("#told")).to_contain_text("已转办")
    assert troubles.sentences == []


def test_escape_closes_and_gives_the_focus_back(seat: Seat, address: str, home: Database) -> None:
    ask(home, "one")
    with seat("risk.manager", language="en", width=360, dark=True) as context:
        page = context.new_page()
        page.goto(f"{address}/tasks/one-1")
        page.locator("[data-more]").click()
        page.get_by_role("link", name="Add signers").click()
        dialog = page.locator("dialog[open]")
        expect(dialog).to_be_visible()
        assert sideways(page) == 0
        assert serious_violations(page) == []
        page.keyboard.press("Escape")
        expect(page.locator("dialog[open]")).to_have_count(0)
        expect(page.locator("[data-more]")).to_be_focused()


def test_a_decision_is_taken_back_by_its_key(seat: Seat, address: str, home: Database) -> None:
    """W2, U1: a, then z; the task is open again in the list."""
    ask(home, "one")
    with seat("risk.manager") as context:
        page = context.new_page()
        page.goto(f"{address}/inbox?task=one-1")
        page.keyboard.press("a")
        expect(page.locator("#told")).to_contain_text("已同意")
        page.keyboard.press("z")
        page.locator("dialog[open] .button--main").click()
        expect(page.locator("#told")).to_contain_text("请重新决定")
        expect(page.locator("button[value='approve']")).to_be_visible()


def test_several_are_chosen_by_x_and_decided_together(
    seat: Seat, address: str, home: Database
) -> None:
    """U1, U8: how many are chosen is said, and what became of each."""
    ask(home, "one", "two")
    with seat("risk.manager") as context:
        page = context.new_page()
        page.goto(f"{address}/inbox?q=元旦满减")
        expect(page.locator("[data-title]")).to_be_visible()
        expect(page.locator(".picked")).to_be_hidden()
        page.keyboard.press("x")
        page.keyboard.press("j")
        page.keyboard.press("x")
        expect(page.locator("[data-count]")).to_have_text("已选 2 项")
        assert serious_violations(page) == []
        page.locator(".picked .button").click()
        expect(page.locator(".batch__item")).to_have_count(2)
        assert serious_violations(page) == []
        page.locator("button", has_text="同意").first.click()
        expect(page.locator(".vote--yes")).to_have_count(2)


def test_keys_that_are_switched_off_do_nothing(seat: Seat, address: str, home: Database) -> None:
    """U1"""
    ask(home, "one")
    with seat("risk.manager") as context:
        page = context.new_page()
        page.goto(f"{address}/account")
        page.locator("[name='keys'][value='off']").check()
        page.locator("form:has([name='keys']) button").click()
        page.goto(f"{address}/tasks/one-1")
        page.keyboard.press("t")
        page.wait_for_timeout(300)
        expect(page.locator("dialog[open]")).to_have_count(0)
        expect(page.locator(".keyhint").first).to_be_hidden()
