"""Rows of HTML that are made once and named by number, and how lists of them change."""

import re
from collections.abc import Sequence
from typing import Any

from flask import current_app
from markupsafe import Markup

_BETWEEN = re.compile(r">\s+<")
Splice = list[Any]
"""[where, how many go, the numbers of the rows that come]."""


class Rows:
    """Every row of one page, each once."""

    def __init__(self) -> None:
        self.html: list[str] = []
        self._numbers: dict[str, int] = {}
        self._macros: dict[str, Any] = {}

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
            template = current_app.jinja_env.get_template("replay/rows.html")
            self._macros = vars(template.make_module())
        return self.number(_BETWEEN.sub("> <", str(self._macros[macro](*given)).strip()))

    def joined(self, numbers: Sequence[int]) -> Markup:
        """Rows one after the other."""
        return Markup("".join(self.html[number] for number in numbers))  # noqa: S704 - made here


def splice(before: Sequence[int], after: Sequence[int]) -> Splice | None:
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
