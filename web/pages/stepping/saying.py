"""What a check or a replay has found, in words."""

from typing import Any

from flask_babel import lazy_gettext

from web.pages.wording import gettext

FAULTS = (
    lazy_gettext("the entry is missing"),
    lazy_gettext("the entry's digest does not follow from the entry before it and its body"),
    lazy_gettext("the entry's bytes can't be read"),
    lazy_gettext("the particulars are not those that the entry was sealed with"),
    lazy_gettext("the entry says another place than the one where it lies"),
    lazy_gettext("the newest head is not signed by the key that it names"),
    lazy_gettext("the signed head does not hold the entry"),
)
"""What a check of a chain says, named here so that it is translated."""

_DIFFERENCES: dict[str, Any] = {
    "its number": lazy_gettext("its number"),
    "outcome": lazy_gettext("its outcome"),
    "did": lazy_gettext("what followed"),
    "reached": lazy_gettext("which way it took"),
    "undone": lazy_gettext("what was undone"),
    "state": lazy_gettext("variables, or where it stands"),
    "the engine asked something else": lazy_gettext("other facts were asked for"),
    "the entry can't be run again": lazy_gettext("the entry can't be run again"),
    "the command is refused": lazy_gettext("the command is refused"),
    "the command fails": lazy_gettext("the command fails"),
    "the command can't be carried out": lazy_gettext("the command can't be carried out"),
}


def differs(what: str) -> str:
    """In what an entry differs from what its command does now."""
    if what in _DIFFERENCES:
        return str(_DIFFERENCES[what])
    if what.startswith("changed."):
        return gettext("a changed value")
    if what.startswith("input."):
        return gettext("what was given")
    return what
