"""One command's small workflow: built from the marking, moved, saved and thrown away."""

from collections import deque
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any, Literal, Protocol, Self

from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec
from SpiffWorkflow.util.task import TaskState

from engine.diagrams.words import EventWords, NodeId
from engine.tokens import marking as markings
from engine.tokens.errors import NotOpen, StepBudget
from engine.tokens.joins import Inclusive, Join
from engine.tokens.net import Net
from engine.tokens.nodes import Boundary, Catch
from engine.tokens.passages import Passage
from engine.tokens.reads import reads_any
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """A token that stands until a command moves it.

    `kind` says which: *complete* for task, action and throw, *fire* for timer, *deliver* for
    message. `attached_to` is the key of the activity that a boundary event watches over.
    """

    key: str
    node: NodeId
    scope: str
    kind: Literal["task", "action", "throw", "timer", "message"]
    attached_to: str | None = None
    due: datetime | None = None


class Run:
    """The tokens of one request during one command.

    `passages` are those of this run, causes first; `ended` the end events that it reached.
    Whatever raises leaves it unusable: throw it away, the marking that it came from stands.
    """

    def __init__(self, net: Net, world: World, scopes: Mapping[str, Any]) -> None:
        self.world = world
        self.vars = Variables(scopes)
        self.passages: list[Passage] = []
        self.ended: list[NodeId] = []
        self.last_passage = 0
        self.queue: deque[Token] = deque()
        self._births = count(1)
        self.scopes: dict[str, Scope] = {}
        self.root = self.scopes[""] = Scope(net.root, self, "", None)

    @classmethod
    def begin(
        cls,
        net: Net,
        variables: Mapping[str, Any],
        world: World,
        *,
        after: Mapping[str, Any] | None = None,
    ) -> Self:
        """A new run of the process: its start event passed, everything moved as far as it goes.

        `after`: the last marking of an earlier run of the same request (it was returned or
        withdrawn); passages and entries are numbered on from there, so that keys stay unique.
        """
        run = cls(net, world, {"": {"parent": None, "values": dict(variables)}})
        if after is not None:
            run.last_passage = after["passages"]
            run.root.entries.update(after["entries"].get("", {}))
        run.place(run.root, net.root.start.name, ())
        run.settle()
        return run

    @classmethod
    def resume(
        cls, net: Net, marking: dict[str, Any], scopes: Mapping[str, Any], world: World
    ) -> Self:
        """The request as it was saved.

        Raises:
            UnknownMarking: the marking does not belong to this net or format.
        """
        run = cls(net, world, scopes)
        markings.load(run, marking)
        return run

    # what stands where

    def live(self) -> list[Token]:
        """Every live token, oldest first."""
        tokens = [token for scope in self.scopes.values() for token in scope.live.values()]
        return sorted(tokens, key=lambda token: token.id)

    def _standing(self) -> Iterator[Token]:
        return (token for token in self.live() if token.task_spec.open_kind is not None)

    def open(self) -> tuple[Open, ...]:
        """Every open token, oldest first."""
        return tuple(_row(token) for token in self._standing())

    def _find(self, key: str) -> Token:
        path = key[: key.rindex("/")]
        scope = self.scopes.get(path)
        for token in scope.live.values() if scope is not None else ():
            if token.task_spec.open_kind is not None and token.key == key:
                found: Token = token
                return found
        raise NotOpen(key)

    def done(self) -> bool:
        """Whether no live token is left."""
        return not self.root.live

    def stuck(self) -> tuple[NodeId, ...]:
        """The joins that wait for tokens which can no longer come: nothing else is left in their
        scope. An incident of the diagram."""
        found: list[NodeId] = []
        for scope in self.scopes.values():
            if all(isinstance(token.task_spec, Join) for token in scope.live.values()):
                found += dict.fromkeys(token.task_spec.shown for token in scope.live.values())
        return tuple(found)

    # acts

    def complete(
        self,
        key: str,
        writes: Mapping[str, Any] | None = None,
        local: Mapping[str, Any] | None = None,
    ) -> None:
        """End a task, action or throw and move on.

        `writes` go to where each variable is defined, else to the root of the chain; `local`
        (verdict and answers) to the scope that holds the token.

        Raises:
            NotOpen: no task, action or throw has this key.
        """
        token = self._find(key)
        if isinstance(token.task_spec, Catch):
            raise NotOpen(key)
        self.vars.write(token.workflow.path, writes or {})
        self.vars.write_local(token.workflow.path, local or {})
        token.run()
        self.settle()

    def fire(self, key: str, again: datetime | None = None) -> None:
        """A timer has ended. `again`: a non-interrupting boundary timer's next time (a cycle).

        Raises:
            NotOpen: no timer has this key.
        """
        token = self._find(key)
        spec = token.task_spec
        if spec.open_kind != "timer":
            raise NotOpen(key)
        if again is not None and isinstance(spec, Boundary) and not spec.event.interrupting:
            spec.strike(token)
            token.due = again
        else:
            spec.fire(token)
        self.settle()

    def deliver(self, message: str, writes: Mapping[str, Any] | None = None) -> tuple[str, ...]:
        """Hand a message to every token that waits for it now, oldest first.

        Returns:
            The keys of those that caught it; none waits: ().
        """
        caught: list[str] = []
        for token in [t for t in self._standing() if t.task_spec.open_kind == "message"]:
            if token.is_live and self._name_of(token) == message:
                caught.append(token.key)
                self.vars.write(token.workflow.path, writes or {})
                token.task_spec.fire(token)
        self.settle()
        return tuple(caught)

    def _name_of(self, token: Token) -> object:
        name = token.task_spec.event.message
        if "${" in name or "#{" in name:
            return self.world.evaluate(name, self.vars.view(token.workflow.path))
        return name

    # variables and timers

    def write(self, values: Mapping[str, Any], scope: str = "") -> None:
        """Set variables where the chain of `scope` defines them, else at its root."""
        self.vars.write(scope, values)

    def write_local(self, values: Mapping[str, Any], scope: str) -> None:
        """Set variables in `scope` itself."""
        self.vars.write_local(scope, values)

    def variables(self, scope: str = "") -> dict[str, Any]:
        """Everything that `scope` sees."""
        return dict(self.vars.view(scope))

    def rearm(self, changed: Collection[str]) -> tuple[Open, ...]:
        """Compute anew when the timers end whose expression reads a changed variable.

        Returns:
            Those whose time changed, as they are now.
        """
        moved: list[Open] = []
        for token in self._standing():
            if token.task_spec.open_kind != "timer":
                continue
            event = token.task_spec.event
            if reads_any((event.expression, *event.properties.values()), changed):
                due = self.due_of(event, token.workflow.path)
                if due != token.due:
                    token.due = due
                    moved.append(_row(token))
        return tuple(moved)

    def save(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The marking and the scopes of variables, JSON-native."""
        return markings.save(self), self.vars.save()

    # what the nodes ask for while tokens move

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
        if len(self.passages) >= STEPS_MAX:
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


def _row(token: Token) -> Open:
    spec = token.task_spec
    watches = isinstance(spec, Boundary)
    return Open(
        key=token.key,
        node=spec.shown,
        scope=token.workflow.path,
        kind=spec.open_kind,
        attached_to=spec.host_of(token).key if watches else None,
        due=token.due,
    )
