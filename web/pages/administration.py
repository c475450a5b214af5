"""Administration: people, processes, and what needs somebody."""

from flask import Blueprint, abort, render_template, request

from engine.diagrams.layout import drawing_of
from storage import queries
from web.drawing import svg
from web.pages import here

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


@blueprint.get("/attention")
def attention() -> str:
    """What needs an administrator."""
    if here.me().role != "administrator":
        abort(403)
    with here.reading() as reader:
        return render_template(
            "administration/attention.html",
            incidents=(),
            system=queries.system(reader, here.now()),
        )
