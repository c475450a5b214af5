"""Deliver: a message from another request arrives (docs/coupling.md)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from engine.case import Case
from engine.commands.base import Command, go_on
from engine.expressions import json_value
from engine.flow import changing
from engine.flow.cancelling import cancel_everything
from engine.ids import RequestId
from engine.tokens import Open, Run
from engine.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliver(Command):
    """A message with its payload, for one request."""

    verb: ClassVar[str] = "message"
    request: RequestId
    message: str
    payload: Mapping[str, Any] = field(default_factory=dict)

    def kept(self) -> dict[str, Any]:
        """The payload; the message's name stands in the body."""
        return {"payload": dict(self.payload)}


def act(command: Deliver, case: Case) -> bool:
    """Hand it to whatever waits for it; False if nothing does, then no entry is left.

    While the request is returned to its requester its tokens are set aside; a message that one of
    them waits for takes them up again, and the requester's desk closes.
    """
    if case.request.status not in ("running", "returned", "suspended"):
        return False
    if case.request.status == "returned":
        aside = (case.flow.aside or {}).get("marking")
        if aside is None or not _waits(case, aside, command.message):
            return False
        cancel_everything(case, f"message {command.message}")
        case.flow.marking, case.flow.aside = aside, None
        case.request.status = "running"
    tokens = [
        t
        for t in case.run.open()
        if t.kind == "message" and _name(case, t) == command.message
    ]
    if not tokens:
        return False
    before = changing.held_variables(case)
    for token in tokens:
        event, world = case.definition_of(token).events[token.node], case.world(token)
        scope = {**case.run.variables(token.scope), **command.payload}
        writes = {
            name: json_value(world.evaluate(text, scope)) for name, text in event.outputs.items()
        }
        case.run.write(writes, token.scope)
    case.inputs.update(command.kept())
    case.body["message"] = command.message
    case.run.deliver(command.message)
    case.say("received", command.message, [t.node for t in tokens])
    changing.changed_variables(case, before)
    go_on(case)
    return True


def _waits(case: Case, marking: dict[str, Any], message: str) -> bool:
    """Whether tokens that are set aside wait for the message with an interrupting event."""
    run = Run.resume(case.definition.net, marking, case.flow.scopes, World(case))
    return any(
        token.kind == "message"
        and case.definition_of(token).events[token.node].message == message
        and case.definition_of(token).events[token.node].interrupting
        for token in run.open()
    )


def _name(case: Case, token: Open) -> Any:
    name = case.definition_of(token).events[token.node].message
    if "{" in name:
        return case.world(token).evaluate(name, case.run.variables(token.scope))
    return name
