"""Joins that count tokens, one per incoming flow, and consume the oldest of each.

The library's joins count what is left in its task tree: a join in a loop takes an arrival of the
round before for one of this round and opens early.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.tokens.graph import Flow
from engine.tokens.nodes import Node, default_way, holds
from engine.tokens.token import Scope, Token


class Join(Node):
    """What parallel and inclusive joins share."""

    rest = TaskState.WAITING

    def waiting(self, scope: Scope) -> dict[str, Token]:
        """The oldest waiting token of each flow that has one."""
        found: dict[str, Token] = {}
        for token in scope.live.values():
            if token.task_spec is self and token.state == TaskState.WAITING:
                found.setdefault(token.flow, token)
        return found

    def consume(self, tokens: Mapping[str, Token]) -> None:
        """Make one token of these; others that wait here stay."""
        sources = {flow.id: flow.source for flow in self.incoming}
        used = sorted((t.causes[0], sources[flow]) for flow, t in tokens.items())
        first, *rest = tokens.values()
        for token in rest:
            token._set_state(TaskState.CANCELLED)
        first.causes = tuple(sorted({cause for cause, _ in used}))
        first.used = tuple(used)
        first._ready()

    def remember(self, token: Token) -> dict[str, Any]:
        """The flow that it came by."""
        return {"flow": token.flow}

    def restore(self, token: Token, kept: dict[str, Any]) -> None:
        """The reverse of `remember`."""
        token.flow = kept["flow"]


class Parallel(Join):
    """One token on every incoming flow; one out on every outgoing flow."""

    def _update_hook(self, token: Token) -> bool:
        if len(self.incoming) < 2:
            return True
        token._set_state(TaskState.WAITING)
        waiting = self.waiting(token.workflow)
        if len(waiting) == len(self.incoming):
            self.consume(waiting)
        return False


class Inclusive(Join):
    """Fires when no token can still reach a flow that has none (BPMN 2.0, 13.4.3).

    A token that can also reach a flow which has its token does not hold it up. Whether it fires is
    asked when nothing else moves, so that it cannot depend on the order of moves.
    """

    upstream: Mapping[str, frozenset[str]]
    """For each incoming flow, the nodes from which it can be reached without passing here."""

    def _update_hook(self, token: Token) -> bool:
        if len(self.incoming) < 2:
            return True
        token._set_state(TaskState.WAITING)
        return False

    def try_to_fire(self, scope: Scope) -> bool:
        """Whether it fired."""
        waiting = self.waiting(scope)
        if not waiting:
            return False
        held_by: set[str] = set()
        excused: set[str] = set()
        for flow, nodes in self.upstream.items():
            (excused if flow in waiting else held_by).update(nodes)
        held_by -= excused
        if any(t.task_spec.name in held_by for t in scope.live.values()):
            return False
        self.consume(waiting)
        return True

    def ways(self, token: Token) -> Sequence[Flow]:
        """Every flow whose condition holds, and those without one; else the default."""
        chosen = [
            flow
            for flow in self.outgoing
            if flow.id != self.step.default and (not flow.condition or holds(flow.condition, token))
        ]
        return chosen or default_way(self)
