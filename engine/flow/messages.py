"""Messages and signals that a request throws, carried out after it is saved, in the same commit."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from engine import correlating
from engine.case import Case, Cause
from engine.correlating import Receivers
from engine.diagrams.words import EventWords
from engine.expressions import ExpressionError, json_value
from engine.flow import incidents, others, receiving
from engine.flow.failures import FAILURES, ActionFailed, RunsInCircles
from engine.ids import RequestId
from engine.requests import IncidentKind
from engine.tokens import Open
from engine.world import World

LINKED_WITHDRAWN = "linked.withdrawn"
"""What the open requests that link to a request hear when it is withdrawn, cancelled or void."""


def throw(case: Case, token: Open) -> bool:
    """A throwing event: hand it on to those whom it is for, and go on; whether it did."""
    event, world = case.definition_of(token).events[token.node], case.world(token)
    variables = case.run.variables(token.scope)
    try:
        payload = _payload(event, variables, world)
        name = str(world.evaluate(event.message, variables) or "")
        if event.kind == "signal":
            own = _signal(case, name, payload)
        else:
            own = _message(case, event, name, payload, variables, world)
    except FAILURES as failure:
        kind: IncidentKind = "expression" if isinstance(failure, ExpressionError) else "message"
        kind = "limit" if isinstance(failure, RunsInCircles) else kind
        incidents.halt(case, token.key, kind, str(failure))
        return False
    case.run.complete(token.key)
    if own:
        which: receiving.Kind = "signal" if event.kind == "signal" else "message"
        receiving.deliver(case, which, name, payload, keys=own)
    return True


def _payload(event: EventWords, variables: dict[str, Any], world: World) -> dict[str, Any]:
    return {
        name: json_value(world.evaluate(text, variables)) for name, text in event.payload.items()
    }


def _signal(case: Case, name: str, payload: dict[str, Any]) -> list[str]:
    """Everyone who waits hears it; processes that it starts begin. The keys of own tokens."""
    me = case.request.id
    live = partial(_asked, lambda: correlating.everyone(case.uow, "signal", name, but=me))
    found = case.facts.act(["receivers", "signal", name], live)
    for request, keys in _meant(found).items():
        send(case, request, name, payload, kind="signal", keys=keys)
    _start_by(case, "signal", name, payload)
    return _own_keys(case, "signal", name)


def _message(
    case: Case,
    event: EventWords,
    name: str,
    payload: dict[str, Any],
    variables: dict[str, Any],
    world: World,
) -> list[str]:
    """Those that `message.to` names; else the one that its correlation gives. The keys of own
    tokens, if it is meant itself."""
    if event.to:
        targets = world.evaluate(event.to, variables)
        for target in targets if isinstance(targets, list) else [targets]:
            if target:
                _send_to(case, str(target), name, payload)
        return []
    said = event.properties.get("message.correlation", "")
    key = json_value(world.evaluate(said, variables)) if said else None
    own = _own_keys(case, "message", name)
    if own and key is None:
        return own
    me = case.request.id
    live = partial(_asked, lambda: _receivers(case, name, key))
    found = _meant(case.facts.act(["receivers", "message", name, key], live))
    mine = found.pop(me, [])
    for request, keys in found.items():
        send(case, request, name, payload, keys=keys)
    if not mine and not found and key in (None, "", {}):
        _start_by(case, "message", name, payload)
    return mine


def _receivers(case: Case, name: str, key: Any) -> Receivers:
    """Who a message is for: by its key (a text, or a map of variables), else the linked requests
    that wait for it, else the only one that does.

    Raises:
        TooMany: which of several is meant can't be told.
    """
    uow, me = case.uow, case.request.id
    if isinstance(key, Mapping):
        found = correlating.by_variables(uow, name, key)
    elif key is not None and key != "":
        found = correlating.by_key(uow, name, str(key))
    else:
        linked = {*_linked(case)}
        waiting = correlating.everyone(uow, "message", name, but=me)
        tied = correlating.kept_to(waiting, linked.__contains__)
        if tied:
            return tied
        found = waiting
    if len(found) > 1:
        raise correlating.TooMany(
            f"{len(found)} requests wait for the message “{name}”: say which is meant"
            " (message.to, message.correlation)"
        )
    return found


def _linked(case: Case) -> list[str]:
    """The requests that this one links to, and those that link to it."""
    variables = root_variables(case)
    found = [link.source for link in case.uow.linked(case.request.id)]
    for name in case.definition.process.links:
        value = variables.get(name)
        found += [RequestId(str(each)) for each in (value if isinstance(value, list) else [value])]
    return [str(each) for each in found]


def _asked(live: Any) -> dict[str, Any]:
    """As a fact: the receivers, or why there are none."""
    try:
        return {"to": [[request, keys] for request, keys in live().items()]}
    except correlating.TooMany as many:
        return {"failed": str(many)}


def _meant(fact: dict[str, Any]) -> Receivers:
    if "failed" in fact:
        raise ActionFailed(fact["failed"])
    return {RequestId(request): list(keys) for request, keys in fact["to"]}


def _own_keys(case: Case, kind: str, name: str) -> list[str]:
    """The own tokens that wait for it now."""
    receiving.follow(case)
    waits = case.flow.waits.items()
    return [key for key, (of, named, *_) in waits if (of, named) == (kind, name)]


def _start_by(case: Case, kind: str, name: str, payload: dict[str, Any]) -> None:
    """The processes that it starts begin, on behalf of this one's requester."""
    from engine.commands.start import Start

    processes = case.facts.act(["started by", kind, name], lambda: case.uow.started_by(kind, name))
    for process in processes:
        command = Start(
            process=process,
            requester=case.request.requester,
            variables=payload,
            submit=True,
            by=(kind, name),
            number_in_cause=len(case.did),
        )
        result = others.do(case, ["start", process, command.number_in_cause], command)
        case.say("started", name, result["id"])


def _send_to(case: Case, target: str, name: str, payload: dict[str, Any]) -> None:
    """A request that the diagram names."""
    there = case.facts.act(
        ["there", target], lambda: case.uow.request(RequestId(target), lock=False) is not None
    )
    if not there:
        raise ActionFailed(f"there is no request “{target[:100]}” to send the message “{name}” to")
    send(case, target, name, payload)


def send(
    case: Case,
    target: str,
    name: str,
    payload: dict[str, Any],
    *,
    kind: str = "message",
    keys: list[str] | None = None,
) -> None:
    """Queue a message or signal for one request.

    Raises:
        RunsInCircles: this command has brought about too much already.
    """
    from engine.commands.deliver import Deliver, Signal

    question = ["full", target, name]
    if case.facts.remark(question, lambda: case.after.is_full, usual=False):
        raise RunsInCircles("requests keep sending one another messages")
    case.say("sent", name, target)
    make = Signal if kind == "signal" else Deliver
    command = make(
        request=RequestId(target),
        message=name,
        payload=payload,
        keys=None if keys is None else tuple(keys),
    )
    case.after.put(command, Cause(request=case.request.id, seq=case.request.seq + 1))


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
