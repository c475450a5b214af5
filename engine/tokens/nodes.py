"""Our own specs: what a token does at each kind of node.

They are given to the net when it is built; nothing of the library is patched. None of them
predicts: children are made when a token leaves a node, so that nothing grows. A token's way is
`_update_hook` (it arrives), `plan` (what may fail is worked out), `_on_complete_hook` (it leaves).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec
from SpiffWorkflow.util.task import TaskState

from engine.tokens.errors import NoWayOut
from engine.tokens.graph import Flow, Step
from engine.tokens.token import Token

if TYPE_CHECKING:
    from engine.tokens.catching import Boundary

OpenKind = Literal[
    "task", "action", "external", "throw", "timer", "message", "signal", "condition", "halted"
]


class Node(TaskSpec):  # type: ignore[misc]  # the library is untyped
    """A node that lets a token pass, along all of its flows."""

    open_kind: OpenKind | None = None
    rest = TaskState.READY
    """The state in which a token stands here between commands."""
    numbered = False
    """Whether its entries are counted, so that a token here has a key."""
    idle = False
    """Whether a token here only waits to begin an event sub-process: it keeps no scope alive."""
    marks_entry = False
    """Whether entering is a passage of its own. So it is, always, where something watches."""

    def __init__(self, spec: WorkflowSpec, step: Step, name: str = "") -> None:
        super().__init__(spec, name or step.id)
        self.shown: str = step.id
        self.step = step
        self.incoming: list[Flow] = []
        self.outgoing: list[Flow] = []
        self.watchers: list[Boundary] = []

    # arriving

    def _predict(self, *_args: object, **_named: object) -> None:
        """Nothing is predicted."""

    def test(self) -> None:
        """The compiler has checked the graph; the library would do it at every step."""

    def _update(self, token: Token) -> None:
        run = token.workflow.run
        try:
            super()._update(token)
        except run.failures as error:
            run.stop(token, error)

    def _update_hook(self, token: Token) -> bool:
        self.enter(token)
        return True

    def enter(self, token: Token) -> None:
        """Give the token its number; start what watches over it."""
        scope = token.workflow
        if (self.numbered or self.watchers) and not token.number:
            token.number = scope.count(self.shown)
        if self.marks_entry or self.watchers:
            token.causes = (scope.run.passed(f"{self.name}:entered", scope.path, token.causes),)
            for watcher in self.watchers:
                watcher.watch(token)

    def _on_ready_hook(self, token: Token) -> None:
        token.workflow.run.queue.append(token)

    # leaving

    def plan(self, token: Token) -> None:
        """Work out what `token`, which is about to leave, does; nothing may fail after this."""
        way = token.way = self.ways(token)
        if len(way) > 1:
            token.workflow.run.room_for(len(way))

    def _run_hook(self, _token: Token) -> bool:
        return True

    def _on_complete_hook(self, token: Token) -> None:
        self.unwatch(token)
        scope = token.workflow
        passage = scope.run.passed(
            self.name, scope.path, self.leaving_causes(token), self.passage_key(token), token.used
        )
        scope.last_passage = passage
        if self.step.ends and not scope.definition:
            scope.run.ended.append(self.shown)
        for flow in token.way:
            self.spawn(token, flow, passage)

    def leaving_causes(self, token: Token) -> tuple[int, ...]:
        """What the passage that now ends was caused by."""
        return token.causes

    def passage_key(self, _token: Token) -> str | None:
        """The key that the passage carries."""
        return None

    def again(self, token: Token) -> None:
        """`token`, which was halted while it stood here, goes on standing."""

    def ways(self, _token: Token) -> Sequence[Flow]:
        """The flows that the token leaves by."""
        return self.outgoing

    def spawn(self, token: Token, flow: Flow, passage: int) -> Token:
        """A token on `flow`; it arrives as soon as the node has been left."""
        scope = token.workflow
        target = scope.spec.task_specs[flow.target]
        return Token(scope, target, token, causes=(passage,), flow=flow.id)

    # being watched

    def unwatch(self, token: Token) -> None:
        """End the boundary events that still watch over `token`."""
        if not self.watchers:
            return
        for other in list(token.workflow.live.values()):
            if other.host == token.number and other.task_spec in self.watchers:
                other.cancel()

    def _on_cancel(self, token: Token) -> None:
        self.unwatch(token)

    # the marking

    def remember(self, token: Token) -> dict[str, Any]:
        """What only this kind of node must keep of a token between commands."""
        return {"no": token.number} if token.number else {}

    def restore(self, token: Token, kept: dict[str, Any]) -> None:
        """The reverse of `remember`."""
        token.number = kept.get("no", 0)


class Stop(Node):
    """A user task, an action, a worker's task or a throwing event: the token stands until a
    command completes it."""

    numbered = True

    def __init__(self, spec: WorkflowSpec, step: Step, kind: OpenKind) -> None:
        super().__init__(spec, step)
        self.open_kind = kind
        self.manual = True

    def _on_ready_hook(self, _token: Token) -> None:
        """It waits for its command."""

    def passage_key(self, token: Token) -> str | None:
        """The key of the user task."""
        return token.key if self.open_kind == "task" else None


class Terminate(Node):
    """An end event that ends everything in its scope."""

    def _on_complete_hook(self, token: Token) -> None:
        super()._on_complete_hook(token)
        token.workflow.cancel_all()


class Exclusive(Node):
    """The first flow, in the order of the XML, whose condition holds; else the default."""

    def ways(self, token: Token) -> Sequence[Flow]:
        """Exactly one flow."""
        if len(self.outgoing) == 1 and not self.outgoing[0].condition:
            return self.outgoing
        for flow in self.outgoing:
            if flow.id != self.step.default and holds(flow.condition, token):
                return (flow,)
        return default_way(self)


def holds(condition: str, token: Token) -> bool:
    """Whether a condition holds where `token` is."""
    scope = token.workflow
    answer: bool = scope.world.holds(condition, scope.run.vars.view(scope.path))
    return answer


def awaited(condition: str, token: Token) -> bool:
    """Whether a condition that `token` waits for holds."""
    scope = token.workflow
    answer: bool = scope.world.awaited(condition, scope.run.vars.view(scope.path))
    return answer


def default_way(node: Node) -> tuple[Flow, ...]:
    """The default flow of a gateway.

    Raises:
        NoWayOut: there is none.
    """
    for flow in node.outgoing:
        if flow.id == node.step.default:
            return (flow,)
    raise NoWayOut(node.name)
