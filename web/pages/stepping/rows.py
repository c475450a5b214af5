"""Rows of HTML that are made once and named by number, and how lists of them change."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import current_app
from markupsafe import Markup

from web.pages.formats import full_moment, icon
from web.pages.wording import gettext
from web.pages.words import Sign

_BETWEEN = re.compile(r">\s+<")
Splice = list[Any]
"""[where, how many go, the numbers of the rows that come]."""


class Rows:
    """Every row of one page, each once. Thousands are made, of few words, signs and icons: what
    these look like is worked out once a page."""

    def __init__(self) -> None:
        self.html: list[str] = []
        self._numbers: dict[str, int] = {}
        self._macros: dict[str, Any] = {}
        self._texts: dict[str, str] = {}
        self._icons: dict[str, Markup] = {}
        self._chips: dict[int, tuple[Sign, Markup]] = {}
        self._moments: dict[datetime | None, Markup] = {}

    def number(self, html: str) -> int:
        """The number of a row."""
        found = self._numbers.get(html)
        if found is None:
            found = self._numbers[html] = len(self.html)
            self.html.append(html)
        return found

    def made(self, macro: str, *given: Any) -> int:
        """The number of the row that a macro of `replay/rows.html` makes of this."""
        if not self._macros:
            known = {"_": self._said, "icon": self._icon, "chip": self._chip, "when": self._when}
            template = current_app.jinja_env.get_template("replay/rows.html")
            self._macros = vars(template.make_module(known))
        return self.number(_BETWEEN.sub("> <", str(self._macros[macro](*given)).strip()))

    def _said(self, text: str, **values: Any) -> Markup:
        found = self._texts.get(text)
        if found is None:
            found = self._texts[text] = gettext(text)
        # The catalogue's own text; what is put into it is escaped.
        said = Markup(found)  # noqa: S704 # nosec B704
        return said % values if values else said

    def _icon(self, name: str) -> Markup:
        found = self._icons.get(name)
        if found is None:
            found = self._icons[name] = icon(name)
        return found

    def _chip(self, sign: Sign) -> Markup:
        found = self._chips.get(id(sign))
        if found is None:
            found = self._chips[id(sign)] = (sign, sign.chip())
        return found[1]

    def _when(self, at: datetime | None) -> Markup:
        found = self._moments.get(at)
        if found is None:
            found = self._moments[at] = full_moment(at)
        return found

    def joined(self, numbers: Sequence[int]) -> Markup:
        """Rows one after the other."""
        # Made here, by templates that escape.
        return Markup("".join(self.html[number] for number in numbers))  # noqa: S704 # nosec B704


def splice(before: Sequence[Any], after: Sequence[Any]) -> Splice | None:
    """How one list of rows becomes another; None: it is the same."""
    if before == after:
        return None
    head, most = 0, min(len(before), len(after))
    while head < most and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < most - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    return [head, len(before) - head - tail, *after[head : len(after) - tail]]
