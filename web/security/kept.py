"""What a form says, as it can be kept: PostgreSQL has no place for a NUL in a text."""

from typing import IO, Any

from flask import Flask, Request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.formparser import FormDataParser

Parsed = tuple[IO[bytes], MultiDict[str, str], MultiDict[str, Any]]


def prepare(app: Flask) -> None:
    """Have every form read so that each of its texts can be kept and looked for."""
    app.request_class = _Kept


class _Parser(FormDataParser):
    """Reads forms, with U+FFFD in place of each NUL, as browsers do with what they read."""

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> Parsed:
        """The stream, the fields and the files."""
        rest, fields, files = super().parse(stream, mimetype, content_length, options)
        if any("\x00" in text for pair in fields.items(multi=True) for text in pair):
            fields = ImmutableMultiDict(
                (name.replace("\x00", "\ufffd"), text.replace("\x00", "\ufffd"))
                for name, text in fields.items(multi=True)
            )
        return rest, fields, files


class _Kept(Request):
    """A request whose forms are read so."""

    form_data_parser_class = _Parser
