"""The ground that the other tests stand on: both databases are real, the browser is."""

import sqlalchemy
from playwright.sync_api import Page

from tests.support import browser as browsers


def test_a_test_gets_an_empty_database_of_either_kind(database_url: str) -> None:
    engine = sqlalchemy.create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("CREATE TABLE desk (name TEXT)"))
        connection.execute(sqlalchemy.text("INSERT INTO desk VALUES ('产品部')"))
        assert connection.execute(sqlalchemy.text("SELECT name FROM desk")).scalar() == "产品部"
    engine.dispose()


def test_the_browser_shows_chinese_and_axe_looks_at_it(page: Page) -> None:
    page.set_content("<html lang=zh><title>待办</title><main><h1>待办</h1></main>")

    assert page.title() == "待办"
    assert browsers.serious_violations(page) == []
    assert browsers.sideways(page) == 0


def test_axe_finds_what_keeps_somebody_out(page: Page) -> None:
    page.set_content("<html lang=zh><title>待办</title><main><h1>待办</h1><input></main>")

    assert "label" in "".join(browsers.serious_violations(page))
