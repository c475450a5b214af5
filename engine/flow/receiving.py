"""Messages and signals that a request waits for, and what happens when one arrives."""

from collections.abc import Collection, Mapping
from typing import Any, Literal

from engine.case import Case
from engine.diagrams.texts import is_expression
from engine.diagrams.words import EventWords
from engine.expressions import json_value
from engine.flow import changing, incidents
from engine.flow.failures import FAILURES
from engine.requests import Subscription
from engine.tokens import Open

Kind = Literal["message", "signal"]
MOST_KEY = 400
"""So many characters of a name or a correlation key are kept."""


def waits_of(case: Case) -> list[Open]:
    """The tokens that wait for a message or signal; halted ones do not."""
    return [t for t in case.run.open() if t.kind in ("message", "signal") and not t.trouble]


def event_of(case: Case, token: Open) -> EventWords:
    """The words of what a token waits for."""
    return case.definition_of(token).events[token.node]


def follow(case: Case) -> None:
    """Bring what is known of waiting tokens to where they stand now."""
    waits: dict[str, list[str]] = {}
    for token in waits_of(case):
        try:
            waits[token.key] = _named(case, token)
        except FAILURES as failure:
            kind = incidents.kind_of(failure, "expression")
            incidents.halt(case, token.key, kind, str(failure))
    put(case, waits)


def put(case: Case, waits: dict[str, list[str]]) -> None:
    """These are what the request waits for from now on."""
    flow = case.flow
    if flow.waits == waits:
        return
    flow.waits = waits
    rows = [
        Subscription(
            request=case.request.id,
            key=key,
            kind=kind,  # type: ignore[arg-type]
            name=name,
            correlation=more[0] if more else "",
        )
        for key, (kind, name, *more) in sorted(waits.items())
    ]
    case.uow.subscribe(case.request.id, rows)


def set_aside(case: Case) -> dict[str, list[str]]:
    """What the request waits for while it is returned to its requester: what would interrupt."""
    follow(case)
    open_now = {t.key for t in waits_of(case) if event_of(case, t).interrupting}
    return {key: row for key, row in case.flow.waits.items() if key in open_now}


def end(case: Case) -> None:
    """The tokens are gone."""
    if case.flow.waits:
        put(case, {})
    case.flow.undelivered.clear()


def deliver(
    case: Case,
    kind: Kind,
    name: str,
    payload: Mapping[str, Any],
    *,
    keys: Collection[str] | None = None,
    raw: bool = False,
) -> list[Open]:
    """Hand it to the tokens that wait for it; `keys`: of these only. What of the payload becomes
    variables the catching event's outputs say; without any, all of it if `raw`.

    Returns:
        The tokens that were meant. One whose outputs can't be made out is halted, and is given it
        again when it is retried.
    """
    tokens = [t for t in waits_of(case) if _is_meant(case, t, kind, name, keys)]
    before = changing.held_variables(case)
    ready = []
    for token in tokens:
        try:
            writes = written(case, token, payload, raw=raw)
        except FAILURES as failure:
            case.flow.undelivered[token.key] = [kind, name, dict(payload), raw]
            incidents.halt(case, token.key, "expression", str(failure))
        else:
            case.flow.undelivered.pop(token.key, None)
            case.run.write(writes, token.scope)
            ready.append(token.key)
    if tokens:
        case.say("received", name, [token.node for token in tokens])
    if ready:
        case.run.deliver(name, kind=kind, keys=ready)
        changing.changed_variables(case, before)
    return tokens


def written(case: Case, token: Open, payload: Mapping[str, Any], *, raw: bool) -> dict[str, Any]:
    """What a catching event makes of a payload."""
    event = event_of(case, token)
    return mapped(case, token, event, payload, case.run.variables(token.scope), raw=raw)


def mapped(
    case: Case,
    token: Open | None,
    event: EventWords,
    payload: Mapping[str, Any],
    variables: Mapping[str, Any],
    *,
    raw: bool,
) -> dict[str, Any]:
    """The variables that an event's outputs make of a payload; without outputs, the payload if it
    is `raw`."""
    if not event.outputs:
        return dict(payload) if raw else {}
    world, scope = case.world(token), {**variables, **payload}
    return {name: json_value(world.evaluate(text, scope)) for name, text in event.outputs.items()}


def _is_meant(case: Case, token: Open, kind: Kind, name: str, keys: Collection[str] | None) -> bool:
    if token.kind != kind or (keys is not None and token.key not in keys):
        return False
    try:
        return _named(case, token)[1] == name
    except FAILURES:
        return False


def _named(case: Case, token: Open) -> list[str]:
    """[kind, name] of what a token waits for, and its correlation key if it has one."""
    event, world = event_of(case, token), case.world(token)
    found = [token.kind, _text(world, event.message, case, token)]
    correlation = event.properties.get("message.correlation", "")
    if correlation:
        key = _text(world, correlation, case, token)
        found += [key] if key else []
    return found


def _text(world: Any, text: str, case: Case, token: Open) -> str:
    if is_expression(text):
        value = world.evaluate(text, case.run.variables(token.scope))
        text = "" if value is None else str(json_value(value))
    return text[:MOST_KEY]
