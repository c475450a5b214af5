"""Sub-processes, called processes and event sub-processes: scopes below a token."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec
from SpiffWorkflow.util.task import TaskState

from engine.tokens.catching import Watch, brought
from engine.tokens.errors import NotCallable, TooDeep
from engine.tokens.graph import Call, Mapped, Step
from engine.tokens.nodes import Node
from engine.tokens.token import Scope, Token
from engine.tokens.world import World

CALLS_MAX = 20
"""The most called processes in one another."""
DEPTH_MAX = 100
"""The most scopes in one another, called or not."""
INSTANCES_MAX = 1000
"""The most instances that one entry of a multi-instance may have."""


class SubProcess(Node):
    """Its token stands while the scope below it has a live one."""

    rest = TaskState.STARTED
    numbered = True
    marks_entry = True
    inner: WorkflowSpec

    def _update_hook(self, token: Token) -> bool:
        run = token.workflow.run
        run.room_for(2)
        if token.workflow.depth >= DEPTH_MAX:
            raise TooDeep(f"more than {DEPTH_MAX} processes and sub-processes in one another")
        content = self.content(token)
        values = self.initial(token)
        self.enter(token)
        token._set_state(TaskState.STARTED)
        run.open_scope(token, content, self.parent_path(token), values)
        return False

    def content(self, _token: Token) -> WorkflowSpec:
        """What runs below."""
        return self.inner

    def parent_path(self, token: Token) -> str | None:
        """Where the chain of variables goes on."""
        path: str = token.workflow.path
        return path

    def initial(self, token: Token) -> dict[str, Any]:
        """The variables that the scope begins with."""
        return self.item(token)

    def item(self, token: Token) -> dict[str, Any]:
        """In a multi-instance: the item that this instance is for, and its number."""
        return dict(token.each["values"]) if token.each else {}

    def emptied(self, token: Token, scope: Scope) -> None:
        """No token is left below: go on."""
        if token.state == TaskState.STARTED:
            token.inner = scope.last_passage
            token._ready()

    def _on_complete_hook(self, token: Token) -> None:
        run = token.workflow.run
        run.vars.write(token.workflow.path, token.values)
        run.close_scope(run.scopes[token.key])
        super()._on_complete_hook(token)

    def leaving_causes(self, token: Token) -> tuple[int, ...]:
        """Its entry, and what ended it."""
        return (*token.causes, token.inner)

    def _on_cancel(self, token: Token) -> None:
        self.unwatch(token)
        run = token.workflow.run
        scope = run.scopes.get(token.key)
        if scope is not None:
            scope.cancel_all()
            run.close_scope(scope)

    def remember(self, token: Token) -> dict[str, Any]:
        """Its number, and its place among the instances of a multi-instance."""
        kept = super().remember(token)
        if token.each is not None:
            kept["each"] = token.each
        return kept

    def restore(self, token: Token, kept: dict[str, Any]) -> None:
        """The reverse of `remember`; the scope below is opened for its tokens."""
        super().restore(token, kept)
        token.each = kept.get("each")
        token.workflow.run.reopen_scope(token, self.content(token))


class CallActivity(SubProcess):
    """A called process sees only what `in` hands over, and gives back only what `out` names."""

    def __init__(self, spec: WorkflowSpec, step: Step, call: Call, name: str = "") -> None:
        super().__init__(spec, step, name)
        self.call = call

    def content(self, token: Token) -> WorkflowSpec:
        """The called process, in the version that was the right one when the token came.

        Raises:
            TooDeep, NotCallable: there is none.
        """
        scope = token.workflow
        if not token.definition:
            if scope.calls >= CALLS_MAX:
                raise TooDeep(f"more than {CALLS_MAX} called processes in one another")
            view = {**scope.run.vars.view(scope.path), **self.item(token)}
            try:
                token.definition = scope.world.called(self.call, view)
                return scope.run.world.net(token.definition).root
            except scope.run.failures as error:
                raise NotCallable(str(error)) from error
        return scope.run.world.net(token.definition).root

    def _update_hook(self, token: Token) -> bool:
        # Tried anew, it may be another version.
        token.definition = ""
        return super()._update_hook(token)

    def parent_path(self, token: Token) -> str | None:
        """The chain ends here."""
        return None

    def initial(self, token: Token) -> dict[str, Any]:
        """What the `in` mappings give."""
        scope = token.workflow
        outer = {**scope.run.vars.view(scope.path), **self.item(token)}
        return mapped(self.call.ins, outer, scope.world)

    def plan(self, token: Token) -> None:
        """What the `out` mappings give is worked out, too."""
        scope = token.workflow
        token.values = mapped(self.call.outs, scope.run.vars.view(token.key), scope.world)
        super().plan(token)

    def given_back(self, token: Token) -> dict[str, Any]:
        """What the `out` mappings give before its end: those that can be made of what is there."""
        scope = token.workflow
        view = scope.run.vars.view(token.key)
        values: dict[str, Any] = {}
        for rule in self.call.outs:
            with suppress(*scope.run.failures):
                values.update(mapped((rule,), view, scope.world))
        return values

    def remember(self, token: Token) -> dict[str, Any]:
        """Which version it runs; that no return goes across, too."""
        return {**super().remember(token), "border": True, "runs": token.definition}

    def restore(self, token: Token, kept: dict[str, Any]) -> None:
        """The reverse of `remember`."""
        token.definition = kept["runs"]
        super().restore(token, kept)


def mapped(rules: Sequence[Mapped], view: Mapping[str, Any], world: World) -> dict[str, Any]:
    """The variables that `rules` make of `view`."""
    values: dict[str, Any] = {}
    for rule in rules:
        if rule.everything:
            values.update(view)
        else:
            values[rule.target] = world.evaluate(rule.expression, view)
    return values


class Handler(SubProcess):
    """An event sub-process that runs; its token stands in the scope that it watched over."""

    trigger: "Trigger"

    def _update_hook(self, token: Token) -> bool:
        scope = token.workflow
        values: dict[str, Any] = {}
        if token.caught is not None:
            values = brought(self.trigger.event, token.caught, scope)
        scope.run.room_for(2)
        scope.run.vars.write(scope.path, values)
        return super()._update_hook(token)

    def remember(self, token: Token) -> dict[str, Any]:
        """Whether it has ended the rest of its scope: no return goes there."""
        kept = super().remember(token)
        if self.trigger.interrupting:
            kept["cut"] = True
        return kept


class Trigger(Watch):
    """The event of an event sub-process, as long as it is waited for."""

    idle = True
    handler: Handler

    def __init__(self, spec: WorkflowSpec, step: Step) -> None:
        super().__init__(spec, step, f"{step.id}:event")
        self.shown = self.event.id

    def interrupt(self, token: Token) -> None:
        """The handler is all that is left of the scope."""
        token.workflow.cancel_all()
        self._handle(token)

    def leave(self, token: Token) -> None:
        """The handler runs beside the rest of the scope, which is not watched by this any more."""
        token.cancel()
        self._handle(token)

    def strike(self, token: Token) -> None:
        """The handler runs beside the rest of the scope."""
        token.workflow.run.room_for(2)
        self._handle(token)

    def _handle(self, token: Token) -> None:
        scope = token.workflow
        host = Token(scope, self.handler, scope.task_tree, causes=token.causes)
        host.caught = token.caught
        self.handler._update(host)
