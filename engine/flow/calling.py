"""Calls to other systems (`countersign.webhook`): they leave from the outbox after the commit."""

import json
from typing import Any
from urllib.parse import urlsplit

from engine.case import Case
from engine.flow.failures import ActionFailed
from engine.unit_of_work import Post

MOST_URL = 2_000
MOST_BYTES = 64 * 1024
"""So large is what is sent, as JSON."""
_PORTS = {"http": 80, "https": 443}


def post(case: Case, inputs: dict[str, Any]) -> dict[str, Any]:
    """Send `payload` to `url`, if this system may call that host at all.

    Raises:
        ActionFailed: it may not, or the address is none.
    """
    url = inputs.get("url")
    where = place_of(url) if isinstance(url, str) else None
    if where is None or not isinstance(url, str):
        raise ActionFailed(f"{str(url)[:100]!r} is no address of a web hook: http:// or https://")
    if not case.facts.ask(["may call", where], lambda: case.uow.may_call(where)):
        raise ActionFailed(f"this system may not call {where} (COUNTERSIGN_WEBHOOKS names who)")
    text = json.dumps(inputs.get("payload"), ensure_ascii=False, separators=(",", ":"))
    if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        raise ActionFailed("what is to be sent is larger than 64 KB")
    case.uow.post(Post(request=case.request.id, url=url, payload=text, at=case.now))
    case.say("called", where)
    return {"sent_to": where}


def place_of(url: str) -> str | None:
    """The host of an address, with its port where that is not the usual one; None where the text
    is no plain address."""
    if len(url) > MOST_URL or not url.isprintable() or " " in url:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not parts.hostname or "@" in parts.netloc:
        return None
    usual = port is None or port == _PORTS[parts.scheme]
    return parts.hostname if usual else f"{parts.hostname}:{port}"
