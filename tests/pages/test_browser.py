"""In a real browser: deciding by keyboard alone, filling in forms, and what scripts add."""

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.pages.conftest import Seat

pytestmark = pytest.mark.browser


def title(page: Page) -> str:
    """The title of the task that is open."""
    return page.locator("[data-title]").inner_text()


def test_the_first_task_is_decided_by_keyboard_alone(seat: Seat, address: str) -> None:
    """U1, U2, U7: j, k, a; then the next one is open and its title has the focus."""
    with seat("gm") as context:
        page = context.new_page()
        page.goto(f"{address}/inbox")
        expect(page.locator("[data-title]")).to_be_visible()
        first = title(page)
        page.keyboard.press("j")
        expect(page.locator("[data-title]")).not_to_have_text(first)
        second = title(page)
        page.keyboard.press("k")
        expect(page.locator("[data-title]")).to_have_text(first)
        page.keyboard.press("a")
        expect(page.locator("[data-title]")).to_have_text(second)
        expect(page.locator("[data-title]")).to_be_focused()
        expect(page.locator("#told")).to_contain_text("已同意")


def test_a_rejection_by_key_asks_for_its_reason_first(seat: Seat, address: str) -> None:
    with seat("gm") as context:
        page = context.new_page()
        page.goto(f"{address}/inbox")
        expect(page.locator("[data-title]")).to_be_visible()
        page.keyboard.press("r")
        expect(page.locator("#comment")).to_be_focused()
        page.keyboard.type("ra")  # keys are letters while one writes
        expect(page.locator("#comment")).to_have_value("ra")
        page.locator("#comment").fill("")
        page.keyboard.type("先合规审查")
        page.keyboard.press("Escape")
        page.keyboard.press("r")
        expect(page.locator("#told")).to_contain_text("已不同意")


def test_without_scripts_one_reads_decides_starts_and_searches(seat: Seat, address: str) -> None:
    with seat("gm", scripts=False) as context:
        page = context.new_page()
        page.goto(f"{address}/inbox")
        page.locator("[name='q']:visible").fill("连锁超市")
        page.locator("[name='q']:visible").press("Enter")
        expect(page.locator(".rows .row")).to_have_count(1)
        page.locator(".rows .row").click()
        expect(page.locator("[data-title]")).to_contain_text("万家连锁超市")
        page.locator("[name='_verb'][value='approve']").click()
        expect(page.locator("#told")).to_contain_text("已同意")
    with seat("card.officer", scripts=False) as context:
        page = context.new_page()
        page.goto(f"{address}/start")
        page.locator("a[href='/start/document-access']").click()
        page.locator("[name='_press'][value^='add:']").click()
        expect(page.locator("[data-table-rows] tr")).to_have_count(2)
        page.locator("[name='_verb'][value='draft']").click()
        expect(page.locator("#told")).to_contain_text("草稿")


def test_what_is_written_survives_a_session_that_ends(seat: Seat, address: str) -> None:
    """U12."""
    with seat("gm") as context:
        page = context.new_page()
        page.goto(f"{address}/inbox")
        page.locator("#comment").fill("很长的意见")
        context.clear_cookies()
        page.locator("button[value='approve']").click()
        expect(page.locator("[data-trouble]")).to_be_visible()
        expect(page.locator("#comment")).to_have_value("很长的意见")


def test_rows_and_conditions_change_without_a_round_trip(seat: Seat, address: str) -> None:
    with seat("card.officer") as context:
        page = context.new_page()
        page.goto(f"{address}/start/document-access")
        rows = page.locator("[data-table='documents'] [data-table-rows] tr")
        expect(rows).to_have_count(1)
        page.locator("[data-add-row]").click()
        expect(rows).to_have_count(2)
        page.locator("[name='documents.0.mode']").select_option("复印")
        expect(page.locator("[name='documents.0.copies']")).to_be_visible()


def test_a_file_goes_up_as_soon_as_it_is_chosen(seat: Seat, address: str) -> None:
    with seat("card.officer") as context:
        page = context.new_page()
        page.goto(f"{address}/start/work-order")
        file = FilePayload(name="概要.pdf", mimeType="application/pdf", buffer=b"%PDF-1.7")
        page.locator("input[type='file']").set_input_files(file)
        expect(page.locator("input[name='outline']")).to_have_count(1)
        expect(page.locator("[data-drop='outline']")).to_contain_text("概要.pdf")


def test_the_bar_covers_nothing_that_has_the_focus(seat: Seat, address: str) -> None:
    """U6."""
    with seat("card.officer", width=360) as context:
        page = context.new_page()
        page.goto(f"{address}/start/work-order")
        for field in page.locator(".form .input").all():
            field.focus()
            field.scroll_into_view_if_needed()
            box, bar = field.bounding_box(), page.locator("[data-bar]").bounding_box()
            assert box is not None
            assert bar is not None
            assert box["y"] < bar["y"]
