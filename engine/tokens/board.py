"""The board that tokens move on during one command: what nodes read and write while they do."""

from collections import deque
from collections.abc import Mapping
from datetime import datetime
from itertools import count
from typing import Any, Protocol, cast

from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec
from SpiffWorkflow.util.task import TaskState

from engine.diagrams.words import EventWords, NodeId
from engine.tokens.errors import StepBudget
from engine.tokens.graph import Call
from engine.tokens.joins import Inclusive
from engine.tokens.net import Net
from engine.tokens.passages import Passage
from engine.tokens.token import Scope, Token
from engine.tokens.variables import Variables

STEPS_MAX = 2000
"""The most passages in one command."""


class World(Protocol):
    """What is asked while tokens move; everything else is known beforehand."""

    def evaluate(self, expression: str, variables: Mapping[str, Any]) -> Any:
        """The value of an expression."""

    def holds(self, expression: str, variables: Mapping[str, Any]) -> bool:
        """Whether a condition holds."""

    def due(self, event: EventWords, variables: Mapping[str, Any]) -> datetime | None:
        """When a timer that is armed now ends; None: never."""


class Versions(Protocol):
    """What is asked of the world where processes call others."""

    def called(self, call: Call, variables: Mapping[str, Any]) -> str:
        """The digest of the version that a call which begins now runs; raises where none is."""

    def net(self, digest: str) -> Net:
        """The net of the version with this digest."""


class Board:
    """Scopes with their tokens and variables, the passages made, and who moves next.

    `passages` are those of this command, causes first (a caller may take them away as it goes);
    `ended` the end events that it reached.
    """

    def __init__(self, net: Net, world: World, scopes: Mapping[str, Any]) -> None:
        self.world = world
        self.versions = cast(Versions, world)
        self.vars = Variables(scopes)
        self.passages: list[Passage] = []
        self.ended: list[NodeId] = []
        self.last_passage = 0
        self.steps = 0
        self.queue: deque[Token] = deque()
        self._births = count(1)
        self.scopes: dict[str, Scope] = {}
        self.root = self.scopes[""] = Scope(net.root, self, "", None)

    def live(self) -> list[Token]:
        """Every live token, oldest first."""
        tokens = [token for scope in self.scopes.values() for token in scope.live.values()]
        return sorted(tokens, key=lambda token: token.id)

    def next_birth(self) -> int:
        """A number for a new token."""
        return next(self._births)

    def passed(
        self,
        node: str,
        scope: str,
        causes: tuple[int, ...],
        key: str | None = None,
        used: tuple[tuple[int, str], ...] = (),
    ) -> int:
        """Record a passage and give its id.

        Raises:
            StepBudget: this command has had too many.
        """
        self.steps += 1
        if self.steps > STEPS_MAX:
            raise StepBudget(f"more than {STEPS_MAX} steps in one command, last at {node}")
        self.last_passage += 1
        self.passages.append(Passage(self.last_passage, node, scope, causes, key, used))
        return self.last_passage

    def holds(self, condition: str, path: str) -> bool:
        """Whether a condition holds in the scope at `path`."""
        return self.world.holds(condition, self.vars.view(path))

    def due_of(self, event: EventWords, path: str) -> datetime | None:
        """When a timer armed now in the scope at `path` ends."""
        return self.world.due(event, self.vars.view(path))

    def place(self, scope: Scope, node: str, causes: tuple[int, ...]) -> None:
        """Put a new token at `node`."""
        spec = scope.spec.task_specs[node]
        spec._update(Token(scope, spec, scope.task_tree, causes=causes))

    def open_scope(
        self, host: Token, spec: WorkflowSpec, parent: str | None, values: Mapping[str, Any]
    ) -> None:
        """Begin the sub-process of `host`."""
        self.vars.open(host.key, parent, values)
        scope = self.reopen_scope(host, spec)
        self.place(scope, spec.start.name, host.causes)

    def reopen_scope(self, host: Token, spec: WorkflowSpec) -> Scope:
        """The scope of `host`, without tokens yet."""
        path = host.key
        scope = self.scopes[path] = Scope(spec, self, path, host)
        return scope

    def close_scope(self, scope: Scope) -> None:
        """Forget a scope that has no live token."""
        del self.scopes[scope.path]
        self.vars.close(scope.path)

    def emptied(self, scope: Scope) -> None:
        """The last live token of `scope` has gone."""
        if scope.host is not None:
            scope.host.task_spec.emptied(scope.host, scope)

    def settle(self) -> None:
        """Move every token as far as it goes without a command."""
        while True:
            while self.queue:
                token = self.queue.popleft()
                if token.state == TaskState.READY:
                    token.run()
            if not self._fire_inclusive():
                return

    def _fire_inclusive(self) -> bool:
        seen: set[tuple[str, str]] = set()
        for token in self.live():
            place = (token.workflow.path, token.task_spec.name)
            if isinstance(token.task_spec, Inclusive) and place not in seen:
                seen.add(place)
                if token.task_spec.try_to_fire(token.workflow):
                    return True
        return False
