"""Errors and escalations: who catches them, and the events that throw them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec
from SpiffWorkflow.util.task import TaskState

from engine.tokens.catching import Boundary, Watch
from engine.tokens.errors import Uncaught
from engine.tokens.graph import Flow, Step
from engine.tokens.instances import Instance
from engine.tokens.nested import CallActivity, Handler, Trigger
from engine.tokens.nodes import Node
from engine.tokens.token import Scope, Token


def catchers(thrower: Token, kind: str) -> Iterator[Token]:
    """Every event that could catch what `thrower` throws, nearest first; among those at one place
    the ones for a certain code come before those for every code."""
    yield from _ordered(_edges(thrower, kind))
    scope: Scope | None = thrower.workflow
    beyond: Handler | None = None
    while scope is not None:
        yield from _ordered(_triggers(scope, kind, beyond))
        host = scope.host
        if host is None:
            return
        spec = host.task_spec
        whole = spec.controller.of(host) if isinstance(spec, Instance) else host
        yield from _ordered(_edges(whole, kind))
        # What an event sub-process throws, it does not catch itself.
        beyond = spec if isinstance(spec, Handler) else None
        scope = host.workflow


def catcher(thrower: Token, kind: str, code: str) -> Token | None:
    """The nearest event that catches `code`; None: nothing does."""
    for token in catchers(thrower, kind):
        if token.workflow.text(token.task_spec.event.code) in ("", code):
            return token
    return None


def _ordered(tokens: Iterable[Token]) -> list[Token]:
    return sorted(tokens, key=lambda token: (not token.task_spec.event.code, token.id))


def _edges(host: Token, kind: str) -> Iterator[Token]:
    for token in host.workflow.live.values():
        spec = token.task_spec
        mine = isinstance(spec, Boundary) and spec in host.task_spec.watchers
        if mine and token.host == host.number and _waits(token, kind):
            yield token


def _triggers(scope: Scope, kind: str, beyond: Handler | None) -> Iterator[Token]:
    for token in scope.live.values():
        spec = token.task_spec
        if isinstance(spec, Trigger) and spec.handler is not beyond and _waits(token, kind):
            yield token


def _waits(token: Token, kind: str) -> bool:
    spec: Watch = token.task_spec
    return spec.event.kind == kind and bool(token.state == TaskState.WAITING)


class Raise(Node):
    """An event that throws an error or an escalation."""

    def __init__(self, spec: WorkflowSpec, step: Step) -> None:
        super().__init__(spec, step)
        assert step.event is not None
        self.event = step.event

    def plan(self, token: Token) -> None:
        """Find out what it throws, and who catches that.

        Raises:
            Uncaught: nobody catches the error.
        """
        super().plan(token)
        scope = token.workflow
        view = scope.run.vars.view(scope.path)
        code = scope.text(self.event.code)
        message = scope.text(self.event.message or self.event.name)
        token.catcher = catcher(token, self.event.kind, code)
        if token.catcher is None and self.event.kind == "error":
            raise Uncaught(code, message)
        values = {n: scope.world.evaluate(t, view) for n, t in self.event.payload.items()}
        token.caught = {"code": code, "message": message, "values": values}

    def ways(self, token: Token) -> Sequence[Flow]:
        """None after an error."""
        return () if self.event.kind == "error" else super().ways(token)

    def _on_complete_hook(self, token: Token) -> None:
        super()._on_complete_hook(token)
        if token.catcher is not None:
            causes = (token.workflow.last_passage,)
            hand_over(token.catcher, token.caught or {}, causes, thrower=token)


def hand_over(
    token: Token, caught: Mapping[str, Any], causes: Sequence[int], *, thrower: Token
) -> None:
    """Give what was thrown to the event that catches it; what fails there halts it."""
    run = token.workflow.run
    _give_back(thrower, token.workflow)
    try:
        token.task_spec.catch(token, caught, causes)
    except run.failures as error:
        run.stop(token, error)


def _give_back(thrower: Token, to: Scope) -> None:
    """Each called process that is left on the way to the scope that catches gives back what its
    call's `out` names, as far as it is there yet."""
    scope = thrower.workflow
    while scope is not to and scope.host is not None:
        host = scope.host
        scope = host.workflow
        if isinstance(host.task_spec, CallActivity):
            scope.run.vars.write(scope.path, host.task_spec.given_back(host))
