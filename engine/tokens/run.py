"""One command's small workflow: built from the marking, moved, saved and thrown away."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any, Self

from engine.diagrams.words import NodeId
from engine.tokens import marking as markings
from engine.tokens.board import Board, World
from engine.tokens.catching import Boundary, Catch
from engine.tokens.errors import NotOpen
from engine.tokens.joins import Join
from engine.tokens.net import Net
from engine.tokens.reads import reads_any
from engine.tokens.standing import Open, row_of
from engine.tokens.token import Token


class Run(Board):
    """The tokens of one request during one command.

    Whatever raises leaves it unusable: throw it away, the marking that it came from stands.
    """

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

    def _standing(self) -> Iterator[Token]:
        return (token for token in self.live() if token.task_spec.open_kind is not None)

    def open(self) -> tuple[Open, ...]:
        """Every open token, oldest first."""
        return tuple(row_of(token) for token in self._standing())

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
                    moved.append(row_of(token))
        return tuple(moved)

    def save(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The marking and the scopes of variables, JSON-native."""
        return markings.save(self), self.vars.save()
