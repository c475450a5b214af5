"""An administrator who says why reads what he otherwise may not (K3): the entry comes first."""

from dataclasses import replace
from urllib.parse import unquote

from flask import g, request

from engine.commands.look import Look
from engine.ids import RequestId
from forms import Message
from storage import queries
from web.api import who
from web.api.bodies import NOT_RIGHT
from web.api.doing import done
from web.api.schemas import MOST_COMMENT
from web.api.state import ID
from web.api.wrong import Wrong
from web.pages import here

HEADER = "Comment"
"""The header that gives the reason of a call without a body, percent-encoded UTF-8."""
_UNREADABLE = Message(
    "理由应为百分号编码的 UTF-8 文字。", "The reason has to be text in percent-encoded UTF-8."
)


def look_into(id: str) -> None:
    """Have an administrator's reason recorded, and show him this call's content.

    Raises:
        Refused, Wrong: the reason is none.
    """
    reason = _reason()
    if reason is None or not who.administers() or not ID.fullmatch(id):
        return
    with here.reading() as reader:
        if queries.may_see(reader, who.viewer(), id) != "state":
            return
    done(
        Look(actor=who.actor(override=True), request=RequestId(id), comment=reason),
        {"comment": reason},
    )
    # What an auditor sees, for the rest of this call.
    g.viewer = replace(who.viewer(), role="auditor")


def _reason() -> str | None:
    given = request.headers.get(HEADER)
    if given is None:
        return None
    try:
        reason = unquote(given, errors="strict")
        reason.encode()
    except UnicodeError:
        raise Wrong(422, NOT_RIGHT, {"comment": _UNREADABLE}) from None
    if len(reason) > MOST_COMMENT or "\x00" in reason:
        raise Wrong(422, NOT_RIGHT, {"comment": _UNREADABLE})
    return reason
