"""Texts in the page's language: flask_babel's functions, with their types said."""

from typing import Any

import flask_babel


def gettext(text: str, **values: Any) -> str:
    """The text in this page's language."""
    return str(flask_babel.gettext(text, **values))


def ngettext(one: str, many: str, num: int, **values: Any) -> str:
    """The text for this number, in this page's language."""
    return str(flask_babel.ngettext(one, many, num, **values))
