"""Events that are waited for: in the flow, on the edge of an activity, and in a race."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec
from SpiffWorkflow.util.task import TaskState

from engine.diagrams.words import EventWords
from engine.tokens.graph import Flow, Step
from engine.tokens.nodes import Node
from engine.tokens.token import Token


class Catch(Node):
    """An intermediate event: the token waits for its timer or message."""

    rest = TaskState.WAITING

    def __init__(self, spec: WorkflowSpec, step: Step) -> None:
        super().__init__(spec, step)
        assert step.event is not None
        self.event: EventWords = step.event
        if step.event.kind not in ("error", "escalation", "none"):
            self.open_kind = step.event.kind

    def _update_hook(self, token: Token) -> bool:
        scope = token.workflow
        token.number = scope.count(self.shown)
        token._set_state(TaskState.WAITING)
        if self.open_kind == "timer":
            token.due = scope.run.due_of(self.event, scope.path)
        return False

    def fire(self, token: Token) -> None:
        """What it waited for has come."""
        if token.rivals:
            for other in list(token.workflow.live.values()):
                if other.rivals == token.rivals and other is not token:
                    other.cancel()
        token._ready()

    def remember(self, token: Token) -> dict[str, Any]:
        """Its due time, and whom it races with or watches."""
        kept = super().remember(token)
        if token.due is not None:
            kept["due"] = token.due.isoformat()
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
        token.rivals = kept.get("rivals", 0)
        token.host = kept.get("host", 0)


class Boundary(Catch):
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

    def fire(self, token: Token) -> None:
        """Interrupt the activity, or go on beside it. A message can come again."""
        if self.event.interrupting:
            host = self.host_of(token)
            token.host = 0
            host.cancel()
        elif self.open_kind == "message":
            self.strike(token)
            return
        token._ready()

    def strike(self, token: Token) -> None:
        """Go on once beside the activity, and keep watching."""
        once = Token(token.workflow, self, token.parent, causes=token.causes)
        once._ready()


class EventGateway(Node):
    """Its events race: the first that comes cancels the others."""

    def spawn(self, token: Token, flow: Flow, passage: int) -> Token:
        """A token at one of the events."""
        child = super().spawn(token, flow, passage)
        child.rivals = passage
        return child
