"""An evidence package of one request, for who calls: what he may see of it, and its proof."""

import tempfile
from typing import BinaryIO, cast

from flask import Response, current_app, request, send_file

from storage.attachments import plain_name
from storage.keys import Keys
from storage.queries import RequestRow
from web import packages
from web.api import who
from web.api.wrong import Wrong
from web.pages import here
from web.settings import Settings

MEDIA = "application/zip"


def package(row: RequestRow, *, via: str = "api") -> Response:
    """The file, as a download.

    Raises:
        Wrong: 409, what is kept was tampered with; 503, nobody has sealed the export in time.
    """
    try:
        return sent(row, via=via)
    except packages.NotSealedYet as late:
        raise Wrong(503, late.message) from late
    except packages.Unprovable as wrong:
        raise Wrong(409, wrong.message) from wrong


def sent(row: RequestRow, *, via: str) -> Response:
    """The same for a page. Raises `web.packages.Unprovable`."""
    settings: Settings = current_app.config["COUNTERSIGN"]
    exporter = packages.Exporter(
        viewer=who.viewer(),
        name=here.me().name,
        via="page" if via == "page" else "api",
        origin=request.remote_addr or "",
    )
    file = cast(BinaryIO, tempfile.TemporaryFile(prefix="countersign-"))  # noqa: SIM115 - sent
    try:
        packages.make(
            here.system().database,
            Keys(settings.keys or settings.home / "keys"),
            [row.id],
            exporter,
            clock=here.now,
            out=file,
        )
        size = file.tell()
        file.seek(0)
        response = send_file(
            file,
            mimetype=MEDIA,
            as_attachment=True,
            download_name=plain_name(f"{row.number or row.id}.zip"),
            max_age=0,
        )
        response.content_length = size
        response.call_on_close(file.close)
        return response
    except BaseException:
        file.close()
        raise
