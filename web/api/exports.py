"""Exports of one request: its state and history as a file; each leaves an entry (H1)."""

import csv
import io
import json
from typing import Any

from flask import Response, current_app, request

from engine.refusals import NotYours
from storage import journal, queries
from web.api import documents, who
from web.api.calls import call
from web.api.disclosure import disclosure
from web.api.documents import Document
from web.api.history import told
from web.api.reasons import look_into
from web.api.schemas import ExportQuery
from web.api.state import known_request, request_document
from web.pages import here

COLUMNS = (
    "seq", "at", "verb", "actor", "actor_name", "on_behalf_of", "override", "task", "node",
    "round", "pass", "outcome", "comment", "answers", "changes", "reached", "digest",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _first(id: str) -> None:
    with here.reading() as reader:
        known_request(reader, id)


@call("GET", "/requests/<id>/export", query=ExportQuery, first=_first, reason=True)
def export(id: str, asked: dict[str, Any]) -> Response:
    """A request with its history and attachments' names, as JSON; or its history, as CSV."""
    look_into(id)
    with here.reading() as reader:
        row, content = known_request(reader, id)
        if not content:
            raise NotYours()
        shown = disclosure(reader, who.viewer(), row)
        entries = told(reader, row, shown)
        if asked["format"] == "csv":
            text, media = _csv(entries), "text/csv"
        else:
            text, media = _json(request_document(reader, id), entries), "application/json"
    _record(row, asked["format"])
    response = current_app.response_class(text, 200, mimetype=media)
    name = f"{row.id}.{asked['format']}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _json(found: Document, entries: list[Document]) -> str:
    found = {name: each for name, each in found.items() if name not in ("can", "why_not")}
    document = {"exported_at": documents.moment(here.now()), "request": found, "entries": entries}
    return json.dumps(document, ensure_ascii=False, indent=1)


def _csv(entries: list[Document]) -> str:
    written = io.StringIO()
    sheet = csv.writer(written)
    sheet.writerow(COLUMNS)
    for entry in entries:
        flat = {
            **entry,
            "actor": entry["actor"]["id"],
            "actor_name": entry["actor"]["name"],
            "on_behalf_of": (entry["on_behalf_of"] or {}).get("id"),
        }
        sheet.writerow([_cell(flat[name]) for name in COLUMNS])
    return "\ufeff" + written.getvalue()


def _cell(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _record(row: queries.RequestRow, format: str) -> None:
    """An export leaves an entry in the system chain."""
    person = here.me()
    with here.system().database.write() as transaction:
        journal.record(
            transaction,
            at=here.now(),
            body={
                "verb": "export",
                "outcome": "done",
                "actor": person.id,
                "via": "api",
                "request": row.id,
                "format": format,
            },
            particulars={"actor.name": person.name, "actor.origin": request.remote_addr or ""},
        )
