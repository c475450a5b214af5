"""Attachments: one id per upload, given back as downloads to whoever sees what they stand in."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Response, current_app, request, send_file
from werkzeug.exceptions import RequestEntityTooLarge

from engine.refusals import OnlyReads, Unknown
from forms import Message
from storage import attachments as kept
from storage import queries
from storage.reader import Reader
from web.api import bodies, shapes, who
from web.api.calls import call
from web.api.disclosure import Disclosure, disclosure
from web.api.documents import Document
from web.api.reasons import look_into
from web.api.state import ID, case_of, known_request
from web.api.wrong import Wrong
from web.pages import here
from web.settings import Settings

MULTIPART = Message("请以 multipart/form-data 上传。", "Please upload as multipart/form-data.")
ONE_FILE = Message("请上传一个名为 file 的文件。", "Please give one file, in the part “file”.")
_AROUND = 1024 * 1024
"""Bytes that a multipart body may have beside its file."""


def _first() -> None:
    if here.me().role == "auditor":
        raise OnlyReads()


@call("POST", "/attachments", files="file", answer=shapes.Attachment, status=201)
def upload() -> Document:
    """Keep a file: mine alone until it is submitted with a request."""
    _first()
    settings: Settings = current_app.config["COUNTERSIGN"]
    if request.mimetype != "multipart/form-data":
        raise Wrong(415, MULTIPART)
    request.max_content_length = settings.attachment_bytes + _AROUND
    files = request.files.getlist("file")
    if len(files) != 1 or not files[0].filename or len(request.files) != 1 or request.form:
        raise Wrong(422, bodies.NOT_RIGHT, {"file": ONE_FILE})
    try:
        found = kept.keep(
            here.system().database,
            files[0].stream,  # type: ignore[arg-type]
            name=files[0].filename,
            by=here.me().id,
            at=here.now(),
            most=settings.attachment_bytes,
        )
    except kept.TooLarge as error:
        raise RequestEntityTooLarge() from error
    return {"id": found.id, "sha256": found.sha256, "name": found.name, "size": found.size}


@call("GET", "/attachments/<id>", reason=True)
def download(id: str) -> Response:
    """A file, always as a download."""
    if not ID.fullmatch(id):
        raise Unknown()
    _look_into(id)
    with here.reading() as reader:
        found = queries.attachment(reader, who.viewer(), id)
        if found is None or not _shown(reader, found):
            raise Unknown()
    path = kept.path(here.system().database.home, found.sha256)
    if not path.is_file():
        current_app.logger.error("the content of attachment %s is missing", id)
        raise Unknown()
    return send_file(
        path, mimetype=found.media_type, as_attachment=True, download_name=found.name, max_age=0
    )


def _look_into(id: str) -> None:
    """An administrator's reason to read the request that a file belongs to."""
    if who.administers():
        with here.reading() as reader:
            found = queries.attachments_by_id(reader, (id,)).get(id)
        if found is not None and found.request is not None:
            look_into(found.request)


def _shown(reader: Reader, found: queries.AttachmentRow) -> bool:
    """Whether it stands in a field that is not hidden from the caller, or is his own."""
    if found.request is None or found.uploaded_by.id == who.viewer().person:
        return True
    row, _ = known_request(reader, found.request)
    shown = disclosure(reader, who.viewer(), row)
    return not shown.hidden or found.id in _files(reader, found.request, shown)


def _files(reader: Reader, request: Any, shown: Disclosure) -> set[str]:
    """Every text in lists that the caller is shown of a request: among them its files."""
    from engine.flow.messages import root_variables

    case = case_of(reader, request)
    told = [shown.values(root_variables(case)), shown.values(case.flow.answers)]
    told += [shown.values(slot.answers) for slot in queries.slots(reader, request)]
    return {text for values in told for text in _texts(list(values.values()))}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
