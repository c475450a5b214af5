"""Who watches is watched: whoever reads another's history leaves an entry (H1)."""

from dataclasses import replace
from typing import Literal

import structlog
from flask import g, request
from werkzeug.exceptions import ServiceUnavailable

from engine.case import Actor
from storage import readings
from web.pages import here

What = Literal["history", "replay", "export", "page"]
log = structlog.get_logger("reading")


def read_history(request_id: str, what: What) -> None:
    """Record that whoever is signed in reads this request's history, where it is another's: he is
    an auditor, its process's owner, its department's head, or an administrator who has said why.

    At most one entry in ten minutes for a person, request and way of reading. Call it before the
    reading, outside of a write. An export that leaves an entry of its own needs none of these.

    Raises:
        ServiceUnavailable: it can't be recorded now, and an auditor or administrator reads only
            what is. An owner or head reads on; that it is missing stands in the log.
    """
    person, database, now = here.me(), here.system().database, here.now()
    with database.read() as reader:
        if not readings.watches(reader, g.viewer, request_id) or readings.lately(
            reader, person.id, request_id, what, now
        ):
            return
    try:
        with database.write() as transaction:
            readings.record(transaction, _actor(), request_id, what, now)
    except Exception as error:
        log.exception("a reading could not be recorded", request=request_id, what=what)
        if person.role in ("auditor", "administrator"):
            raise ServiceUnavailable() from error


def _actor() -> Actor:
    """Who reads, and whether through a page or the API."""
    return replace(here.actor(), via="api" if request.path.startswith("/api/") else "page")
