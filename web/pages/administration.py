"""Administration: people, processes, and what needs somebody."""

from dataclasses import dataclass

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

from engine.commands.assign import Assign
from engine.diagrams.layout import drawing_of
from engine.ids import split_task_id
from engine.refusals import Invalid, Refused, Unknown
from storage import queries
from web.drawing import svg
from web.pages import here
from web.pages.failures import status_of
from web.pages.wording import gettext

blueprint = Blueprint("administration", __name__)


@blueprint.get("/processes")
def processes() -> str:
    """Every process that is deployed."""
    with here.reading() as reader:
        return render_template("administration/processes.html", processes=queries.processes(reader))


@blueprint.get("/processes/<key>")
def process(key: str) -> str:
    """One process: its diagram, and its versions."""
    with here.reading() as reader:
        definition = reader.definitions.latest(reader, key)
        if definition is None:
            abort(404)
        return render_template(
            "administration/process.html",
            definition=definition,
            versions=queries.definition_versions(reader, key),
            diagram=svg.drawn(drawing_of(definition), {}, english=here.locale() == "en"),
        )


@blueprint.get("/people")
def people() -> str:
    """The organisation."""
    q = request.args.get("q", "").strip()[:100]
    with here.reading() as reader:
        return render_template(
            "administration/people.html",
            people=queries.people(reader, q, 200),
            q=q,
            departments=queries.departments(reader),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """What is wrong with naming somebody for a task, and what was typed."""

    task: str = ""
    to: str = ""
    comment: str = ""
    typed_to: str = ""
    typed_comment: str = ""


@blueprint.get("/attention")
def attention() -> str:
    """What needs an administrator."""
    return _attention(Wrong())


def _attention(wrong: Wrong) -> str:
    if here.me().role != "administrator":
        abort(403)
    with here.reading() as reader:
        people = reader.organisation.current(reader).listed("")
        return render_template(
            "administration/attention.html",
            incidents=queries.incidents(reader, g.viewer, here.now()),
            system=queries.system(reader, here.now()),
            people=[(str(id), name) for id, name in people],
            wrong=wrong,
            nothing_wrong=Wrong(),
        )


@blueprint.post("/attention/<id>")
def assign(id: str) -> ResponseReturnValue:
    """Put a task that nobody holds into somebody's hands."""
    place = split_task_id(id)
    if here.me().role != "administrator" or place is None:
        abort(403 if place else 404)
    to, comment = request.form.get("to", ""), request.form.get("comment", "").strip()
    try:
        here.system().handle(
            Assign(
                actor=here.actor(override=True),
                request=place[0],
                ordinal=place[1],
                to=to,
                comment=comment,
            )
        )
    except Unknown:
        raise
    except Refused as refused:
        said = {"to": refused.sentence(here.locale())}
        if isinstance(refused, Invalid) and refused.errors:
            said = {name: text.said(here.locale()) for name, text in refused.errors.items()}
        typed = Wrong(
            task=id,
            to=said.get("to", ""),
            comment=said.get("comment", ""),
            typed_to=to,
            typed_comment=comment,
        )
        return make_response(_attention(typed), status_of(refused))
    flash(gettext("The task has a holder now, and he has been told."), "yes")
    return redirect(url_for("administration.attention"), 303)
