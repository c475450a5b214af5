"""Registers: the requests of a process as a book of lines, in the columns its owner named."""

from flask import Blueprint, abort, g, render_template
from flask.typing import ResponseReturnValue

from storage import queries
from web.pages import here, registering

blueprint = Blueprint("registers", __name__)


@blueprint.get("/registers")
def all() -> str:
    """Every register of the processes deployed."""
    with here.reading() as reader:
        return render_template("registers/all.html", registers=registering.registers(reader))


@blueprint.get("/registers/<process>/<id>")
def register(process: str, id: str) -> ResponseReturnValue:
    """One register."""
    with here.reading() as reader:
        found = registering.register(reader, g.viewer, process, id)
        if found is None:
            abort(404)
        return render_template("registers/register.html", register=found, names=queries)
