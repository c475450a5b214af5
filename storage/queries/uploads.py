"""Attachments, seen by whoever sees their request; before that by their uploader."""

from engine.ids import RequestId
from storage.moments import moment
from storage.queries.names import Names
from storage.queries.rows import AttachmentRow
from storage.reader import Reader
from storage.transaction import Row
from storage.visibility import Viewer, sight

_COLUMNS = "id, name, size, media_type, uploaded_by, at, sha256, request"


def attachments(reader: Reader, request: str) -> tuple[AttachmentRow, ...]:
    """The attachments of a request, in the order of uploading."""
    rows = reader.all(
        f"SELECT {_COLUMNS} FROM attachments WHERE request = ? ORDER BY at, id",  # noqa: S608
        (request,),
    )
    names = Names(reader)
    return tuple(_attachment(names, row) for row in rows)


def attachments_by_id(reader: Reader, ids: tuple[str, ...]) -> dict[str, AttachmentRow]:
    """Attachments by their ids, for showing answers; unknown ids are left out."""
    if not ids:
        return {}
    among, argument = reader.among("id", ids)
    rows = reader.all(f"SELECT {_COLUMNS} FROM attachments WHERE {among}", (argument,))  # noqa: S608
    names = Names(reader)
    return {row[0]: _attachment(names, row) for row in rows}


def attachment(reader: Reader, viewer: Viewer, id: str) -> AttachmentRow | None:
    """One attachment; None also for what the viewer may not know of. (A file of a field that is
    hidden from him is refused where fields are drawn.)"""
    row = reader.one(f"SELECT {_COLUMNS} FROM attachments WHERE id = ?", (id,))  # noqa: S608
    if row is None:
        return None
    found = _attachment(Names(reader), row)
    if found.request is None:
        return found if found.uploaded_by.id == viewer.person else None
    return found if sight(reader, viewer, found.request) == "all" else None


def _attachment(names: Names, row: Row) -> AttachmentRow:
    id, name, size, media_type, uploaded_by, at, sha256, request = row
    return AttachmentRow(
        id=id,
        name=name,
        size=size,
        media_type=media_type,
        uploaded_by=names.person(uploaded_by),
        at=moment(at),
        sha256=bytes(sha256).hex(),
        request=None if request is None else RequestId(request),
    )
