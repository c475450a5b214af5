"""What went wrong, as `application/problem+json` (RFC 9457), in the caller's language.

Checked in this order: 401, 404, 403, 409, 413, 422 (interface.md).
"""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, current_app, g, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from engine.expressions import ExpressionError
from engine.refusals import Changed, Failed, Invalid, NotNow, NotYours, Refused, Unknown
from forms import Message
from storage.queries import BadCursor
from web.api.calls import blueprint
from web.api.state import changed_for, now_of
from web.api.wrong import Wrong
from web.organising import OrganisationChanged
from web.pages import here

MEDIA_TYPE = "application/problem+json"
PREFIX = "/api/"
SENTENCES = {
    400: Message("这个请求读不懂。", "This call can't be read."),
    401: Message(
        "请先登录，或使用有效的令牌。", "Please sign in, or send a token that is in force."
    ),
    403: Message("您无权这样做。", "This is not yours to do."),
    404: Message("没有这个地址或对象。", "There is nothing here, or it is not yours to know of."),
    405: Message("这个地址不接受这种方法。", "This address does not take that method."),
    409: Message("现在不能这样做。", "This can't be done now."),
    413: Message("内容过大。", "Too large."),
    415: Message(
        "请以 application/json 发送(上传用 multipart/form-data)。",
        "Please send application/json (multipart/form-data for uploads).",
    ),
    422: Message("填写的内容有误。", "Some of what was given is not right."),
    429: Message("过于频繁，请稍后再试。", "Too often; please try again later."),
    503: Message(
        "现在无法记录这次查阅，因此不能显示。请稍后再试。",
        "This reading can't be recorded now, and so is not shown. Please try again later.",
    ),
    500: Message(
        "系统出错，没有任何内容只做了一半。",
        "Something went wrong on our side; nothing is half done.",
    ),
}
UNTRUSTED = Message("缺少有效的 CSRF 令牌。", "A valid CSRF token is missing.")


def prepare(app: Flask) -> None:
    """Have every failure under /api/ answered by a problem document."""
    app.after_request(_in_our_words)


def status_of(no: Refused) -> int:
    """The HTTP status of a refusal."""
    match no:
        case Unknown():
            return 404
        case NotYours():
            return 403
        case Invalid():
            return 422
        case NotNow():
            return 409
    return 409


def refused(no: Refused) -> Response:
    """The document of a refusal, with what it says about the state now."""
    return _answer(status_of(no), contents(no))


def contents(no: Refused) -> dict[str, Any]:
    """What a refusal says, beside its status: its sentence, and errors or the state now."""
    found: dict[str, Any] = {"detail": no.sentence(here.locale()), "reason": no.reason}
    if isinstance(no, Invalid) and no.errors:
        found["errors"] = said(no.errors)
    if isinstance(no, NotNow):
        found["state"] = now_of(getattr(g, "about", None))
    if isinstance(no, Changed):
        found["version"] = no.details.get("version")
        found["changed"] = changed_for(getattr(g, "about", None), no.details.get("changed", []))
    if isinstance(no, OrganisationChanged):
        found |= {name: no.details[name] for name in ("version", "changed")}
    return found


def said(errors: Mapping[str, Message]) -> dict[str, str]:
    """Messages by field, in the caller's language."""
    return {path: message.said(here.locale()) for path, message in errors.items()}


def wrong(error: Wrong) -> Response:
    """The document of a call that is wrong in itself."""
    found: dict[str, Any] = {"detail": error.message.said(here.locale())}
    if error.errors:
        found["errors"] = said(error.errors)
    if error.problems:
        found["problems"] = list(error.problems)
    return _answer(error.status, found)


def unreadable(error: ExpressionError) -> Response:
    """A form's own expression fails while the form is drawn: said as where it is filled in."""
    return refused(Failed(message=str(error)))


def lost(_error: BadCursor) -> Response:
    """A cursor that this list never gave."""
    message = Message("这个列表没有给出过这个游标。", "This list has not given this cursor.")
    return wrong(Wrong(422, SENTENCES[422], {"cursor": message}))


def failed(error: Exception) -> Response:
    """The document of an HTTP failure."""
    code = error.code if isinstance(error, HTTPException) and error.code else 500
    response = _answer(code, {"detail": _sentence(code, error)})
    if isinstance(error, HTTPException):
        for name, value in error.get_headers(request.environ):
            if name in ("Allow", "Retry-After"):
                response.headers[name] = value
    return response


def _sentence(code: int, error: Exception) -> str:
    message = UNTRUSTED if isinstance(error, CSRFError) else SENTENCES.get(code, SENTENCES[400])
    return message.said(here.locale())


def document(status: int, contents: Mapping[str, Any]) -> dict[str, Any]:
    """A problem document."""
    title = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Problem"
    return {"type": "about:blank", "title": title, "status": status, **contents}


def _answer(status: int, contents: Mapping[str, Any]) -> Response:
    text = json.dumps(document(status, contents), ensure_ascii=False)
    response = current_app.response_class(text, status, mimetype=MEDIA_TYPE)
    response.headers["Content-Language"] = here.locale()
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _in_our_words(response: Response) -> Response:
    """Failures that no blueprint hears of (no such address, no such method) are ours as well."""
    if not request.path.startswith(PREFIX):
        return response
    response.vary.update(("Accept-Language", "Authorization", "Cookie"))
    if response.status_code < 400 or response.mimetype == MEDIA_TYPE:
        return response
    code = response.status_code
    message = SENTENCES.get(code, SENTENCES[400] if code < 500 else SENTENCES[500])
    made = _answer(code, {"detail": message.said(here.locale())})
    for name in ("Allow", "Retry-After"):
        if name in response.headers:
            made.headers[name] = response.headers[name]
    for name, value in made.headers.items():
        response.headers[name] = value
    response.set_data(made.get_data())
    return response


for _code in SENTENCES:
    blueprint.register_error_handler(_code, failed)
blueprint.register_error_handler(HTTPException, failed)
blueprint.register_error_handler(Refused, refused)
blueprint.register_error_handler(Wrong, wrong)
blueprint.register_error_handler(BadCursor, lost)
blueprint.register_error_handler(ExpressionError, unreadable)
