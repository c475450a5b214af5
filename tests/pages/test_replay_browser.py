"""The replay in a browser: by keyboard, the address, playing, filters, tabs on a phone, axe."""

import pytest
from playwright.sync_api import Page, expect

from storage import Database
from tests.pages.conftest import Seat
from tests.pages.test_replay import returned
from tests.support.browser import Troubles, serious_violations, sideways

pytestmark = pytest.mark.browser
__all__ = ["returned"]


def at(page: Page, step: int) -> None:
    """The cursor stands at this step, everywhere."""
    expect(page.locator("[data-replay]")).to_have_attribute("data-step", str(step))
    expect(page.locator("[data-said]")).to_contain_text(f"第 {step} 步，")
    expect(page.locator(".step[aria-current='step']")).to_have_attribute("data-to", str(step))
    expect(page.locator("[data-scrub]")).to_have_value(str(step))
    assert f"step={step}" in page.url


def panels(page: Page) -> list[str]:
    """What stands in every panel."""
    places = page.locator("[data-panel]").all() + page.locator("[data-table]").all()
    return [" ".join((place.text_content() or "").split()) for place in places]


def test_the_keyboard_moves_the_cursor_and_the_address_keeps_it(
    seat: Seat, address: str, returned: str
) -> None:
    with seat("auditor") as context:
        page, troubles = context.new_page(), Troubles()
        troubles.watch(page)
        page.goto(f"{address}/requests/{returned}/replay?step=5")
        at(page, 5)
        page.keyboard.press("ArrowRight")
        at(page, 6)
        page.wait_for_timeout(450)
        page.keyboard.press("Home")
        at(page, 1)
        page.wait_for_timeout(450)
        page.keyboard.press("End")
        at(page, 14)
        page.go_back()
        at(page, 1)
        page.locator("[data-scrub]").focus()
        page.keyboard.press("ArrowRight")
        at(page, 2)
        value = page.locator("[data-scrub]").get_attribute("aria-valuetext") or ""
        assert value.startswith("第 2 步，共 14 步 · 2026-")
        page.locator("a[data-go='after']").press("Enter")
        at(page, 3)
        expect(page.locator("#say")).to_contain_text("第 3 步，共 14 步")
        assert troubles.sentences == []


def test_what_the_script_shows_is_what_the_server_shows(
    seat: Seat, address: str, returned: str
) -> None:
    with seat("auditor") as context:
        page, plain = context.new_page(), context.new_page()
        page.goto(f"{address}/requests/{returned}/replay?step=1")
        for fold in page.locator("details.fold").all():
            fold.evaluate("each => { each.open = true }")
        for step in (2, 7, 14, 11):
            page.locator(f"a[data-to='{step}']").click()
            at(page, step)
            plain.goto(f"{address}/requests/{returned}/replay?step={step}")
            assert panels(page) == panels(plain)
            pictures = [
                each.locator("svg").first.evaluate("each => each.innerHTML")
                for each in (
                    page.locator("[data-figure]:not([hidden])").first,
                    plain.locator("[data-figure]:not([hidden])").first,
                )
            ]
            assert pictures[0] == pictures[1]


def test_it_plays_to_the_end_and_stops(seat: Seat, address: str, returned: str) -> None:
    with seat("auditor") as context:
        page = context.new_page()
        page.goto(f"{address}/requests/{returned}/replay?step=12")
        page.locator("[data-speed]").select_option("4")
        page.locator("[data-said]").click()
        page.keyboard.press("Space")
        expect(page.locator("[data-play]")).to_have_attribute("aria-pressed", "true")
        expect(page.locator("#say")).to_have_text("播放中")
        at(page, 14)
        expect(page.locator("[data-play]")).to_have_attribute("aria-pressed", "false")
        expect(page.locator("#say")).to_contain_text("已停止: 第 14 步")


def test_filters_leave_the_steps_of_a_kind(seat: Seat, address: str, returned: str) -> None:
    with seat("auditor") as context:
        page = context.new_page()
        page.goto(f"{address}/requests/{returned}/replay?step=1")
        page.locator("[data-filters] [value='timer']").check()
        shown = page.locator(".steps > li:visible")
        expect(shown).to_have_count(2)
        assert "only=timer" in page.url
        page.locator("[data-said]").click()
        page.keyboard.press("ArrowRight")
        first = int(shown.first.locator("a").get_attribute("data-to") or 0)
        at(page, first)
        page.locator("[data-filters] [value='refused']").check()
        expect(shown).to_have_count(2)
        page.locator("[data-filters] [value='timer']").uncheck()
        expect(page.locator("[data-none]")).to_be_visible()


def test_on_a_phone_the_panes_are_tabs(seat: Seat, address: str, returned: str) -> None:
    with seat("auditor", width=360, dark=True) as context:
        page = context.new_page()
        page.goto(f"{address}/requests/{returned}/replay?step=9")
        for value in ("list", "values", "picture"):
            page.locator(f"[name='pane'][value='{value}']").focus()
            page.keyboard.press("Space")
            for pane in ("list", "picture", "values"):
                there = page.locator(f"[data-pane='{pane}']")
                expect(there).to_be_visible() if pane == value else expect(there).to_be_hidden()
            assert sideways(page) == 0
        assert serious_violations(page) == []


def test_nobody_is_kept_out(seat: Seat, address: str, returned: str, home: Database) -> None:
    with seat("auditor", language="en") as context:
        page = context.new_page()
        page.goto(f"{address}/requests/{returned}/replay?step=9&with=3")
        for fold in page.locator("details.fold").all():
            fold.evaluate("each => { each.open = true }")
        assert serious_violations(page) == []
        expect(page.locator("[data-said]")).to_contain_text("Step 9 of 14")


def test_without_scripts_links_and_a_field_do(seat: Seat, address: str, returned: str) -> None:
    with seat("auditor", scripts=False) as context:
        page = context.new_page()
        page.goto(f"{address}/requests/{returned}/replay?step=9")
        expect(page.locator("[data-play]")).to_be_hidden()
        page.locator("a[data-go='before']").click()
        expect(page.locator("[data-said]")).to_contain_text("第 8 步")
        page.locator("#jump").fill("3")
        page.locator("#jump").press("Enter")
        expect(page.locator("[data-said]")).to_contain_text("第 3 步")
