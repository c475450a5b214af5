"""The path before submitting, on the start form's page, without scripts."""

import os

import pytest
from playwright.sync_api import expect

from tests.pages.conftest import Seat, Visit
from tests.pages.test_starting import ACCESS, form


def test_the_path_is_shown_and_the_form_keeps_what_was_filled_in(visit: Visit) -> None:
    officer = visit("card.officer")
    drafts = officer.get("/start").words()
    page = officer.press(form(officer), "preview", ACCESS)
    assert page.status == 200
    way = page.words("//section[@id='way']")
    assert "尚未提交" in way
    assert "曹文" in way, "who holds it first, by name"
    assert page.all("//section[@id='way']//time"), "a date"
    assert page.all("//input[@name='phone'][@value='8021']")
    assert officer.get("/start").words() == drafts
    page = officer.press(page, "submit")
    assert "履查2026-" in page.words()


def test_a_draft_can_be_previewed_as_it_is_typed(visit: Visit) -> None:
    officer = visit("card.officer")
    page = officer.press(form(officer), "draft", ACCESS)
    page = officer.press(page, "preview", {"phone": "8099"})
    assert page.status == 200
    assert page.all("//section[@id='way']")
    assert page.all("//input[@name='phone'][@value='8099']")


def test_what_is_wrong_is_marked_at_its_field(visit: Visit) -> None:
    officer = visit("card.officer")
    page = officer.press(form(officer), "preview", {"phone": "8021"})
    assert page.status == 422
    assert "此项必填" in page.words("//*[@data-wrong]")
    assert not page.all("//section[@id='way']")


def test_in_english(visit: Visit) -> None:
    officer = visit("card.officer", "en")
    page = officer.press(form(officer), "preview", ACCESS)
    assert "nothing has been submitted" in page.words("//section[@id='way']")


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 360])
def test_it_fits_a_wide_and_a_narrow_page(seat: Seat, address: str, width: int) -> None:
    with seat("card.officer", width=width) as context:
        page = context.new_page()
        page.goto(f"{address}/start/document-access")
        for name, value in ACCESS.items():
            field = page.locator(f"[name='{name}']:not([type=hidden])").first
            if field.evaluate("e => e.tagName") == "SELECT":
                field.select_option(value)
            elif field.get_attribute("type") in ("radio", "checkbox"):
                page.locator(f"[name='{name}'][value='{value}']").first.check()
            else:
                field.fill(value)
        page.locator("[name='_verb'][value='preview']").click()
        expect(page.locator("#way")).to_contain_text("曹文")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        if keep := os.environ.get("KEEP_SHOTS"):
            page.screenshot(path=f"{keep}/way-{width}.png", full_page=True)
