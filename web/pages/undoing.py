"""A decision made on a page can be undone by whoever made it for a moment (U, U7)."""

from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from engine.commands.undo import Undo
from engine.ids import split_task_id
from engine.refusals import Refused, Unknown
from web.pages import here, inbox, looking, sheet
from web.pages.wording import gettext
from web.undoing import left

blueprint = Blueprint("undoing", __name__)

WINDOWED = ("approve", "reject", "return", "complete")


def seconds(verb: str) -> int:
    """How long what is decided by this verb on a page can be undone."""
    return int(current_app.config["UNDO_SECONDS"]) if verb in WINDOWED else 0


def button(id: str) -> Markup:
    """The button that undoes what was just decided at a task; nothing where it can't be."""
    place = split_task_id(id)
    assert place is not None  # it was decided just now
    with here.reading() as reader:
        slot = looking.unit(reader).slot(*place)
    remaining = left(slot, here.me().id, here.now()) if slot is not None else 0
    if not remaining:
        return Markup("")
    asked = inbox.around()
    kept: dict[str, Any] = {**asked.kept, "task": id} if asked is not None else {}
    action = url_for("undoing.undo", id=id, **kept)
    text = render_template("tasks/_undo.html", action=action, left=remaining)
    # A template's own text, escaped there.
    return Markup(text)  # noqa: S704 # nosec B704


@blueprint.post("/tasks/<id>/undo")
def undo(id: str) -> ResponseReturnValue:
    """His task is open again, with what he had typed; too late, he is told so."""
    with here.reading() as reader:
        found = sheet.of(reader, id)
    place = split_task_id(id)
    if found is None or place is None:
        abort(404)
    try:
        here.system().handle(Undo(actor=here.actor(), request=place[0], ordinal=place[1]))
    except Unknown:
        raise
    except Refused as refused:
        flash(refused.sentence(here.locale()), "no")
    else:
        named = f"{found.request.number or ''} {found.request.title}".strip()
        flash(gettext("Undone; decide again: %(request)s", request=named), "yes")
    around = inbox.around()
    address = around.address(task=id) if around is not None else url_for("tasks.task", id=id)
    return redirect(address, 303)
