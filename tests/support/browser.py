"""One browser per worker, and for each test a page of its own that remembers what went wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.support import machine

# Offline and in a container: no sandbox (root), no graphics card, nobody to ask for updates.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SERIOUS = ("serious", "critical")
LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}


@dataclass(kw_only=True)
class Troubles:
    """What a page complained of: errors of its scripts, of its console, of its security policy."""

    sentences: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Note down what the page says from now on."""
        page.on("pageerror", lambda error: self.sentences.append(f"script: {error}"))
        page.on("console", self.hear)

    def hear(self, message: ConsoleMessage) -> None:
        """Keep what the console calls an error."""
        if message.type == "error":
            self.sentences.append(f"console: {message.text}")


@contextmanager
def launched() -> Iterator[Browser]:
    """A headless browser. Raises `machine.Missing`."""
    where = machine.browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=where, args=ARGUMENTS)
        yield browser
        browser.close()


def visitor(
    browser: Browser,
    *,
    language: str = "zh",
    width: int = 1280,
    dark: bool = False,
    scripts: bool = True,
) -> BrowserContext:
    """Somebody at a screen: `language` zh or en, `width` in CSS pixels, perhaps in the dark or
    with JavaScript switched off."""
    return browser.new_context(
        locale=LANGUAGES[language],
        viewport={"width": width, "height": 800},
        color_scheme="dark" if dark else "light",
        timezone_id="Asia/Shanghai",
        java_script_enabled=scripts,
    )


def serious_violations(page: Page) -> list[str]:
    """What axe finds that keeps somebody out, a line for each: rule, what it is, where."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {one['help']} ({', '.join(str(node['target']) for node in one['nodes'])})"
        for one in found
        if one["impact"] in SERIOUS
    ]


def sideways(page: Page) -> int:
    """By how many pixels the page is wider than the screen; 0 where nothing scrolls sideways."""
    wider = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return int(wider)
