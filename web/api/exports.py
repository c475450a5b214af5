"""Exports: of one request, and of all that a filter lets through; each leaves an entry (H1)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Response, current_app, request, send_file

from engine.refusals import NotYours
from forms import Message
from storage.keys import Keys
from web.api import who
from web.api.bodies import NOT_RIGHT
from web.api.calls import call
from web.api.packages import package
from web.api.reasons import look_into
from web.api.schemas import ExportQuery, ExportsQuery
from web.api.state import known_request
from web.api.wrong import Wrong
from web.exports.choosing import Chosen, moment_of
from web.pages import here
from web.settings import Settings

NO_TIME = Message(
    "应为日期(2030-01-15),或带时区偏移的日期时间。",
    "A date (2030-01-15) is expected, or a date-time with its offset.",
)
DRAFT = Message(
    "草稿还没有提交,没有可以导出的记录。",
    "A draft has not been submitted yet; there is nothing to export.",
)


def _first(id: str) -> None:
    with here.reading() as reader:
        known_request(reader, id)


@call("GET", "/requests/export", query=ExportsQuery)
def export_requests(asked: dict[str, Any]) -> Response:
    """All requests that the filters let through and whose content I may see, as one file."""
    wrong: dict[str, Message] = {}
    chosen = Chosen(
        view=asked["view"],
        since=_moment(asked, "since", wrong),
        until=_moment(asked, "until", wrong),
        unfinished=asked["unfinished"],
        process=asked["process"] or "",
        status=asked["status"] or "",
        outcome=asked["outcome"] or "",
        requester=asked["requester"] or "",
        department=asked["department"] or "",
        q=asked["q"] or "",
    )
    if wrong:
        raise Wrong(422, NOT_RIGHT, wrong)
    return _sent(chosen, asked, f"requests-{here.now().astimezone(here.zone()):%Y%m%d-%H%M%S}")


@call("GET", "/requests/<id>/export", query=ExportQuery, first=_first, reason=True)
def export(id: str, asked: dict[str, Any]) -> Response:
    """One request with all that I may see of it, as a file; a draft is none yet (409)."""
    look_into(id)
    with here.reading() as reader:
        row, content = known_request(reader, id)
        if not content:
            raise NotYours()
    if row.status == "draft":
        raise Wrong(409, DRAFT)
    if asked["format"] == "package":
        return package(row)
    return _sent(Chosen(requests=(row.id,)), asked, row.id)


def _sent(chosen: Chosen, asked: Mapping[str, Any], name: str) -> Response:
    from web.exports import documents, making  # they import the API's telling themselves

    exporter = documents.Exporter(
        viewer=who.viewer(), person=here.me(), via="api", origin=request.remote_addr or ""
    )
    shape = making.Shape(format=asked["format"], rows=asked["rows"], lifecycle=asked["lifecycle"])
    settings: Settings = current_app.config["COUNTERSIGN"]
    keys = Keys(settings.keys or settings.home / "keys")
    made = making.make(here.system().database, exporter, chosen, shape, here.now(), keys=keys)
    response = send_file(
        made.file,
        mimetype=making.MEDIA[made.format],
        as_attachment=True,
        download_name=f"{name}.{made.format}",
        max_age=0,
    )
    response.content_length = made.size
    response.call_on_close(made.file.close)
    return response


def _moment(asked: Mapping[str, Any], name: str, wrong: dict[str, Message]) -> datetime | None:
    if not asked[name]:
        return None
    try:
        return moment_of(asked[name], here.zone(), end=name == "until")
    except (ValueError, OverflowError):
        wrong[name] = NO_TIME
        return None
