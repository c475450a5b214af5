"""Attachments: kept when they come with a form, and given back as downloads."""

from typing import BinaryIO, cast

from flask import Blueprint, Response, abort, current_app, g, jsonify, request, send_file
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

import forms
from storage import attachments, queries
from web.pages import here

blueprint = Blueprint("attachments", __name__)


def keep(file: FileStorage) -> str | forms.Message:
    """Keep an uploaded file; its id, or why it is not kept."""
    try:
        kept = attachments.keep(
            here.system().database,
            cast(BinaryIO, file.stream),
            name=file.filename or "",
            by=here.me().id,
            at=here.now(),
            most=current_app.config["COUNTERSIGN"].attachment_bytes,
        )
    except attachments.TooLarge as error:
        return forms.Message(f"文件过大:{error}", f"The file is too large: {error}")
    return str(kept.id)


@blueprint.post("/attachments")
def upload() -> ResponseReturnValue:
    """One file, from a script; the page without scripts sends it with its form."""
    if here.me().role == "auditor":
        abort(403)
    file = request.files.get("file")
    if file is None or not file.filename:
        abort(400)
    kept = keep(file)
    if isinstance(kept, forms.Message):
        return jsonify(error=kept.said(here.locale())), 413
    return jsonify(id=kept, name=file.filename), 201


@blueprint.get("/attachments/<id>")
def download(id: str) -> Response:
    """A file, always as a download."""
    with here.reading() as reader:
        found = queries.attachment(reader, g.viewer, id)
    if found is None:
        abort(404)
    path = attachments.path(here.system().database.home, found.sha256)
    if not path.is_file():
        current_app.logger.error("the content of attachment %s is missing", id)
        abort(404)
    return send_file(
        path, mimetype=found.media_type, as_attachment=True, download_name=found.name, max_age=0
    )
