"""Reading what a call says: JSON strictly, then a schema; headers; never a float."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from flask import request
from marshmallow import Schema, ValidationError
from werkzeug.exceptions import RequestEntityTooLarge

from engine.journal.canonical import SAFE_INTEGER, digest, encode
from forms import Message
from web.api.wrong import Wrong

MOST_BYTES = 2 * 1024 * 1024
"""The largest JSON body."""
MOST_DEPTH = 24
"""How deep lists and objects may lie in one another."""
_DIGITS = 60
_KEY = re.compile(r"[\x21-\x7e]{1,200}")

NOT_RIGHT = Message("填写的内容有误。", "Some of what was given is not right.")
NOT_JSON = Message("请求体不是合法的 JSON。", "The body is not JSON.")
NOT_UTF8 = Message("请求体不是 UTF-8 编码。", "The body is not UTF-8.")
NOT_THIS_TYPE = Message(
    "请以 application/json 发送请求体。", "Please send the body as application/json."
)
NOT_OBJECT = Message("请求体应为一个对象。", "The body has to be an object.")
NOT_TEXT = Message("含有不能保存的字符。", "It has characters that can't be kept.")
TOO_DEEP = Message("嵌套过深。", "It is nested too deeply.")
BAD_KEY = Message(
    "应为1至200个可见的 ASCII 字符。", "1 to 200 visible ASCII characters are expected."
)


def body(schema: Schema) -> dict[str, Any]:
    """The call's body as the schema takes it; an absent one is an empty object.

    Raises:
        Wrong: it is no JSON, too large, of another type, or not what the schema takes.
    """
    return checked(schema, plain(_document()))


def query(schema: Schema) -> dict[str, Any]:
    """The call's query as the schema takes it. Raises `Wrong`."""
    given: dict[str, Any] = {}
    for name, values in request.args.lists():
        if len(values) > 1:
            message = Message("只能给一次。", "It can be given only once.")
            raise Wrong(422, NOT_RIGHT, {name: message})
        given[name] = values[0]
    return checked(schema, plain(given))


def checked(schema: Schema, given: Any) -> dict[str, Any]:
    """What the schema makes of it. Raises `Wrong`, with an error by field."""
    if not isinstance(given, dict):
        raise Wrong(422, NOT_OBJECT, {"": NOT_OBJECT})
    try:
        return dict(schema.load(given))
    except ValidationError as error:
        raise Wrong(422, NOT_RIGHT, dict(_flat(error.messages, ""))) from None


def call_digest(given: Mapping[str, Any]) -> str:
    """What a call says, for its idempotency key: method, address and body."""
    return digest(encode([request.method, request.path, dict(given)])).hex()


def key() -> str | None:
    """The idempotency key of this call. Raises `Wrong`."""
    text = request.headers.get("Idempotency-Key")
    if text is None:
        return None
    if not _KEY.fullmatch(text):
        raise Wrong(422, NOT_RIGHT, {"Idempotency-Key": BAD_KEY})
    return text


def version() -> str | None:
    """The version that this call names in If-Match; its quotes are optional."""
    text = request.headers.get("If-Match", "").strip()
    if text in ("", "*"):
        return None
    return text.removeprefix("W/").strip('"')


def _document() -> Any:
    if not request.mimetype and not request.content_length:
        return {}
    if request.mimetype != "application/json" and not request.mimetype.endswith("+json"):
        raise Wrong(415, NOT_THIS_TYPE)
    request.max_content_length = MOST_BYTES + 1
    data = request.get_data()
    if len(data) > MOST_BYTES:  # sent in chunks: werkzeug cuts it off without a word
        raise RequestEntityTooLarge()
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise Wrong(400, NOT_UTF8) from None
    return read_json(text) if text.strip() else {}


def read_json(text: str) -> Any:
    """The value of JSON text: numbers with a fraction as decimals in text, no name twice, no NaN.

    Raises:
        Wrong: it is none.
    """
    try:
        return json.loads(
            text,
            parse_float=_decimal,
            parse_int=_whole,
            parse_constant=_constant,
            object_pairs_hook=_object,
        )
    except RecursionError:
        raise Wrong(400, TOO_DEEP) from None
    except ValueError as error:
        where = f" ({error})"
        raise Wrong(400, Message(NOT_JSON.zh + where, NOT_JSON.en + where)) from None


def _decimal(text: str) -> str:
    """The number in plain digits, to the last of them; one beyond all sense stays as written, and
    no field takes it."""
    number = Decimal(text)
    if not number:
        return "0"
    if abs(number.adjusted()) > _DIGITS or len(text) > 2 * _DIGITS:
        return text
    return format(number, "f")


def _whole(text: str) -> int | str:
    return int(text) if len(text) < 18 and abs(int(text)) <= SAFE_INTEGER else text


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(name for name, count in Counter(n for n, _ in pairs).items() if count > 1)
        raise ValueError(f"the name {twice[:50]!r} stands twice in one object")
    return found


def plain(value: Any) -> Any:
    """The value, if every text in it can be kept and it is not nested too deeply.

    Raises:
        Wrong: it can't be kept; by path.
    """
    for path, depth, text in _texts(value):
        if depth > MOST_DEPTH:
            raise Wrong(422, TOO_DEEP, {path: TOO_DEEP})
        if "\x00" in text or any("\ud800" <= char <= "\udfff" for char in text):
            raise Wrong(422, NOT_RIGHT, {path: NOT_TEXT})
    return value


def _texts(value: Any) -> Iterator[tuple[str, int, str]]:
    """(path, depth, text) of everything in the value; of what is no text, the empty one."""
    waiting: list[tuple[str, int, Any]] = [("", 0, value)]
    while waiting:
        path, depth, each = waiting.pop()
        yield path, depth, each if isinstance(each, str) else ""
        if depth > MOST_DEPTH:
            continue
        if isinstance(each, dict):
            for name, inner in each.items():
                yield path, depth, name
                below = name if path in ("", "answers") else f"{path}.{name}"
                waiting.append((below, depth + 1, inner))
        elif isinstance(each, list):
            waiting.extend((f"{path}[{at}]", depth + 1, inner) for at, inner in enumerate(each))


def _flat(messages: Any, path: str) -> Iterator[tuple[str, Message]]:
    if isinstance(messages, dict):
        for name, inner in messages.items():
            below = f"{path}[{name}]" if isinstance(name, int) else str(name)
            if isinstance(name, str):
                below = "" if name == "_schema" else name
                below = ".".join(part for part in (path, below) if part)
            yield from _flat(inner, below)
    elif isinstance(messages, list):
        for inner in messages[:1]:
            yield from _flat(inner, path)
    else:
        yield path, messages if isinstance(messages, Message) else Message(str(messages))
