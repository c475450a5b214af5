"""Events that are waited for: in the flow, on the edge of an activity, and in a race."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec
from SpiffWorkflow.util.task import TaskState

from engine.diagrams.words import EventKind, EventWords
from engine.tokens.graph import Flow, Step
from engine.tokens.nodes import Node, OpenKind, awaited
from engine.tokens.token import Scope, Token

OPEN_KINDS: Mapping[EventKind, OpenKind] = {
    "timer": "timer",
    "message": "message",
    "signal": "signal",
    "condition": "condition",
}
"""What stands open for others to act on; errors and escalations are caught within."""


class Catch(Node):
    """An intermediate event: the token waits for what its event says."""

    rest = TaskState.WAITING
    numbered = True

    def __init__(self, spec: WorkflowSpec, step: Step, name: str = "") -> None:
        super().__init__(spec, step, name)
        assert step.event is not None
        self.event: EventWords = step.event
        self.open_kind = OPEN_KINDS.get(step.event.kind)

    def _update_hook(self, token: Token) -> bool:
        self.enter(token)
        token._set_state(TaskState.WAITING)
        self.again(token)
        return False

    def again(self, token: Token) -> None:
        """Arm the timer, or have the condition read when nothing else moves."""
        scope = token.workflow
        if self.open_kind == "timer":
            token.due = None
            token.due = scope.run.due_of(self.event, scope)
        elif self.open_kind == "condition":
            scope.run.reads_conditions = True

    def turned_true(self, token: Token) -> bool:
        """Whether the condition holds and did not when it was last read."""
        held = awaited(self.event.expression, token)
        turned = held and not token.held
        token.held = held
        return turned and bool(token.state == TaskState.WAITING)

    def fire(self, token: Token) -> None:
        """What it waited for has come."""
        if token.rivals:
            for other in list(token.workflow.live.values()):
                if other.rivals == token.rivals and other is not token:
                    other.cancel()
        token._ready()

    def remember(self, token: Token) -> dict[str, Any]:
        """Its due time, whether its condition held, and whom it races with or watches."""
        kept = super().remember(token)
        if token.due is not None:
            kept["due"] = token.due.isoformat()
        if token.held:
            kept["held"] = True
        if token.rivals:
            kept["rivals"] = token.rivals
        if token.host:
            kept["host"] = token.host
        return kept

    def restore(self, token: Token, kept: dict[str, Any]) -> None:
        """The reverse of `remember`."""
        super().restore(token, kept)
        if "due" in kept:
            token.due = datetime.fromisoformat(kept["due"])
        if self.open_kind == "condition":
            token.workflow.run.reads_conditions = True
        token.held = kept.get("held", False)
        token.rivals = kept.get("rivals", 0)
        token.host = kept.get("host", 0)


class Watch(Catch):
    """An event that waits beside what it may interrupt: on an edge, or for a whole scope."""

    @property
    def interrupting(self) -> bool:
        """Whether it ends what it watches. An error always does."""
        return self.event.interrupting or self.event.kind == "error"

    def fire(self, token: Token) -> None:
        """Interrupt, or go on beside. What is no timer can come again."""
        if self.interrupting:
            self.interrupt(token)
        elif self.open_kind == "timer":
            self.leave(token)
        else:
            self.strike(token)

    def interrupt(self, token: Token) -> None:
        """End what is watched, and go on instead."""
        raise NotImplementedError

    def leave(self, token: Token) -> None:
        """Go on beside what is watched, for the last time."""
        raise NotImplementedError

    def strike(self, token: Token) -> None:
        """Go on once beside what is watched, and keep watching."""
        raise NotImplementedError

    def catch(self, token: Token, caught: Mapping[str, Any], causes: Sequence[int]) -> None:
        """An error or escalation has come: `caught` says which, `causes` what threw it."""
        before = token.causes
        token.causes = tuple(dict.fromkeys((*before, *causes)))
        token.caught = dict(caught)
        self.fire(token)
        if not self.interrupting:
            token.causes, token.caught = before, None


class Boundary(Watch):
    """An event on the edge of an activity. Its token stands beside the activity's."""

    host_node: Node

    def watch(self, host: Token) -> None:
        """Begin to watch over `host`, which is being entered."""
        token = Token(host.workflow, self, host.workflow.task_tree, causes=host.causes)
        token.host = host.number
        self._update(token)

    def host_of(self, token: Token) -> Token:
        """The token of the activity that `token` watches over."""
        live: Iterable[Token] = token.workflow.live.values()
        return next(
            other
            for other in live
            if other.task_spec is self.host_node and other.number == token.host
        )

    def interrupt(self, token: Token) -> None:
        """End the activity."""
        host = self.host_of(token)
        token.host = 0
        host.cancel()
        token._ready()

    def leave(self, token: Token) -> None:
        """The activity goes on unwatched by this event."""
        token.host = 0
        token._ready()

    def strike(self, token: Token) -> None:
        """A token of its own goes on."""
        token.workflow.run.room_for(2)
        once = Token(token.workflow, self, token.parent, causes=token.causes)
        once.caught = token.caught
        once._ready()

    def plan(self, token: Token) -> None:
        """What the error or escalation brings along is worked out, too."""
        super().plan(token)
        if token.caught is not None:
            token.values = brought(self.event, token.caught, token.workflow)

    def _on_complete_hook(self, token: Token) -> None:
        scope = token.workflow
        scope.run.vars.write(scope.path, token.values)
        super()._on_complete_hook(token)


def brought(event: EventWords, caught: Mapping[str, Any], scope: Scope) -> dict[str, Any]:
    """The variables that a caught error or escalation writes in the scope that catches it."""
    values: dict[str, Any] = {}
    if event.code_variable:
        values[event.code_variable] = caught["code"]
    if event.message_variable:
        values[event.message_variable] = caught["message"]
    seen = {**scope.run.vars.view(scope.path), **caught["values"], **values}
    for name, text in event.outputs.items():
        values[name] = scope.world.evaluate(text, seen)
    return values


class EventGateway(Node):
    """Its events race: the first that comes cancels the others."""

    def spawn(self, token: Token, flow: Flow, passage: int) -> Token:
        """A token at one of the events."""
        child = super().spawn(token, flow, passage)
        child.rivals = passage
        return child
