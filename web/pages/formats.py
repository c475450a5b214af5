"""How moments, sizes, people and icons look: the filters and functions that templates may call."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from flask import url_for
from markupsafe import Markup, escape

from web.pages import here
from web.pages.wording import gettext, ngettext

_STEPS = ((86400, "days"), (3600, "hours"), (60, "minutes"))


def icon(name: str, label: str = "") -> Markup:
    """A sign from the sprite; with `label`, a picture that a screen reader names."""
    named = (
        Markup('role="img" aria-label="{}"').format(label)
        if label
        else Markup('aria-hidden="true"')
    )
    where = url_for("static", filename="icons.svg")
    return Markup('<svg class="icon" {}><use href="{}#{}"></use></svg>').format(named, where, name)


def moment(at: datetime | str | None) -> Markup:
    """A moment in the organisation's zone, short; the whole of it, with its zone, as the title."""
    if at is None or at == "":
        return Markup("")
    if isinstance(at, str):
        at = datetime.fromisoformat(at)
    local = at.astimezone(here.zone())
    today = here.now().astimezone(here.zone()).date()
    clock = local.strftime("%H:%M")
    if local.date() == today:
        short = clock
    elif local.date() == today - timedelta(days=1):
        short = gettext("yesterday %(clock)s", clock=clock)
    elif local.year == today.year:
        short = local.strftime("%m-%d %H:%M")
    else:
        short = local.strftime("%Y-%m-%d")
    return _time(local, short)


def full_moment(at: datetime | None) -> Markup:
    """A moment to the minute, with its date."""
    if at is None:
        return Markup("")
    local = at.astimezone(here.zone())
    return _time(local, local.strftime("%Y-%m-%d %H:%M"))


def day(at: datetime | date | None) -> str:
    """A date."""
    if at is None:
        return ""
    if isinstance(at, datetime):
        at = at.astimezone(here.zone()).date()
    return at.isoformat()


def _time(local: datetime, short: str) -> Markup:
    offset = local.strftime("%z")
    title = f"{local:%Y-%m-%d %H:%M:%S} UTC{offset[:3]}:{offset[3:]}"
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        local.isoformat(timespec="seconds"), title, short
    )


def age(at: datetime | None) -> str:
    """How long ago."""
    return "" if at is None else _span(here.now() - at, ago=True)


def _span(span: timedelta, *, ago: bool = False) -> str:
    seconds = max(0, int(span.total_seconds()))
    for size, unit in _STEPS:
        if seconds >= size:
            return _worded(unit, seconds // size, ago=ago)
    return gettext("just now") if ago else gettext("less than a minute")


def _worded(unit: str, num: int, *, ago: bool) -> str:
    if unit == "days":
        return (
            ngettext("%(num)s day ago", "%(num)s days ago", num)
            if ago
            else ngettext("%(num)s day", "%(num)s days", num)
        )
    if unit == "hours":
        return (
            ngettext("%(num)s h ago", "%(num)s h ago", num)
            if ago
            else ngettext("%(num)s h", "%(num)s h", num)
        )
    return (
        ngettext("%(num)s min ago", "%(num)s min ago", num)
        if ago
        else ngettext("%(num)s min", "%(num)s min", num)
    )


def due(at: datetime | None) -> Markup:
    """When something is due: how long is left or it is late, by sign, word and colour."""
    if at is None:
        return Markup("")
    left = at - here.now()
    full = at.astimezone(here.zone()).strftime("%Y-%m-%d %H:%M")
    if left < timedelta(0):
        tone, words, sign = "no", gettext("%(span)s overdue", span=_span(-left)), "alert"
    else:
        tone = "wait" if left < timedelta(days=1) else "gone"
        words, sign = gettext("%(span)s left", span=_span(left)), "clock"
    return Markup('<span class="chip chip--plain chip--{}" title="{}">{}{}</span>').format(
        tone, gettext("due %(moment)s", moment=full), icon(sign), words
    )


def size(count: int) -> str:
    """Bytes, as people say it."""
    amount, unit = float(count), "B"
    for unit in ("B", "KB", "MB", "GB"):
        if amount < 1024 or unit == "GB":
            break
        amount /= 1024
    return f"{amount:.0f} {unit}" if unit == "B" or amount >= 10 else f"{amount:.1f} {unit}"


def listed(names: Iterable[object]) -> str:
    """Names in a row."""
    return ("、" if here.locale() == "zh" else ", ").join(str(name) for name in names)


def people(refs: Iterable[object]) -> str:
    """People by their names."""
    return listed(getattr(ref, "name", ref) for ref in refs)


def face(name: str) -> Markup:
    """A person's sign: the last character of a Chinese name, else the first letter."""
    letter = name[-1:] if name and ord(name[-1]) > 0x2E7F else name[:1].upper()
    return Markup('<span class="face" aria-hidden="true">{}</span>').format(escape(letter))


def paragraphs(text: str) -> Markup:
    """A text with its line breaks; @mentions in bold."""
    return Markup('<span class="prose">{}</span>').format(text)


def unticked(item: Any) -> bool:
    """Whether an answer is a box that nobody ticked: lists of answers leave it out."""
    return item.kind == "checkbox" and item.value is not True
