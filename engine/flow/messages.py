"""Messages between requests, carried out after this request is saved, in the same commit."""

from typing import Any

from engine.case import Case, Cause
from engine.expressions import ExpressionError
from engine.flow import incidents
from engine.flow.failures import FAILURES
from engine.ids import RequestId
from engine.requests import IncidentKind
from engine.tokens import Open
from engine.world import World

LINKED_WITHDRAWN = "linked.withdrawn"
"""What the open requests that link to a request hear when it is withdrawn, cancelled or void."""


def throw(case: Case, token: Open) -> bool:
    """A throwing event: hand it on to those whom it is for, and go on; whether it did."""
    try:
        _hand_on(case, token)
    except FAILURES as failure:
        kind: IncidentKind = "expression" if isinstance(failure, ExpressionError) else "message"
        incidents.halt(case, token.key, kind, str(failure))
        return False
    case.run.complete(token.key)
    return True


def _hand_on(case: Case, token: Open) -> None:
    event = case.definition_of(token).events[token.node]
    world, variables = case.world(token), case.run.variables(token.scope)
    payload = {
        name: _value(world.evaluate(text, variables)) for name, text in event.payload.items()
    }
    targets = world.evaluate(event.to, variables) if event.to else None
    for target in targets if isinstance(targets, list) else [targets]:
        if target:
            send(case, str(target), event.message, payload)


def send(case: Case, target: str, message: str, payload: dict[str, Any]) -> None:
    """Queue one message for one request."""
    from engine.commands.deliver import Deliver

    case.say("sent", message, target)
    command = Deliver(request=RequestId(target), message=message, payload=payload)
    case.after.append((command, Cause(request=case.request.id, seq=case.request.seq + 1)))


def tell_dependants(case: Case, reason: str) -> None:
    """This request was withdrawn, cancelled or void: those that link to it hear of it, and whoever
    the process names (`withdrawn.message`, `withdrawn.message.to`)."""
    request = case.request
    payload = {
        "id": request.id,
        "number": request.number,
        "status": request.status,
        "reason": reason,
        "outcome": request.status,
    }
    linked = case.facts.act(
        ["dependants"], lambda: [link.source for link in case.uow.linked(request.id)]
    )
    for source in dict.fromkeys(linked):
        send(case, source, LINKED_WITHDRAWN, payload)
    words = case.definition.process.properties
    if words.get("withdrawn.message") and words.get("withdrawn.message.to"):
        variables = root_variables(case)
        target = World(case).evaluate(words["withdrawn.message.to"], {"origin": None, **variables})
        if target:
            send(case, str(target), words["withdrawn.message"], payload)


def root_variables(case: Case) -> dict[str, Any]:
    """The instance's variables, whether tokens stand or not."""
    if case.running or case.flow.marking is not None:
        return dict(case.run.variables())
    return dict(case.flow.root)


def _value(value: object) -> Any:
    from engine.expressions import json_value

    return json_value(value)
