"""The board that tokens move on during one command: what nodes read and write while they do."""

from collections import deque
from collections.abc import Mapping
from datetime import datetime
from itertools import count
from typing import Any

from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec
from SpiffWorkflow.util.task import TaskState

from engine.diagrams.words import EventWords, NodeId
from engine.tokens.errors import NoTimer, StepBudget, TokensError
from engine.tokens.joins import Inclusive
from engine.tokens.net import Net
from engine.tokens.passages import Passage
from engine.tokens.token import Scope, Token
from engine.tokens.variables import Variables
from engine.tokens.world import World

STEPS_MAX = 2000
"""The most steps in one command: nodes that tokens leave by themselves."""
TOKENS_MAX = 5000
"""The most tokens that may live at once."""


class Board:
    """Scopes with their tokens and variables, the passages made, and who moves next.

    `passages` are those of this command, causes first (a caller may take them away as it goes);
    `ended` the end events of the process itself that it reached, not those of called processes.
    `alive` counts the live tokens.

    What fails while a token arrives or leaves halts that token, and has changed nothing: a node
    works everything out (`Node.plan`, the beginning of `_update_hook`) before it changes anything.
    """

    def __init__(self, net: Net, world: World, scopes: Mapping[str, Any]) -> None:
        self.world = world
        self._worlds: dict[str, World] = {"": world}
        self.failures: tuple[type[Exception], ...] = (*world.failures, TokensError)
        self.vars = Variables(scopes)
        self.passages: list[Passage] = []
        self.ended: list[NodeId] = []
        self.last_passage = 0
        self.steps = 0
        self.alive = 0
        self.reads_conditions = False
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
        """Record a passage and give its id."""
        self.last_passage += 1
        self.passages.append(Passage(self.last_passage, node, scope, causes, key, used))
        return self.last_passage

    # asking

    def world_of(self, definition: str) -> World:
        """The world of a called version, "": of the process itself."""
        if definition not in self._worlds:
            self._worlds[definition] = self.world.within(definition)
        return self._worlds[definition]

    def due_of(self, event: EventWords, scope: Scope) -> datetime | None:
        """When a timer armed now in `scope` ends.

        Raises:
            NoTimer: its text gives no time.
        """
        try:
            return scope.world.due(event, self.vars.view(scope.path))
        except self.failures as error:
            raise NoTimer(str(error)) from error

    def room_for(self, tokens: int) -> None:
        """Whether so many more tokens may be made.

        Raises:
            StepBudget: they may not.
        """
        if tokens > 1 and self.alive + tokens > TOKENS_MAX:
            raise StepBudget(f"more than {TOKENS_MAX} tokens at once")

    # scopes

    def place(self, scope: Scope, node: str, causes: tuple[int, ...]) -> None:
        """Put a new token at `node`."""
        spec = scope.spec.task_specs[node]
        spec._update(Token(scope, spec, scope.task_tree, causes=causes))

    def open_scope(
        self, host: Token, spec: WorkflowSpec, parent: str | None, values: Mapping[str, Any]
    ) -> None:
        """Begin the sub-process of `host`."""
        self.vars.open(host.key, parent, values)
        self.enliven(self.reopen_scope(host, spec), spec.start.name, host.causes)

    def enliven(self, scope: Scope, start: str, causes: tuple[int, ...]) -> None:
        """Begin in a new scope: its event sub-processes are armed, its start gets a token."""
        for trigger in scope.spec.triggers:
            self.place(scope, trigger.name, causes)
        self.place(scope, start, causes)

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
        """Nothing moves in `scope` any more: its event sub-processes are disarmed, its host goes
        on. Nothing happens where the scope has been cancelled in the meantime."""
        if self.scopes.get(scope.path) is scope:
            scope.cancel_all()
            if scope.host is not None:
                scope.host.task_spec.emptied(scope.host, scope)

    # moving

    def settle(self) -> None:
        """Move every token as far as it goes without a command."""
        while True:
            while self.queue:
                token = self.queue.popleft()
                if token.state == TaskState.READY and not token.halt:
                    self.step(token)
            if not self._fire_inclusive() and not self._fire_condition():
                return

    def step(self, token: Token) -> None:
        """Let a token leave its node; what fails halts it there."""
        try:
            if self.steps >= STEPS_MAX:
                raise StepBudget(f"more than {STEPS_MAX} steps in one command")
            token.task_spec.plan(token)
        except self.failures as error:
            self.stop(token, error)
            return
        self.steps += 1
        token.run()

    def stop(self, token: Token, error: Exception) -> None:
        """Halt a token because of what was raised."""
        kind = error.kind if isinstance(error, TokensError) else TokensError.kind
        self.halted_at(token, str(error) or type(error).__name__, kind)

    def halted_at(self, token: Token, why: str, kind: str) -> None:
        """Halt a token; it gets a number, so that it has a key."""
        token.halt, token.trouble = why, kind
        if not token.number:
            token.number = token.workflow.count(token.task_spec.shown)

    def _fire_inclusive(self) -> bool:
        seen: set[tuple[str, str]] = set()
        for token in self.live():
            place = (token.workflow.path, token.task_spec.name)
            if isinstance(token.task_spec, Inclusive) and place not in seen:
                seen.add(place)
                if token.task_spec.try_to_fire(token.workflow):
                    return True
        return False

    def _fire_condition(self) -> bool:
        """Whether a condition that is waited for has turned true; the oldest such is struck."""
        if not self.reads_conditions:
            return False
        for token in self.live():
            if token.task_spec.open_kind == "condition" and not token.halt:
                try:
                    struck = token.task_spec.turned_true(token)
                except self.failures as error:
                    self.stop(token, error)
                    continue
                if struck:
                    token.task_spec.fire(token)
                    return True
        return False
