"""What must be so after every command, whatever the diagram: tokens and rows agree."""

import json
from collections.abc import Iterator
from typing import Any

from engine.ids import RequestId
from engine.requests import ENDED
from engine.tokens import Open, Run
from tests.wild.office import Office


class Lost(AssertionError):
    """It came to what must never be: what, and the way there."""


def tokens(office: Office, request: RequestId) -> tuple[Open, ...]:
    """Where the tokens stand, read from what was saved.

    Raises:
        Lost: read and saved again, they stand elsewhere.
    """
    flow = office.uow.flow(request)
    if flow.marking is None:
        return ()
    net = office.definition_of(request).net
    run = Run.resume(net, flow.marking, flow.scopes, _Silent(office))
    again = run.save()
    if _json(again) != _json((flow.marking, flow.scopes)):
        raise Lost(f"the marking does not survive: {flow.marking} -> {again[0]}")
    return run.open()


def complaints(office: Office, request: RequestId) -> Iterator[str]:
    """What is wrong with how a request stands."""
    row, standing = office.row(request), {token.key: token for token in tokens(office, request)}
    rows = _rows(office, request)
    if row.status in ENDED:
        left = [*standing, *(key for keys in rows.values() for key in keys)]
        if left:
            yield f"it is over, but {left} stay open"
    elif row.status == "running":
        if not standing and not rows["incident"]:
            yield "it runs without a token"
        for key, token in standing.items():
            yield from _of_token(key, token, rows)
        for kind, keys in rows.items():
            yield from _of_rows(kind, keys, standing)


def waits(office: Office, request: RequestId) -> tuple[str, ...]:
    """What a request waits for, each by its name."""
    uow = office.uow
    found = [
        f"{slot.node}: {', '.join(slot.holders or slot.candidates) or 'nobody'}"
        for slot in uow.slots(request, status="open")
    ]
    found += [f"timer {timer.key} at {timer.due}" for timer in uow.timers(request)]
    found += [f"incident: {each.message}" for each in uow.incidents(request) if each.message]
    found += [f"worker: {each.topic}" for each in uow.externals(request) if each.topic]
    found += [f"{row.kind} {row.name}" for row in office.subscriptions(request) if row.name]
    found += [f"condition {t.node}" for t in tokens(office, request) if t.kind == "condition"]
    return tuple(found)


def _rows(office: Office, request: RequestId) -> dict[str, set[str]]:
    """The keys of what waits, by the kind of token that it waits for."""
    uow = office.uow
    subscribed = {row.kind: set[str]() for row in office.subscriptions(request)}
    for row in office.subscriptions(request):
        subscribed[row.kind].add(row.key)
    return {
        "task": {node.key for node in uow.nodes(request, status="open")},
        "timer": {timer.key for timer in uow.timers(request)},
        "external": {external.key for external in uow.externals(request)},
        "message": subscribed.get("message", set()),
        "signal": subscribed.get("signal", set()),
        "incident": {incident.key for incident in uow.incidents(request)},
    }


def _of_token(key: str, token: Open, rows: dict[str, set[str]]) -> Iterator[str]:
    if token.trouble:
        if key not in rows["incident"]:
            yield f"a token is halted at {key}, but no incident says so"
    elif token.kind in ("action", "throw", "halted"):
        yield f"a token stays at {key}, which should go on by itself"
    elif token.kind == "timer" and token.due is None:
        return
    elif key not in rows.get(token.kind, {key}):
        yield f"a {token.kind} waits at {key}, but no row of it is there"


def _of_rows(kind: str, keys: set[str], standing: dict[str, Open]) -> Iterator[str]:
    for key in keys:
        # reminders, deadlines and some incidents hang at a node: `<what>:<the node's key>`
        place = key if key.startswith("/") else key.partition(":")[2]
        if place not in standing and not key.startswith(("copy:", "stuck")):
            yield f"{kind} {key} is open, but no token stands there"


class _Silent:
    """A world that answers nothing: a marking comes back without asking anybody."""

    failures = ()

    def __init__(self, office: Office) -> None:
        self._office = office

    def net(self, digest: str) -> Any:
        return self._office.uow.definition(digest).net

    def within(self, digest: str) -> "_Silent":
        return self

    def __getattr__(self, name: str) -> Any:
        raise Lost(f"{name} was asked while a marking was read")


def _json(value: Any) -> Any:
    return json.loads(json.dumps(value, sort_keys=True))
