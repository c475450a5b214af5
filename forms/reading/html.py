"""HTML of a form file as a text in our small markdown: nothing of it is ever sent as HTML."""

import re
from collections.abc import Iterator
from html import unescape

_SILENT = frozenset({"script", "style", "head", "title", "template", "iframe", "object", "svg"})
_APART = frozenset({"p", "div", "section", "article", "ul", "ol", "table", "tr", "blockquote"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})((?:\s[^<>]{0,4000})?)/?>")
_HREF = re.compile(r"""\shref\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s()<>]{1,1000}")

Part = tuple[str, str, str]
"""(`text`, what it says, ""), (`open` or `close`, the tag, what stands in it)."""


def plain_text(html: str) -> str:
    """What a person would read of it: paragraphs, headings, lists, bold text and links."""
    lines = [" ".join(line.split()) for line in "".join(_said(html)).split("\n")]
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip()


def _said(html: str) -> Iterator[str]:
    silent = ""
    links: list[str] = []
    for kind, tag, inner in _parts(html):
        if silent:
            silent = "" if kind == "close" and tag == silent else silent
        elif kind == "text":
            yield " ".join(unescape(tag).split("\n"))
        elif tag in _SILENT:
            silent = tag if kind == "open" and not inner.endswith("/") else ""
        elif tag in _APART or tag in _HEADINGS:
            yield "\n\n# " if kind == "open" and tag in _HEADINGS else "\n\n"
        elif tag in ("br", "li"):
            yield "\n" if tag == "br" else "\n- " * (kind == "open")
        elif tag in ("b", "strong"):
            yield "**"
        elif tag == "a" and kind == "open":
            links.append(_address(inner))
            yield "["
        elif tag == "a" and links:
            to = links.pop()
            yield f"]({to})" if to else "]"


def _parts(html: str) -> Iterator[Part]:
    """Texts and tags in turn, in one pass; what looks like neither is passed over as text."""
    at = 0
    while at < len(html):
        begin = html.find("<", at)
        if begin < 0:
            yield "text", html[at:], ""
            return
        if begin > at:
            yield "text", html[at:begin], ""
        if html.startswith("<!--", begin):
            end = html.find("-->", begin)
            if end < 0:
                return
            at = end + 3
            continue
        tag = _TAG.match(html, begin)
        if tag is None:
            yield "text", "<", ""
            at = begin + 1
            continue
        yield "close" if tag[1] else "open", tag[2].lower(), tag[3]
        at = tag.end()


def _address(inner: str) -> str:
    """Where a link leads, if that is a page somewhere; else nothing."""
    found = _HREF.search(inner)
    to = unescape(next((each for each in found.groups() if each is not None), "")) if found else ""
    return to if _ADDRESS.fullmatch(to) else ""
