"""Messages and signals from outside, by their name, to the requests that wait for them."""

from typing import Any

from engine.commands.publish import Broadcast, Publish
from engine.handle import Outcome
from web.api import bodies, shapes, who
from web.api.calls import call
from web.api.documents import Document
from web.api.doing import done
from web.api.schemas import NewMessage, NewSignal
from web.naming import new_request_id


@call("POST", "/messages", body=NewMessage, answer=shapes.Reached, verb=True)
def publish_message(given: dict[str, Any]) -> Document:
    """A message for the one request that waits for it, or for the process that it starts.

    `correlation`: a request's id or number, the key that its diagram names, or variables that
    must be equal. To processes that I own; to all as an administrator or a sender of messages.
    """
    command = Publish(
        actor=who.actor(override=who.administers()),
        message=given["name"],
        correlation=given["correlation"],
        variables=given["variables"],
        new=new_request_id(),
        key=bodies.key(),
    )
    return _reached(done(command, given))


@call("POST", "/signals", body=NewSignal, answer=shapes.Reached, verb=True)
def broadcast_signal(given: dict[str, Any]) -> Document:
    """A signal for every request that waits for it, and every process that it starts."""
    command = Broadcast(
        actor=who.actor(override=who.administers()),
        signal=given["name"],
        variables=given["variables"],
        new=new_request_id(),
        key=bodies.key(),
    )
    return _reached(done(command, given))


def _reached(outcome: Outcome) -> Document:
    found = outcome.result
    return {name: list(found.get(name, ())) for name in ("requests", "started")}
