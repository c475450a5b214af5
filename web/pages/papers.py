"""A request as its paper form: title, fields by desk, signatures, notes."""

from flask import Blueprint, abort, g, render_template

from engine.ids import RequestId
from storage import queries
from web.pages import here, printing
from web.reading import read_history

blueprint = Blueprint("papers", __name__)


@blueprint.get("/requests/<id>/print")
def paper(id: str) -> str:
    """The paper form of a request that one may read."""
    with here.reading() as reader:
        row = queries.request(reader, g.viewer, RequestId(id))
        if row is None or queries.may_see(reader, g.viewer, row.id) != "all":
            abort(404)
        read_history(row.id, "page")
        return render_template("papers/paper.html", paper=printing.paper(reader, row), row=row)
