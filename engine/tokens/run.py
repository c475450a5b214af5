"""One command's small workflow: built from the marking, moved, saved and thrown away."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any, Literal, Self

from SpiffWorkflow.util.task import TaskState

from engine.tokens import marking as markings
from engine.tokens.catching import Watch
from engine.tokens.errors import NotOpen, Uncaught, UnknownStart
from engine.tokens.net import Net
from engine.tokens.nodes import Stop
from engine.tokens.reads import reads_any
from engine.tokens.standing import Open, Standing, row_of
from engine.tokens.throwing import catcher, catchers, hand_over
from engine.tokens.token import Token
from engine.tokens.world import World


class Run(Standing):
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
        start: str = "",
    ) -> Self:
        """A new run of the process: its start event passed, everything moved as far as it goes.

        `after`: the last marking of an earlier run of the same request (it was returned or
        withdrawn); passages and entries are numbered on from there, so that keys stay unique.
        `start`: the id of the start event, "": the one where a person's request begins.

        Raises:
            UnknownStart: the process does not start there.
        """
        if start and start != net.graph.start and start not in net.graph.starts:
            raise UnknownStart(start)
        run = cls(net, world, {"": {"parent": None, "values": dict(variables)}})
        if after is not None:
            run.last_passage = after["passages"]
            run.root.entries.update(after["entries"].get("", {}))
        run.enliven(run.root, start or net.graph.start, ())
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
        token = self._stopped(key)
        token.task_spec.plan(token)
        self.vars.write(token.workflow.path, writes or {})
        self.vars.write_local(token.workflow.path, local or {})
        token.halt = token.trouble = ""
        token.run()
        self.settle()

    def _stopped(self, key: str) -> Token:
        token = self.find(key)
        if not isinstance(token.task_spec, Stop):
            raise NotOpen(key)
        return token

    def fire(self, key: str, again: datetime | None = None) -> None:
        """A timer has ended. `again`: the next time of one that does not interrupt (a cycle).

        Raises:
            NotOpen: no timer has this key.
        """
        token = self.find(key)
        spec = token.task_spec
        if spec.open_kind != "timer" or token.state != TaskState.WAITING:
            raise NotOpen(key)
        token.halt = token.trouble = ""
        if again is not None and isinstance(spec, Watch) and not spec.interrupting:
            token.due = again
            self._strike(token, spec.strike)
        else:
            self._strike(token, spec.fire)
        self.settle()

    def deliver(
        self,
        name: str,
        writes: Mapping[str, Any] | None = None,
        *,
        kind: Literal["message", "signal"] = "message",
        keys: Collection[str] | None = None,
    ) -> tuple[str, ...]:
        """Hand a message or signal to every token that waits for it now, oldest first; `keys`: to
        these only. Halted tokens do not hear it.

        Returns:
            The keys of those that caught it; none waits: ().
        """
        caught: list[str] = []
        for token in [t for t in self.standing() if t.task_spec.open_kind == kind]:
            waits = token.state == TaskState.WAITING and not token.halt
            if waits and (keys is None or token.key in keys) and self._name_of(token) == name:
                caught.append(token.key)
                self.vars.write(token.workflow.path, writes or {})
                self._strike(token, token.task_spec.fire)
        self.settle()
        return tuple(caught)

    def _strike(self, token: Token, act: Callable[[Token], None]) -> None:
        try:
            act(token)
        except self.failures as error:
            self.stop(token, error)

    def _name_of(self, token: Token) -> str | None:
        """The name that it waits for; None where that cannot be told, which halts it."""
        try:
            name: str = token.workflow.text(token.task_spec.event.message)
            return name
        except self.failures as error:
            self.stop(token, error)
            return None

    # errors and escalations

    def throw_error(
        self, key: str, code: str, message: str = "", writes: Mapping[str, Any] | None = None
    ) -> bool:
        """A task or action ends with an error, which the nearest event around it catches; where
        none does, it is halted. `writes` are set as by `complete`, if it is caught.

        Raises:
            NotOpen: no task, action or throw has this key.
        """
        return self._throw(key, "error", code, message, writes or {})

    def escalate(self, key: str, code: str, writes: Mapping[str, Any] | None = None) -> bool:
        """A task says that something has to be known further up, and goes on unless what catches
        that interrupts it. `writes` are set as by `complete`.

        Raises:
            NotOpen: no task, action or throw has this key.
        """
        return self._throw(key, "escalation", code, "", writes or {})

    def _throw(
        self, key: str, kind: str, code: str, message: str, writes: Mapping[str, Any]
    ) -> bool:
        token = self._stopped(key)
        try:
            found = catcher(token, kind, code)
            if found is None and kind == "error":
                raise Uncaught(code, message)
        except self.failures as error:
            self.stop(token, error)
            return False
        token.halt = token.trouble = ""
        self.vars.write(token.workflow.path, writes)
        if found is not None:
            caught = {"code": code, "message": message, "values": dict(writes)}
            hand_over(found, caught, token.causes, thrower=token)
        self.settle()
        return found is not None

    def catchable(
        self, key: str, kind: Literal["error", "escalation"] = "error"
    ) -> tuple[str, ...]:
        """The codes that would be caught if this task threw them, the nearest first; "" stands for
        every code.

        Raises:
            NotOpen: no task, action or throw has this key.
        """
        events = [each.task_spec.event for each in catchers(self._stopped(key), kind)]
        return tuple(dict.fromkeys(event.code for event in events))

    # trouble

    def halt(self, key: str, why: str, kind: str = "action") -> None:
        """Halt an open token: what it stands for could not be done.

        Raises:
            NotOpen: no open token has this key.
        """
        self.halted_at(self.find(key), why, kind)

    def retry(self, key: str) -> bool:
        """Try again what halted a token. A task or action goes on standing; a timer's text is read
        anew; a token on its way goes on from where it was stopped, with a new budget of steps.

        Returns:
            Whether this token is not halted any more.

        Raises:
            NotOpen: no halted token has this key.
        """
        token = self.find(key)
        if not token.halt:
            raise NotOpen(key)
        token.halt = token.trouble = ""
        self.steps = 0
        if token.on_its_way == "leaving":
            self.queue.append(token)
        elif token.on_its_way == "arriving":
            token.task_spec._update(token)
        else:
            self._strike(token, token.task_spec.again)
        self.settle()
        return not token.halt

    # variables, timers and conditions

    def write(self, values: Mapping[str, Any], scope: str = "") -> None:
        """Set variables where the chain of `scope` defines them, else at its root. Conditions are
        read when something moves the next time, or by `recheck`."""
        self.vars.write(scope, values)

    def write_local(self, values: Mapping[str, Any], scope: str) -> None:
        """Set variables in `scope` itself; as for `write`, no condition is read."""
        self.vars.write_local(scope, values)

    def variables(self, scope: str = "") -> dict[str, Any]:
        """Everything that `scope` sees."""
        return dict(self.vars.view(scope))

    def recheck(self) -> None:
        """Read the conditions that are waited for; those that have turned true move tokens."""
        self.settle()

    def rearm(self, changed: Collection[str]) -> tuple[Open, ...]:
        """Compute anew when the timers end whose expression reads a changed variable; then
        `recheck`. One whose text fails is halted, and has no time.

        Returns:
            Those whose time changed, as they are now.
        """
        moved: list[Token] = []
        for token in self.standing():
            spec = token.task_spec
            if spec.open_kind != "timer" or token.halt:
                continue
            if reads_any((spec.event.expression, *spec.event.properties.values()), changed):
                before = token.due
                self._strike(token, spec.again)
                if token.due != before:
                    moved.append(token)
        self.recheck()
        return tuple(row_of(token) for token in moved if token.is_live)

    def save(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The marking and the scopes of variables, JSON-native."""
        return markings.save(self), self.vars.save()
