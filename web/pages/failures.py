"""What people read when something can't be done: refusals, and pages for each kind of no."""

from typing import Any

from flask import Flask, Response, g, make_response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext
from werkzeug.exceptions import HTTPException

from engine.expressions import ExpressionError
from engine.refusals import Failed, Invalid, NotNow, NotYours, Refused, Unknown
from storage.queries import BadCursor
from web.pages import here
from web.pages.wording import gettext

TITLES = {
    400: lazy_gettext("This could not be read"),
    401: lazy_gettext("Please sign in"),
    403: lazy_gettext("This is not yours to do"),
    404: lazy_gettext("Nothing here"),
    405: lazy_gettext("This can't be done here"),
    409: lazy_gettext("This can't be done now"),
    413: lazy_gettext("Too large"),
    422: lazy_gettext("Something is not right yet"),
    429: lazy_gettext("Too often"),
    500: lazy_gettext("Something went wrong on our side"),
    503: lazy_gettext("Not now"),
}
LEADS = {
    400: lazy_gettext("The page may be too old. Go back, load it again and try once more."),
    401: lazy_gettext(
        "Your session has ended. What you typed is still on the page before this one."
    ),
    403: lazy_gettext(
        "Your account does not have the right for it. If it should, ask an administrator."
    ),
    404: lazy_gettext("The page does not exist, or it is not yours to know of."),
    405: lazy_gettext("The address is right, the way in is not."),
    409: lazy_gettext("Something has changed since. Load the page again to see how things stand."),
    413: lazy_gettext("The file or the form is larger than what is accepted."),
    422: lazy_gettext("Please go back and correct what was filled in."),
    429: lazy_gettext("Please wait a moment before you try again."),
    500: lazy_gettext(
        "Nothing was half done. Try again; if it happens again, tell an administrator."
    ),
    503: lazy_gettext(
        "This reading can't be recorded now, and so is not shown. Please try again later."
    ),
}


def status_of(refused: Refused) -> int:
    """The HTTP status of a refusal."""
    match refused:
        case Unknown():
            return 404
        case NotYours():
            return 403
        case NotNow():
            return 409
        case Invalid():
            return 422
    return 409


def prepare(app: Flask) -> None:
    """Failures of pages are pages; the API has its own."""
    app.register_error_handler(Refused, refused_page)
    app.register_error_handler(ExpressionError, unreadable)
    app.register_error_handler(BadCursor, failed)
    for code in TITLES:
        app.register_error_handler(code, failed)


def refused_page(refused: Refused) -> Any:
    """A refusal that no view has shown beside what was typed."""
    code = status_of(refused)
    if _is_api():
        raise refused
    return page(code, refused.sentence(here.locale()))


def unreadable(error: ExpressionError) -> Any:
    """A form's own expression fails while the form is drawn."""
    return refused_page(Failed(message=str(error)))


def failed(error: Exception) -> Any:
    """A page for an HTTP failure."""
    code = error.code if isinstance(error, HTTPException) and error.code else 500
    if isinstance(error, BadCursor):
        code = 404
    if _is_api():
        return error
    if code == 401:
        return redirect(url_for("session.sign_in", next=request.full_path), 303)
    return page(code, "")


def page(code: int, sentence: str) -> Response:
    """The failure page."""
    text = render_template(
        "failure.html",
        code=code,
        title=TITLES.get(code, gettext("This can't be done")),
        sentence=sentence or LEADS.get(code, ""),
        signed_in=getattr(g, "person", None) is not None,
    )
    return make_response(text, code)


def _is_api() -> bool:
    return request.path.startswith("/api/")
