"""Somebody leaves: what moves is shown first; then it passes to another and he goes, in one act."""

from collections.abc import Mapping
from secrets import token_hex

from flask import abort, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine.refusals import Invalid, Refused
from storage import queries
from web import organising
from web.organising import Leaving
from web.pages import here
from web.pages.failures import status_of
from web.pages.organisation.common import (
    administrators_only,
    blueprint,
    desk,
    page,
    people_to_choose,
    then,
)
from web.pages.organisation.editing import once_of_form
from web.pages.wording import gettext

SHOWN = 50


@blueprint.route("/people/<id>/leave", methods=["GET", "POST"])
def leave(id: str) -> ResponseReturnValue:
    """The leaver's page."""
    administrators_only()
    if request.method == "GET":
        return _page(id, {})
    try:
        made = organising.leave(
            desk(),
            id,
            to=request.form.get("to", "")[:200],
            comment=request.form.get("comment", "").replace("\x00", " "),
            once=once_of_form(),
        )
    except Invalid as invalid:
        errors = {name: said.said(here.locale()) for name, said in invalid.errors.items()}
        return make_response(_page(id, errors), 422)
    except Refused as refused:
        if status_of(refused) == 404:
            raise
        return make_response(_page(id, {"": refused.sentence(here.locale())}), status_of(refused))
    flash(
        gettext(
            "He has left; tasks that moved: %(count)s.", count=len(made.moved.get("tasks", ()))
        ),
        "yes",
    )
    return redirect(url_for("organisation.person", id=id), 303)


def _page(id: str, wrong: Mapping[str, str]) -> str:
    with here.reading() as reader:
        of = then(reader)
        one = of.snapshot.person(id)
        if one is None or of.is_past:
            abort(404)
        leaving = Leaving.of(reader, desk(), id)
        tasks = []
        for task in leaving.tasks[:SHOWN]:
            row = queries.task(reader, task)
            if row is not None:
                number = row.number or row.request_id
                tasks.append(f"{number} · {here.said(row.node_name, row.node_name_en)}")
        people = [(key, name) for key, name in people_to_choose(of.snapshot) if key != id]
        return page(
            "leave.html",
            of,
            one=one,
            leaving=leaving,
            tasks=tasks,
            people=people,
            wrong={name: wrong.get(name, "") for name in ("", "to", "comment")},
            token_key=token_hex(12),
        )
