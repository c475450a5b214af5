"""Auditors' notes on a request or one of its entries: only auditors read and write them."""

from typing import Any

from marshmallow import ValidationError, fields

from engine.ids import RequestId
from engine.refusals import NotYours, Unknown
from forms import Message
from storage import notes, queries
from storage.reader import Reader
from web.api import documents, who
from web.api.bodies import NOT_RIGHT
from web.api.calls import call
from web.api.documents import Document
from web.api.schemas import REQUIRED, Given, Text
from web.api.shapes import Ref, Shape
from web.api.state import ID, known_request
from web.api.wrong import Wrong
from web.naming import new_request_id
from web.pages import here

NOT_STEP = Message("应为该申请的一条记录的序号", "Expected the number of an entry of this request")


class Step(fields.Field[int]):
    """The number of an entry; 0 or null: the request as a whole."""

    def __init__(self, **kwargs: Any) -> None:
        words = {"type": ["integer", "null"], "minimum": 0}
        super().__init__(metadata=words, allow_none=True, **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> int:
        if value is None:
            return 0
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**31:
            raise ValidationError([NOT_STEP])
        return value


class NewNote(Given):
    """A note, and the entry that it is about."""

    text = Text(notes.LONGEST, nothing=False, required=True)
    step = Step(load_default=0)


class Note(Shape):
    """A note; a withdrawn one stays. `text` is null where it was erased by law."""

    id = fields.String(required=True)
    request = fields.String(required=True)
    step = fields.Integer(required=True, strict=True, allow_none=True)
    author = fields.Nested(Ref, required=True)
    at = fields.String(required=True)
    text = fields.String(required=True, allow_none=True)
    withdrawn_at = fields.String(required=True, allow_none=True)


class Notes(Shape):
    """Notes, the oldest first."""

    items = fields.List(fields.Nested(Note), required=True)
    next = fields.String(required=True, allow_none=True)


def _auditor(id: str) -> None:
    """Raise what comes first: 404 for a request one may not know of, 403 for who is no auditor."""
    with here.reading() as reader:
        known_request(reader, id)
    if here.me().role != "auditor":
        raise NotYours()


@call("GET", "/requests/<id>/notes", answer=Notes)
def list_notes(id: str) -> Document:
    """The auditors' notes on a request (an auditor)."""
    _auditor(id)
    with here.reading() as reader:
        names = queries.Names(reader)
        items = [_document(each, names) for each in notes.of_request(reader, id)]
    return {"items": items, "next": None}


@call("POST", "/requests/<id>/notes", body=NewNote, answer=Note, status=201, first=_auditor)
def make_note(id: str, given: dict[str, Any]) -> Document:
    """Write a note (an auditor); it is never changed."""
    _auditor(id)
    if not given["text"].strip():
        raise Wrong(422, NOT_RIGHT, {"text": REQUIRED})
    with here.reading() as reader:
        if not notes.has_step(reader, id, given["step"]):
            raise Wrong(422, NOT_RIGHT, {"step": NOT_STEP})
    made = str(new_request_id())
    with here.system().database.write() as transaction:
        notes.add(
            transaction,
            made,
            RequestId(id),
            given["text"].strip(),
            step=given["step"],
            by=who.actor(),
            at=here.now(),
        )
    with here.reading() as reader:
        return _one(reader, made)


@call("POST", "/notes/<id>/withdraw", answer=Note)
def withdraw_note(id: str) -> Document:
    """Withdraw a note of mine; it stays, as withdrawn. Again: as it is."""
    with here.reading() as reader:
        note = notes.one(reader, id) if ID.fullmatch(id) else None
    if note is None or here.me().role != "auditor":
        raise Unknown()
    if note.author != here.me().id:
        raise NotYours()
    with here.system().database.write() as transaction:
        notes.withdraw(transaction, note, by=who.actor(), at=here.now())
    with here.reading() as reader:
        return _one(reader, id)


def _one(reader: Reader, id: str) -> Document:
    note = notes.one(reader, id)
    assert note is not None
    return _document(note, queries.Names(reader))


def _document(note: notes.Note, names: queries.Names) -> Document:
    return {
        "id": note.id,
        "request": note.request,
        "step": note.step or None,
        "author": documents.person(names.person(note.author)),
        "at": documents.moment(note.at),
        "text": note.text,
        "withdrawn_at": documents.moment(note.withdrawn_at),
    }
