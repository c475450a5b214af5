"""One call of the API: its route, what it takes, what it answers; all calls make the OpenAPI."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Blueprint, Response, current_app
from marshmallow import Schema
from werkzeug.exceptions import RequestEntityTooLarge

from web.api import bodies
from web.api.schemas import Nothing
from web.api.wrong import Wrong

blueprint = Blueprint("api", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What the OpenAPI document says of a call."""

    method: str
    path: str
    """As Flask writes it, without `/api/v1`."""
    name: str
    says: str
    body: type[Schema] | None = None
    query: type[Schema] | None = None
    files: str = ""
    """The name of the multipart part that holds files."""
    verb: bool = False
    """Whether it takes Idempotency-Key and If-Match."""
    answer: type[Schema] | None = None
    status: int = 200
    open: bool = False
    """Whether it needs nobody to be signed in."""
    reason: bool = False
    """Whether an administrator can say in a header why he reads it."""


CALLS: list[Call] = []
"""Every call, in the order of definition."""

View = Callable[..., Any]


def call(
    method: str,
    path: str,
    *,
    first: Callable[..., None] | None = None,
    status: int = 200,
    **described: Any,
) -> Callable[[View], View]:
    """A view of the API.

    It gets `asked` (its query, checked) where it has a query, and `given` (its body, checked)
    where it has a body. `first` is called with the path's parts before a bad query or body is
    told: it raises what comes before that (404, 403, 409).
    """

    def register(view: View) -> View:
        about = Call(
            method=method,
            path=path,
            name=view.__name__,
            says=(view.__doc__ or "").strip(),
            status=status,
            **described,
        )
        CALLS.append(about)

        @wraps(view)
        def answered(**parts: Any) -> Any:
            try:
                found = _found(about)
            except (Wrong, RequestEntityTooLarge):
                if first is not None:
                    first(**parts)
                raise
            made = view(**parts, **found)
            if method == "GET" and about.query is None:
                # Only now: what one may not know of comes first.
                bodies.query(Nothing())
            return answer(made, status)

        blueprint.add_url_rule(path, view.__name__, answered, methods=[method])
        return view

    return register


def _found(about: Call) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if about.query is not None:
        found["asked"] = bodies.query(about.query())
    if about.body is not None:
        found["given"] = bodies.body(about.body())
    return found


def answer(made: Any, status: int) -> Response:
    """The response of what a view has made: a document, or a document and its status."""
    if isinstance(made, Response):
        return made
    if isinstance(made, tuple):
        made, status = made
    text = json.dumps(made, ensure_ascii=False, separators=(",", ":"))
    return current_app.response_class(text, status, mimetype="application/json")
