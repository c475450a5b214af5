"""Calls to other systems leave (`countersign.webhook`): only to hosts that the settings name, each
with a key by which the receiver can drop repeats; no redirect is followed."""

import http.client
from collections.abc import Callable
from datetime import datetime
from email.message import Message
from typing import IO
from urllib.error import URLError
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

import structlog

from engine.flow.calling import place_of
from storage import Database, calls
from storage.calls import Call

BATCH = 20
SECONDS = 10
log = structlog.get_logger("outbox")

Send = Callable[[Call], None]
"""Makes a call; raises OSError or HTTPException where it did not succeed."""


class _NoRedirect(HTTPRedirectHandler):
    """Who is allowed to be called is who answers."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        """None is followed: it comes back as an error."""


def send(call: Call) -> None:
    """POST the payload; any answer but success is an error."""
    request = Request(  # noqa: S310 - `post` lets only http and https of named hosts through
        call.url,
        data=call.payload.encode("utf-8", "surrogatepass"),
        method="POST",
        headers={
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": call.key,
            "User-Agent": "Countersign",
        },
    )
    with build_opener(_NoRedirect, ProxyHandler({})).open(request, timeout=SECONDS) as answer:
        answer.read(1)


def post(database: Database, now: datetime, make: Send = send) -> int:
    """Make the calls that are due. What may no longer be called is given up.

    Returns:
        How many were made.
    """
    with database.write() as transaction:
        due = calls.take(transaction, now, BATCH)
    made = 0
    for call in due:
        allowed = place_of(call.url) in database.callable
        problem = _made(make, call) if allowed else None
        with database.write() as transaction:
            if problem is None:
                calls.sent(transaction, call)
                made += allowed
            else:
                again = calls.failed(transaction, call, now)
                log.warning("a call failed", key=call.key, why=problem, given_up=again is None)
    return made


def _made(make: Send, call: Call) -> str | None:
    """What went wrong, if anything."""
    try:
        make(call)
    except (OSError, URLError, http.client.HTTPException, ValueError) as error:
        return f"{type(error).__name__}: {error}"[:200]
    return None
