"""Requests: the list of those one may see, and one with everything about it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

from flask import (
    Blueprint,
    abort,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from engine.abilities import request_abilities
from engine.commands.base import Command
from engine.commands.look import Look
from engine.commands.suspend import Resume, Suspend, Terminate
from engine.commands.talk import Comment, SendCopy, Urge
from engine.commands.withdraw import Withdraw
from engine.ids import RequestId
from engine.refusals import Invalid, Refused, Unknown
from storage import queries
from storage.reader import Reader
from web.pages import here, looking, story, words
from web.pages.failures import status_of
from web.pages.stepping.saying import differs
from web.pages.wording import gettext
from web.reading import read_history
from web.stepping import integrity

blueprint = Blueprint("requests", __name__)


@blueprint.get("/requests")
def all() -> str:
    """Requests that one started, took part in, or may see."""
    view, status = request.args.get("view", "involved"), request.args.get("status", "")
    if view not in words.SCOPES or (status and status not in words.STATUS):
        abort(404)
    asked = {
        "view": view,
        "status": status,
        "process": request.args.get("process", ""),
        "q": request.args.get("q", "").strip()[:200],
    }
    with here.reading() as reader:
        rows = queries.requests(
            reader,
            g.viewer,
            cast(Any, view),  # one of words.SCOPES
            status=status or None,
            process=asked["process"] or None,
            q=asked["q"] or None,
            cursor=request.args.get("cursor") or None,
        )
        return render_template(
            "requests/all.html", asked=asked, rows=rows, processes=queries.processes(reader)
        )


@blueprint.get("/requests/<id>")
def one(id: str) -> str:
    """Everything about one request."""
    return _page(RequestId(id), {}, {})


def _page(
    id: RequestId, typed: dict[str, str], errors: dict[str, str], *, looked: bool = False
) -> str:
    """The page; to an administrator without its content, unless he has just said why (`looked`)."""
    errors = {**dict.fromkeys((*ASKED, *HELD, "copy", "look"), ""), **errors}
    with here.reading() as reader:
        row = queries.request(reader, replace(g.viewer, role="auditor") if looked else g.viewer, id)
        if row is None:
            abort(404)
        whole = looked or queries.may_see(reader, g.viewer, id) == "all"
        if row.status == "draft" or not whole:
            return render_template(
                "requests/state.html",
                row=row,
                typed=typed,
                errors=errors,
                still=queries.incidents_of(reader, g.viewer, id),
                can=_holding(reader, id),
            )
        read_history(row.id, "page")
        told = story.of(reader, row, looked=looked)
        check = here.me().role == "auditor" and request.args.get("check") == "now"
        return render_template(
            "requests/one.html",
            row=row,
            story=told,
            typed=typed,
            errors=errors,
            looked=looked,
            checked=integrity(reader, row.id) if check else None,
            differs=differs,
        )


def _holding(reader: Reader, id: RequestId) -> dict[str, bool]:
    """What an administrator may do with a request that he only knows of."""
    if here.me().role != "administrator":
        return dict.fromkeys(HELD, False)
    can, _ = request_abilities(looking.case_of(reader, id), sees=False, administers=True)
    return {verb: bool(can[verb]) for verb in HELD}


HELD: dict[str, Callable[[dict[str, Any]], Command]] = {
    "suspend": lambda given: Suspend(**given),
    "resume": lambda given: Resume(**given),
    "terminate": lambda given: Terminate(**given),
}
"""What an administrator does by his right, with a reason that stands in the history (K3)."""

ASKED: dict[str, Callable[[dict[str, Any]], Command]] = {
    "withdraw": lambda given: Withdraw(**given),
    "urge": lambda given: Urge(**given),
    "comment": lambda given: Comment(**given),
}


@blueprint.post("/requests/<id>/<any(withdraw, urge, comment, copy):verb>")
def ask(id: str, verb: str) -> ResponseReturnValue:
    """Say or ask something about a request."""
    comment = request.form.get("comment", "").strip()
    mentioned = request.form.get("mention", "").strip().removeprefix("@")
    if mentioned and comment and f"@{mentioned}" not in comment:
        comment = f"@{mentioned} {comment}"
    given: dict[str, Any] = {"actor": here.actor(), "request": RequestId(id), "comment": comment}
    try:
        if verb == "copy":
            people = tuple(p for p in request.form.getlist("to") if p)
            here.system().handle(SendCopy(**given, to=people))
        else:
            here.system().handle(ASKED[verb](given))
    except Unknown:
        raise
    except Refused as refused:
        page = _page(RequestId(id), {verb: comment}, {verb: _sentence(refused)})
        return make_response(page, status_of(refused))
    flash(_done(verb), "yes")
    return redirect(url_for("requests.one", id=id), 303)


@blueprint.post("/requests/<id>/<any(suspend, resume, terminate):verb>")
def hold(id: str, verb: str) -> ResponseReturnValue:
    """An administrator holds a request up, lets it go on, or ends it, and says why."""
    if here.me().role != "administrator":
        abort(403)
    reason = request.form.get("comment", "").strip()
    given = {"actor": here.actor(override=True), "request": RequestId(id), "comment": reason}
    try:
        here.system().handle(HELD[verb](given))
    except Unknown:
        raise
    except Refused as refused:
        page = _page(RequestId(id), {verb: reason}, {verb: _sentence(refused)})
        return make_response(page, status_of(refused))
    flash(_done(verb), "yes")
    return redirect(url_for("requests.one", id=id), 303)


@blueprint.post("/requests/<id>/look")
def look(id: str) -> ResponseReturnValue:
    """An administrator reads the content once, for a reason that stands in the history (K3)."""
    if here.me().role != "administrator":
        abort(403)
    reason = request.form.get("comment", "").strip()
    actor = here.actor(override=True)
    try:
        here.system().handle(Look(actor=actor, request=RequestId(id), comment=reason))
    except Unknown:
        raise
    except Refused as refused:
        page = _page(RequestId(id), {"look": reason}, {"look": _sentence(refused)})
        return make_response(page, status_of(refused))
    g.looked = True
    return _page(RequestId(id), {}, {}, looked=True)


def _sentence(refused: Refused) -> str:
    """A refusal in the words beside its one field."""
    if isinstance(refused, Invalid) and refused.errors:
        return " ".join(message.said(here.locale()) for message in refused.errors.values())
    return refused.sentence(here.locale())


def _done(verb: str) -> str:
    return {
        "withdraw": gettext("The request is withdrawn. You can change it and submit it again."),
        "urge": gettext("Those who hold it have been told."),
        "comment": gettext("Your comment stands in the history."),
        "copy": gettext("The copy was sent."),
        "suspend": gettext("The request is suspended; nobody can decide and no deadline runs."),
        "resume": gettext("The request goes on; what was due is due later."),
        "terminate": gettext("The request is ended."),
    }[verb]
