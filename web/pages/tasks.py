"""One task: its page, and everything one can decide there."""

from typing import Any

from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

import forms
from engine.commands.approve import Approve
from engine.commands.base import TaskCommand
from engine.commands.claim import Claim, Release
from engine.commands.complete import Complete
from engine.commands.reject import Reject
from engine.commands.return_ import Return
from engine.commands.throw import Escalate, ThrowError
from engine.ids import split_task_id
from engine.refusals import Invalid, Refused, Unknown
from storage import drafts
from web.pages import filling, here, inbox, sheet, undoing
from web.pages.failures import status_of
from web.pages.filling import Typed
from web.pages.wording import gettext

blueprint = Blueprint("tasks", __name__)

FORMLESS = ("claim", "release", "error", "escalate")
"""Verbs for which it does not matter what the form holds."""
DECISIONS = {"approve": Approve, "reject": Reject, "complete": Complete}


@blueprint.get("/tasks/<id>")
def task(id: str) -> str:
    """A task by itself: what notices lead to."""
    with here.reading() as reader:
        found = sheet.of(reader, id)
        if found is None:
            abort(404)
        return render_template("tasks/task.html", sheet=found, back=None)


@blueprint.post("/tasks/<id>")
def act(id: str) -> ResponseReturnValue:
    """Decide, save what is filled in, or reshape the form; then the next task."""
    with here.reading() as reader:
        found = sheet.of(reader, id)
    if found is None:
        abort(404)
    typed = filling.read(request, found.form)
    if typed.reshaped or typed.verb == "draft":
        return _kept(id, typed)
    if typed.errors and typed.verb not in FORMLESS:
        return _refused(id, typed, typed.errors, 422)
    try:
        here.system().handle(_command(id, typed))
    except Invalid as invalid:
        return _refused(id, typed, invalid.errors or {"comment": _message(invalid)}, 422)
    except Unknown:
        raise
    except Refused as refused:
        return _refused(id, typed, {"": _message(refused)}, status_of(refused))
    flash(_done(typed.verb, found) + _back(id, typed.verb), "yes")
    return redirect(_next(id, typed), 303)


def _command(id: str, typed: Typed) -> TaskCommand:
    """The command that a button stands for."""
    place = split_task_id(id)
    if place is None:
        abort(404)
    on: dict[str, Any] = {
        "actor": here.actor(),
        "request": place[0],
        "ordinal": place[1],
        "version": typed.version,
        "key": request.form.get("_once") or None,
    }
    if typed.verb == "claim":
        return Claim(**on)
    if typed.verb == "release":
        return Release(**on)
    if typed.verb in ("error", "escalate"):
        on["code"] = request.form.get(f"_{typed.verb}_code", "").strip()
        message = request.form.get("_error_message", "").strip()
        return ThrowError(**on, message=message) if typed.verb == "error" else Escalate(**on)
    window = undoing.seconds(typed.verb)
    on.update(answers=typed.values, comment=typed.comment, window=window)
    if typed.verb == "return":
        return Return(**on, to=typed.to or None)
    if typed.verb not in DECISIONS:
        abort(400)
    return DECISIONS[typed.verb](**on)


def _kept(id: str, typed: Typed) -> ResponseReturnValue:
    """Keep what is filled in as this person's draft, and show the form again."""
    with here.system().database.write() as transaction:
        drafts.save_task_draft(transaction, id, here.me().id, typed.values, here.now())
    if typed.verb == "draft":
        flash(gettext("Draft saved. Only you can see it."), "yes")
    return _page(id, typed, {}, 200)


def _refused(
    id: str, typed: Typed, errors: dict[str, forms.Message] | Any, status: int
) -> ResponseReturnValue:
    """The same page with what was typed, and the sentence at its place."""
    return _page(id, typed, errors, status)


def _page(id: str, typed: Typed, errors: Any, status: int) -> ResponseReturnValue:
    asked = inbox.around()
    with here.reading() as reader:
        found = sheet.of(reader, id, typed=typed, errors=errors)
        if found is None:
            abort(404)
        if asked is not None:
            text = render_template("inbox/inbox.html", **inbox.shown(reader, asked, found))
        else:
            text = render_template("tasks/task.html", sheet=found, back=None)
    return make_response(text, status)


def _next(id: str, typed: Typed) -> str:
    asked = inbox.around()
    if typed.verb == "claim":
        if asked is not None:
            return url_for("inbox.inbox", task=id)
        return url_for("tasks.task", id=id)
    return inbox.after(asked, id) if asked is not None else url_for("inbox.inbox")


def _back(id: str, verb: str) -> Markup:
    """The way to undo a decision (U), or to take it back where nothing keeps it from that (W2)."""
    if (undo := undoing.button(id)) or verb not in ("approve", "reject"):
        return undo
    with here.reading() as reader:
        found = sheet.of(reader, id)
    move = found.may.move("take-back") if found is not None else None
    if move is None or move.why_not:
        return Markup("")
    asked = inbox.around()
    kept: dict[str, Any] = {**asked.kept, "task": id} if asked is not None else {}
    address = url_for("moving.form", id=id, verb="take-back", **kept)
    hint = Markup('<span class="keyhint" aria-hidden="true">z</span>')
    link = Markup(' <a href="{}" data-dialog data-key="z">{}</a>{}')
    return link.format(address, gettext("Take back"), hint)


def _done(verb: str, found: sheet.Sheet) -> Markup:
    named = f"{found.request.number or ''} {found.request.title}".strip()
    sentences = {
        "approve": gettext("Approved: %(request)s", request=named),
        "reject": gettext("Rejected: %(request)s", request=named),
        "return": gettext("Returned: %(request)s", request=named),
        "complete": gettext("Done: %(request)s", request=named),
        "claim": gettext("You hold it now: %(request)s", request=named),
        "error": gettext("Reported: %(request)s", request=named),
        "escalate": gettext("Escalated: %(request)s", request=named),
        "release": gettext("Given back to the group: %(request)s", request=named),
    }
    return escape(sentences[verb])


def _message(refused: Refused) -> forms.Message:
    return forms.Message(refused.sentence("zh"), refused.sentence("en"))
