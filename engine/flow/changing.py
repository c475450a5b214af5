"""Variables have changed: what of it an entry says, which timers are armed anew, and whose desks
show something else now."""

from typing import Any

from engine.case import Case
from engine.flow import shown, timing
from engine.recorded import changed_name
from engine.requests import is_virtual

Held = dict[str, dict[str, Any]]
"""Variables by the scope that holds them."""


def changed_variables(case: Case, before: Held) -> None:
    """Note what changed since `held_variables`, and arm anew the timers that read it."""
    names: dict[str, None] = {}
    for path, after in held_variables(case).items():
        earlier = before.get(path, {})
        for name in after:
            if earlier.get(name) == after[name]:
                continue
            names[name] = None
            if path in before and not name.startswith("_"):
                case.changes[changed_name(path, name)] = [earlier.get(name), after[name]]
    if names:
        for token in case.run.rearm(names):
            timing.arm(case, token, anew=True)
        shown_anew(case)


def held_variables(case: Case) -> Held:
    """The variables of the process itself and of every called one, by scope."""
    scopes = case.run.vars.save()
    return {path: scope["values"] for path, scope in scopes.items() if scope["parent"] is None}


def shown_anew(case: Case) -> None:
    """Variables have changed: note where that changes what an open desk shows (K5)."""
    for node in case.open_nodes():
        if is_virtual(node) or node.scope not in case.run.scopes:
            continue  # its scope has just ended, and it with it
        variables = case.run.variables(node.scope)
        now_shown = shown.digest_of(case.definition_of(node), case.words(node), variables)
        if now_shown != node.shown:
            node.shown = now_shown
            case.touch(node)
            case.say("shown", node.key, now_shown)
