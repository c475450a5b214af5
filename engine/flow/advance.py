"""After each step of the tokens: carry out what they ask for, until only people and time are
waited for."""

from engine.case import Case
from engine.flow import actions, ending, messages, opening, timing
from engine.flow.cancelling import cancel_node
from engine.requests import is_virtual
from engine.tokens import Open

MOST_STEPS = 500
"""Automatic steps in one command; more is a diagram that runs in a circle."""


class RunsInCircles(Exception):
    """The process takes too many steps of its own in one command."""


def advance(case: Case) -> None:
    """Bring nodes, timers and the request to where the tokens stand now."""
    for _ in range(MOST_STEPS):
        tokens = case.run.open()
        _close_gone(case, {token.key for token in tokens})
        if not any(_attend(case, token) for token in tokens):
            break
        if not case.running or case.request.status not in ("running", "suspended"):
            return
    else:
        raise RunsInCircles("the process takes more than 500 steps of its own")
    if case.run.done():
        ending.finish(case)
    elif case.run.stuck() and not case.run.open():
        _stuck(case)


def _stuck(case: Case) -> None:
    """A join waits for what can no longer come, and nothing else is open: the diagram is wrong, an
    administrator is told; the request stays where it is, visible."""
    names = [case.definition.names.get(node) or node for node in case.run.stuck()]
    case.say("stuck", list(case.run.stuck()))
    case.notify(
        case.uow.directory.administrators(),
        "administrator",
        f"“{case.label}”停在汇聚处,等不到的分支:{'、'.join(names)}",
        f"“{case.label}” is stuck where ways join: {', '.join(names)}",
    )


def _attend(case: Case, token: Open) -> bool:
    """Do what a new token asks for; whether tokens may have moved."""
    match token.kind:
        case "task":
            if token.key in case.nodes or case.uow.node(case.request.id, token.key) is not None:
                return False
            return opening.enter(case, token)
        case "action":
            actions.perform(case, token)
            return True
        case "throw":
            messages.throw(case, token)
            return True
        case "timer":
            timing.arm(case, token)
            return False
        case _:
            return False


def _close_gone(case: Case, keys: set[str]) -> None:
    """Nodes and timers whose tokens are gone end with them (R1, X6)."""
    for node in case.open_nodes():
        if node.key not in keys and not is_virtual(node):
            cancel_node(case, node, "the process went another way")
    gone = [
        key
        for key, timer in case.open_timers().items()
        if (key not in keys if not timing.belongs_to_node(key) else timing.node_of(key) not in keys)
        and not timing.of_virtual(key)
    ]
    case.remove_timers(gone)
