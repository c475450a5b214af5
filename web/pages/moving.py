"""Giving a task to another, asking for an opinion, adding and taking out signers, taking back:
each a page of its own, which scripts show as a dialog beside the task."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

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

import forms
from engine.commands.add_signer import AddSigner
from engine.commands.base import TaskCommand
from engine.commands.delegate import Delegate
from engine.commands.remove_signer import RemoveSigner
from engine.commands.take_back import TakeBack
from engine.commands.transfer import Transfer
from engine.ids import split_task_id
from engine.refusals import Invalid, Refused, Unknown
from storage import queries
from storage.reader import Reader
from web.pages import filling, here, inbox, looking, picking, sheet, words
from web.pages.failures import status_of
from web.pages.wording import gettext

blueprint = Blueprint("moving", __name__)

PICKING = ("transfer", "delegate", "add-signer")
"""Verbs for which one names somebody who is not there yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What was chosen and typed so far."""

    to: tuple[str, ...] = ()
    mode: str = "before"
    group: str = "all"
    comment: str = ""
    q: str = ""
    once: str = field(default_factory=lambda: uuid4().hex)
    errors: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls) -> "Given":
        """From the form, whose own fields have plain names; at first from the address."""
        posted = request.form
        to = posted.getlist("_to") if request.method == "POST" else request.args.getlist("to")
        return cls(
            to=tuple(dict.fromkeys(each for each in to if each))[:100],
            mode=_among(posted.get("_mode", ""), words.MODES, "before"),
            group=_among(posted.get("_group", ""), words.GROUPS, "all"),
            comment=posted.get("_comment", "").strip()[:4000],
            q=posted.get("_q", "").strip()[:100],
            once=request.form.get("_once", "")[:100] or uuid4().hex,
        )


def _among(word: str, known: Mapping[str, Any], otherwise: str) -> str:
    return word if word in known else otherwise


@blueprint.get('/tasks/<id>/<any(transfer,delegate,"add-signer","remove-signer","take-back"):verb>')
def form(id: str, verb: str) -> ResponseReturnValue:
    """Who, how and why."""
    return _page(id, verb, Given.read(), 200)


@blueprint.post(
    '/tasks/<id>/<any(transfer,delegate,"add-signer","remove-signer","take-back"):verb>'
)
def act(id: str, verb: str) -> ResponseReturnValue:
    """Do it, or look for people, or say what is not right yet."""
    given = Given.read()
    with here.reading() as reader:
        found = sheet.of(reader, id)
    if found is None:
        abort(404)
    typed = filling.read(request, found.form)
    if request.form.get("_press"):
        return _page(id, verb, given, 200, typed=typed)
    if verb == "add-signer" and given.mode == "after" and typed.errors:
        return _page(id, verb, given, 422, typed=typed, wrong=typed.errors)
    try:
        here.system().handle(_command(id, verb, given, typed))
    except Unknown:
        raise
    except Invalid as invalid:
        wrong = invalid.errors or {"": _message(invalid)}
        return _page(id, verb, given, 422, typed=typed, wrong=wrong)
    except Refused as refused:
        return _page(
            id, verb, given, status_of(refused), typed=typed, wrong={"": _message(refused)}
        )
    flash(_done(verb, found), "yes")
    return redirect(_after(id, verb, given, found), 303)


def _command(id: str, verb: str, given: Given, typed: filling.Typed) -> TaskCommand:
    place = split_task_id(id)
    assert place is not None  # there is a sheet of it
    on: dict[str, Any] = {
        "actor": here.actor(),
        "request": place[0],
        "ordinal": place[1],
        "version": typed.version,
        "key": given.once,
    }
    on["comment"] = given.comment
    if verb == "transfer":
        return Transfer(**on, to="".join(given.to[:1]))
    if verb == "delegate":
        return Delegate(**on, to="".join(given.to[:1]))
    if verb == "remove-signer":
        return RemoveSigner(**on, to=given.to)
    if verb == "take-back":
        return TakeBack(**on)
    after = given.mode == "after"
    answers = typed.values if after else {}
    return AddSigner(**on, to=given.to, mode=given.mode, group=given.group, answers=answers)  # type: ignore[arg-type]


def _page(
    id: str,
    verb: str,
    given: Given,
    status: int,
    *,
    typed: filling.Typed | None = None,
    wrong: Mapping[str, forms.Message] | None = None,
) -> ResponseReturnValue:
    """The page, with what was typed and every sentence at its place."""
    errors = dict(wrong or {})
    with here.reading() as reader:
        found = sheet.of(reader, id, typed=typed, errors=errors)
        if found is None:
            abort(404)
        move = found.may.move(verb)
        if move is None and not errors:
            abort(403)
        if move is not None and move.why_not and not errors:
            errors, status = {"": forms.Message(move.why_not, move.why_not)}, 409
        around = inbox.around()
        text = render_template(
            "moving/form.html",
            sheet=found,
            verb=verb,
            given=given,
            possible=move is not None and not move.why_not,
            picker=_picker(reader, found, given) if verb in PICKING else None,
            removable=[vote for vote in found.votes if vote.removable],
            errors={
                name: errors[name].said(here.locale()) if name in errors else ""
                for name in ("", "to", "comment")
            },
            back=around.address() if around is not None else url_for("tasks.task", id=id),
        )
    return make_response(text, status)


def _picker(reader: Reader, found: sheet.Sheet, given: Given) -> picking.Picker:
    task = found.task.id
    slots = queries.slots(reader, found.request.id)
    mine = next(slot for slot in slots if slot.id == task)
    return picking.picker(
        reader,
        looking.case_of(reader, found.request.id),
        [slot for slot in slots if slot.node_key == mine.node_key],
        given.to,
        given.q,
        single=request.view_args is not None and request.view_args["verb"] != "add-signer",
        votes=found.words is not None and found.words.approval is not None,
    )


def _after(id: str, verb: str, given: Given, found: sheet.Sheet) -> str:
    """Where one is after it: where the task has left one's hands at the next one, else at it."""
    around = inbox.around()
    if verb == "take-back":
        with here.reading() as reader:
            mine = [
                row.id
                for row in queries.open_tasks(reader, found.request.id)
                if row.node == found.task.node
                and any(holder.id == here.me().id for holder in row.holders)
            ]
        id = mine[-1] if mine else id
    stays = verb in ("take-back", "remove-signer") or (
        verb == "add-signer" and given.mode == "parallel"
    )
    if around is None:
        return url_for("tasks.task", id=id) if stays else url_for("inbox.inbox")
    return around.address(task=id) if stays else inbox.after(around, id)


def _done(verb: str, found: sheet.Sheet) -> str:
    named = f"{found.request.number or ''} {found.request.title}".strip()
    return {
        "transfer": gettext("Handed over: %(request)s", request=named),
        "delegate": gettext("Asked for an opinion: %(request)s", request=named),
        "add-signer": gettext("Signers added: %(request)s", request=named),
        "remove-signer": gettext("Taken out: %(request)s", request=named),
        "take-back": gettext("Taken back; decide again: %(request)s", request=named),
    }[verb]


def _message(refused: Refused) -> forms.Message:
    return forms.Message(refused.sentence("zh"), refused.sentence("en"))
