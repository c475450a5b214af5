"""Tokens and scopes: the library's `Task` and `Workflow`, kept small and deterministic.

SpiffWorkflow's own versions draw random ids, read the clock at every change of state and log each
with a copy of the data; nothing of that may happen while a command decides.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState
from SpiffWorkflow.workflow import Workflow

from engine.tokens.graph import Flow

if TYPE_CHECKING:
    from engine.tokens.board import Board
    from engine.tokens.world import World

OnItsWay = Literal["arriving", "leaving", ""]

LIVE = TaskState.FUTURE | TaskState.WAITING | TaskState.READY | TaskState.STARTED


class Token(Task):  # type: ignore[misc]  # the library is untyped
    """One token. Its id is its birth number in this command: smaller is older.

    `causes` are the passages that put it here; `number` says that it is the n-th entry of its node
    in its scope. `flow` is the flow it came by (kept for joins), `host` the entry number of the
    activity that a boundary event watches, `rivals` the passage of the event gateway whose events
    race, `due` when its timer ends, `inner` what the scope below it last passed, `definition` the
    version of the called process that a call activity runs, `held` whether a condition that it
    waits for held when it was last read, `caught` the error or escalation that made it.

    `halt` says why it is halted, "": it is not; `trouble` what sort of trouble that is. `way`,
    `values`, `catcher` and `last` are what was worked out before it leaves, so that what fails
    while it is worked out has changed nothing.
    """

    # What most tokens never have stands here, so that making one stays cheap.
    number = host = rivals = inner = 0
    due: datetime | None = None
    used: tuple[tuple[int, str], ...] = ()
    each: dict[str, Any] | None = None
    definition = halt = trouble = ""
    held = last = False
    caught: dict[str, Any] | None = None
    way: Sequence[Flow] = ()
    values: Mapping[str, Any] = MappingProxyType({})
    catcher: "Token | None" = None

    def __init__(
        self,
        scope: "Scope",
        spec: TaskSpec,
        parent: "Token | None" = None,
        state: int = TaskState.FUTURE,
        *,
        causes: tuple[int, ...] = (),
        flow: str = "",
    ) -> None:
        self.causes = causes
        self.flow = flow
        super().__init__(scope, spec, parent, state=state, id=scope.run.next_birth())
        if state & LIVE:
            scope.live[self.id] = self
            scope.run.alive += 1

    def _set_state(self, value: int) -> None:
        self._state = value
        live = self.workflow.live
        if not value & LIVE:
            if live.pop(self.id, None) is not None:
                self.workflow.run.alive -= 1
        elif self.id not in live:
            live[self.id] = self
            self.workflow.run.alive += 1

    @property
    def key(self) -> str:
        """`scope/node#n`, the same in every replay."""
        return f"{self.workflow.path}/{self.task_spec.shown}#{self.number}"

    @property
    def on_its_way(self) -> OnItsWay:
        """Whether it is about to enter or to leave its node; "": it stands there."""
        if self._state == TaskState.FUTURE:
            return "arriving"
        moves = self._state == TaskState.READY and not self.task_spec.manual
        return "leaving" if moves else ""

    @property
    def is_live(self) -> bool:
        """Whether it still stands somewhere."""
        return bool(self._state & LIVE)


class Scope(Workflow):  # type: ignore[misc]  # the library is untyped
    """The tokens of the process itself, or of one sub-process while it runs.

    `path` names it; `host` is the token of the activity that opened it; `entries` counts how often
    each node was entered. `definition` is the digest of the called process's version that it
    belongs to, "" for the process itself; `calls` counts the called processes around it, `depth`
    the scopes. `live` holds the live tokens, oldest first. Every token hangs under one completed
    root: what was before is in the passages, not in a tree.
    """

    def __init__(self, spec: WorkflowSpec, run: "Board", path: str, host: Token | None) -> None:
        self.run = run
        self.path = path
        self.host = host
        self.definition: str = ""
        self.calls = self.depth = 0
        if host is not None:
            outer = host.workflow
            self.definition = host.definition or outer.definition
            self.calls = outer.calls + bool(host.definition)
            self.depth = outer.depth + 1
        self.entries: dict[str, int] = {}
        self.last_passage = 0
        self.live: dict[int, Token] = {}
        super().__init__(spec, deserializing=True)
        self.task_tree = Token(self, spec.start, state=TaskState.COMPLETED)

    def count(self, node: str) -> int:
        """The number of the entry that now begins at `node`."""
        number = self.entries.get(node, 0) + 1
        self.entries[node] = number
        return number

    @property
    def vacant(self) -> bool:
        """Whether no token is left but those that only wait to begin an event sub-process."""
        return all(token.task_spec.idle for token in self.live.values())

    @property
    def world(self) -> "World":
        """Whom the expressions of its diagram ask."""
        return self.run.world_of(self.definition)

    def text(self, template: str) -> str:
        """A name or code, which may be an expression."""
        if "{" not in template and not template.startswith("="):
            return template
        value = self.world.evaluate(template, self.run.vars.view(self.path))
        return "" if value is None else str(value)

    def cancel_all(self) -> None:
        """End every token in here."""
        for token in list(self.live.values()):
            token.cancel()

    def _task_completed_notify(self, task: Token) -> None:
        self.last_task = task
        if self.vacant:
            self.run.emptied(self)
