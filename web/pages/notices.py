"""Notices: what I was told, newest first."""

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from storage import drafts, queries
from web.pages import here

blueprint = Blueprint("notices", __name__)


@blueprint.get("/notices")
def notices() -> str:
    """Notices, all or only the unread."""
    unread = request.args.get("unread") == "1"
    with here.reading() as reader:
        rows = queries.notices(
            reader,
            g.viewer,
            unread_only=unread,
            cursor=request.args.get("cursor") or None,
            limit=50,
        )
        return render_template("notices/notices.html", rows=rows, unread=unread)


@blueprint.post("/notices/read")
def read() -> ResponseReturnValue:
    """All that stand here are read."""
    with here.system().database.write() as transaction:
        drafts.read_notices(transaction, here.me().id, None, here.now())
    return redirect(url_for("notices.notices"), 303)
