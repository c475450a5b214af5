"""The evidence package of a request, from its page."""

from flask import Blueprint, abort, g
from flask.typing import ResponseReturnValue

from engine.ids import RequestId
from storage import queries
from web.api.packages import sent
from web.packages import NotSealedYet, Unprovable
from web.pages import here
from web.pages.failures import page

blueprint = Blueprint("evidence", __name__)


@blueprint.get("/requests/<id>/package")
def package(id: str) -> ResponseReturnValue:
    """The file, as a download; why there is none, as a page."""
    with here.reading() as reader:
        row = queries.request(reader, g.viewer, RequestId(id))
        if row is None or queries.may_see(reader, g.viewer, row.id) != "all":
            abort(404)
    try:
        return sent(row, via="page")
    except NotSealedYet as late:
        return page(503, late.message.said(here.locale()))
    except Unprovable as wrong:
        return page(409, wrong.message.said(here.locale()))
