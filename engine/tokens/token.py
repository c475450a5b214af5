"""Tokens and scopes: the library's `Task` and `Workflow`, kept small and deterministic.

SpiffWorkflow's own versions draw random ids, read the clock at every change of state and log each
with a copy of the data; nothing of that may happen while a command decides.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState
from SpiffWorkflow.workflow import Workflow

if TYPE_CHECKING:
    from engine.tokens.board import Board

LIVE = TaskState.FUTURE | TaskState.WAITING | TaskState.READY | TaskState.STARTED


class Token(Task):  # type: ignore[misc]  # the library is untyped
    """One token. Its id is its birth number in this command: smaller is older.

    `causes` are the passages that put it here; `number` says that it is the n-th entry of its node
    in its scope. `flow` is the flow it came by (kept for joins), `host` the entry number of the
    activity that a boundary event watches, `rivals` the passage of the event gateway whose events
    race, `due` when its timer ends, `inner` what the scope below it last passed, `definition` the
    version of the called process that a call activity runs.
    """

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
        self.number = 0
        self.host = 0
        self.rivals = 0
        self.due: datetime | None = None
        self.used: tuple[tuple[int, str], ...] = ()
        self.inner = 0
        self.definition = ""
        self.each: dict[str, Any] | None = None
        super().__init__(scope, spec, parent, state=state, id=scope.run.next_birth())
        if state & LIVE:
            scope.live[self.id] = self

    def _set_state(self, value: int) -> None:
        self._state = value
        if value & LIVE:
            self.workflow.live[self.id] = self
        else:
            self.workflow.live.pop(self.id, None)

    @property
    def key(self) -> str:
        """`scope/node#n`, the same in every replay."""
        return f"{self.workflow.path}/{self.task_spec.shown}#{self.number}"

    @property
    def is_live(self) -> bool:
        """Whether it still stands somewhere."""
        return bool(self._state & LIVE)


class Scope(Workflow):  # type: ignore[misc]  # the library is untyped
    """The tokens of the process itself, or of one sub-process while it runs.

    `path` names it; `host` is the token of the activity that opened it; `entries` counts how often
    each node was entered. `definition` is the digest of the called process's version that it
    belongs to, "" for the process itself; `calls` counts the called processes around it. `live`
    holds the live tokens, oldest first. Every token hangs under one completed root: what was
    before is in the passages, not in a tree.
    """

    def __init__(self, spec: WorkflowSpec, run: "Board", path: str, host: Token | None) -> None:
        self.run = run
        self.path = path
        self.host = host
        self.definition: str = ""
        self.calls = 0
        if host is not None:
            outer = host.workflow
            self.definition = host.definition or outer.definition
            self.calls = outer.calls + bool(host.definition)
        self.entries: dict[str, int] = {}
        self.live: dict[int, Token] = {}
        super().__init__(spec, deserializing=True)
        self.task_tree = Token(self, spec.start, state=TaskState.COMPLETED)

    def count(self, node: str) -> int:
        """The number of the entry that now begins at `node`."""
        number = self.entries.get(node, 0) + 1
        self.entries[node] = number
        return number

    def cancel_all(self) -> None:
        """End every token in here."""
        for token in list(self.live.values()):
            token.cancel()

    def _task_completed_notify(self, task: Token) -> None:
        self.last_task = task
        if not self.live:
            self.completed = True
            self.run.emptied(self)
