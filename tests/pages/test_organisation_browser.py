"""The organisation in a real browser: found by keys, changed, asked about, seen as it was."""

import pytest

from tests.pages.conftest import Seat
from tests.support.browser import Troubles, serious_violations, sideways

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("language", "width", "dark"), [("zh", 1280, False), ("en", 360, True)], ids=["zh", "en-360"]
)
def test_a_superior_is_changed_and_the_past_stays(
    seat: Seat, address: str, language: str, width: int, dark: bool
) -> None:
    """From the list to the form by keys alone; a doubt, said again; then the page of the past."""
    troubles = Troubles()
    with seat("admin", language=language, width=width, dark=dark) as context:
        page = context.new_page()
        troubles.watch(page)
        page.goto(f"{address}/people")
        page.keyboard.press("/")
        page.keyboard.type("product.manager")
        page.keyboard.press("Enter")
        page.wait_for_url("**/people?*q=product.manager*")
        page.locator(".org-name").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/people/product.manager")
        page.locator("a[href='/organisation/edit/people/product.manager']").click()
        page.locator("#superior-1").select_option("product.tester")
        page.locator("button[value=save]").click()
        doubt = page.locator("[role=alert]")
        doubt.wait_for()
        assert "→" in doubt.inner_text()
        assert page.locator("#superior-1").input_value() == "product.tester"
        assert serious_violations(page) == []
        assert sideways(page) == 0
        page.locator("input[name=sure]").check()
        page.locator("button[value=save]").click()
        page.wait_for_url("**/people/product.manager")
        assert "何静" in page.locator("dl.facts").first.inner_text()
        page.locator(".org-when summary").click()
        page.locator("#at").fill("2026-06-01T09:00")
        page.locator(".org-when button").click()
        page.wait_for_url("**/people/product.manager?at=*")
        assert "梁思齐" in page.locator("dl.facts").first.inner_text()
        assert page.locator(".org-then").is_visible()
        assert page.locator("a[href^='/organisation/edit']").count() == 0
        assert serious_violations(page) == []
        assert sideways(page) == 0
    assert troubles.sentences == [] or all("422" in each for each in troubles.sentences)
