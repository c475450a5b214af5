"""Administration: processes."""

from flask import Blueprint, abort, g, render_template

from storage import queries
from storage.queries import statistics
from web.drawing import svg
from web.pages import diagrams, here, releasing

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
            owning=releasing.owning(reader, key),
            numbers=statistics.reads_numbers(reader, g.viewer, key),
            diagram=svg.drawn(diagrams.drawing(definition), {}, english=here.locale() == "en"),
        )
