"""A test client that looks at every page it loads: a page with a fault fails the test that met it.

Faults are what a browser forgives and a person with a screen reader, without JavaScript or behind
a strict security policy does not.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any, cast

import html5lib
from flask.testing import FlaskClient
from lxml.etree import _Element
from werkzeug.test import TestResponse

SPOKEN_FOR = {"hidden", "submit", "button", "reset", "image"}  # inputs that need no label
REFERRING = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-errormessage")


class InspectingClient(FlaskClient):
    """Flask's test client, which refuses a faulty page. Use it as `app.test_client_class`."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Load it, follow redirects where asked to, and look at what came."""
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html":
            inspect(response.get_data(as_text=True), response.request.path)
        return response


def inspect(text: str, where: str) -> None:
    """Raise `AssertionError` with every fault of a page; a fragment (no doctype) is passed over."""
    if not text.lstrip().lower().startswith("<!doctype"):
        return
    found = list(faults(text))
    assert not found, f"{where}: " + "; ".join(found)


def faults(text: str) -> Iterator[str]:
    """What is wrong with a page, a sentence each."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("lxml"), namespaceHTMLElements=False)
    page = parser.parse(text).getroot()
    for (line, _), code, _ in parser.errors:
        yield f"not HTML: {code} in line {line}"
    yield from _head(page)
    yield from _ids(page)
    yield from _names(page)
    yield from _forms(page)
    yield from _policy(page)


def _elements(within: _Element, path: str) -> list[_Element]:
    return cast(list[_Element], within.xpath(path))


def _texts(within: _Element, path: str) -> list[str]:
    """The values of attributes, or texts."""
    return cast(list[str], within.xpath(path))


def _words(element: _Element) -> str:
    return "".join(_texts(element, ".//text()")).strip()


def _head(page: _Element) -> Iterator[str]:
    if not page.get("lang"):
        yield "the page does not say its language"
    if not "".join(_texts(page, "//head/title//text()")).strip():
        yield "the page has no title"
    headings = len(_elements(page, "//h1"))
    if headings != 1:
        yield f"{headings} elements h1"
    if len(_elements(page, "//main")) != 1:
        yield "not one element main"


def _ids(page: _Element) -> Iterator[str]:
    ids = Counter(_texts(page, "//@id"))
    for name, times in ids.items():
        if times > 1:
            yield f"the id {name} stands {times} times"
    for attribute in REFERRING:
        for value in _texts(page, f"//@{attribute}"):
            for name in value.split():
                if name not in ids:
                    yield f'{attribute}="{name}" refers to nothing'


def _names(page: _Element) -> Iterator[str]:
    labelled = set(_texts(page, "//label/@for"))
    for field in _elements(page, "//input | //select | //textarea"):
        if field.tag == "input" and field.get("type", "text") in SPOKEN_FOR:
            continue
        by_label = field.get("id") in labelled or _elements(field, "ancestor::label")
        if not (by_label or field.get("aria-label") or field.get("aria-labelledby")):
            yield f"the field {field.get('name') or field.get('id')} has no label"
    for element in _elements(page, "//button | //a[@href]"):
        words = _words(element) or element.get("aria-label")
        if not (words or element.get("aria-labelledby") or _elements(element, ".//img[@alt!='']")):
            yield f"a {element.tag} without words: {element.attrib!r}"
    for picture in _elements(page, "//img[not(@alt)]"):
        yield f"a picture without alt: {picture.get('src')}"


def _forms(page: _Element) -> Iterator[str]:
    for form in _elements(page, "//form"):
        method = form.get("method", "get").lower()
        has_token = _elements(form, ".//input[@name='csrf_token'][@value!='']")
        if method == "post" and not has_token:
            yield f"the form to {form.get('action')} carries no CSRF token"
        if method == "get" and has_token:
            yield f"the form to {form.get('action')} shows its CSRF token in an address"


def _policy(page: _Element) -> Iterator[str]:
    """What `default-src 'self'` would refuse."""
    if _texts(page, "//@style") or _elements(page, "//style"):
        yield "styles inside the page"
    if _elements(page, "//script[not(@src)][not(@type='application/json')]"):
        yield "a script inside the page"
    for element in page.iter("*"):
        for name in element.attrib:
            if str(name).startswith("on"):
                yield f"a script in the attribute {name!r} of a {element.tag!r}"
    for address in _texts(page, "//script/@src | //link/@href | //img/@src"):
        if "//" in address:
            yield f"loads {address} from elsewhere"
