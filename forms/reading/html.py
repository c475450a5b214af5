"""HTML of a form file as a text in our small markdown: nothing of it is ever sent as HTML."""

from html.parser import HTMLParser

_SILENT = frozenset({"script", "style", "head", "title", "template", "iframe", "object", "svg"})
_APART = frozenset({"p", "div", "section", "article", "ul", "ol", "table", "tr", "blockquote"})


def plain_text(html: str) -> str:
    """What a person would read of it: paragraphs, headings, lists, bold text and links."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = [" ".join(line.split()) for line in "".join(reader.said).split("\n")]
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._silent = 0
        self._links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag in _APART:
            self.said.append("\n\n")
        elif tag == "br":
            self.said.append("\n")
        elif tag == "li":
            self.said.append("\n- ")
        elif len(tag) == 2 and tag[0] == "h" and tag[1] in "123456":
            self.said.append("\n\n# ")
        elif tag in ("b", "strong"):
            self.said.append("**")
        elif tag == "a":
            self._links.append(dict(attrs).get("href") or "")
            self.said.append("[")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _APART or (len(tag) == 2 and tag[0] == "h" and tag[1] in "123456"):
            self.said.append("\n\n")
        elif tag in ("b", "strong"):
            self.said.append("**")
        elif tag == "a" and self._links:
            to = self._links.pop()
            safe = to.startswith(("https://", "http://")) and not set(to) & set(" ()<>")
            self.said.append(f"]({to})" if safe else "]")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.said.append(" ".join(data.split("\n")))
