"""Chinese and English: complete, kept, and not mixed."""

import re
import subprocess
import sys
from pathlib import Path

from babel.messages.pofile import read_po

from tests.pages.conftest import Visit
from tests.pages.visitors import Page

WEB = Path(__file__).parents[2] / "web"
CHINESE = re.compile(r"[一-鿿]")
REGISTERED = re.compile(r"^[A-Z]{2}-\d{4}-\d{3} ")
ROUTES = (
    "/inbox", "/inbox?view=mine", "/requests", "/start", "/start/document-access", "/notices",
    "/registers", "/account", "/account/credentials", "/processes", "/people",
)  # fmt: skip


def test_every_text_of_the_pages_stands_in_the_chinese_catalogue(tmp_path: Path) -> None:
    template = tmp_path / "messages.pot"
    command = ["-m", "babel.messages.frontend", "-q", "extract", "-k", "lazy_gettext"]
    command += ["-F", "web/translations/mapping.cfg", "-o", str(template), "web"]
    subprocess.run([sys.executable, *command], cwd=WEB.parent, check=True)
    with template.open("rb") as file:
        wanted = {message.id for message in read_po(file) if message.id}
    with (WEB / "translations/zh_Hans_CN/LC_MESSAGES/messages.po").open("rb") as file:
        known = {message.id for message in read_po(file) if message.id and message.string}
    assert wanted - known == set()
    assert known - wanted == set()


def test_the_choice_is_kept(visit: Visit) -> None:
    gm = visit("gm")
    page = gm.press(gm.get("/account"), "保存", {"language": "en"})
    assert "Saved." in page.words()
    assert gm.get("/inbox").root.get("lang") == "en"


def test_before_signing_in_the_browser_is_asked(visit: Visit) -> None:
    assert visit("", "en").get("/sign-in").root.get("lang") == "en"
    assert visit("", "zh-CN").get("/sign-in").root.get("lang") == "zh-Hans"
    assert visit("", "fr").get("/sign-in").root.get("lang") == "zh-Hans"


def chrome(page: Page) -> list[str]:
    """Texts of the page's own furniture that are Chinese: headings, labels, buttons, tabs."""
    paths = "//label[not(.//@lang)] | //legend | //th | //dt | //button[not(@lang)]"
    paths += " | //nav//a | //h2 | //option"
    found = []
    for element in page.all(paths):
        text = " ".join(str(part) for part in element.itertext()).strip()
        if REGISTERED.search(text):
            continue  # a document of the register
        if CHINESE.search(text) and not element.xpath("ancestor-or-self::*[@lang]/@lang='zh-Hans'"):
            found.append(text)
    return found


def test_an_english_page_shows_chinese_only_in_data(visit: Visit) -> None:
    reader = visit("card.officer", "en")
    data = {"苏婉", "卡部"}
    for route in ROUTES:
        page = reader.get(route)
        assert page.status == 200, route
        left = [text for text in chrome(page) if not any(name in text for name in data)]
        if route == "/people":
            left = [text for text in left if len(text.split()) != 3]  # a face, a name, an id
        assert not left, (route, left)
