"""After each step of the tokens: carry out what they ask for, until only people and time are
waited for."""

from collections.abc import Sequence

from engine.case import Case
from engine.flow import (
    actions,
    ending,
    external,
    incidents,
    messages,
    opening,
    receiving,
    timing,
    windows,
)
from engine.flow.cancelling import cancel_node
from engine.flow.failures import FAILURES
from engine.requests import is_virtual
from engine.tokens import Open

MOST_STEPS = 500
"""Automatic steps in one command; more is a diagram that runs in a circle."""


def advance(case: Case) -> None:
    """Bring nodes, timers and the request to where the tokens stand now."""
    for _ in range(MOST_STEPS):
        if not _step(case):
            break
        if not case.running or case.request.status not in ("running", "suspended"):
            return
    else:
        _halt_what_moves(case)
    if case.run.done():
        ending.finish(case)
    else:
        receiving.follow(case)
        incidents.follow(case, case.run.open())


def _step(case: Case) -> bool:
    """Attend to the open tokens until one moves; whether one did."""
    tokens = case.run.open()
    _close_gone(case, tokens)
    return any(_attend(case, token) for token in tokens)


def _halt_what_moves(case: Case) -> None:
    """The process takes steps of its own without end: what would take the next one is halted."""
    said = f"the process takes more than {MOST_STEPS} steps of its own in one command"
    for token in case.run.open():
        if token.kind in ("action", "throw", "external", "task") and not _known(case, token):
            incidents.halt(case, token.key, "limit", said)


def _known(case: Case, token: Open) -> bool:
    """Whether a token has been attended to, or can't be."""
    if token.trouble:
        return True
    if token.kind == "external":
        return token.key in case.open_externals()
    return token.kind == "task" and _entered(case, token)


def _entered(case: Case, token: Open) -> bool:
    return token.key in case.nodes or case.uow.node(case.request.id, token.key) is not None


def _attend(case: Case, token: Open) -> bool:
    """Do what a new token asks for; whether tokens may have moved."""
    if token.trouble:
        return False
    match token.kind:
        case "task":
            return False if _entered(case, token) else opening.enter(case, token)
        case "action":
            return actions.perform(case, token)
        case "external":
            return _offer(case, token)
        case "throw":
            return messages.throw(case, token)
        case "timer":
            timing.arm(case, token)
            return False
        case _:
            return False


def _offer(case: Case, token: Open) -> bool:
    """External work is put before the workers."""
    try:
        return external.wait(case, token)
    except FAILURES as failure:
        incidents.halt(case, token.key, "action", str(failure))
        return False


def _close_gone(case: Case, tokens: Sequence[Open]) -> None:
    """Nodes, timers and external tasks whose tokens are gone end with them (R1, X6)."""
    keys = {token.key for token in tokens}
    for node in case.open_nodes():
        if node.key not in keys and not is_virtual(node):
            cancel_node(case, node, "the process went another way")
    halted = {token.key for token in tokens if token.trouble}
    case.remove_timers([key for key in case.open_timers() if _idle(key, keys, halted)])
    external.gone(case, keys)


def _idle(key: str, keys: set[str], halted: set[str]) -> bool:
    """Whether a timer has nothing to do any more: its token is gone, or halted."""
    if key == windows.TIMER:
        return False
    if timing.belongs_to_node(key):
        return timing.node_of(key) not in keys and not timing.of_virtual(key)
    return key not in keys or key in halted
