"""Which language and theme a page is in: the account's word, the session's, the browser's."""

from flask import g, request, session

LANGUAGES = {"zh": "zh_Hans_CN", "en": "en"}
"""What an account keeps -> the catalogue."""

THEMES = ("auto", "light", "dark")


def chosen() -> str:
    """The catalogue for this request."""
    return LANGUAGES[language()]


def language() -> str:
    """`zh` or `en`: what was chosen, else what the browser prefers, else Chinese."""
    kept = session.get("language") or getattr(g, "language", None)
    if kept in LANGUAGES:
        return str(kept)
    best = request.accept_languages.best_match(["zh", "zh-CN", "zh-Hans", "en", "en-GB", "en-US"])
    return "en" if best and best.startswith("en") else "zh"


def theme() -> str:
    """`light` or `dark` where one was chosen; empty: as the system is."""
    kept = session.get("theme")
    return str(kept) if kept in ("light", "dark") else ""


def keys_on() -> bool:
    """Whether single keys do something."""
    return session.get("keys") != "off"
